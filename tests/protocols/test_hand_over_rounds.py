"""Each change of cover is a round of its own: accepted by name it is done, not accepted it climbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.records.models import Membership
from casework.records.times import pretend_now
from incidents.models import MissingEpisode
from incidents.services.responsibility import accept_handover
from protocols import engine, publishing
from protocols.models import StepRun, StepState
from tests.cast import Cast
from tests.incidents.nights import report

pytestmark = pytest.mark.django_db

# A Wednesday in June: reported at 15:00 on the wall; cover changes at 17:00 and at 09:00 on Thursday.
REPORTED = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
EVENING = datetime(2026, 6, 17, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kit(cast: Cast) -> MissingEpisode:
    Membership.objects.update(starts_at=REPORTED - timedelta(days=30))
    pretend_now(REPORTED)
    publishing.publish_default(authority=cast.exampleshire)
    episode = report(cast)
    engine.fire_due(episode.pk)
    return episode


def at(episode: MissingEpisode, moment: datetime) -> None:
    """Let the clock run there, firing what falls due on the way."""
    engine.live_through(episode.pk, moment)
    pretend_now(moment)


def row(episode: MissingEpisode, number: int, rung: int = 0) -> StepRun:
    """The hand-over of one change of cover, or a rung of its ladder."""
    rows = StepRun.objects.filter(episode=episode, step__code="T7b", superseded_at=None)
    return rows.get(round=number, rung=rung)


def test_accepted_by_femi_the_evenings_is_done_and_the_mornings_is_owed(
    cast: Cast, kit: MissingEpisode
) -> None:
    at(kit, EVENING + 5 * MINUTE)
    assert row(kit, 0).state == StepState.FIRED
    accept_handover(by=cast.femi, episode=kit)
    engine.fire_due(kit.pk)
    done = row(kit, 0)
    assert (done.state, done.done_by, row(kit, 0, 1).state) == (
        StepState.DONE,
        cast.femi,
        StepState.NOT_NEEDED,
    )
    at(kit, MORNING)
    assert (row(kit, 0).state, row(kit, 1).state) == (StepState.DONE, StepState.FIRED)


def test_accepted_a_little_early_it_never_comes_due(cast: Cast, kit: MissingEpisode) -> None:
    at(kit, EVENING - 10 * MINUTE)
    accept_handover(by=cast.femi, episode=kit)
    engine.fire_due(kit.pk)
    at(kit, EVENING + 40 * MINUTE)
    early = row(kit, 0)
    assert (early.state, early.fired_at, row(kit, 0, 1).fired_at) == (StepState.DONE, None, None)


def test_accepted_by_nobody_it_climbs_to_the_team_manager_and_on(cast: Cast, kit: MissingEpisode) -> None:
    at(kit, EVENING + 31 * MINUTE)
    assert (row(kit, 0, 1).role, row(kit, 0, 1).state) == ("team_manager", StepState.FIRED)
    assert row(kit, 0, 2).state in (StepState.WAITING, StepState.FIRED)
    at(kit, MORNING)
    assert row(kit, 0).state == StepState.NOT_NEEDED  # it came round again, and stays as not done
    assert row(kit, 0).done_at is None
