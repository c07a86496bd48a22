"""What the record already shows as done, under the names that a protocol's `met_by` uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import F

from casework.records.questions import KEY, OfMany
from incidents.models import (
    Grade,
    Handover,
    InterviewCover,
    InterviewShare,
    InterviewState,
    LocatedCheck,
    MissingEpisode,
    News,
    PoliceAnswer,
    PreventionInterview,
    RiskAssessment,
    SignOff,
    WhyNotHeld,
)
from incidents.moments import clock_words

from .values import Met

AUTHORITY: Final = RiskAssessment.MadeBy.AUTHORITY
Answer = PoliceAnswer.Answer
Talk = PreventionInterview.Outcome

CHECKED: Final = {
    "escort_known": "Recorded who is with the child, and who fetches them",
    "why_not_back": "Recorded why the child is not back",
}

Grades = Mapping[tuple[UUID, str], RiskAssessment]  # by episode, and by who made it


def latest_grades(ids: Collection[UUID]) -> Grades:
    """The grade that counts now, by police and by authority: in each history the newest."""
    return {(row.episode_id, row.made_by): row for row in _GRADES.records(ids)}


def met_of(
    episodes: Collection[MissingEpisode], grades: Grades, spell_opened: Mapping[UUID, datetime | None]
) -> dict[UUID, dict[str, Met]]:
    """By episode, what is met. What the police were told until `spell_opened` was for an earlier spell."""
    met: dict[UUID, dict[str, Met]] = {row.pk: _taken_on(row) for row in episodes}
    for (key, made_by), row in grades.items():
        if made_by == AUTHORITY:
            words = f"Graded {Grade(row.grade).label.lower()} by the authority"
            met[key]["authority_graded"] = Met(row.assessed_at, row.recorded_by_id, words)
    _add_police(met, spell_opened)
    _add_handovers(met)
    _add_interviews(met)
    _add_sign_offs(met)
    _add_heard(met)
    _add_located_checks(met)
    _add_prevention(met)
    _add_shared_interviews(met)
    return met


# ---- somebody of the authority ----


def _taken_on(episode: MissingEpisode) -> dict[str, Met]:
    """Said once, it was said: whose the case is may lapse with a shift, what was owed then stays met."""
    if episode.holder_id is None or episode.holder_at is None:
        return {}
    return {"duty_accepted": Met(episode.holder_at, episode.holder_id, "Somebody took the case on")}


def _add_handovers(met: dict[UUID, dict[str, Met]]) -> None:
    """The hand-over of the latest change of cover; it settles that change, accepted early or late."""
    for row in _HANDOVERS.records(met):
        words = f"Accepted at the change of cover at {clock_words(row.change_at, row.recorded_at)}"
        met[row.episode_id]["handover_accepted"] = Met(
            row.recorded_at, row.accepted_by_id, words, settles=row.change_at
        )


# ---- police ----


@dataclass(slots=True)
class _Answered:
    """An answer of the police, and the first challenge to it."""

    answer: str
    told_at: datetime
    recorded_by_id: UUID | None
    challenged_at: datetime | None
    challenged_by_id: UUID | None


def _add_police(met: dict[UUID, dict[str, Met]], spell_opened: Mapping[UUID, datetime | None]) -> None:
    for key, answers in _answers(met).items():
        first = answers[0]
        met[key]["told_police"] = Met(first.told_at, first.recorded_by_id, "The police were told")
        opened = spell_opened[key]
        of_this_spell = [row for row in answers if opened is None or row.told_at > opened]
        settled = _settled(of_this_spell[-1]) if of_this_spell else None
        if settled:
            met[key]["police_settled"] = settled


def _settled(last: _Answered) -> Met | None:
    """The police's last word counts: a report taken is settled, anything less only once challenged."""
    if last.answer == Answer.TAKEN:
        return Met(last.told_at, last.recorded_by_id, "The police took the report")
    if last.challenged_at is None:
        return None
    what = "refused" if last.answer == Answer.REFUSED else "graded it lower"
    return Met(last.challenged_at, last.challenged_by_id, f"The police {what}, and were challenged")


def _answers(ids: Collection[UUID]) -> dict[UUID, list[_Answered]]:
    """Each episode's answers in the order in which the police gave them."""
    answers = defaultdict[UUID, list[_Answered]](list)
    for row in _ANSWERS.rows(ids):
        answers[row[0]].append(_Answered(*row[1:]))
    return answers


# ---- interviews, sign-off ----


def _add_interviews(met: dict[UUID, dict[str, Met]]) -> None:
    for key, *fields in _INTERVIEWS.rows(met):  # the first interview has the last word
        interview, of_episode = _Interview(*fields), met[key]
        settled = _outcome(interview)
        if settled:
            of_episode["interview_settled"] = settled
        if interview.offered_at:
            of_episode["interview_offered"] = Met(interview.offered_at, interview.offered_by_id, "Offered")
        elif settled:
            of_episode["interview_offered"] = settled


class _Interview(NamedTuple):
    """Of an interview that covers an episode, how far it has come."""

    state: str
    held_at: datetime | None
    declined_at: datetime | None
    unable_at: datetime | None
    why_not_held: str
    settled_by_id: UUID | None
    offered_at: datetime | None
    offered_by_id: UUID | None


def _outcome(interview: _Interview) -> Met | None:
    match interview.state:
        case InterviewState.HELD:
            at, words = interview.held_at, "The return interview was held"
        case InterviewState.DECLINED:
            at, words = interview.declined_at, "The child declined the return interview"
        case InterviewState.UNABLE:
            why = WhyNotHeld(interview.why_not_held).label.lower()
            at, words = interview.unable_at, f"The return interview could not be held: {why}"
        case _:
            return None
    return Met(at, interview.settled_by_id, words) if at else None


def _add_sign_offs(met: dict[UUID, dict[str, Met]]) -> None:
    """The last signature counts: an episode that was opened again is not signed off."""
    for row in _SIGN_OFFS.records(met):
        if row.act == SignOff.Act.SIGNED_OFF:
            met[row.episode_id]["signed_off"] = Met(row.recorded_at, row.signed_by_id, "Signed off")


# ---- heard, checked, shared ----


def _add_heard(met: dict[UUID, dict[str, Met]]) -> None:
    """The last time that somebody spoke to the child. It locates nobody."""
    for row in _SPOKEN.records(met):
        if row.episode_id is not None:
            met[row.episode_id]["child_spoken_to"] = Met(
                row.happened_at, row.recorded_by_id, "Somebody spoke to the child"
            )


def _add_located_checks(met: dict[UUID, dict[str, Met]]) -> None:
    """What was asked since the child was last located; before that it was about another time."""
    for row in _LOCATED_CHECKS.records(met):  # the last one has the last word
        said = {
            "escort_known": bool(row.with_whom),
            "why_not_back": bool(row.why_not_back),
        }
        for fact in (name for name, is_said in said.items() if is_said):
            met[row.episode_id][fact] = Met(row.checked_at, row.recorded_by_id, CHECKED[fact])


def _add_prevention(met: dict[UUID, dict[str, Met]]) -> None:
    """The last word counts; asked again is no outcome."""
    for row in _PREVENTION.records(met):
        if row.outcome != Talk.CHASED:
            words = f"The police’s talk: {Talk(row.outcome).label.lower()}"
            met[row.episode_id]["prevention_settled"] = Met(row.happened_at, row.recorded_by_id, words)


def _add_shared_interviews(met: dict[UUID, dict[str, Met]]) -> None:
    for key, at, by_id in _SHARES.rows(met):  # the first share has the last word
        if key in met:
            met[key]["interview_shared"] = Met(at, by_id, "What came of the return interview was shared")


# ---- what is asked of all episodes at once ----

_GRADES: Final = OfMany(
    lambda: (
        RiskAssessment.objects.filter(episode=KEY)
        .order_by("episode", "made_by", "-assessed_at", "-recorded_at")
        .distinct("episode", "made_by")
    )
)
_HANDOVERS: Final = OfMany(
    lambda: Handover.objects.filter(episode=KEY).order_by("episode", "-change_at").distinct("episode")
)
_ANSWERS: Final = OfMany(
    lambda: (
        PoliceAnswer.objects.filter(episode=KEY)
        .order_by("told_at", "recorded_at", "pk", "challenges__made_at")
        .distinct("told_at", "recorded_at", "pk")
        .values_list(
            "episode_id",
            "answer",
            "told_at",
            "recorded_by_id",
            "challenges__made_at",
            "challenges__made_by_id",
        )
    )
)
_INTERVIEWS: Final = OfMany(
    lambda: (
        InterviewCover.objects.filter(episode=KEY)
        .order_by("-interview__recorded_at")
        .values_list("episode_id", *(f"interview__{name}" for name in _Interview._fields))
    )
)
_SIGN_OFFS: Final = OfMany(
    lambda: SignOff.objects.filter(episode=KEY).order_by("episode", "-recorded_at").distinct("episode")
)
_SPOKEN: Final = OfMany(
    lambda: (
        News.objects.filter(episode=KEY, kind=News.Kind.SPOKEN)
        .order_by("episode", "-happened_at")
        .distinct("episode")
    )
)
_LOCATED_CHECKS: Final = OfMany(
    lambda: LocatedCheck.objects.filter(episode=KEY, checked_at__gte=F("episode__located_at")).order_by(
        "checked_at", "recorded_at"
    )
)
_PREVENTION: Final = OfMany(
    lambda: (
        PreventionInterview.objects.filter(episode=KEY)
        .order_by("episode", "-happened_at", "-recorded_at")
        .distinct("episode")
    )
)
_SHARES: Final = OfMany(
    lambda: (
        InterviewShare.objects.filter(interview__covers__episode=KEY)
        .order_by("-recorded_at")
        .values_list("interview__covers__episode", "recorded_at", "shared_by")
    )
)
