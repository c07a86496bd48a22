"""What waits for the reader in person: at the head of the first page of everybody who works on cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from casework.records.models import User
from protocols.models import StepRun
from protocols.queries import owed_by

AHEAD: Final = timedelta(days=2)  # what comes later is on each child's page, and would bury what is due today
LINES: Final = 3


@dataclass(frozen=True)
class Owed:
    """Steps within the next days, soonest due first, as on My work. No child is named: a reference is."""

    steps: Sequence[StepRun]
    late: int

    @classmethod
    def of(cls, steps: Iterable[StepRun], at: datetime) -> Self:
        """Of these steps of the reader's, those that are due soon."""
        soon = sorted((one for one in steps if one.due_at <= at + AHEAD), key=lambda one: one.due_at)
        return cls(soon, sum(one.due_at <= at for one in soon))

    @property
    def first(self) -> Sequence[StepRun]:
        return self.steps[:LINES]


def owed_soon(user: User, at: datetime) -> Owed:
    """What this person owes by role, by name or because it climbed; a constant number of queries."""
    return Owed.of(owed_by(user, at, until=at + AHEAD), at)
