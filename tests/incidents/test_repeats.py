"""Going missing often: which tier, since which time, and who is counted at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from casework.records.times import now, pretend_now
from incidents.access import episodes_visible_to
from incidents.models import MissingEpisode
from incidents.repeats import absences_by_child, gone_often, reached
from incidents.services import closing, reports, returns

if TYPE_CHECKING:
    from casework.records.models import Child
    from tests.cast import Cast


def ago(*days: int) -> list[datetime]:
    return [AT - timedelta(days=one) for one in days]


AT = datetime.fromisoformat("2026-11-19T12:00:00+00:00")


@pytest.mark.parametrize(
    ("days", "tier", "since"),
    [
        ((), None, None),
        ((1,), None, None),
        ((1, 27), (2, 28), 1),
        ((1, 28), None, None),  # 28 days ago to the minute is outside
        ((1, 40), None, None),
        ((1, 40, 89), (3, 90), 1),
        ((1, 40, 90), None, None),
        ((1, 2, 3, 4, 5), (3, 90), 3),
        ((1, 2, 3, 4, 5, 6), (6, 90), 1),
        (tuple(range(1, 12)), (10, 90), 2),
    ],
)
def test_the_highest_tier_counts_and_the_time_that_reached_it(
    days: tuple[int, ...], tier: tuple[int, int] | None, since: int | None
) -> None:
    found = reached(ago(*days), AT)
    assert (found and (found.tier.times, found.tier.days)) == tier
    assert (found and found.since) == (None if since is None else AT - timedelta(days=since))


def test_what_is_to_come_is_not_counted() -> None:
    assert reached([AT + timedelta(hours=1), *ago(1)], AT) is None


def gone(cast: Cast, child: Child, days: int, category: str = "missing") -> MissingEpisode:
    """Gone and back, so many days ago."""
    moment = now()
    pretend_now(moment - timedelta(days=days))
    episode = reports.report_missing(
        by=cast.amina, child=child, category=category, noticed_at=now() - timedelta(minutes=5)
    )
    returns.record_return(by=cast.amina, episode=episode)
    pretend_now(None)
    return episode


def test_those_who_went_most_often_come_first_and_late_ones_do_not_count(cast: Cast) -> None:
    for days in (3, 9, 20):
        gone(cast, cast.kit, days)
    for days in (2, 5):
        gone(cast, cast.ola, days)
    for days in (2, 4, 6):
        gone(cast, cast.rosie, days, category="concern")
    gone(cast, cast.maisie, 1)
    rows = list(gone_often(episodes_visible_to(cast.bev), now()))
    assert [row["child_id"] for row in rows] == [cast.kit.pk, cast.ola.pk]
    assert list(gone_often(episodes_visible_to(cast.eve), now())) == []


def test_a_mistaken_report_counts_for_nothing(cast: Cast) -> None:
    gone(cast, cast.ola, 5)
    mistaken = reports.report_missing(by=cast.amina, child=cast.ola, category="missing", noticed_at=now())
    everybody = episodes_visible_to(cast.bev)
    assert len(absences_by_child(everybody, [cast.ola.pk], now())[cast.ola.pk]) == 2
    closing.record_false_report(by=cast.bev, episode=mistaken, reason="She was in the garden.")
    assert len(absences_by_child(everybody, [cast.ola.pk], now())[cast.ola.pk]) == 1
