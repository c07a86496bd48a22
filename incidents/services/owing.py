"""The interview that a return owes the child: made with the return, moved with its time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from casework.records import chronology
from casework.records.models import User
from casework.records.times import now
from incidents import rules
from incidents.models import (
    NOT_BACK,
    InterviewCover,
    InterviewState,
    MissingEpisode,
    ReturnInterview,
    State,
    WhyNotHeld,
)
from incidents.verbs import EpisodeVerb

from .writing import add, save_edit

UNSETTLED = [state for state in InterviewState if not rules.is_settled(state)]


def owe_interview(episode: MissingEpisode, returned_at: datetime) -> ReturnInterview | None:
    """Make the interview, to be offered, unless being late was all; it also covers those it was left to."""
    if not rules.owes_interview(episode.spells.values_list("category", flat=True)):
        return None
    interview = add(ReturnInterview(child=episode.child, due_at=rules.interview_due_at(returned_at)))
    cover(interview, [episode.pk, *_left_to_the_next(episode)])
    chronology.record(
        child=episode.child,
        verb=EpisodeVerb.INTERVIEW_OWED,
        actor=None,
        episode_id=episode.pk,
        about_kind="returninterview",
        about_id=interview.pk,
        payload={"due_at": interview.due_at.isoformat()},
    )
    return interview


def cover(interview: ReturnInterview, episode_ids: Iterable[UUID]) -> None:
    """Let one interview speak for several episodes."""
    InterviewCover.objects.bulk_create(
        [InterviewCover(interview=interview, episode_id=key) for key in episode_ids],
        ignore_conflicts=True,
    )


def move_due_time(episode: MissingEpisode, returned_at: datetime, corrected: datetime) -> None:
    """The return was at another time: 72 hours count from there, unless the interview is settled."""
    counted_from_it = ReturnInterview.objects.filter(
        covers__episode=episode, due_at=rules.interview_due_at(returned_at), state__in=UNSETTLED
    )
    for interview in counted_from_it.select_for_update(no_key=True, of=("self",)):
        interview.due_at = rules.interview_due_at(corrected)
        save_edit(interview)


def settle_unheld(by: User | None, episode: MissingEpisode, why: str) -> None:
    """The absence is over otherwise: an interview that it alone still waits for will not be held."""
    running = InterviewCover.objects.filter(
        interview=OuterRef("pk"), episode__state__in=(*NOT_BACK, State.FOLLOW_UP)
    )
    waiting = ReturnInterview.objects.filter(~Exists(running), covers__episode=episode, state__in=UNSETTLED)
    for interview in waiting.select_for_update(no_key=True, of=("self",)):
        interview.state, interview.unable_at = InterviewState.UNABLE, now()
        interview.why_not_held, interview.reason, interview.settled_by = WhyNotHeld.OTHER, why, by
        save_edit(interview)
        chronology.record(
            child=episode.child,
            verb=EpisodeVerb.INTERVIEW_UNABLE,
            actor=by,
            episode_id=episode.pk,
            about_kind="returninterview",
            about_id=interview.pk,
        )


def _left_to_the_next(episode: MissingEpisode) -> list[UUID]:
    """Earlier episodes whose interview could not be held because the child was missing again."""
    earlier = MissingEpisode.objects.filter(
        child=episode.child,
        interviews__state=InterviewState.UNABLE,
        interviews__why_not_held=WhyNotHeld.MISSING_AGAIN,
    )
    others = [state for state in InterviewState if state != InterviewState.UNABLE]
    return list(earlier.exclude(interviews__state__in=others).values_list("pk", flat=True).distinct())
