"""The feed of a force: every change of what is shared with it, in order, once; and when sharing ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from casework.records.errors import NotAllowed
from casework.records.models import PoliceForce, User
from casework.records.one_look import one_look
from casework.records.services import profile
from casework.records.times import now, pretend_now
from incidents import feed
from incidents.models import EpisodeShare, MissingEpisode, SharedEvent
from incidents.rules import Position
from incidents.services import closing, force, heard, interviews, reports, returns, risk, sharing
from tests.incidents.nights import stands_at

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def missing(cast: Cast) -> MissingEpisode:
    return reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())


def kinds(user: User, after: int = 0) -> list[str]:
    return [event.kind for event in feed.events_after(user, after, 500)]


def test_every_change_stands_there_once_and_in_order(cast: Cast) -> None:
    episode = missing(cast)
    heard.add_news(by=cast.carl, episode=episode, kind="sighting", words="By the bus stop.")
    force.acknowledge(by=cast.dee, episode=episode)
    profile.record_fact(by=cast.amina, child=cast.kit, kind="phone", words="07700 900123", source="Home")
    force.propose_found(by=cast.dee, episode=episode, located_at=now(), where="The port")
    returns.record_return(by=cast.carl, episode=episode)
    told = kinds(cast.dee)
    wanted = [
        "episode.shared",
        "news.added",
        "acknowledged",
        "child.changed",
        "episode.located",
        "episode.returned",
    ]
    assert [kind for kind in told if kind in wanted] == wanted
    numbers = [event.number for event in feed.events_after(cast.dee, 0, 500)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert kinds(cast.dee, after=numbers[-1]) == []
    heard.add_news(by=cast.amina, episode=episode, kind="information", words="She has a new phone.")
    assert kinds(cast.dee, after=numbers[-1]) == ["news.added"]


def test_what_is_read_in_small_pages_is_the_same(cast: Cast) -> None:
    episode = missing(cast)
    for _ in range(7):
        heard.add_news(by=cast.carl, episode=episode, kind="information", words="A word.")
    whole = feed.events_after(cast.dee, 0, 500)
    pages: list[feed.Event] = []
    while page := feed.events_after(cast.dee, pages[-1].number if pages else 0, 2):
        pages += page
    assert pages == whole
    assert len(whole) >= 8


def test_when_sharing_ends_the_end_is_left_and_nothing_else(cast: Cast) -> None:
    episode = missing(cast)
    read_to = feed.events_after(cast.dee, 0, 500)[-1].number
    share = EpisodeShare.objects.get(episode=episode)
    heard.add_news(by=cast.carl, episode=episode, kind="information", words="Not for them any more.")
    sharing.end_share(by=cast.bev, share=share, reason="Not needed any more.")
    assert kinds(cast.dee, after=read_to) == ["share.ended"]
    assert kinds(cast.dee) == ["share.ended"]
    assert kinds(cast.dee) == ["share.ended"]  # told once, however often it is read
    assert SharedEvent.objects.filter(kind="share.ended").count() == 1


def test_a_share_that_runs_out_by_itself_ends_in_the_feed_too(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    assert "episode.closed" in kinds(cast.dee)
    until = EpisodeShare.objects.get(episode=episode).until
    assert until is not None
    pretend_now(until + timedelta(seconds=1))
    assert kinds(cast.dee) == ["share.ended"]


def test_opened_again_it_is_shared_again(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    kinds(cast.dee)
    until = EpisodeShare.objects.get(episode=episode).until
    assert until is not None
    pretend_now(until + timedelta(seconds=1))
    end = feed.events_after(cast.dee, 0, 500)[-1].number
    closing.reopen_episode(by=cast.bev, episode=episode, reason="The interview was found.")
    assert kinds(cast.dee, after=end)[:1] == ["episode.shared"]


def test_a_force_hears_of_what_is_shared_with_it_and_of_nothing_before(cast: Cast) -> None:
    moorland = PoliceForce.objects.create(name="Moorland Police")
    dag = User.objects.create_user("dag@moorland.example", name="Dag Moor")
    dag.memberships.create(role="police_system", police_force=moorland)
    episode = missing(cast)
    heard.add_news(by=cast.carl, episode=episode, kind="information", words="Before.")
    assert kinds(dag) == []
    sharing.share_episode(by=cast.amina, episode=episode, force=moorland, reason="Seen there.")
    assert kinds(dag) == ["episode.shared"]


def test_a_sign_of_danger_is_the_childs_whatever_absence_it_was_written_down_with(cast: Cast) -> None:
    earlier = stands_at(cast, Position.CLOSED)
    closing.reopen_episode(by=cast.bev, episode=earlier, reason="The school told us more.")
    sign = risk.record_indicator(
        by=cast.amina,
        child=cast.kit,
        episode=earlier,
        code="trafficking",
        words="A new phone.",
        seen_by="Amina",
    )
    sharing.end_share(by=cast.bev, share=earlier.shares.get(), reason="Long over.")
    kinds(cast.dee)
    episode = missing(cast)
    read_to = feed.events_after(cast.dee, 0, 500)[-1].number
    risk.withdraw_indicator(by=cast.amina, indicator=sign, version=1, reason="It was her aunt’s.")
    told = feed.events_after(cast.dee, read_to, 500)
    assert [(event.kind, event.episode_id) for event in told] == [("child.changed", episode.pk)]
    assert feed.events_after(cast.dee, told[-1].number, 500) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_shared_while_a_reader_waits_is_read_and_not_passed_over(cast: Cast) -> None:
    """The look has its own time, and its turn to number comes later."""
    with one_look():
        assert kinds(cast.dee) == []
        with ThreadPoolExecutor(1) as others:
            others.submit(_elsewhere, lambda: missing(cast)).result()
        assert "episode.shared" in kinds(cast.dee)


def _elsewhere(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


def test_since_a_moment(cast: Cast) -> None:
    episode = missing(cast)
    kinds(cast.dee)
    later = now() + timedelta(hours=3)
    pretend_now(later)
    heard.add_news(by=cast.carl, episode=episode, kind="information", words="Later.")
    assert kinds(cast.dee, after=feed.number_at(cast.dee, later)) == ["news.added"]
    assert kinds(cast.dee, after=feed.number_at(cast.dee, later + timedelta(days=1))) == []
    assert feed.number_at(cast.dee, now() - timedelta(days=20)) == 0


def test_it_is_for_a_force_alone(cast: Cast) -> None:
    for stranger in (cast.carl, cast.amina, cast.ada):
        with pytest.raises(NotAllowed):
            feed.events_after(stranger, 0, 10)


def test_what_is_no_business_of_the_police_is_not_told(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    read_to = feed.events_after(cast.dee, 0, 500)[-1].number
    interviews.offer_interview(
        by=cast.ines, interview=episode.interviews.get(), offered_at=now(), words="Shall we talk?"
    )
    assert kinds(cast.dee, after=read_to) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_passed_over(cast: Cast) -> None:
    """A change that began before a reader's look and is committed after it gets the next number."""
    episode = missing(cast)
    read: list[int] = []
    with transaction.atomic():
        heard.add_news(by=cast.carl, episode=episode, kind="information", words="Slow to be saved.")
        with ThreadPoolExecutor(1) as other:
            read.append(other.submit(_last_number, cast.dee).result())
    assert kinds(cast.dee, after=read[0]) == ["news.added"]


@pytest.mark.django_db(transaction=True)
def test_many_readers_at_once_number_each_change_once(cast: Cast) -> None:
    episode = missing(cast)
    for _ in range(5):
        heard.add_news(by=cast.carl, episode=episode, kind="information", words="A word.")
    with ThreadPoolExecutor(8) as readers:
        reads = list(readers.map(lambda _: _all_numbers(cast.dee), range(16)))
    assert len({tuple(read) for read in reads}) == 1
    assert reads[0] == list(range(1, len(reads[0]) + 1))


def _last_number(user: User) -> int:
    return _all_numbers(user)[-1]


def _all_numbers(user: User) -> list[int]:
    try:
        return [event.number for event in feed.events_after(user, 0, 500)]
    finally:
        connection.close()
