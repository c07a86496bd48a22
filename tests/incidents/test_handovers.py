"""At each change of cover every child who is not back is accepted by name, or it climbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records.errors import Conflict, NotAllowed
from casework.records.models import ChronologyEntry, Membership
from casework.records.office_hours import change_at_hand
from casework.records.times import now, pretend_now
from incidents.facts import facts_of
from incidents.models import Handover, MissingEpisode
from incidents.services.responsibility import (
    accept_handover,
    accept_handovers,
    accept_responsibility,
)
from tests.cast import Cast
from tests.incidents.nights import come_back, report

pytestmark = pytest.mark.django_db

# A Wednesday in June, by the wall: reported at 15:00; cover changes at 17:00.
REPORTED = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
CHANGE = datetime(2026, 6, 17, 16, 0, tzinfo=UTC)


@pytest.fixture
def kit(cast: Cast) -> MissingEpisode:
    """Missing since before the change, which was five minutes ago."""
    Membership.objects.update(starts_at=REPORTED - timedelta(days=30))
    pretend_now(REPORTED)
    episode = report(cast)
    pretend_now(CHANGE + timedelta(minutes=5))
    return episode


def test_femi_accepts_kit_by_name_and_has_the_case(cast: Cast, kit: MissingEpisode) -> None:
    accept_responsibility(by=cast.amina, episode=kit)
    row = accept_handover(by=cast.femi, episode=kit, words="Amina told me: his aunt rings back.")
    assert (row.change_at, row.accepted_by) == (CHANGE, cast.femi)
    met = facts_of([kit.pk])[kit.pk].met["handover_accepted"]
    assert (met.by_id, met.at, met.settles) == (cast.femi.pk, row.recorded_at, CHANGE)
    kit.refresh_from_db()
    assert kit.holder == cast.femi
    entry = ChronologyEntry.objects.get(verb="episode.handed_over")
    assert entry.payload == {"taken_from": str(cast.amina.pk)}


def test_once_a_change_and_the_second_hears_who_was_first(cast: Cast, kit: MissingEpisode) -> None:
    accept_handover(by=cast.femi, episode=kit)
    with pytest.raises(Conflict, match="Femi Castell accepted this at 17:05"):
        accept_handover(by=cast.bev, episode=kit)
    with pytest.raises(Conflict, match="nothing to accept"):
        accept_handovers(by=cast.bev, episodes=[kit])
    assert Handover.objects.count() == 1


def test_a_little_early_it_is_for_the_change_that_comes(cast: Cast, kit: MissingEpisode) -> None:
    pretend_now(datetime(2026, 6, 18, 7, 29, tzinfo=UTC))
    assert accept_handover(by=cast.femi, episode=kit).change_at == CHANGE
    pretend_now(datetime(2026, 6, 18, 7, 30, tzinfo=UTC))
    row = accept_handover(by=cast.amina, episode=kit)
    assert row.change_at == datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
    assert facts_of([kit.pk])[kit.pk].met["handover_accepted"].settles == row.change_at


def test_what_was_reported_since_the_change_needs_no_hand_over(cast: Cast, kit: MissingEpisode) -> None:
    new = report(cast, child=cast.ola)
    assert new.recorded_at > change_at_hand(now())
    with pytest.raises(Conflict):
        accept_handover(by=cast.femi, episode=new)
    accepted = accept_handovers(by=cast.femi, episodes=[new, kit])
    assert [row.episode_id for row in accepted] == [kit.pk]


def test_a_child_who_is_back_needs_none(cast: Cast, kit: MissingEpisode) -> None:
    come_back(cast, kit)
    with pytest.raises(Conflict):
        accept_handover(by=cast.femi, episode=kit)


@pytest.mark.parametrize("who", ["carl", "ada", "ines", "eve"])
def test_only_somebody_of_the_authority_accepts(cast: Cast, kit: MissingEpisode, who: str) -> None:
    with pytest.raises(NotAllowed):
        accept_handovers(by=getattr(cast, who), episodes=[kit])
    accept_handovers(by=cast.bev, episodes=[kit])


def test_an_accepted_hand_over_is_never_edited(cast: Cast, kit: MissingEpisode) -> None:
    row = accept_handover(by=cast.femi, episode=kit)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_handover SET words = 'x' WHERE id = %s", [row.pk])
