"""Firing what was claimed: lock, look again, decide, write; together if possible, else one by one."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from protocols.rulebook import StepRule
from protocols.steps import DueStep, Fires, decide

from . import blame, ladder
from .claim import LEASE_SECONDS, Batch, Claimed
from .crashpoints import reached
from .rules import rules_of_steps
from .standing import Standing, StepKey, lock_standings, states_of_steps
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
    repeating: set[UUID] = field(default_factory=set)  # episodes whose next round is to be planned

    def __iadd__(self, other: "Fired") -> "Fired":
        self.settled += other.settled
        self.given_back += other.given_back
        self.failed_tries += other.failed_tries
        self.repeating |= other.repeating
        return self


def fire(batch: Batch) -> Fired:
    """Fire a batch together; if that raises, each step by itself, so that one bad step stops no other."""
    reached("after claim")
    try:
        return _fire_together(batch.token, batch.steps)
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
    standings = lock_standings({step.episode_id for step in steps})
    reached("after lock")
    rules = rules_of_steps(step.step_id for step in steps)
    steps_of_rungs = states_of_steps({step.run_id for step in steps if step.rung})
    fired, decisions = Fired(), Decisions(token)
    unheard: list[Claimed] = []
    bad: list[tuple[Claimed, Exception]] = []
    for step in steps:
        if (standing := standings.get(step.episode_id)) is None:
            continue
        try:
            outcome = decide(_at_hand(step, rules[step.step_id], standing, steps_of_rungs))
            decisions.add(step, rules[step.step_id], standing, outcome)
        except Exception as error:
            bad.append((step, error))
            continue
        if isinstance(outcome, Fires) and outcome.nobody:
            unheard.append(step)
    reached("before write")
    written = decisions.write()
    ladder.climb_at_once([step for step in unheard if step.id in written])
    ladder.close_where_told(
        step for step in steps if step.id in written and rules[step.step_id].kind == "tell"
    )
    skipped = [step for step in steps if step.episode_id not in standings]
    blame.give_back(token, skipped)
    for step, error in bad:
        fired += _charge(token, step, error)
    fired.settled, fired.given_back = len(written), len(skipped)
    fired.repeating = _repeating(steps, rules, written)
    reached("after write")
    return fired


def _at_hand(
    step: Claimed, rule: StepRule, standing: Standing, steps_of_rungs: dict[StepKey, str]
) -> DueStep:
    return DueStep(
        rule=rule,
        occurrence=step.occurrence,
        rung=step.rung,
        role=step.role,
        holder_id=step.holder_id,
        step_state=steps_of_rungs.get((step.run_id, step.step_id, step.occurrence, step.round)),
        timeline=standing,
        audience=standing.audience,
    )


def _repeating(steps: Iterable[Claimed], rules: dict[UUID, StepRule], written: set[UUID]) -> set[UUID]:
    return {
        step.episode_id
        for step in steps
        if step.rung == 0 and rules[step.step_id].repeat and step.id in written
    }


def _charge(token: UUID, step: Claimed, error: Exception) -> Fired:
    """Put a step off that raised; its attempt stays counted."""
    log.error("step.try_failed", step_run_id=str(step.id), attempts=step.attempts, error=type(error).__name__)
    blame.put_off(token, step)
    return Fired(failed_tries=1)
