"""What an import does to the record, as people are told it: by ID, never by name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Noun(StrEnum):
    """What can be added or put right, in the order in which it is told."""

    AUTHORITY = "authority"
    NEIGHBOUR = "neighbour"
    POLICE_FORCE = "police force"
    PROVIDER = "provider"
    HOME = "home"
    TEAM = "team"
    WORKER = "social worker"
    CHILD = "child"
    PLACEMENT = "placement"
    LEGAL_STATUS = "legal status"
    ABSENCE = "past absence"
    OPEN_ABSENCE = "open absence"


PLURALS: Final[Mapping[str, str]] = {
    Noun.AUTHORITY: "authorities",
    Noun.CHILD: "children",
    Noun.LEGAL_STATUS: "legal statuses",
}


def counted(noun: Noun, count: int) -> str:
    """1 child, 456 children."""
    return f"{count:,} {noun if count == 1 else PLURALS.get(noun, f'{noun}s')}"


@dataclass(frozen=True, slots=True)
class Correction:
    """One value put right. `subject` is a child's ID, a home's URN; what would name somebody is ""."""

    noun: Noun
    subject: str
    what: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        values = f": {self.old or 'blank'} → {self.new or 'blank'}" if self.old or self.new else ""
        return f"{self.noun.capitalize()} {self.subject}, {self.what}{values}"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that the files say otherwise than the record, which stays as it is."""

    noun: Noun
    subject: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.noun.capitalize()} {self.subject}, {self.what}: {self.reason}"


@dataclass(slots=True)
class Difference:
    """Everything an import adds, puts right, or leaves as it is."""

    added: Counter[Noun] = field(default_factory=Counter)
    corrections: list[Correction] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many things become otherwise; 0 when the same files are read again."""
        return sum(self.added.values()) + len(self.corrections)

    def added_words(self) -> list[str]:
        """456 children, 1,052 placements: what is added, in the order of `Noun`."""
        return [counted(noun, self.added[noun]) for noun in Noun if self.added[noun]]
