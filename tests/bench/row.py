"""One figure beside its limit."""

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """`at_most` is how nearly every limit is meant; a speed-up is wanted `at_least`."""

    name: str
    value: float
    limit: float
    sense: Literal["at_most", "at_least"] = "at_most"

    @property
    def ok(self) -> bool:
        return self.value <= self.limit if self.sense == "at_most" else self.value >= self.limit

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "value": round(self.value, 4), "ok": self.ok}

    def __str__(self) -> str:
        sign = "≤" if self.sense == "at_most" else "≥"
        return f"{'ok  ' if self.ok else 'MISS'} {self.name:<44} {self.value:>9.3f}  {sign} {self.limit:g}"
