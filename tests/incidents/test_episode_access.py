"""Who sees which episode and which interview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.errors import NotFound
from casework.records.models import Child, ChildGrant, Home, Placement, User
from casework.records.times import now, pretend_now
from incidents.access import episode_for, episodes_visible_to, interview_for, interviews_visible_to
from incidents.models import MissingEpisode
from incidents.rules import Position
from tests.cast import Cast
from tests.incidents.nights import come_back, report, stands_at

pytestmark = pytest.mark.django_db


def move(child: Child, home: Home) -> None:
    old = child.placements.get()
    at = now()
    old.period = DateTimeTZRange(old.period.lower, at)
    old.save()
    Placement.objects.create(child=child, home=home, period=DateTimeTZRange(at, None))


def sees(user: User, episode: MissingEpisode) -> bool:
    try:
        return episode_for(user, episode.pk) == episode
    except NotFound:
        return False


def test_an_open_episode_is_seen_by_those_who_answer_for_the_child(cast: Cast) -> None:
    episode = report(cast)
    seeing = {user.name for user in cast.people if sees(user, episode)}
    assert seeing == {
        "Amina Rahal",
        "Bev Aldous",
        "Femi Castell",
        "Ruth Sandiford",
        "Ines Vale",
        "Carl Penrose",
        "Larch House tablet",
        "Gita Larch",
    }
    assert set(episodes_visible_to(cast.eve)) == set()


def test_not_yours_and_not_there_are_the_same_answer(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(NotFound) as not_yours:
        episode_for(cast.eve, episode.pk)
    with pytest.raises(NotFound) as not_there:
        episode_for(cast.eve, uuid4())
    assert not_yours.value.message == not_there.value.message


def test_a_move_ends_the_old_homes_sight_and_the_new_home_sees_what_is_not_over(cast: Cast) -> None:
    over = report(cast)
    come_back(cast, over)
    going_on = report(cast)
    assert sees(cast.carl, over)
    assert sees(cast.carl, going_on)
    move(cast.kit, cast.fenwick_house)
    assert not sees(cast.carl, over)
    assert not sees(cast.carl, going_on)
    assert sees(cast.mo, going_on)
    assert not sees(cast.mo, over)  # what happened in the home before is not the new home's to read


def test_the_tablet_reads_no_history_beyond_the_hour_to_put_a_time_right(cast: Cast) -> None:
    episode = report(cast)
    come_back(cast, episode)
    assert sees(cast.tablet, episode)
    pretend_now(now() + timedelta(minutes=61))
    assert not sees(cast.tablet, episode)
    assert sees(cast.carl, episode)


def test_a_restricted_record_is_seen_by_its_few_and_by_the_home(cast: Cast) -> None:
    episode = report(cast)
    Child.objects.filter(pk=cast.kit.pk).update(is_restricted=True)
    seeing = {user.name for user in cast.people if sees(user, episode)}
    assert seeing >= {"Amina Rahal", "Bev Aldous", "Ruth Sandiford", "Carl Penrose"}
    assert not seeing & {"Femi Castell", "Ines Vale", "Eve Northcott", "Mo Fenn"}


@pytest.fixture
def grant(cast: Cast) -> Callable[[User, timedelta | None], None]:
    def give(user: User, until: timedelta | None) -> None:
        ChildGrant.objects.create(
            user=user,
            content_object=cast.kit,
            permission=Permission.objects.get(codename="view_child"),
            reason="Independent interviewer.",
            granted_by=cast.bev,
            until=None if until is None else now() + until,
        )

    return give


def test_a_grant_shows_the_episode_until_it_ends(
    cast: Cast, grant: Callable[[User, timedelta | None], None]
) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    grant(cast.eve, timedelta(hours=1))
    assert sees(cast.eve, episode)
    pretend_now(now() + timedelta(hours=2))
    assert not sees(cast.eve, episode)


def test_an_interview_is_not_for_the_home_nor_for_a_grant_alone(
    cast: Cast, grant: Callable[[User, timedelta | None], None]
) -> None:
    interview = stands_at(cast, Position.FOLLOW_UP).interviews.get()
    grant(cast.eve, None)
    readers = {user.name for user in cast.people if interview in interviews_visible_to(user)}
    assert readers == {"Amina Rahal", "Bev Aldous", "Femi Castell", "Ruth Sandiford", "Ines Vale"}
    with pytest.raises(NotFound):
        interview_for(cast.carl, interview.pk)
    with pytest.raises(NotFound):
        interview_for(cast.eve, interview.pk)
    interview.allocated_to = cast.eve
    interview.save()
    assert interview_for(cast.eve, interview.pk) == interview
