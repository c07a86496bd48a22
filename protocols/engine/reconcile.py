"""Comparing an episode, or a placement, with its run and doing what is missing.

Safe twice, late and after a crash.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from casework.records import chronology
from casework.records.errors import Conflict
from casework.records.models import Child, LocalAuthority
from casework.records.times import CaseworkNow, now
from incidents.facts import (
    EpisodeFacts,
    PlacementFacts,
    facts_of,
    facts_of_placements,
    lock_episode,
    lock_placement,
)
from protocols import publishing
from protocols.conditions import Facts
from protocols.messages import StepVerb
from protocols.models import ProtocolRun, StepEvent, StepRun, StepState
from protocols.plan import plan
from protocols.starts import ENDING_STATES

from .compare import Add, Change, Settle, Supersede, compare
from .notify import NOTIFY

SETTLED: Final = frozenset(ENDING_STATES)
EVENT_OF: Final = {
    StepState.DONE: StepEvent.Kind.DONE,
    StepState.NOT_NEEDED: StepEvent.Kind.NOT_NEEDED,
}

RECORDED_SOON: Final = timedelta(days=3)  # a long weekend: a placement is often written down afterwards

LOOKED: Final = """
UPDATE protocols_protocolrun
SET reconciled_at = clock_timestamp(), settled_at = CASE WHEN %s THEN coalesce(settled_at, casework_now()) END
WHERE id = %s"""


@transaction.atomic
def reconcile(episode_id: UUID) -> int:
    """Make the rows of the episode's run say what its facts say; how many changes that took.

    1. Lock the episode. 2. Take its facts. 3. Find its run, or pin one to the edition now in force.
    4. Plan. 5. Compare with the rows. 6. Write the difference: nothing is edited away, what is replaced stays
    with its reason. 7. Note whether anything can still come due. 8. Wake the sweepers if a due time is new.
    Conflict when no protocol has ever been published.
    """
    lock_episode(episode_id)
    facts = facts_of([episode_id])[episode_id]
    run = _live_run(facts)
    changes = _catch_up(run, facts)
    _note_look(run, is_over=facts.state in SETTLED)
    return changes


@transaction.atomic
def reconcile_placement(placement_id: UUID) -> int:
    """The same for a placement, with the steps that count from it; how many changes that took.

    A run is made only where one is wanted: the child lives in a home, in the care of an authority that works
    here, and the edition in force has such steps. What was due before the run was made is asked of nobody,
    unless the placement had just begun: most are recorded a little late.
    """
    lock_placement(placement_id)
    facts = facts_of_placements([placement_id])[placement_id]
    run = _live_run_of_placement(facts)
    if run is None:
        return 0
    changes = _catch_up(run, replace(facts, known_at=_known_at(run, facts)))
    _note_look(run, is_over=facts.is_over)
    return changes


def plans_placements(authority_id: UUID) -> bool:
    """Whether children of this authority get steps that count from their placement."""
    if not LocalAuthority.objects.filter(pk=authority_id, is_tenant=True).exists():
        return False
    try:
        version = publishing.current_version_for(authority_id, now())
    except Conflict:  # nothing has ever been published
        return False
    return any(rule.anchor == "P" for rule in publishing.rules_of(version.pk))


def _live_run(facts: EpisodeFacts) -> ProtocolRun:
    run = ProtocolRun.objects.filter(episode=facts.episode_id, stopped_at=None).first()
    if run is not None:
        return run
    version = publishing.current_version_for(facts.authority_id, now())
    return ProtocolRun.objects.create(episode_id=facts.episode_id, version=version)


def _live_run_of_placement(facts: PlacementFacts) -> ProtocolRun | None:
    run = ProtocolRun.objects.filter(placement=facts.placement_id, stopped_at=None).first()
    if run is not None or facts.is_over or not plans_placements(facts.authority_id):
        return run
    version = publishing.current_version_for(facts.authority_id, now())
    return ProtocolRun.objects.create(placement_id=facts.placement_id, version=version)


def _known_at(run: ProtocolRun, facts: PlacementFacts) -> datetime | None:
    """When the clock first heard of the placement; None when that was as it began, or soon after."""
    first = ProtocolRun.objects.filter(placement=run.placement_id).earliest("recorded_at").recorded_at
    return None if first - facts.placed_at <= RECORDED_SOON else first


def _catch_up(run: ProtocolRun, facts: Facts) -> int:
    """Steps 4 to 6: what the plan wants and the rows don't have."""
    rows = list(run.step_runs.filter(superseded_at=None).select_related("step"))
    planned = plan(publishing.rules_of(run.version_id), facts, now())
    changes = list(compare(planned, ((row.step.code, row) for row in rows)))
    _write(changes, run, facts.child_id)
    return len(changes)


def _write(changes: Sequence[Change], run: ProtocolRun, child_id: UUID) -> None:
    """Old rows are marked before new ones take their unique keys."""
    settled = [change for change in changes if isinstance(change, Settle)]
    superseded = [change for change in changes if isinstance(change, Supersede)]
    added = [change for change in changes if isinstance(change, Add)]
    for change in settled:
        _settle(change)
    for marked in superseded:
        StepRun.objects.filter(id=marked.row.id).update(
            state=StepState.SUPERSEDED, superseded_at=CaseworkNow(), reason=marked.reason, lease_token=None
        )
    StepEvent.objects.bulk_create(
        [
            *(
                StepEvent(step_run=c.row, kind=EVENT_OF[c.state], reason=c.reason, actor_id=_by(c))
                for c in settled
            ),
            *(StepEvent(step_run=c.row, kind=StepEvent.Kind.SUPERSEDED, reason=c.reason) for c in superseded),
        ]
    )
    _add(added, run, child_id)


def _by(change: Settle) -> UUID | None:
    return change.met.by_id if change.met else None


def _settle(change: Settle) -> None:
    """What the record shows as done says when, by whom and that the record said so."""
    row, met = change.row, change.met
    is_done = change.state == StepState.DONE and met is not None
    StepRun.objects.filter(id=row.id).update(
        state=change.state,
        reason=change.reason,
        done_at=met.at if is_done and met else None,
        done_by=met.by_id if is_done and met else None,
        evidence={**row.evidence, "met": met.words} if is_done and met else row.evidence,
        lease_token=None,
        lease_until=None,
    )


def _add(added: Sequence[Add], run: ProtocolRun, child_id: UUID) -> None:
    step_ids = publishing.step_ids_of(run.version_id)
    rows = [_row(change, run, step_ids[change.planned.code]) for change in added]
    StepRun.objects.bulk_create(rows)
    StepEvent.objects.bulk_create(
        StepEvent(step_run=row, kind=EVENT_OF[change.state], reason=row.reason, actor_id=row.done_by_id)
        for row, change in zip(rows, added, strict=True)
        if change.state in EVENT_OF
    )
    for row, change in zip(rows, added, strict=True):
        old = change.instead_of
        if old is not None and row.rung == 0 and old.due_at != row.due_at:
            _tell_of_move(old, row, change.planned.code, child_id)
    if any(change.state == StepState.WAITING for change in added):
        with connection.cursor() as cursor:
            cursor.execute(NOTIFY)


def _row(change: Add, run: ProtocolRun, step_id: UUID) -> StepRun:
    step, met = change.planned, change.planned.met
    row = StepRun(
        id=uuid4(),
        run=run,
        episode_id=run.episode_id,
        step_id=step_id,
        occurrence=step.occurrence,
        round=step.round,
        rung=step.rung,
        role=step.role,
        anchor_at=step.anchor_at,
        due_at=step.due_at,
        warn_at=step.warn_at,
        derivation=step.derivation,
        state=change.state,
        holder_id=change.instead_of.holder_id if change.instead_of else None,
    )
    if change.state == StepState.DONE and met is not None:
        row.done_at, row.done_by_id, row.reason, row.evidence = (
            met.at,
            met.by_id,
            met.words,
            {"met": met.words},
        )
    if change.state == StepState.NOT_NEEDED:
        row.reason = step.stopped or ""
    return row


def _tell_of_move(old: StepRun, new: StepRun, code: str, child_id: UUID) -> None:
    chronology.record(
        child=Child.objects.get(pk=child_id),
        verb=StepVerb.MOVED,
        actor=None,
        episode_id=new.episode_id,
        about_kind="step_run",
        about_id=new.id,
        payload={"code": code, "from": old.due_at.isoformat(), "to": new.due_at.isoformat()},
    )


def _note_look(run: ProtocolRun, *, is_over: bool) -> None:
    """The real clock says when we looked; settled means that what has ended owes nobody a step."""
    owed = StepRun.objects.filter(run=run, state__in=[StepState.WAITING, StepState.FIRED])
    is_settled = is_over and not owed.exists()
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, [is_settled, run.id])
