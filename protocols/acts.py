"""What people do to a step: meet it, promise it, hand it over, waive it, or open it again.

Each takes the lock of the episode, or of the placement, first, as the sweep does, so that whoever commits
first wins and the other reads what has become of the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from casework.records import chronology
from casework.records.access import children_visible_to, current_home_id, may, require_for
from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound
from casework.records.holders import CARER
from casework.records.models import Child, Notification, Placement, User
from casework.records.notify import outbox
from casework.records.standing import standing_of
from casework.records.times import CaseworkNow, now
from incidents.models import MissingEpisode
from incidents.moments import clock_words
from protocols.messages import STOPPED_BY_RETURN, StepVerb, Template, message_key
from protocols.models import StepEvent, StepRun, StepState
from protocols.rulebook import ALSO_TICKED
from protocols.safety import FLOOR, FLOOR_WHERE_THERE
from protocols.waivers import waiver_asked_of

LONGEST_PROMISE: Final = timedelta(hours=4)
OPEN: Final = frozenset({StepState.WAITING, StepState.FIRED, StepState.FAILED})
MET: Final = "The step itself was met."
WAIVED: Final = "The step itself was waived."
PROMISED: Final = "Somebody has promised the step; the ladder waits until the promise lapses."
NOT_PROMISED_ANY_MORE: Final = "The step was handed over, and the promise ended with it."
PUT_OFF_FROM: Final = "put_off_from"  # in a rung's derivation: when it would come without the promise
MISTAKE: Final = "It was ticked by mistake."


@transaction.atomic
def complete_step(
    *, by: User, step_run: StepRun, evidence: Mapping[str, str] | None = None, typed_name: str = ""
) -> StepRun:
    """Somebody met the step, perhaps early: then it never fires. Its ladder has nothing left to climb for.

    `evidence` answers the step's own questions. Invalid when one is unanswered; Conflict when it is over, or
    is met by what is recorded elsewhere: a sign-off that was only ticked would close nothing.
    """
    row, child = _open_step(by, step_run, Act.COMPLETE_STEP)
    if is_met_by_record(row):
        raise Conflict(
            "This step is met by the record itself. Make that record instead.", code="met_by_record"
        )
    answers = {question: text.strip() for question, text in (evidence or {}).items()}
    _require_answers(row, answers)
    StepRun.objects.filter(pk=row.pk).update(
        state=StepState.DONE, done_at=CaseworkNow(), done_by=by, evidence=answers, lease_token=None
    )
    _close_ladder(row, StepState.DONE, MET)
    _note(row, child, by, StepEvent.Kind.DONE, StepVerb.DONE, typed_name=typed_name)
    row.refresh_from_db()
    return row


@transaction.atomic
def acknowledge_step(*, by: User, step_run: StepRun, until: datetime) -> StepRun:
    """A promise with an end, not the step itself: the ladder waits until `until` and then goes on.

    Invalid when the end is past, or further than four hours away. The ladders of E2, T0, T1 and T1b wait for
    no promise: at high risk nothing may delay them, and nobody has to work out whether the risk is high.
    """
    row, child = _open_step(by, step_run, Act.ACKNOWLEDGE_STEP)
    moment = now()
    if until <= moment:
        raise Invalid("Choose a time that is still to come.", field="until")
    if until > moment + LONGEST_PROMISE:
        raise Invalid("A promise holds four hours at the most. Hand the step over instead.", field="until")
    StepRun.objects.filter(pk=row.pk).update(
        acknowledged_at=CaseworkNow(), acknowledged_by=by, acknowledged_until=until
    )
    if row.step.code not in {*FLOOR, *FLOOR_WHERE_THERE}:
        _put_off_ladder(row, until)
    words = until.isoformat()
    _note(row, child, by, StepEvent.Kind.ACKNOWLEDGED, StepVerb.ACKNOWLEDGED, payload={"until": words})
    row.refresh_from_db()
    return row


@transaction.atomic
def hand_over_step(*, by: User, step_run: StepRun, to: User) -> StepRun:
    """Somebody else answers for the step from now on, and is told so. The ladder goes on as it was.

    Invalid when that person may not see the child's record, or do a step in it. A promise ends with the one
    who gave it, and what it put off of the ladder is due again when the protocol says.
    """
    row, child = _open_step(by, step_run, Act.HAND_OVER_STEP)
    if not _can_take_over(to, child):
        raise Invalid("Choose somebody who works with this child’s record.", field="to")
    StepRun.objects.filter(pk=row.pk).update(
        holder=to, acknowledged_at=None, acknowledged_by=None, acknowledged_until=None
    )
    _put_off_ladder(row, None)
    _note(row, child, by, StepEvent.Kind.HANDED_OVER, StepVerb.HANDED_OVER, payload={"to": str(to.pk)})
    if to != by:
        _tell_new_holder(row, child, to)
    row.refresh_from_db()
    return row


@transaction.atomic
def waive_step(*, by: User, step_run: StepRun, reason: str) -> StepRun:
    """A manager's decision that this step need not be met here, with the reason. Invalid without one."""
    row, child = _open_step(by, step_run, Act.WAIVE_STEP)
    why = _reason(reason)
    StepRun.objects.filter(pk=row.pk).update(state=StepState.WAIVED, reason=why, done_by=by, lease_token=None)
    _close_ladder(row, StepState.NOT_NEEDED, WAIVED)
    _note(row, child, by, StepEvent.Kind.WAIVED, StepVerb.WAIVED, reason=why)
    row.refresh_from_db()
    return row


@transaction.atomic
def ask_to_waive(*, by: User, step_run: StepRun, reason: str) -> StepEvent:
    """Say that this step need not be met here, to whoever decides that. Until then it is owed as before."""
    row, child = _open_step(by, step_run, Act.ASK_WAIVER)
    why = _reason(reason)
    if waiver_asked_of(row) is not None:
        raise Conflict("Somebody has asked already. A manager decides.", code="waiver_asked")
    return _note(row, child, by, StepEvent.Kind.WAIVER_ASKED, StepVerb.WAIVER_ASKED, reason=why)


@transaction.atomic
def keep_step(*, by: User, step_run: StepRun, reason: str) -> StepEvent:
    """A manager's answer that the step is still to be done, with the reason. Conflict when nobody asked."""
    row, child = _open_step(by, step_run, Act.WAIVE_STEP)
    why = _reason(reason)
    if waiver_asked_of(row) is None:
        raise Conflict("Nobody asks for this step to be waived.", code="not_asked")
    return _note(row, child, by, StepEvent.Kind.WAIVER_KEPT, StepVerb.WAIVER_KEPT, reason=why)


@transaction.atomic
def reopen_step(*, by: User, step_run: StepRun, reason: str) -> StepRun:
    """It was ticked, or waived, by mistake: the old row stays, marked; a new one is owed at the same time.

    Conflict when the step is not done or waived. The new row is returned.
    """
    row, child = _locked(by, step_run, Act.REOPEN_STEP)
    why = _reason(reason)
    if row.state not in (StepState.DONE, StepState.WAIVED):
        raise Conflict("Only a step that was done or waived can be opened again.", code="not_done")
    StepRun.objects.filter(pk=row.pk).update(
        state=StepState.SUPERSEDED, superseded_at=CaseworkNow(), reason=f"{MISTAKE} {why}"
    )
    again = _copy(row, due_at=row.due_at, moved="reopened")
    _set_ladder_again(row)
    _note(row, child, by, StepEvent.Kind.REOPENED, StepVerb.REOPENED, reason=why)
    return again


def is_met_by_record(row: StepRun) -> bool:
    """Whether another record shows the step as done, so that nobody ticks it: of an episode's steps alone."""
    met_by = row.step.met_by
    return bool(met_by) and met_by not in ALSO_TICKED and row.episode_id is not None


# What they share -------------------------------------------------------------------------------------


def _locked(by: User, step_run: StepRun, act: Act) -> tuple[StepRun, Child]:
    """The step as it is now, under the lock of what it belongs to, if this person may do this to it."""
    child = _locked_child(step_run)
    if child is None:
        raise NotFound
    require_for(by, act, child)
    row = StepRun.objects.select_for_update(no_key=True, of=("self",)).select_related("step", "done_by")
    return row.get(pk=step_run.pk), child


def _locked_child(step_run: StepRun) -> Child | None:
    """Whom the step is about, once its episode is locked; of a step that comes before any, its placement."""
    episodes = MissingEpisode.objects.filter(step_runs=step_run)
    placements = Placement.objects.filter(runs__step_runs=step_run)
    rows = episodes if step_run.episode_id else placements
    row = rows.select_for_update(no_key=True, of=("self",)).select_related("child").first()
    return row.child if row else None


def _open_step(by: User, step_run: StepRun, act: Act) -> tuple[StepRun, Child]:
    row, child = _locked(by, step_run, act)
    _refuse_anothers(by, row, child)
    if row.rung or row.state not in OPEN:
        raise Conflict(_why_over(row), code=f"step_{row.state}")
    return row, child


def _refuse_anothers(by: User, row: StepRun, child: Child) -> None:
    """People of a home do the home's own steps; what the authority answers for is the authority's."""
    if row.role == CARER or row.holder_id == by.pk or standing_of(by).roles_in(child.authority_id):
        return
    raise NotAllowed("This step is the authority’s. Add what you know as news.", code="not_your_step")


def _can_take_over(to: User, child: Child) -> bool:
    """Whoever holds a step is the only one in whose work it shows, so they must be able to open and do it."""
    if not children_visible_to(to).filter(pk=child.pk).exists():
        return False
    home_id = current_home_id(child)
    return may(to, Act.COMPLETE_STEP, authority_id=child.authority_id, home_id=home_id, child_id=child.pk)


def _why_over(row: StepRun) -> str:
    """A sentence for somebody who was second."""
    if row.state == StepState.DONE and row.done_at:
        return (
            f"Already done at {clock_words(row.done_at, now())}{f' by {row.done_by}' if row.done_by else ''}."
        )
    if row.state == StepState.WAIVED:
        return f"This step was waived{f' by {row.done_by}' if row.done_by else ''}."
    return "This step is no longer needed."


def _require_answers(row: StepRun, answers: Mapping[str, str]) -> None:
    unknown = set(answers) - set(row.step.evidence)
    if unknown:
        raise Invalid("This step does not ask that.", code="not_asked")
    for question in row.step.evidence:
        if not answers.get(question) and not question.startswith("If "):
            raise Invalid(f"Answer the question: {question}", code="evidence", field=question)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("Give the reason.", field="reason")
    return text.strip()


def _rungs_of(row: StepRun) -> QuerySet[StepRun]:
    return StepRun.objects.filter(
        run_id=row.run_id, step_id=row.step_id, occurrence=row.occurrence, round=row.round, rung__gt=0
    )


def _ladder(row: StepRun) -> list[StepRun]:
    return list(_rungs_of(row).filter(state__in=OPEN))


def _close_ladder(row: StepRun, told: StepState, why: str) -> None:
    """Rungs still to come were never needed; those that were told are over with the step."""
    rungs = _ladder(row)
    for rung in rungs:
        was_told = rung.state == StepState.FIRED and told == StepState.DONE
        StepRun.objects.filter(pk=rung.pk).update(
            state=StepState.DONE if was_told else StepState.NOT_NEEDED,
            done_at=CaseworkNow() if was_told else None,
            reason=why,
            lease_token=None,
        )
    StepEvent.objects.bulk_create(
        StepEvent(step_run=rung, kind=StepEvent.Kind.NOT_NEEDED, reason=why)
        for rung in rungs
        if rung.state != StepState.FIRED
    )


def _put_off_ladder(row: StepRun, until: datetime | None) -> None:
    """Waiting rungs come due when the protocol has them, but not before the promise lapses, if there is one.

    A rung that an earlier promise put off remembers when it would have come.
    """
    waiting = [rung for rung in _ladder(row) if rung.state == StepState.WAITING]
    due = {rung: max(filter(None, (_planned_at(rung), until))) for rung in waiting}
    moved = [rung for rung in waiting if rung.due_at != due[rung]]
    why = PROMISED if until else NOT_PROMISED_ANY_MORE
    StepRun.objects.filter(pk__in=[rung.pk for rung in moved]).update(
        state=StepState.SUPERSEDED, superseded_at=CaseworkNow(), reason=why, lease_token=None
    )
    StepEvent.objects.bulk_create(
        StepEvent(step_run=rung, kind=StepEvent.Kind.SUPERSEDED, reason=why) for rung in moved
    )
    for rung in moved:
        rung.derivation = {**rung.derivation, PUT_OFF_FROM: _planned_at(rung).isoformat()}
        _copy(rung, due_at=due[rung], moved="acknowledged")


def _planned_at(rung: StepRun) -> datetime:
    put_off_from: str | None = rung.derivation.get(PUT_OFF_FROM)
    return datetime.fromisoformat(put_off_from) if put_off_from else rung.due_at


def _set_ladder_again(row: StepRun) -> None:
    """The step is owed again, so its ladder stands again, counted from now if the step was due before."""
    start = max(row.due_at, now())
    rungs = _rungs_of(row).exclude(state=StepState.SUPERSEDED)
    for rung in list(rungs):
        StepRun.objects.filter(pk=rung.pk).update(
            state=StepState.SUPERSEDED, superseded_at=CaseworkNow(), reason=MISTAKE, lease_token=None
        )
        _copy(rung, due_at=start + _height(rung, row), moved="reopened")


def _height(rung: StepRun, row: StepRun) -> timedelta:
    """How long after the step the protocol has this rung told."""
    after = row.step.ladder.filter(ordinal=rung.rung).values_list("after", flat=True).first()
    return after or timedelta(0)


def _copy(row: StepRun, *, due_at: datetime, moved: str) -> StepRun:
    """A fresh row in the old one's place; `moved` in its derivation says who moved it."""
    return StepRun.objects.create(
        id=uuid4(),
        run_id=row.run_id,
        episode_id=row.episode_id,
        step_id=row.step_id,
        occurrence=row.occurrence,
        round=row.round,
        rung=row.rung,
        role=row.role,
        anchor_at=row.anchor_at,
        due_at=due_at,
        warn_at=row.warn_at,
        derivation={**row.derivation, "moved": moved, "due_at": due_at.isoformat()},
        holder_id=row.holder_id,
    )


def _note(
    row: StepRun,
    child: Child,
    by: User,
    kind: StepEvent.Kind,
    verb: StepVerb,
    *,
    reason: str = "",
    payload: Mapping[str, object] | None = None,
    typed_name: str = "",
) -> StepEvent:
    """The step's own history, and the story people read."""
    event = StepEvent.objects.create(step_run=row, kind=kind, actor=by, reason=reason)
    chronology.record(
        child=child,
        verb=verb,
        actor=by,
        episode_id=row.episode_id,
        about_kind="step_run",
        about_id=row.pk,
        payload={"code": row.step.code, **({"reason": reason} if reason else {}), **(payload or {})},
        typed_name=typed_name,
    )
    return event


def _tell_new_holder(row: StepRun, child: Child, to: User) -> None:
    """Before there is an episode, the case is known by the child's own reference."""
    template = Template.STEP_HANDED_OVER
    episode = MissingEpisode.objects.only("reference").filter(step_runs=row).first()
    outbox.queue(
        key=message_key(uuid4(), Notification.Channel.EMAIL, to.pk, template),
        recipient_id=to.pk,
        template=template,
        reference=episode.reference if episode else child.reference,
        child_id=child.pk,
        episode_id=row.episode_id,
        step_run_id=row.pk,
        stops_on_return=row.step.anchor in STOPPED_BY_RETURN,
    )
