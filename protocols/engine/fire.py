"""Firing what was claimed: lock, look again, decide, write; together if possible, else one by one."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from casework.records.notify import texts
from casework.records.office_hours import in_office_hours
from casework.records.times import now
from protocols.rulebook import StepRule
from protocols.steps import DueStep, Lapses, decide

from . import blame, ladder
from .claim import LEASE_SECONDS, Batch, Claimed
from .crashpoints import reached
from .rules import rules_of_steps
from .standing import PlacementStanding, Standing, Standings, StepKey, lock_standings, states_of_steps
from .write import Decisions

log = structlog.get_logger(__name__)

# One by one takes longer than a batch; what would not be finished inside the lease is given back uncounted.
SECONDS_ONE_BY_ONE: Final = LEASE_SECONDS - 2


@dataclass(slots=True)
class Fired:
    """What came of claimed steps."""

    settled: int = 0
    given_back: int = 0
    failed_tries: int = 0
    stale: list[Claimed] = field(default_factory=list)  # whose plan is to be looked at again

    def __iadd__(self, other: "Fired") -> "Fired":
        self.settled += other.settled
        self.given_back += other.given_back
        self.failed_tries += other.failed_tries
        self.stale += other.stale
        return self


def fire(batch: Batch) -> Fired:
    """Fire a batch together; if that raises, each step by itself, so that one bad step stops no other."""
    reached("after claim")
    try:
        fired = _fire_together(batch.token, batch.steps)
        reached("after commit")
        return fired
    except Exception as error:
        if len(batch.steps) == 1:
            return _charge(batch.token, batch.steps[0], error)
        log.warning("batch.falls_apart", steps=len(batch.steps), error=type(error).__name__)
    return _fire_one_by_one(batch)


def _fire_one_by_one(batch: Batch) -> Fired:
    """Each in its own transaction, for as long as a new lease is good for; the rest is given back."""
    blame.renew(batch.token, batch.steps)
    fired, started = Fired(), time.monotonic()
    for number, step in enumerate(batch.steps):
        if time.monotonic() - started > SECONDS_ONE_BY_ONE:
            left = batch.steps[number:]
            blame.give_back(batch.token, left)
            fired.given_back += len(left)
            break
        fired += fire(Batch(batch.token, [step]))
    return fired


@transaction.atomic
def _fire_together(token: UUID, steps: Sequence[Claimed]) -> Fired:
    """In one transaction: 1. lock what is free; 2. decide; 3. write; 4. climb where nobody could be told."""
    standings = lock_standings(steps)
    reached("after lock")
    rules = rules_of_steps(step.step_id for step in steps)
    decided = _decide_all(token, [step for step in steps if step.subject_id in standings], standings, rules)
    reached("before write")
    written = decided.decisions.write()
    ladder.climb_at_once([step for step in decided.unheard if step.id in written])
    ladder.close_where_told(
        step for step in steps if step.id in written and rules[step.step_id].kind == "tell"
    )
    skipped = [step for step in steps if step.subject_id not in standings]
    blame.give_back(token, skipped)
    for step, raised in decided.bad:
        _charge(token, step, raised)
    reached("after write")
    return Fired(len(written), len(skipped), len(decided.bad), _stale(steps, rules, written, decided.lapsed))


@dataclass(slots=True)
class _Decided:
    decisions: Decisions
    unheard: list[Claimed] = field(default_factory=list)
    lapsed: set[UUID] = field(default_factory=set)
    bad: list[tuple[Claimed, Exception]] = field(default_factory=list)


def _decide_all(
    token: UUID, steps: Sequence[Claimed], standings: Standings, rules: dict[UUID, StepRule]
) -> _Decided:
    """Each step by itself: one that cannot be decided is set aside, and the others go on."""
    steps_of_rungs = states_of_steps({step.run_id for step in steps if step.rung})
    decided = _Decided(Decisions(token, by_day=_by_day()))
    for step in steps:
        rule, standing = rules[step.step_id], standings[step.subject_id]
        try:
            outcome = decide(_at_hand(step, rule, standing, steps_of_rungs))
        except Exception as error:
            decided.bad.append((step, error))
            continue
        decided.decisions.add(step, rule, standing, outcome)
        if isinstance(outcome, Lapses):
            decided.lapsed.add(step.id)
        elif outcome.nobody:
            decided.unheard.append(step)
    return decided


def _by_day() -> bool | None:
    """Whether people are at their desks now; None where nobody is sent text messages."""
    return in_office_hours(now()) if texts.are_sent() else None


def _at_hand(
    step: Claimed, rule: StepRule, standing: Standing | PlacementStanding, steps_of_rungs: dict[StepKey, str]
) -> DueStep:
    return DueStep(
        rule=rule,
        occurrence=step.occurrence,
        rung=step.rung,
        role=step.role,
        holder_id=step.holder_id if step.holder_id and standing.audience.can_answer(step.holder_id) else None,
        step_state=steps_of_rungs.get((step.run_id, step.step_id, step.occurrence, step.round)),
        timeline=standing.timeline,
        audience=standing.audience,
    )


def _stale(
    steps: Iterable[Claimed], rules: dict[UUID, StepRule], written: set[UUID], lapsed: set[UUID]
) -> list[Claimed]:
    """A repeat needs its next round planned; a step that lapsed shows that the facts have moved on."""
    return [
        step
        for step in steps
        if step.id in written and (step.id in lapsed or (step.rung == 0 and rules[step.step_id].comes_round))
    ]


def _charge(token: UUID, step: Claimed, error: Exception) -> Fired:
    """Put a step off that raised; its attempt stays counted."""
    log.error("step.try_failed", step_run_id=str(step.id), attempts=step.attempts, error=type(error).__name__)
    blame.put_off(token, step)
    return Fired(failed_tries=1)
