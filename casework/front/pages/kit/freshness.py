"""How long a fact can be trusted: a bar that drains over 90 days, and words that say the same."""

from dataclasses import dataclass
from datetime import datetime

GREEN_DAYS, OLD_DAYS = 30, 90
BAR_WIDTH = 56  # pixels


@dataclass(frozen=True)
class Freshness:
    """Ready for `components/freshness.html`."""

    days: int

    @property
    def is_old(self) -> bool:
        return self.days > OLD_DAYS

    @property
    def width(self) -> int:
        return max(0, BAR_WIDTH * (OLD_DAYS - self.days) // OLD_DAYS)

    @property
    def colour(self) -> str:
        return "#0f7a52" if self.days <= GREEN_DAYS else "#b5450b"

    @property
    def text(self) -> str:
        if self.is_old:
            return f"Not confirmed for {self.days} days"
        ages = {0: "today", 1: "yesterday"}
        return f"Confirmed {ages.get(self.days, f'{self.days} days ago')}"


def freshness(confirmed_at: datetime, now: datetime) -> Freshness:
    """The age of a fact, in whole elapsed days."""
    return Freshness(max(0, (now - confirmed_at).days))
