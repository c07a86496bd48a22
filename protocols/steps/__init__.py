"""What each kind of step does when it falls due. Pure: the engine writes down what these decide."""

from collections.abc import Callable
from typing import Final

from protocols.rulebook import Kind
from protocols.starts import starts

from .asking import ask
from .climbing import climb
from .outcome import Audience, DueStep, Fires, Lapses, Outcome, Telling
from .telling import tell

__all__ = ["Audience", "DueStep", "Fires", "Lapses", "Outcome", "Telling", "decide"]

CORRECTED_AWAY: Final = "The report was put right, and there is nothing to count this step from."

ACTION_OF_KIND: Final[dict[Kind, Callable[[DueStep], Outcome]]] = {
    "task": ask,
    "decide": ask,
    "meeting": ask,
    "escalate": ask,
    "tell": tell,
}


def decide(due: DueStep) -> Outcome:
    """1. Whatever ended what it counts from makes it lapse. 2. A rung climbs. 3. The rest by kind."""
    start = next((s for s in starts(due.rule, due.timeline) if s.occurrence == due.occurrence), None)
    if start is None:
        return Lapses(CORRECTED_AWAY)
    if start.stop is not None:
        return Lapses(start.stop.words)
    return climb(due) if due.rung else ACTION_OF_KIND[due.rule.kind](due)
