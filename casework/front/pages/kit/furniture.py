"""What stands around every page: who is signed in, where they can go, and the clock strip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casework.front.pages.kit import words


@dataclass(frozen=True)
class NavItem:
    """One link of the service navigation."""

    text: str
    url: str
    current: bool = False


def navigation(items: Sequence[tuple[str, str]], path: str) -> list[NavItem]:
    """The links, with the one the reader is under marked: the longest address that begins their path."""
    under = [url for _, url in items if path == url or (url != "/" and path.startswith(url))]
    current = max(under, key=len, default="")
    return [NavItem(text, url, url == current) for text, url in items]


@dataclass(frozen=True)
class ClockStrip:
    """Whether the automatic steps are on time, as every page says it. In doubt, `unknown`."""

    state: Literal["ok", "late", "unknown"]
    checked_at: datetime | None = None
    now: datetime | None = None
    late_count: int = 0
    oldest_due_at: datetime | None = None
    oldest: str = ""  # what it was, by reference: "tell the team manager about E-2026-0409"
    url: str = ""  # the rows behind the count
    help_url: str = ""  # who to phone
    fragment_url: str = ""  # where clock.js asks again
    is_helper_down: bool = False  # the steps run, by the standby alone

    def __post_init__(self) -> None:
        if self.state != "unknown" and (self.checked_at is None or self.now is None):
            raise ValueError("a clock that was never checked is unknown")

    @property
    def checked_words(self) -> str:
        """4 seconds ago."""
        return words.ago(self.checked_at, self.now) if self.checked_at and self.now else ""
