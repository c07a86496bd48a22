"""Comparing an episode with its run and doing what is missing. Safe twice, late and after a crash."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from casework.records import chronology
from casework.records.times import CaseworkNow, now
from incidents.facts import EpisodeFacts, facts_of
from incidents.models import MissingEpisode
from protocols import publishing
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
    episode = MissingEpisode.objects.select_for_update(no_key=True, of=("self",)).get(id=episode_id)
    facts = facts_of([episode_id])[episode_id]
    run = _live_run(facts)
    rows = list(run.step_runs.filter(superseded_at=None).select_related("step"))
    planned = plan(publishing.rules_of(run.version_id), facts, now())
    changes = list(compare(planned, ((row.step.code, row) for row in rows)))
    _write(changes, run, episode)
    _note_look(run, facts)
    return len(changes)


def _live_run(facts: EpisodeFacts) -> ProtocolRun:
    run = ProtocolRun.objects.filter(episode=facts.episode_id, stopped_at=None).first()
    if run is not None:
        return run
    version = publishing.current_version_for(facts.authority_id, now())
    return ProtocolRun.objects.create(episode_id=facts.episode_id, version=version)


def _write(changes: Sequence[Change], run: ProtocolRun, episode: MissingEpisode) -> None:
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
    _add(added, run, episode)


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


def _add(added: Sequence[Add], run: ProtocolRun, episode: MissingEpisode) -> None:
    step_ids = publishing.step_ids_of(run.version_id)
    rows = [_row(change, run, step_ids[change.planned.code]) for change in added]
    StepRun.objects.bulk_create(rows)
    StepEvent.objects.bulk_create(
        StepEvent(step_run=row, kind=EVENT_OF[change.state], reason=row.reason, actor_id=row.done_by_id)
        for row, change in zip(rows, added, strict=True)
        if change.state in EVENT_OF
    )
    for row, change in zip(rows, added, strict=True):
        if change.instead_of is not None and row.rung == 0:
            _tell_of_move(change.instead_of, row, change.planned.code, episode)
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


def _tell_of_move(old: StepRun, new: StepRun, code: str, episode: MissingEpisode) -> None:
    chronology.record(
        child=episode.child,
        verb=StepVerb.MOVED,
        actor=None,
        episode_id=episode.id,
        about_kind="step_run",
        about_id=new.id,
        payload={"code": code, "from": old.due_at.isoformat(), "to": new.due_at.isoformat()},
    )


def _note_look(run: ProtocolRun, facts: EpisodeFacts) -> None:
    """The real clock says when we looked; settled means that an ended episode owes nobody a step."""
    owed = StepRun.objects.filter(run=run, state__in=[StepState.WAITING, StepState.FIRED])
    is_settled = facts.state in SETTLED and not owed.exists()
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, [is_settled, run.id])
