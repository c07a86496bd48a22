"""What a correction may not say: an absence before birth, before the last one was over, after its own end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework.records.errors import Invalid
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode, Return
from incidents.services.closing import record_false_report
from incidents.services.reports import correct_report
from incidents.services.returns import complete_return, record_return
from incidents.services.spells import record_away
from tests.cast import Cast
from tests.incidents.nights import come_back, go_away, go_missing, locate, report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENING = datetime(2026, 11, 19, 22, 40, tzinfo=LONDON)


@pytest.fixture
def evening(db: None) -> datetime:
    pretend_now(EVENING)
    return EVENING


def correct(cast: Cast, episode: MissingEpisode, **changes: object) -> MissingEpisode:
    episode.refresh_from_db()
    return correct_report(
        by=cast.bev, episode=episode, version=episode.version, changes=changes, reason="The camera shows it."
    )


def refused(cast: Cast, episode: MissingEpisode, **changes: object) -> tuple[str, str | None]:
    """The code and the question that the refusal is about."""
    with pytest.raises(Invalid) as refusal:
        correct(cast, episode, **changes)
    return refusal.value.code, refusal.value.field


def test_it_cannot_begin_after_the_child_was_found(evening: datetime, cast: Cast) -> None:
    episode = report(cast)
    pretend_now(evening + 2 * HOUR)
    locate(cast, episode)
    pretend_now(evening + 5 * HOUR)
    assert refused(cast, episode, last_seen_at=evening + 3 * HOUR) == ("too_late", "last_seen_at")
    assert correct(cast, episode, last_seen_at=evening + HOUR).missing_from == evening + HOUR


def test_it_cannot_begin_after_missing_became_away(evening: datetime, cast: Cast) -> None:
    episode = report(cast)
    pretend_now(evening + 2 * HOUR)
    go_away(cast, episode)
    pretend_now(evening + 5 * HOUR)
    assert refused(cast, episode, left_at=evening + 3 * HOUR) == ("too_late", "left_at")


def test_late_alone_has_no_end_to_keep_before(evening: datetime, cast: Cast) -> None:
    episode = report(cast, "concern")
    pretend_now(evening + HOUR)
    go_missing(cast, episode)
    assert correct(cast, episode, last_seen_at=evening + HOUR).missing_from == evening + HOUR


def test_it_cannot_begin_on_the_day_of_birth(evening: datetime, cast: Cast) -> None:
    type(cast.kit).objects.filter(pk=cast.kit.pk).update(born_on=(evening - 2 * DAY).date())
    episode = report(cast)
    assert refused(cast, episode, noticed_at=evening - 2 * DAY) == ("before_birth", "noticed_at")
    assert correct(cast, episode, noticed_at=evening - DAY).noticed_at == evening - DAY


def test_it_cannot_begin_on_a_day_before_the_last_absence_ended(evening: datetime, cast: Cast) -> None:
    first = report(cast)
    pretend_now(evening + 2 * DAY)
    come_back(cast, first)
    pretend_now(evening + 3 * DAY)
    second = report(cast)
    assert refused(cast, second, noticed_at=evening + DAY) == ("before_last_end", "noticed_at")
    same_day = evening + 2 * DAY - HOUR  # the return's days may touch
    assert correct(cast, second, noticed_at=same_day).noticed_at == same_day


def test_mistaken_reports_and_late_ones_stand_in_nobodys_way(evening: datetime, cast: Cast) -> None:
    record_false_report(by=cast.bev, episode=report(cast), reason="Was asleep in the attic.")
    late = report(cast, "concern")
    pretend_now(evening + 2 * DAY)
    come_back(cast, late)
    episode = report(cast)
    assert correct(cast, episode, noticed_at=evening + DAY).noticed_at == evening + DAY


def test_a_corrected_return_is_not_after_the_next_absence_began(evening: datetime, cast: Cast) -> None:
    first = report(cast)
    pretend_now(evening + DAY)
    record_return(by=cast.carl, episode=first)
    row = Return.objects.get()
    pretend_now(evening + 2 * DAY)
    report(cast)
    pretend_now(evening + 4 * DAY)
    for at, is_taken in ((evening + 3 * DAY, False), (evening + 2 * DAY, True)):
        asked = {"return_row": row, "version": row.version, "returned_at": at, "reason": "The log says so."}
        if is_taken:
            assert complete_return(by=cast.bev, **asked).returned_at == at  # type: ignore[arg-type]  # one dict for both
        else:
            with pytest.raises(Invalid, match="gone again on 21 November 2026"):
                complete_return(by=cast.bev, **asked)  # type: ignore[arg-type]  # one dict for both


def test_away_begins_no_earlier_than_the_child_was_gone(evening: datetime, cast: Cast) -> None:
    episode = report(cast)
    pretend_now(evening + 2 * HOUR)
    correct(cast, episode, last_seen_at=evening + HOUR)
    spell = record_away(
        by=cast.amina, episode=episode, at=evening + HOUR / 2, whereabouts="At Jay's.", spoken_to=False
    )
    assert (spell.started_at, now()) == (evening + HOUR, evening + 2 * HOUR)
