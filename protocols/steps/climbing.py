"""A rung of a step's ladder: the step is late, so the next role hears of it."""

from typing import Final

from protocols.messages import Template
from protocols.models import StepState

from .outcome import DueStep, Fires, Lapses, Outcome, Telling

SETTLED: Final = "The step was settled before this rung was reached."
OWED: Final = frozenset({StepState.WAITING, StepState.FIRED, StepState.FAILED})


def climb(due: DueStep) -> Outcome:
    """Tell the rung's role, unless the step is settled by now. A failed step climbs like a late one."""
    if due.step_state not in OWED:
        return Lapses(SETTLED)
    people = due.audience.of([due.role])
    return Fires(tellings=tuple(Telling(person, Template.STEP_LATE) for person in people), nobody=not people)
