"""Dee reads what is shared with her force: recording missing shares it, the rest is somebody's decision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import AuditEntry, Membership, PoliceForce, Role, User
from casework.records.services import placements
from casework.records.times import now, pretend_now
from incidents.access import episodes_shared_with, episodes_visible_to
from incidents.models import EpisodeShare, MissingEpisode
from incidents.rules import Position
from incidents.services import closing, reports, sharing, spells
from tests.incidents.nights import stands_at

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def moorland() -> PoliceForce:
    return PoliceForce.objects.create(name="Moorland Police")


@pytest.fixture
def dag(moorland: PoliceForce) -> User:
    """Liaison of a second force."""
    user = User.objects.create_user("dag@moorland.example", name="Dag Moor")
    Membership.objects.create(
        user=user, role=Role.POLICE_LIAISON, police_force=moorland, starts_at=now() - timedelta(days=9)
    )
    return user


def reads(user: User, episode: MissingEpisode) -> bool:
    return episodes_shared_with(user).filter(pk=episode.pk).exists()


def late(cast: Cast, category: str) -> MissingEpisode:
    return reports.report_missing(
        by=cast.carl, child=cast.kit, category=category, noticed_at=now(), whereabouts="At a friend’s"
    )


def test_missing_is_shared_with_the_force_of_the_home_and_with_no_other(cast: Cast, dag: User) -> None:
    episode = late(cast, "missing")
    assert reads(cast.dee, episode)
    assert not reads(dag, episode)
    assert not episodes_visible_to(cast.dee).exists()  # shared is not open: there are no pages for it


@pytest.mark.parametrize("category", ["concern", "away"])
def test_late_and_away_are_not_shared_until_they_are_missing(cast: Cast, category: str) -> None:
    episode = late(cast, category)
    assert not reads(cast.dee, episode)
    spells.record_missing(by=cast.carl, episode=episode, at=now(), reason="Not there any more.")
    assert reads(cast.dee, episode)


def test_the_force_is_that_of_the_home_at_that_moment(cast: Cast, dag: User, moorland: PoliceForce) -> None:
    episode = late(cast, "away")
    cast.fenwick_house.police_force = moorland
    cast.fenwick_house.save()
    placements.move_child(by=cast.amina, child=cast.kit, home=cast.fenwick_house, at=now())
    spells.record_missing(by=cast.mo, episode=episode, at=now(), reason="Not there any more.")
    assert reads(dag, episode)
    assert not reads(cast.dee, episode)


def test_a_second_force_is_somebodys_decision_with_a_reason(
    cast: Cast, dag: User, moorland: PoliceForce
) -> None:
    episode = late(cast, "missing")
    with pytest.raises(Invalid):
        sharing.share_episode(by=cast.amina, episode=episode, force=moorland, reason=" ")
    for stranger in (cast.carl, cast.eve, cast.dee):
        with pytest.raises(NotAllowed):
            sharing.share_episode(by=stranger, episode=episode, force=moorland, reason="Seen there.")
    share = sharing.share_episode(by=cast.amina, episode=episode, force=moorland, reason="Seen there.")
    assert reads(dag, episode)
    with pytest.raises(Conflict):
        sharing.share_episode(by=cast.amina, episode=episode, force=moorland, reason="Seen there.")
    sharing.end_share(by=cast.amina, share=share, reason="Not needed any more.")
    assert not reads(dag, episode)
    with pytest.raises(Conflict):
        sharing.end_share(by=cast.amina, share=share, reason="Not needed any more.")


@pytest.mark.parametrize("position", [Position.CLOSED, Position.TRANSFERRED, Position.DIED])
def test_what_is_over_is_shared_with_nobody_new(
    cast: Cast, moorland: PoliceForce, position: Position
) -> None:
    episode = stands_at(cast, position)
    with pytest.raises(Conflict):
        sharing.share_episode(by=cast.bev, episode=episode, force=moorland, reason="Seen there.")
    assert not EpisodeShare.objects.filter(force=moorland).exists()


def test_why_it_ended_is_kept(cast: Cast) -> None:
    episode = late(cast, "missing")
    with pytest.raises(Invalid):
        sharing.end_share(by=cast.bev, share=episode.shares.get(), reason=" ")
    with pytest.raises(NotAllowed):
        sharing.end_share(by=cast.carl, share=episode.shares.get(), reason="Mistake.")
    sharing.end_share(by=cast.bev, share=episode.shares.get(), reason="The wrong force.")
    reasons = AuditEntry.objects.filter(about_kind__icontains="share").values_list("reason", flat=True)
    assert "The wrong force." in reasons


def test_what_a_person_ended_the_rule_does_not_begin_again(cast: Cast) -> None:
    episode = late(cast, "missing")
    sharing.end_share(by=cast.bev, share=EpisodeShare.objects.get(), reason="Not needed any more.")
    spells.record_away(by=cast.carl, episode=episode, at=now(), whereabouts="At a friend’s", spoken_to=True)
    spells.record_missing(by=cast.carl, episode=episode, at=now(), reason="Gone from there.")
    assert not reads(cast.dee, episode)


def test_a_closed_episode_can_be_read_for_28_days(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    until = EpisodeShare.objects.get(episode=episode).until
    assert until is not None
    for moment, is_read in ((until - timedelta(seconds=1), True), (until, False)):
        pretend_now(moment)
        assert reads(cast.dee, episode) is is_read
    assert episode.returned_at is not None
    assert timedelta(days=27, hours=23) < until - episode.returned_at


def test_opened_again_it_is_read_again(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    closing.reopen_episode(by=cast.bev, episode=episode, reason="The interview was found.")
    assert EpisodeShare.objects.get(episode=episode).until is None


def test_who_left_the_force_reads_nothing(cast: Cast) -> None:
    episode = late(cast, "missing")
    Membership.objects.filter(user=cast.dee).update(ends_at=now())
    assert not reads(cast.dee, episode)
