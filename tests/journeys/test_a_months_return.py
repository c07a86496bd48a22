"""A month of absences through the pages, and the rows that somebody would have written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from casework.front.returns.readiness import checked_rows
from casework.records.return_years import ReturnYear
from tests.front.pages.at_the_desk import url
from tests.journeys.a_month import March, moment, set_clock

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# What happened in March 2027, read off the story below with a calendar and a pencil.
BY_HAND_2026_27 = [
    "EX-20391,01/01/2012,A,12/03/2027,12/03/2027",
    "EX-20391,01/01/2012,M,12/03/2027,13/03/2027",
    "EX-20417,01/01/2013,M,02/03/2027,03/03/2027",
    "EX-20417,01/01/2013,A,03/03/2027,04/03/2027",
    "EX-20417,01/01/2013,M,19/03/2027,20/03/2027",
    "EX-20588,01/01/2011,M,05/03/2027,07/03/2027",
    "EX-20588,01/01/2011,M,30/03/2027,",
    "EX-20655,01/01/2011,A,24/03/2027,25/03/2027",
    "EX-20655,01/01/2011,M,25/03/2027,28/03/2027",
]
BY_HAND_2027_28 = [
    "EX-20588,01/01/2011,M,30/03/2027,02/04/2027",
    "EX-20733,01/01/2015,A,01/04/2027,01/04/2027",
]


@pytest.fixture
def march(chromium: Browser, live_server: LiveServer) -> Iterator[March]:
    march = March(chromium, live_server.url)
    live(march)
    march.it_is("2027-04-03 09:00")
    yield march
    set_clock(None)


def live(march: March) -> None:
    """The month. A home's report says that the child was last seen an hour before."""
    cast = march.cast

    # Kit is missing in the evening, found at a friend's the next day, and comes back the day after.
    kit = march.reports("2027-03-02 22:40", cast.carl, cast.kit)
    march.is_away("2027-03-03 14:00", cast.amina, kit)
    march.is_back("2027-03-04 10:00", cast.carl, kit)

    # Ola is reported after midnight, last seen before it; found two days on, and back the day after that.
    ola = march.reports("2027-03-06 00:20", cast.carl, cast.ola)
    march.is_located("2027-03-07 09:00", cast.femi, ola)
    march.is_back("2027-03-08 18:00", cast.carl, ola)

    # Rosie is late, and home within the hour: no row.
    expected = moment("expected_at", march.at("2027-03-10 19:30"))
    rosie = march.reports("2027-03-10 20:00", cast.carl, cast.rosie, "concern", **expected)
    march.is_back("2027-03-10 20:40", cast.carl, rosie)

    # Maisie goes twice in one day: away and back, then missing until the morning.
    at_jays = {"whereabouts": "At Jay's, his mother says."}
    maisie = march.reports("2027-03-12 12:00", cast.mo, cast.maisie, "away", **at_jays)
    march.is_back("2027-03-12 15:00", cast.mo, maisie)
    maisie = march.reports("2027-03-12 21:00", cast.mo, cast.maisie)
    march.is_back("2027-03-13 07:00", cast.mo, maisie)

    # Biniam was asleep in the attic: a mistaken report is no row.
    biniam = march.reports("2027-03-15 21:00", cast.mo, cast.biniam)
    mistake = {"reason": "He was asleep in the attic."}
    march.sends("2027-03-15 21:30", cast.bev, "episode-false-report", biniam, **mistake)

    # Kit again: the rota shows afterwards that he was last seen the evening before the report.
    kit = march.reports("2027-03-20 07:30", cast.carl, cast.kit)
    march.is_back("2027-03-20 22:00", cast.carl, kit)
    kit.refresh_from_db()
    right = moment("last_seen_at", march.at("2027-03-19 23:50")) | moment("noticed_at", kit.noticed_at)
    told = {"reason": "The rota says who saw him last.", **right}
    march.sends("2027-03-21 09:00", cast.bev, "episode-correct", kit, **told)

    # Biniam is away, then nobody knows where; found by the police, and fetched the next day.
    biniam = march.reports("2027-03-24 18:00", cast.mo, cast.biniam, "away", **at_jays)
    march.is_missing("2027-03-25 11:00", cast.femi, biniam)
    march.is_located("2027-03-28 23:30", cast.femi, biniam)
    march.is_back("2027-03-29 12:00", cast.mo, biniam)

    # Ola is gone over the end of the return year, and Rosie on its first day.
    ola = march.reports("2027-03-30 22:00", cast.carl, cast.ola)
    rosie = march.reports("2027-04-01 16:00", cast.carl, cast.rosie, "away", **at_jays)
    march.is_back("2027-04-01 20:00", cast.carl, rosie)
    march.is_back("2027-04-02 08:00", cast.carl, ola)


def test_the_files_say_what_one_would_write_by_hand_and_each_row_opens_its_episode(march: March) -> None:
    assert march.downloads(march.cast.ruth, "2026-27") == BY_HAND_2026_27
    assert march.downloads(march.cast.ruth, "2027-28") == BY_HAND_2027_28
    rows = checked_rows(march.cast.exampleshire, ReturnYear(2026))
    assert [line.faults for line in rows] == [[]] * len(BY_HAND_2026_27)
    ruth = march.browser_of(march.cast.ruth)
    for line in rows:
        ruth.goes_to(f"/returns/ssda903/{march.cast.exampleshire.pk}/2026-27/")
        ruth.follows(line.row.episode_reference).sees(line.row.episode_reference)
        assert ruth.page.url.endswith(url("episode-detail", line.row.episode_id))
