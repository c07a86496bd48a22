"""What waits for the reader in person: at the head of the first page of everybody who works on cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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

    @property
    def first(self) -> Sequence[StepRun]:
        return self.steps[:LINES]


def owed_soon(user: User, at: datetime) -> Owed:
    """What this person owes by role, by name or because it climbed; a constant number of queries."""
    steps = owed_by(user, at, until=at + AHEAD)
    return Owed(steps, sum(step.due_at <= at for step in steps))
