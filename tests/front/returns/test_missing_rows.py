"""Which days begin and end a row of the Missing file: each absence is lived through, by services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from casework.records.times import pretend_now
from incidents.models import MissingEpisode, Return, Spell
from incidents.services import endings, reports, returns
from protocols.engine import end_at_18
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.front.returns.spring import HOUR, Y2025, Y2026, Spring, on
from tests.incidents.nights import call_false, die, join, reopen, sign_off, transfer

pytestmark = pytest.mark.django_db
KIT = "EX-20417"
OLA = "EX-20588"


@pytest.fixture
def spring(db: None) -> Spring:
    return Spring()


# ---- what ends a row ----


def test_missing_ends_when_found_not_when_back(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    assert spring.rows() == [(KIT, "M", "10/03/2026", "")]
    spring.is_located(episode, "2026-03-12 14:00")
    spring.is_back(episode, "2026-03-14 09:00")
    assert spring.rows() == [(KIT, "M", "10/03/2026", "12/03/2026")]


def test_missing_ends_when_back_where_nobody_found_them_before(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_back(episode, "2026-03-11 02:00")
    assert spring.rows() == [(KIT, "M", "10/03/2026", "11/03/2026")]


def test_away_ends_when_back_not_when_located(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40", "away")
    spring.is_located(episode, "2026-03-11 10:00")  # in hospital, say
    assert spring.rows() == [(KIT, "A", "10/03/2026", "")]
    spring.is_back(episode, "2026-03-13 09:00")
    assert spring.rows() == [(KIT, "A", "10/03/2026", "13/03/2026")]


def test_found_and_not_coming_is_two_rows_that_meet_on_one_day(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_away(episode, "2026-03-12 14:00")
    spring.is_back(episode, "2026-03-13 09:00")
    assert spring.rows() == [
        (KIT, "M", "10/03/2026", "12/03/2026"),
        (KIT, "A", "12/03/2026", "13/03/2026"),
    ]


def test_located_and_away_from_a_later_day_leaves_a_gap(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_located(episode, "2026-03-11 14:00")
    spring.is_away(episode, "2026-03-12 10:00")
    spring.is_back(episode, "2026-03-13 09:00")
    assert spring.rows() == [
        (KIT, "M", "10/03/2026", "11/03/2026"),
        (KIT, "A", "12/03/2026", "13/03/2026"),
    ]


def test_away_and_located_and_missing_is_away_until_missing(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40", "away")
    spring.is_located(episode, "2026-03-11 14:00")
    spring.is_missing(episode, "2026-03-12 10:00")
    spring.is_back(episode, "2026-03-13 09:00")
    assert spring.rows() == [
        (KIT, "A", "10/03/2026", "12/03/2026"),
        (KIT, "M", "12/03/2026", "13/03/2026"),
    ]


def test_missing_located_and_missing_again_is_two_rows(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_located(episode, "2026-03-11 14:00")
    spring.is_missing(episode, "2026-03-11 15:00")
    spring.is_located(episode, "2026-03-14 08:00")
    spring.is_back(episode, "2026-03-15 08:00")
    assert spring.rows() == [
        (KIT, "M", "10/03/2026", "11/03/2026"),
        (KIT, "M", "11/03/2026", "14/03/2026"),
    ]


def test_reported_after_midnight_and_back_before_it_is_one_day(spring: Spring) -> None:
    """The protocol counts from when the report was typed; the return's days are the child's own."""
    episode = spring.goes("2026-03-11 00:05", last_seen_at=on("2026-03-10 23:40"))
    spring.is_back(episode, "2026-03-11 00:10", returned_at=on("2026-03-10 23:55"))
    assert Spell.objects.get().ended_at == on("2026-03-11 00:05")
    assert spring.rows() == [(KIT, "M", "10/03/2026", "10/03/2026")]


def test_two_absences_of_one_day_are_two_rows_in_their_order(spring: Spring) -> None:
    first = spring.goes("2026-03-10 09:00")
    spring.is_back(first, "2026-03-10 11:00")
    second = spring.goes("2026-03-10 15:00", "away")
    spring.is_back(second, "2026-03-10 16:00")
    assert spring.rows() == [
        (KIT, "M", "10/03/2026", "10/03/2026"),
        (KIT, "A", "10/03/2026", "10/03/2026"),
    ]


# ---- what begins one ----


def test_it_begins_with_the_later_of_left_and_last_seen(spring: Spring) -> None:
    spring.goes("2026-03-10 07:00", left_at=on("2026-03-09 21:00"), last_seen_at=on("2026-03-09 23:50"))
    assert spring.rows() == [(KIT, "M", "09/03/2026", "")]


def test_it_begins_when_noticed_where_nothing_else_is_known(spring: Spring) -> None:
    spring.goes("2026-03-10 07:00", last_seen_at=None, noticed_at=on("2026-03-10 06:00"))
    assert spring.rows() == [(KIT, "M", "10/03/2026", "")]


def test_late_is_no_row_and_late_then_missing_counts_from_when_the_child_was_gone(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40", "concern")
    assert spring.rows() == []
    spring.is_missing(episode, "2026-03-11 01:00")
    assert spring.rows() == [(KIT, "M", "10/03/2026", "")]


def test_late_back_is_no_row(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40", "concern")
    spring.is_back(episode, "2026-03-10 23:10")
    assert spring.rows() == []


def test_a_mistaken_report_is_no_row(spring: Spring) -> None:
    call_false(spring.cast, spring.goes("2026-03-10 22:40"))
    assert spring.rows() == []


# ---- put right afterwards ----


def test_a_corrected_report_moves_the_beginning(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 01:00")
    reports.correct_report(
        by=spring.cast.carl,
        episode=episode,
        version=episode.version,
        changes={"last_seen_at": on("2026-03-09 23:00")},
        reason="The rota says who saw Kit last.",
    )
    assert spring.rows() == [(KIT, "M", "09/03/2026", "")]


def test_a_time_asked_for_again_moves_the_end(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_back(episode, "2026-03-12 09:00", returned_at=on("2026-03-01 09:00"))  # cannot be
    row = Return.objects.get()
    assert (row.needs_time, spring.rows()) == (True, [(KIT, "M", "10/03/2026", "12/03/2026")])
    returns.complete_return(
        by=spring.cast.carl, return_row=row, version=row.version, returned_at=on("2026-03-11 09:00")
    )
    assert spring.rows() == [(KIT, "M", "10/03/2026", "11/03/2026")]


def test_signing_off_and_opening_again_change_nothing(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    spring.is_back(episode, "2026-03-11 02:00")
    sign_off(spring.cast, episode)
    reopen(spring.cast, episode)
    assert spring.rows() == [(KIT, "M", "10/03/2026", "11/03/2026")]


# ---- the year, the authority, the birthday ----


def test_over_31_march_it_is_in_both_years_with_its_own_start(spring: Spring) -> None:
    episode = spring.goes("2026-03-30 22:40")
    spring.is_away(episode, "2026-03-31 12:00")
    spring.is_back(episode, "2026-04-02 09:00")
    assert spring.rows(Y2025) == [
        (KIT, "M", "30/03/2026", "31/03/2026"),
        (KIT, "A", "31/03/2026", ""),
    ]
    assert spring.rows(Y2026) == [(KIT, "A", "31/03/2026", "02/04/2026")]


def test_the_year_ends_at_midnight_in_london(spring: Spring) -> None:
    """23:30 UTC on 31 March is 00:30 on 1 April, when summer time has begun."""
    spring.is_back(spring.goes("2026-04-01 00:45", last_seen_at=on("2026-04-01 00:30")), "2026-04-01 00:50")
    assert spring.rows(Y2025) == []
    assert spring.rows(Y2026) == [(KIT, "M", "01/04/2026", "01/04/2026")]


def test_open_rows_stay_open_year_after_year(spring: Spring) -> None:
    spring.goes("2026-03-30 22:40")
    pretend_now(on("2027-06-01 09:00"))
    assert spring.rows(Y2025) == spring.rows(Y2026) == [(KIT, "M", "30/03/2026", "")]


def test_other_authorities_children_are_not_in_it(spring: Spring) -> None:
    cast = spring.cast
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(authority=cast.northmoor)
    cast.ola.refresh_from_db()
    spring.goes("2026-03-10 22:40", child=cast.ola)
    assert spring.rows() == []


def test_restricted_children_are_in_it(spring: Spring) -> None:
    cast = spring.cast
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(is_restricted=True)
    spring.goes("2026-03-10 22:40", child=cast.ola)
    assert spring.rows() == [(OLA, "M", "10/03/2026", "")]


@pytest.mark.parametrize(
    ("born_on", "ends"), [(date(2008, 3, 20), "20/03/2026"), (date(2008, 2, 29), "01/03/2026")]
)
def test_it_closes_on_the_eighteenth_birthday_and_not_before(
    spring: Spring, born_on: date, ends: str
) -> None:
    cast = spring.cast
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(born_on=born_on)
    birthday = on(f"{ends[6:]}-{ends[3:5]}-{ends[:2]} 00:00")
    spring.goes(f"{birthday - timedelta(days=4):%Y-%m-%d} 22:40", child=cast.ola)
    gone = f"{birthday - timedelta(days=4):%d/%m/%Y}"
    pretend_now(birthday - HOUR)
    assert spring.rows() == [(OLA, "M", gone, "")]
    pretend_now(birthday + HOUR)
    assert spring.rows() == [(OLA, "M", gone, ends)]


def test_found_after_the_birthday_is_over_on_it(spring: Spring) -> None:
    cast = spring.cast
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(born_on=date(2008, 3, 20))
    episode = spring.goes("2026-03-18 22:40", child=cast.ola)
    spring.is_back(episode, "2026-04-06 09:00")
    assert spring.rows(Y2025) == [(OLA, "M", "18/03/2026", "20/03/2026")]
    assert spring.rows(Y2026) == []


def test_an_absence_after_the_birthday_is_no_childs(spring: Spring) -> None:
    cast = spring.cast
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(born_on=date(2008, 3, 20))
    spring.goes("2026-03-22 22:40", child=cast.ola)
    assert spring.rows() == []


@pytest.mark.parametrize("otherwise", [transfer, die])
def test_an_exit_ends_what_was_running(
    spring: Spring, otherwise: Callable[[Cast, MissingEpisode], None]
) -> None:
    episode = spring.goes("2026-03-10 22:40", "away")
    pretend_now(on("2026-03-15 12:00"))
    otherwise(spring.cast, episode)
    assert spring.rows() == [(KIT, "A", "10/03/2026", "15/03/2026")]


@pytest.mark.parametrize("otherwise", [transfer, die])
def test_away_and_located_ends_with_the_exit_and_missing_when_found(
    spring: Spring, otherwise: Callable[[Cast, MissingEpisode], None]
) -> None:
    away = spring.goes("2026-03-10 22:40", "away")
    missing = spring.goes("2026-03-10 22:50", child=spring.cast.ola)
    for episode in (away, missing):
        spring.is_located(episode, "2026-03-12 14:00")
    pretend_now(on("2026-03-15 12:00"))
    for episode in (away, missing):
        otherwise(spring.cast, episode)
    assert spring.rows() == [
        (KIT, "A", "10/03/2026", "15/03/2026"),
        (OLA, "M", "10/03/2026", "12/03/2026"),
    ]


def test_a_death_known_later_ends_the_row_on_its_own_day(spring: Spring) -> None:
    episode = spring.goes("2026-03-10 22:40")
    pretend_now(on("2026-03-20 12:00"))
    death = endings.record_death(
        by=spring.cast.amina, episode=episode, died_on=date(2026, 3, 12), how_known="The coroner wrote."
    )
    assert spring.rows() == [(KIT, "M", "10/03/2026", "")]
    endings.confirm_death(
        by=spring.cast.bev, episode=episode, death=death, version=death.version, words="Rang the coroner."
    )
    assert spring.rows() == [(KIT, "M", "10/03/2026", "12/03/2026")]


def test_18_while_missing_ends_the_row_on_the_birthday_whenever_the_clock_ran(spring: Spring) -> None:
    cast = spring.cast
    pretend_now(on("2027-03-01 09:00"))  # by the shipped protocol, which is in force since April 2026
    type(cast.ola).objects.filter(pk=cast.ola.pk).update(born_on=date(2009, 3, 20))
    publish_default(authority=cast.exampleshire)
    spring.goes("2027-03-18 22:40", child=cast.ola)
    pretend_now(on("2027-03-19 23:59"))
    assert end_at_18() == 0
    pretend_now(on("2027-03-22 07:00"))  # nothing ran for two days
    assert (end_at_18(), end_at_18()) == (1, 0)
    assert spring.rows(Y2026) == [(OLA, "M", "18/03/2027", "20/03/2027")]


def test_of_two_reports_of_one_absence_the_return_counts_one(spring: Spring) -> None:
    kit = spring.goes("2026-03-10 22:40")
    spring.goes("2026-03-10 22:45", child=spring.cast.ola)
    join(spring.cast, kit)
    assert spring.rows() == [(OLA, "M", "10/03/2026", "")]
