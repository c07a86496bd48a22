"""What must change so that a run's rows say what its plan says. Pure; what people decided is left alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from incidents.facts import Met
from protocols.models import StepRun, StepState
from protocols.plan import PlannedStep

NO_LONGER_APPLIES: Final = "The facts changed, and this step no longer applies."
NO_LONGER_MET: Final = "The record no longer shows this done."
NEEDED_AGAIN: Final = "What made this unnecessary is no longer so."
EARLIER: Final = "The facts changed, and it falls due earlier."
COUNTED_AGAIN: Final = "The time it counts from was put right."

OWED: Final = frozenset({StepState.WAITING, StepState.FIRED, StepState.FAILED})


@dataclass(frozen=True, slots=True)
class Add:
    """A row that is not there yet, in the state it begins with; `instead_of` is the row it replaces."""

    planned: PlannedStep
    state: StepState = StepState.WAITING
    instead_of: StepRun | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """A row that has come to its end by the facts."""

    row: StepRun
    state: StepState
    reason: str
    met: Met | None = None


@dataclass(frozen=True, slots=True)
class Supersede:
    """A row that stays, marked, because another takes its place."""

    row: StepRun
    reason: str


Change = Add | Settle | Supersede
Ladder = Mapping[int, StepRun]
Plan = Mapping[int, PlannedStep]


def compare(planned: Iterable[PlannedStep], rows: Iterable[tuple[str, StepRun]]) -> Iterator[Change]:
    """Every change, step by step; each step is looked at together with its ladder. `rows` come with codes."""
    plans: dict[tuple[str, int, int], dict[int, PlannedStep]] = defaultdict(dict)
    for step in planned:
        plans[step.code, step.occurrence, step.round][step.rung] = step
    ladders: dict[tuple[str, int, int], dict[int, StepRun]] = defaultdict(dict)
    for code, row in rows:
        ladders[code, row.occurrence, row.round][row.rung] = row
    for key in (*plans, *(key for key in ladders if key not in plans)):
        yield from _changes(plans.get(key, {}), ladders.get(key, {}))


def _changes(plan: Plan, ladder: Ladder) -> Iterator[Change]:
    wanted, row = plan.get(0), ladder.get(0)
    if wanted is None:
        yield from _settle_owed(ladder, StepState.NOT_NEEDED, NO_LONGER_APPLIES)
    elif row is None:
        yield from _begin(plan, wanted)
    elif row.state in OWED:
        yield from _keep_up(plan, ladder, wanted, row)
    elif why := _needed_again(wanted, row):
        yield from _replace(plan, ladder, why, frozenset(StepState))
    elif row.state == StepState.NOT_NEEDED:  # it lapsed as it fired: the rest of its ladder has nothing to do
        yield from _settle_owed(ladder, StepState.NOT_NEEDED, row.reason)


def _begin(plan: Plan, wanted: PlannedStep) -> Iterator[Change]:
    """A step that is over before it was planned gets its row, so that the record shows it; no ladder."""
    if wanted.met is not None:
        yield Add(wanted, StepState.DONE)
    elif wanted.stopped is not None:
        yield Add(wanted, StepState.NOT_NEEDED)
    else:
        yield from (Add(step) for step in plan.values())


def _keep_up(plan: Plan, ladder: Ladder, wanted: PlannedStep, row: StepRun) -> Iterator[Change]:
    if wanted.met is not None:
        yield from _settle_owed(ladder, StepState.DONE, wanted.met.words, wanted.met)
    elif wanted.stopped is not None:
        yield from _settle_owed(ladder, StepState.NOT_NEEDED, wanted.stopped)
    elif row.state == StepState.WAITING and (why := _moves(row, wanted)):
        yield from _replace(plan, ladder, why, frozenset({StepState.WAITING}))
    else:
        yield from _keep_up_rungs(plan, ladder)


def _keep_up_rungs(plan: Plan, ladder: Ladder) -> Iterator[Change]:
    """Rungs that a person's acknowledgement or an empty role has moved stay where they were put."""
    for rung, row in ladder.items():
        wanted = plan.get(rung)
        if rung == 0 or wanted is None or row.state != StepState.WAITING or "moved" in row.derivation:
            continue
        if why := _moves(row, wanted):
            yield Supersede(row, why)
            yield Add(wanted, instead_of=row)


def _moves(row: StepRun, wanted: PlannedStep) -> str | None:
    """A due time moves earlier when a condition turns true; later only when its anchor was put right."""
    if wanted.due_at == row.due_at:
        return None
    if wanted.anchor_at != row.anchor_at:
        return COUNTED_AGAIN
    return EARLIER if wanted.due_at < row.due_at else None


def _needed_again(wanted: PlannedStep, row: StepRun) -> str | None:
    """What the facts settled, the facts can bring back. What a person ticked or waived stays."""
    if wanted.met is not None or wanted.stopped is not None:
        return None
    if row.state == StepState.NOT_NEEDED:
        return NEEDED_AGAIN
    return NO_LONGER_MET if row.state == StepState.DONE and "met" in row.evidence else None


def _replace(plan: Plan, ladder: Ladder, why: str, states: frozenset[StepState]) -> Iterator[Change]:
    replaced = {rung: row for rung, row in ladder.items() if row.state in states}
    yield from (Supersede(row, why) for row in replaced.values())
    for rung, wanted in plan.items():
        if rung in replaced or rung not in ladder:
            yield Add(wanted, instead_of=replaced.get(rung))


def _settle_owed(ladder: Ladder, state: StepState, reason: str, met: Met | None = None) -> Sequence[Settle]:
    """The step and its rungs come to their end together; rungs that never fired were never needed."""
    return [
        Settle(row, StepState.NOT_NEEDED if rung and row.state == StepState.WAITING else state, reason, met)
        for rung, row in sorted(ladder.items())
        if row.state in OWED
    ]
