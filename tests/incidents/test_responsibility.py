"""“I’ve got this”: one person has a case, until cover changes, another takes it, or they leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.records.errors import Conflict, NotAllowed, NotFound
from casework.records.holders import Holders
from casework.records.models import ChronologyEntry, ConflictOfInterest, Membership
from casework.records.office_hours import cover_began, cover_ends
from casework.records.times import LONDON, now, pretend_now
from incidents.facts import facts_of
from incidents.models import MissingEpisode
from incidents.rules import Position
from incidents.services.responsibility import accept_responsibility
from tests.cast import Cast
from tests.incidents.nights import report, stands_at

pytestmark = pytest.mark.django_db


def has_it(cast: Cast, episode: MissingEpisode, at: datetime | None = None) -> bool:
    """Whether the one who took it on last has it still."""
    facts = facts_of([episode.pk])[episode.pk]
    assert facts.holder_id
    assert facts.holder_at
    holders = Holders.load([cast.exampleshire.pk], [], at=at or facts.holder_at)
    return holders.still_has(facts.holder_id, facts.holder_at, cast.exampleshire.pk, child_id=cast.kit.pk)


def test_femi_has_it_and_the_record_says_since_when(cast: Cast) -> None:
    episode = report(cast)
    assert "duty_accepted" not in facts_of([episode.pk])[episode.pk].met
    accept_responsibility(by=cast.femi, episode=episode)
    met = facts_of([episode.pk])[episode.pk].met["duty_accepted"]
    assert met.by_id == cast.femi.pk
    episode.refresh_from_db()
    assert (episode.holder, episode.holder_at) == (cast.femi, met.at)


def test_taken_over_by_another_the_story_names_both(cast: Cast) -> None:
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    accept_responsibility(by=cast.bev, episode=episode)
    first, second = ChronologyEntry.objects.filter(verb="episode.accepted").order_by("recorded_at", "pk")
    assert (first.actor, first.payload) == (cast.femi, {})
    assert (second.actor, second.payload) == (cast.bev, {"taken_from": str(cast.femi.pk)})


def test_said_twice_it_is_theirs_already(cast: Cast) -> None:
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    with pytest.raises(Conflict, match="already"):
        accept_responsibility(by=cast.femi, episode=episode)
    assert ChronologyEntry.objects.filter(verb="episode.accepted").count() == 1


def test_after_a_change_of_cover_the_same_person_says_it_again(cast: Cast) -> None:
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    MissingEpisode.objects.filter(pk=episode.pk).update(holder_at=cover_began(now()) - timedelta(minutes=1))
    accept_responsibility(by=cast.femi, episode=episode)
    assert ChronologyEntry.objects.filter(verb="episode.accepted").last() is not None
    assert has_it(cast, episode)


@pytest.mark.parametrize("who", ["carl", "tablet", "ada", "ines", "dee"])
def test_it_takes_somebody_of_the_authority_who_works_cases(cast: Cast, who: str) -> None:
    episode = report(cast)
    with pytest.raises((NotAllowed, NotFound)):
        accept_responsibility(by=getattr(cast, who), episode=episode)
    episode.refresh_from_db()
    assert episode.holder is None
    accept_responsibility(by=cast.amina, episode=episode)


def test_eve_of_another_authority_cannot(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(NotAllowed):
        accept_responsibility(by=cast.eve, episode=episode)


@pytest.mark.parametrize(
    ("position", "open_to_take"),
    [
        (Position.MISSING, True),
        (Position.LOCATED, True),
        (Position.FOLLOW_UP, True),
        (Position.CLOSED, False),
        (Position.FALSE_REPORT, False),
    ],
)
def test_only_what_is_worked_on_can_be_taken_on(cast: Cast, position: Position, open_to_take: bool) -> None:
    episode = stands_at(cast, position)
    if open_to_take:
        assert accept_responsibility(by=cast.femi, episode=episode).holder == cast.femi
    else:
        with pytest.raises(Conflict, match="over"):
            accept_responsibility(by=cast.femi, episode=episode)


# Until when ------------------------------------------------------------------------------------------


def test_it_lapses_when_cover_changes_and_what_it_met_stays_met(cast: Cast) -> None:
    pretend_now(now().astimezone(LONDON).replace(hour=12))  # hours from any change
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    episode.refresh_from_db()
    assert episode.holder_at is not None
    change = cover_ends(episode.holder_at)
    assert has_it(cast, episode, change - timedelta(seconds=1))
    assert not has_it(cast, episode, change)
    assert "duty_accepted" in facts_of([episode.pk])[episode.pk].met


def test_it_lapses_when_femi_leaves(cast: Cast) -> None:
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    Membership.objects.filter(user=cast.femi).update(ends_at=now())
    assert not has_it(cast, episode, now())


def test_it_lapses_when_femi_turns_out_to_know_the_family(cast: Cast) -> None:
    episode = report(cast)
    accept_responsibility(by=cast.femi, episode=episode)
    ConflictOfInterest.objects.create(
        user=cast.femi, authority=cast.exampleshire, child=cast.kit, reason="A cousin.", recorded_by=cast.bev
    )
    assert not has_it(cast, episode, now())


# A summer's day, a winter's day, the night on which clocks go forward, and the one on which they go back.
@pytest.mark.parametrize(
    ("at", "began", "ends"),
    [
        ("2026-06-17T07:59", "2026-06-16T16:00", "2026-06-17T08:00"),
        ("2026-06-17T08:00", "2026-06-17T08:00", "2026-06-17T16:00"),
        ("2026-06-20T12:00", "2026-06-20T08:00", "2026-06-20T16:00"),
        ("2026-12-16T23:30", "2026-12-16T17:00", "2026-12-17T09:00"),
        ("2026-03-29T03:00", "2026-03-28T17:00", "2026-03-29T08:00"),
        ("2026-10-25T03:00", "2026-10-24T16:00", "2026-10-25T09:00"),
    ],
)
def test_cover_changes_at_nine_and_five_on_the_wall(at: str, began: str, ends: str) -> None:
    moment, first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, began, ends))
    assert (cover_began(moment), cover_ends(moment)) == (first, last)
