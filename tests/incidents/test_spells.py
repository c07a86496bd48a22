"""Late, away, missing: what each decision asks for, and what it leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry
from casework.records.times import now, pretend_now
from incidents.rules import Position
from incidents.services.spells import record_away, record_missing
from tests.cast import Cast
from tests.incidents.nights import report, stands_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 19, 22, 40, tzinfo=UTC)


def test_found_and_not_coming_ends_missing_and_begins_away_in_one_moment(cast: Cast) -> None:
    episode = report(cast)
    at = now()
    away = record_away(
        by=cast.amina, episode=episode, at=at, whereabouts="With an aunt, seen there.", spoken_to=True
    )
    missing = episode.spells.get(ordinal=1)
    assert (missing.category, missing.ended_at) == ("missing", at)
    assert (away.ordinal, away.category, away.started_at) == (2, "away", at)
    episode.refresh_from_db()
    assert (episode.state, episode.located_at) == ("open", None)
    verbs = set(ChronologyEntry.objects.values_list("verb", flat=True))
    assert {"episode.recorded_away", "child.spoken_to"} <= verbs


def test_away_says_where_and_is_not_for_a_child_who_is_held(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Invalid) as refusal:
        record_away(by=cast.amina, episode=episode, at=now(), whereabouts=" ", spoken_to=False)
    assert refusal.value.field == "whereabouts"
    with pytest.raises(Invalid, match="located, not away"):
        record_away(
            by=cast.amina,
            episode=episode,
            at=now(),
            whereabouts="In the cells.",
            spoken_to=True,
            is_free_to_return=False,
        )
    assert episode.spells.count() == 1


def test_late_becomes_missing_with_the_reason(cast: Cast) -> None:
    episode = report(cast, "concern")
    spell = record_missing(by=cast.carl, episode=episode, at=now(), reason="Phone off for an hour.")
    assert (spell.category, spell.reason, spell.decided_by) == (
        "missing",
        "Phone off for an hour.",
        cast.carl,
    )
    with pytest.raises(Conflict, match="already recorded as missing"):
        record_missing(by=cast.carl, episode=episode, at=now(), reason="Again.")


def test_a_decision_is_later_than_the_one_before_and_not_ahead(cast: Cast) -> None:
    episode = report(cast, "concern")
    for at, code in [(now() - 10 * MINUTE, "too_early"), (now() + 10 * MINUTE, "future")]:
        with pytest.raises(Invalid) as refusal:
            record_missing(by=cast.carl, episode=episode, at=at, reason="Phone off.")
        assert (refusal.value.field, refusal.value.code) == ("at", code)
    assert episode.spells.get().ended_at is None


def test_a_decision_of_the_same_minute_follows_the_one_before(cast: Cast) -> None:
    pretend_now(NIGHT + timedelta(seconds=40))
    episode = report(cast, "concern")
    spell = record_missing(by=cast.carl, episode=episode, at=NIGHT, reason="Phone off.")
    assert spell.started_at == NIGHT + timedelta(seconds=40)


def test_eve_and_the_tablet_decide_nothing(cast: Cast) -> None:
    episode = report(cast, "concern")
    for by in (cast.eve, cast.tablet):
        with pytest.raises(NotAllowed):
            record_missing(by=by, episode=episode, at=now(), reason="Phone off.")
    assert episode.spells.count() == 1


def test_from_located_the_child_may_be_missing_or_away_again(cast: Cast) -> None:
    episode = stands_at(cast, Position.LOCATED)
    assert record_missing(by=cast.femi, episode=episode, at=now(), reason="Ran from the car.").ordinal == 2
    episode.refresh_from_db()
    assert episode.state == "open"
    assert episode.located_at is not None
