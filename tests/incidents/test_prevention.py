"""The police's own talk with Kit once he is back: held, not held, or asked for again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.times import now
from incidents.facts import facts_of
from incidents.models import MissingEpisode, PreventionInterview
from incidents.rules import Position
from incidents.services.prevention import record_prevention
from tests.cast import Cast
from tests.incidents.nights import report, sign_off, stands_at

pytestmark = pytest.mark.django_db


def is_settled(episode: MissingEpisode) -> bool:
    return "prevention_settled" in facts_of([episode.pk])[episode.pk].met


def test_asked_again_settles_nothing_and_held_does(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    record_prevention(by=cast.femi, episode=episode, outcome="chased", words="Sgt Odell: tomorrow.")
    assert not is_settled(episode)
    record_prevention(by=cast.amina, episode=episode, outcome="held", officer="PC 4471", words="He is well.")
    assert is_settled(episode)
    assert episode.interviews.get().state == "due"  # it does not stand in for the return interview


def test_not_held_says_why_and_settles_it(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    record_prevention(by=cast.femi, episode=episode, outcome="not_held", words="No officer to send.")
    assert is_settled(episode)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": "held", "words": "He is well."}, "which officer"),
        ({"outcome": "held", "officer": "PC 4471"}, "what came of it"),
        ({"outcome": "not_held"}, "why it was not held"),
        ({"outcome": "perhaps", "words": "So so."}, "from the list"),
        ({"outcome": "not_held", "words": "x" * 10_001}, "10,000 characters"),
    ],
)
def test_it_has_to_be_whole(cast: Cast, said: dict[str, Any], sentence: str) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    with pytest.raises(Invalid, match=sentence):
        record_prevention(by=cast.femi, episode=episode, **said)
    assert not PreventionInterview.objects.exists()


def test_it_comes_after_the_return(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Conflict, match="not back yet"):
        record_prevention(by=cast.femi, episode=episode, outcome="not_held", words="No.")
    assert not episode.prevention.exists()


def test_the_time_lies_between_the_return_and_now(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    for at, sentence in ((now() - timedelta(hours=2), "came back"), (now() + timedelta(hours=2), "future")):
        with pytest.raises(Invalid, match=sentence):
            record_prevention(by=cast.femi, episode=episode, outcome="not_held", words="No.", happened_at=at)


def test_homes_and_strangers_do_not_record_it_nor_anybody_when_it_is_over(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    for stranger in (cast.carl, cast.ines, cast.eve, cast.dee):
        with pytest.raises(NotAllowed):
            record_prevention(by=stranger, episode=episode, outcome="not_held", words="No.")
    sign_off(cast, episode)
    with pytest.raises(Conflict):
        record_prevention(by=cast.femi, episode=episode, outcome="not_held", words="No.")


def test_what_was_recorded_stays(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    row = record_prevention(by=cast.femi, episode=episode, outcome="not_held", words="No.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PreventionInterview.objects.filter(pk=row.pk).update(words="Yes.")
