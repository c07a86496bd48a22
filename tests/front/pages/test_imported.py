"""An absence that came with the authority's files, as people see it: days, and no times that nobody knew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casework.records.errors import Conflict
from casework.records.models import Home, Membership, Role
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import closing, reports
from protocols import engine
from protocols.publishing import publish_default
from tests.front.imports.a_world import HOUSE_1, World, absences, gone, vik
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 4), date(2026, 7, 9)


@pytest.fixture
def over_and_open(cast: Cast) -> tuple[MissingEpisode, MissingEpisode]:
    """Vik in Exampleshire: missing until found and away in May and June, and missing since 9 July."""
    publish_default()
    World(gone=(gone(MAY, JUNE), gone(JUNE, JUNE, "A"), gone(JULY, None))).read()
    over, going_on = absences()
    engine.reconcile(going_on.pk)
    return over, going_on


Both = tuple[MissingEpisode, MissingEpisode]


def page_of(cast: Cast, page: str, *keys: object) -> str:
    return " ".join(text_of(at_the_desk(cast.bev).get(url(page, *keys))).split())


def test_the_childs_page_lists_them_by_day_and_says_where_they_come_from(
    cast: Cast, over_and_open: Both
) -> None:
    page = page_of(cast, "child-detail", vik().pk)
    assert page.count('cw-quiet">Imported</span>') == 2
    assert "1 May" in page
    assert page.count("time not recorded") == 2
    assert "34 days" in page
    assert " 00:00" not in page


def test_the_board_says_the_day_and_not_that_the_police_were_not_told(
    cast: Cast, over_and_open: Both
) -> None:
    page = page_of(cast, "now")
    assert "From 9 July" in page
    assert "Imported" in page
    assert 'Police <span class="cw-quiet">not recorded</span>' in page


def test_it_is_to_be_reviewed_within_the_hour(cast: Cast, over_and_open: Both) -> None:
    _, going_on = over_and_open
    assert "Review this record" in page_of(cast, "episode-detail", going_on.pk)


@pytest.mark.parametrize("page", ["episode-detail", "episode-details", "episode-risk", "episode-police"])
def test_no_page_of_it_names_a_time_that_nobody_knew(cast: Cast, over_and_open: Both, page: str) -> None:
    for episode in over_and_open:
        text = page_of(cast, page, episode.pk)
        assert "Imported" in text
        assert " 00:00" not in text


def test_the_details_say_what_the_files_said(cast: Cast, over_and_open: Both) -> None:
    over, _ = over_and_open
    page = page_of(cast, "episode-details", over.pk)
    assert "1 May 2026 to 4 June 2026, times not recorded" in page
    assert "From the authority’s files" in page
    assert "Not yet" not in page


def test_its_story_begins_with_the_import(cast: Cast, over_and_open: Both) -> None:
    over, going_on = over_and_open
    page = page_of(cast, "episode-detail", over.pk)
    assert "Brought in from the authority’s files" in page
    assert "Missing from 1 May 2026 to 4 June 2026." in page
    assert "Away from 4 June 2026 to 4 June 2026." not in page  # one day is said once
    assert "Missing from 9 July 2026, not over." in page_of(cast, "episode-detail", going_on.pk)


def test_steps_that_were_due_before_say_so(cast: Cast, over_and_open: Both) -> None:
    page = page_of(cast, "episode-detail", over_and_open[1].pk)
    assert "Before this system." in page
    assert "Review this record" in page


def test_the_home_sees_the_day_too(cast: Cast, over_and_open: Both) -> None:
    home = Home.objects.get(urn=HOUSE_1)
    since = now() - timedelta(days=1)
    Membership.objects.create(user=cast.carl, role=Role.HOME_STAFF, home=home, starts_at=since)
    answer = at_the_desk(cast.carl).get(url("report-detail", over_and_open[1].pk))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "9 July" in page
    assert " 00:00" not in page


def test_a_time_that_somebody_finds_out_is_shown(cast: Cast, over_and_open: Both) -> None:
    _, episode = over_and_open
    assert episode.left_at is not None
    found_out = episode.left_at + timedelta(hours=22, minutes=41)
    changes = {"left_at": found_out, "noticed_at": found_out}
    reports.correct_report(
        by=cast.bev, episode=episode, version=episode.version, changes=changes, reason="The home's log."
    )
    page = page_of(cast, "episode-detail", episode.pk)
    assert "22:41" in page
    assert "time not recorded" not in page


def test_what_was_over_before_cannot_be_signed_off_and_says_so(cast: Cast, over_and_open: Both) -> None:
    over, _ = over_and_open
    with pytest.raises(Conflict, match="before this system"):
        closing.sign_off_episode(by=cast.bev, episode=over, version=over.version, words="Done.")
    closing.reopen_episode(by=cast.bev, episode=over, reason="Something new came out.")
    closing.sign_off_episode(by=cast.bev, episode=over, version=over.version + 1, words="Looked at again.")
