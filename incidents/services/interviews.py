"""The return interview: allocated, offered, tried; then held, declined, or why it could not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.records import chronology
from casework.records.access import children_visible_to, current_home_id, only_reads, require_for
from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.models import Disclosure, User
from casework.records.services.telling import BY_A_PERSON
from casework.records.standing import standing_of
from casework.records.times import now
from incidents import codes, moments, rules
from incidents.facts import lock_episodes
from incidents.models import (
    NO_ABSENCE,
    InterviewAttempt,
    InterviewShare,
    InterviewState,
    MissingEpisode,
    ReturnInterview,
    WhyNotHeld,
)
from incidents.rules import Position
from incidents.verbs import EpisodeVerb

from .owing import UNSETTLED, cover
from .writing import add, required, save_edit


@dataclass(frozen=True, slots=True)
class Independence:
    """Three answers about this interviewer and this child (DfE 2014)."""

    is_caring: bool
    is_line_managed: bool
    is_trained: bool


@dataclass(frozen=True, slots=True)
class Interpreted:
    """In which language it was held, and through whom; `is_independent` of the child's own community."""

    language: str = ""
    name: str = ""
    agency: str = ""
    is_independent: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the child told of, as far as they did: harm, offences, exploitation, where they slept."""

    harm: str = ""
    offences: str = ""
    exploitation: str = ""
    slept: str = ""


@transaction.atomic
def allocate_interview(*, by: User, interview: ReturnInterview, to: User) -> ReturnInterview:
    """Give the interview to somebody of the child's authority, or to somebody granted this child."""
    held = _take(by, Act.OFFER_INTERVIEW, interview)
    _refuse_settled(held)
    if not _may_hold(to, held):
        raise Invalid("Choose somebody who works for the child’s authority.", code="not_theirs", field="to")
    held.allocated_to = to
    save_edit(held)
    _tell(held, EpisodeVerb.INTERVIEW_ALLOCATED, by, payload={"to": str(to.pk)})
    return held


@transaction.atomic
def offer_interview(
    *, by: User, interview: ReturnInterview, words: str, offered_at: datetime | None = None
) -> ReturnInterview:
    """Offer it to the child; `words` say how, and what they answered. The first offer's time stands."""
    held = _take(by, Act.OFFER_INTERVIEW, interview)
    rules.refuse_interview_move(held.state, InterviewState.OFFERED)
    moment = now()
    at = moments.happened("offered_at", offered_at or moment, moment)
    said = required(words, "words", "Enter how you offered it and what they said.")
    if held.offered_at is None:
        held.state, held.offered_at, held.offered_by, held.offer_words = InterviewState.OFFERED, at, by, said
        save_edit(held)
    else:
        _add_attempt(by, held, "Offered again", said, at)
    _tell(held, EpisodeVerb.INTERVIEW_OFFERED, by, occurred_at=at)
    return held


@transaction.atomic
def record_attempt(
    *, by: User, interview: ReturnInterview, how: str, outcome: str, tried_at: datetime | None = None
) -> InterviewAttempt:
    """A try that did not lead to the interview, yet."""
    held = _take(by, Act.OFFER_INTERVIEW, interview)
    _refuse_settled(held)
    moment = now()
    at = moments.happened("tried_at", tried_at or moment, moment)
    attempt = _add_attempt(
        by,
        held,
        required(how, "how", "Enter how you tried."),
        required(outcome, "outcome", "Enter what came of it."),
        at,
    )
    _tell(held, EpisodeVerb.INTERVIEW_TRIED, by, about=attempt, occurred_at=at)
    return attempt


@transaction.atomic
def record_interview(
    *,
    by: User,
    interview: ReturnInterview,
    held_at: datetime,
    own_words: str,
    interpretation: str,
    independence: Independence,
    held_by_name: str = "",
    where: str = "",
    present: str = "",
    reasons: Sequence[str] = (),
    interpreted: Interpreted = Interpreted(),
    found: Found = Found(),
) -> ReturnInterview:
    """Record what the child said, in their own words, and apart from them what the interviewer makes of it.

    A child who declined may still change their mind. `reasons` are codes of what pushed and pulled. Whoever
    interpreted is named, and it is said whether they come from the child's own community.
    """
    held = _take(by, Act.HOLD_INTERVIEW, interview)
    rules.refuse_interview_move(held.state, InterviewState.HELD)
    at = moments.happened("held_at", held_at, now())
    moments.refuse_before("held_at", at, _back_since(held), "The child came back at")
    held.state, held.held_at, held.held_by = InterviewState.HELD, at, by
    held.held_by_name = held_by_name.strip() or by.name
    held.where, held.present = where.strip(), present.strip()
    held.own_words = required(own_words, "own_words", "Enter what the child said, in their own words.")
    held.interpretation = interpretation.strip()
    held.reasons = codes.chosen(reasons, codes.Reason, field="reasons")
    _note_interpreter(held, interpreted)
    for name in ("harm", "offences", "exploitation", "slept"):
        setattr(held, name, getattr(found, name).strip())
    held.is_interviewer_caring = independence.is_caring
    held.is_interviewer_line_managed = independence.is_line_managed
    held.is_interviewer_trained = independence.is_trained
    return _settle(by, held, EpisodeVerb.INTERVIEW_HELD, at)


def _note_interpreter(held: ReturnInterview, interpreted: Interpreted) -> None:
    held.language, held.interpreter_name = interpreted.language.strip(), interpreted.name.strip()
    held.interpreter_agency = interpreted.agency.strip()
    held.is_interpreter_independent = interpreted.is_independent if held.interpreter_name else None
    if held.interpreter_name and interpreted.is_independent is None:
        raise Invalid(
            "Say whether the interpreter is independent of the child’s community.",
            code="required",
            field="is_interpreter_independent",
        )


@transaction.atomic
def record_decline(
    *, by: User, interview: ReturnInterview, declined_at: datetime, carer_view: str, reason: str = ""
) -> ReturnInterview:
    """The child does not want it. The carer or a parent is asked instead (DfE 2014): `carer_view`."""
    held = _take(by, Act.OFFER_INTERVIEW, interview)
    rules.refuse_interview_move(held.state, InterviewState.DECLINED)
    at = moments.happened("declined_at", declined_at, now())
    moments.refuse_before("declined_at", at, _back_since(held), "The child came back at")
    held.carer_view = required(
        carer_view, "carer_view", "Enter what the carer or a parent said, or that they had nothing to add."
    )
    held.state, held.declined_at, held.reason = InterviewState.DECLINED, at, reason.strip()
    if held.offered_at is None:  # what was declined had been offered
        held.offered_at, held.offered_by = at, by
    return _settle(by, held, EpisodeVerb.INTERVIEW_DECLINED, at)


@transaction.atomic
def record_unable(*, by: User, interview: ReturnInterview, why: str, reason: str = "") -> ReturnInterview:
    """It could not be held. When the child is missing again, the next interview covers this absence too."""
    held = _take(by, Act.OFFER_INTERVIEW, interview)
    rules.refuse_interview_move(held.state, InterviewState.UNABLE)
    codes.chosen([why], WhyNotHeld, field="why")
    if why == WhyNotHeld.MISSING_AGAIN:
        _leave_to_the_next(held)
    else:
        required(reason, "reason", "Enter why it could not be held.")
    at = now()
    held.state, held.unable_at = InterviewState.UNABLE, at
    held.why_not_held, held.reason = why, reason.strip()
    return _settle(by, held, EpisodeVerb.INTERVIEW_UNABLE, at)


@transaction.atomic
def share_interview(
    *, by: User, interview: ReturnInterview, audience: str, told_name: str, how: str, words: str
) -> InterviewShare:
    """Share a text that was written for it, with whoever has to act on it; the rest stays where it is.

    The home where the child lives reads it on its own page. It is a telling like any other.
    """
    held = _take(by, Act.SHARE_INTERVIEW, interview)
    if not rules.is_settled(held.state):
        raise Conflict("The interview has no outcome yet. There is nothing to share.", code="unsettled")
    text = required(words, "words", "Write what they need to know.")
    codes.chosen([audience], Disclosure.Audience, field="audience")
    told = _told(by, held, audience, told_name, how)
    home_id = current_home_id(held.child) if audience == Disclosure.Audience.PROVIDER else None
    row = add(InterviewShare(interview=held, home_id=home_id, words=text, shared_by=by, disclosure=told))
    _tell(held, EpisodeVerb.INTERVIEW_SHARED, by, about=row, payload={"audience": audience})
    return row


def _told(by: User, interview: ReturnInterview, audience: str, told_name: str, how: str) -> Disclosure:
    codes.chosen([how], Disclosure.How, field="how")
    if how not in BY_A_PERSON:
        raise Invalid("Choose how they were told.", code="not_in_list", field="how")
    return add(
        Disclosure(
            child=interview.child,
            episode_id=_newest(interview).pk,
            audience=audience,
            told_name=required(told_name, "told_name", "Enter who it was shared with."),
            how=how,
            told_at=now(),
            told_of=Disclosure.Of.INTERVIEW,
            what="What came of the return interview, in a text written for them.",
            purpose="So that the plan for the child takes up what came of it.",
            recorded_by=by,
        )
    )


# ---- what they share ----


def _take(by: User, act: Act, interview: ReturnInterview) -> ReturnInterview:
    """The interview, held after its episodes; the one it is allocated to needs no other role."""
    episodes = lock_episodes(interview.covers.values_list("episode_id", flat=True))
    held = ReturnInterview.objects.select_for_update(no_key=True, of=("self",)).get(pk=interview.pk)
    if by.pk != held.allocated_to_id or not _may_hold(by, held):
        require_for(by, act, held.child)
    if not any(rules.is_worked_on(Position(row.state)) for row in episodes.values()):
        rules.refuse_if_ended(Position(_newest(held).state))
    return held


def _may_hold(user: User, interview: ReturnInterview) -> bool:
    """Staff of the child's authority, or somebody granted this child who doesn't work in homes."""
    standing = standing_of(user)
    if only_reads(standing, interview.child_id):
        return False
    if interview.child.authority_id in standing.authority_ids:
        return True
    return not standing.home_ids and children_visible_to(user).filter(pk=interview.child_id).exists()


def _newest(interview: ReturnInterview) -> MissingEpisode:
    """The covered episode that the child came back from last: its story tells of the interview."""
    return interview.episodes.order_by("-returned_at", "pk")[0]


def _back_since(interview: ReturnInterview) -> datetime:
    return _newest(interview).returned_at or interview.recorded_at


def _refuse_settled(interview: ReturnInterview) -> None:
    rules.refuse_interview_move(interview.state, InterviewState.OFFERED)


def _leave_to_the_next(interview: ReturnInterview) -> None:
    """Conflict unless the child went again; an interview that is already owed for that covers these too."""
    newest = _newest(interview)
    later = MissingEpisode.objects.filter(child=interview.child, recorded_at__gt=newest.recorded_at)
    if not later.exclude(state__in=NO_ABSENCE).exists():
        raise Conflict("The child has not gone missing again since.", code="not_again")
    following = ReturnInterview.objects.filter(
        child=interview.child, recorded_at__gt=interview.recorded_at, state__in=UNSETTLED
    ).last()
    if following is not None:
        cover(following, interview.covers.values_list("episode_id", flat=True))


def _add_attempt(
    by: User, interview: ReturnInterview, how: str, outcome: str, at: datetime
) -> InterviewAttempt:
    return add(InterviewAttempt(interview=interview, how=how, outcome=outcome, tried_at=at, tried_by=by))


def _settle(by: User, interview: ReturnInterview, verb: EpisodeVerb, at: datetime) -> ReturnInterview:
    interview.settled_by = by
    save_edit(interview)
    _tell(interview, verb, by, occurred_at=at)
    return interview


def _tell(
    interview: ReturnInterview,
    verb: EpisodeVerb,
    by: User,
    *,
    about: ReturnInterview | InterviewAttempt | InterviewShare | None = None,
    occurred_at: datetime | None = None,
    payload: Mapping[str, object] | None = None,
) -> None:
    spoken_of = about or interview
    chronology.record(
        child=interview.child,
        verb=verb,
        actor=by,
        episode_id=_newest(interview).pk,
        about_kind=spoken_of._meta.model_name or "",
        about_id=spoken_of.pk,
        occurred_at=occurred_at,
        payload=payload,
    )
