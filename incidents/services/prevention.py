"""The police's own talk with a child who is back: held, not held, or asked for again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import User
from casework.records.times import now
from incidents import codes, moments, rules
from incidents.models import MissingEpisode, PreventionInterview
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, required, take, tell_story

Outcome = PreventionInterview.Outcome


@transaction.atomic
def record_prevention(
    *,
    by: User,
    episode: MissingEpisode,
    outcome: str,
    happened_at: datetime | None = None,
    officer: str = "",
    words: str = "",
) -> PreventionInterview:
    """What came of the police's talk. Held says with whom and what came of it; not held says why.

    Asked again is one more row: the talk is still owed. It never stands in for the return interview.
    """
    episode = take(by, Act.RECORD_PREVENTION, episode)
    rules.refuse_if_ended(position_of(episode))
    if episode.returned_at is None:
        raise Conflict("The child is not back yet. The police talk to them afterwards.", code="not_back")
    codes.chosen([outcome], Outcome, field="outcome")
    if outcome == Outcome.HELD:
        required(officer, "officer", "Enter which officer spoke to the child.")
    required(words, "words", _MISSING_WORDS[Outcome(outcome)])
    moment = now()
    at = moments.happened("happened_at", happened_at or moment, moment)
    moments.refuse_before("happened_at", at, episode.returned_at, "The child came back at")
    row = add(
        PreventionInterview(
            episode=episode,
            outcome=outcome,
            happened_at=at,
            officer=officer.strip(),
            words=words.strip(),
            recorded_by=by,
        )
    )
    payload = {"outcome": outcome}
    tell_story(episode, EpisodeVerb.PREVENTION_RECORDED, by, row, occurred_at=at, payload=payload)
    return row


_MISSING_WORDS = {
    Outcome.HELD: "Enter what came of it.",
    Outcome.NOT_HELD: "Enter why it was not held.",
    Outcome.CHASED: "Enter whom you asked, and what they answered.",
}
