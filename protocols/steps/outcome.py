"""What a step that has fallen due has in hand, and what may come of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from incidents.facts import PlacementFacts
from protocols.messages import Template
from protocols.rulebook import EVERYONE_TOLD, StepRule
from protocols.starts import Timeline


@dataclass(frozen=True, slots=True)
class Audience:
    """The people who can be told: who holds each role for the child now, and who was told before."""

    holders: Mapping[str, tuple[UUID, ...]]
    told_before: tuple[UUID, ...] = ()
    kept_away: frozenset[UUID] = frozenset()  # by a conflict of interest; they hold nothing here
    at_work: frozenset[UUID] | None = None  # who is there now; None: not looked up

    def can_answer(self, person: UUID) -> bool:
        """Whether this person can act now: not in a conflict, not away, and still there."""
        return person not in self.kept_away and (self.at_work is None or person in self.at_work)

    def of(self, roles: Iterable[str]) -> tuple[UUID, ...]:
        """Each person of these roles once, in the order of the roles."""
        people = (self.told_before if role == EVERYONE_TOLD else self.holders.get(role, ()) for role in roles)
        return tuple(dict.fromkeys(person for some in people for person in some))


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step whose time has come, with the facts as they stand under the lock of its episode or placement."""

    rule: StepRule
    occurrence: int
    rung: int
    role: str
    holder_id: UUID | None
    step_state: str | None  # of a rung: where the step that it belongs to stands
    timeline: Timeline | PlacementFacts
    audience: Audience


@dataclass(frozen=True, slots=True)
class Telling:
    """One message owed to one person."""

    recipient_id: UUID
    template: Template


@dataclass(frozen=True, slots=True)
class Fires:
    """The clock tells people. `is_done`: telling was all there was to do. No answerable person: `nobody`."""

    tellings: tuple[Telling, ...]
    is_done: bool = False
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Lapses:
    """Nothing is left to do, and why."""

    reason: str


Outcome = Fires | Lapses
