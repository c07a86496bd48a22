"""Steps that are met by a record: the meeting that colleagues hold, the decision that a manager makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from casework.records.models import User
from casework.records.times import now
from incidents.models import DecisionKind, DecisionOutcome, MeetingKind, MissingEpisode
from incidents.services.decisions import record_decision
from incidents.services.meetings import Came, record_meeting

EVERYBODY: Final = (
    Came("Sergeant Odell", "police", "Control room"),
    Came("Nurse Okoro", "health", "Looked-after children’s nurse"),
)

Words = Sequence[str]
Recording = Callable[[User, MissingEpisode, Words], object]


def hold_meeting(
    by: User, episode: MissingEpisode, words: Words, *, kind: str, came: Sequence[Came] = EVERYBODY
) -> None:
    """By phone, chaired and written down by whoever had to see to it. The last answer is what was agreed."""
    record_meeting(
        by=by,
        episode=episode,
        kind=kind,
        held_at=now(),
        how="call",
        chaired_by=by.name,
        decided=words[-1],
        attendees=(Came(by.name, "authority"), *came),
    )


def decide(by: User, episode: MissingEpisode, words: Words, *, kind: str, outcome: str) -> None:
    """The first answer is why."""
    record_decision(by=by, episode=episode, kind=kind, outcome=outcome, reason=words[0])


def _meeting(kind: MeetingKind) -> Recording:
    return partial(hold_meeting, kind=kind)


def _decision(kind: DecisionKind, outcome: DecisionOutcome) -> Recording:
    return partial(decide, kind=kind, outcome=outcome)


def _law_and_publicity(by: User, episode: MissingEpisode, words: Words) -> None:
    decide(by, episode, words, kind=DecisionKind.LAW, outcome=DecisionOutcome.NO_LAW)
    decide(by, episode, words[1:], kind=DecisionKind.PUBLICITY, outcome=DecisionOutcome.NO_PUBLICITY)


def _placement(by: User, episode: MissingEpisode, words: Words) -> None:
    hold_meeting(by, episode, words[:1], kind=MeetingKind.PLACEMENT)
    decide(by, episode, words[1:], kind=DecisionKind.PLACEMENT, outcome=DecisionOutcome.HOLD)


K, To = DecisionKind, DecisionOutcome
# By the fact that meets the step.
BY_RECORD: Final[Mapping[str, Recording]] = {
    "joint_plan_made": _meeting(MeetingKind.JOINT_PLAN),
    "strategy_held": _meeting(MeetingKind.STRATEGY),
    "agencies_met": _meeting(MeetingKind.MULTI_AGENCY),
    "placement_settled": _placement,
    "long_term_review_held": _meeting(MeetingKind.REVIEW),
    "met_after_return": _meeting(MeetingKind.AFTER_RETURN),
    "away_decided": _decision(K.AWAY, To.STAY_AWAY),
    "still_away_decided": _decision(K.STILL_AWAY, To.STAY_AWAY),
    "need_to_know_decided": _decision(K.NEED_TO_KNOW, To.DIRECTOR_AND_MEMBER),
    "law_and_publicity_decided": _law_and_publicity,
    "going_back_decided": _decision(K.GOING_BACK, To.SAFE),
    "early_review_decided": _decision(K.EARLY_REVIEW, To.AS_PLANNED),
}


def make_record(fact: str, by: User, episode: MissingEpisode, words: Words) -> None:
    """The record that is this fact, in the words with which people answer the step's questions."""
    BY_RECORD[fact](by, episode, words)
