"""The home gives notice while Kit is missing; whoever ends the placement hears of rule 575."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casework.front.pages.kit.words import calendar_day, wall
from casework.records.times import now
from incidents.models import MissingEpisode, PlacementNotice
from incidents.services.returns import record_return
from tests.front.pages.a_report import answer_all, signed_in
from tests.front.pages.at_the_desk import text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


@pytest.fixture
def episode(carl: Client, cast: Cast) -> MissingEpisode:
    carl.post(answer_all(carl, cast.kit))
    return MissingEpisode.objects.get()


def notice(changed: dict[str, str] | None = None, *, days: int = 28) -> dict[str, str]:
    ends_on = wall(now()).date() + timedelta(days=days)
    day = {"ends_on_day": str(ends_on.day), "ends_on_month": str(ends_on.month)}
    return {
        **day,
        "ends_on_year": str(ends_on.year),
        "reason": "We cannot keep him safe",
        "given_at": "now",
        **(changed or {}),
    }


def test_the_home_gives_notice_and_duty_and_manager_read_it(
    cast: Cast, carl: Client, episode: MissingEpisode
) -> None:
    there = url("notice-give", episode.pk)
    assert there in text_of(carl.get(url("report-detail", episode.pk)))
    assert carl.post(there, notice()).headers["Location"] == url("report-detail", episode.pk)
    day = calendar_day(PlacementNotice.objects.get().ends_on)
    for reader, name in (
        (cast.femi, "episode-detail"),
        (cast.bev, "episode-detail"),
        (cast.carl, "report-detail"),
    ):
        page = text_of(signed_in(reader).get(url(name, episode.pk)))
        assert f"the place ends on {day}" in page
        assert "rule 575" in page


def test_femi_writes_down_what_the_manager_said_by_phone(cast: Cast, episode: MissingEpisode) -> None:
    signed_in(cast.femi).post(url("notice-give", episode.pk), notice({"given_by": "Gita Larch"}))
    assert PlacementNotice.objects.get().given_by == "Gita Larch"


@pytest.mark.parametrize("changed", [{"reason": ""}, {"ends_on_day": "31", "ends_on_month": "2"}])
def test_a_notice_says_until_when_and_why(
    carl: Client, episode: MissingEpisode, changed: dict[str, str]
) -> None:
    assert carl.post(url("notice-give", episode.pk), notice(changed)).status_code == 422
    assert carl.post(url("notice-give", episode.pk), notice(days=-1)).status_code == 422
    assert not PlacementNotice.objects.exists()


def test_the_tablet_and_strangers_give_none(cast: Cast, episode: MissingEpisode) -> None:
    there = url("notice-give", episode.pk)
    answers = {
        user.name: signed_in(user).post(there, notice()).status_code
        for user in (cast.tablet, cast.mo, cast.eve)
    }
    assert answers == {"Larch House tablet": 403, "Mo Fenn": 404, "Eve Northcott": 404}
    assert not PlacementNotice.objects.exists()


def test_ending_or_moving_says_what_that_does_to_the_return_while_the_child_is_missing(
    cast: Cast, episode: MissingEpisode
) -> None:
    amina, placement = signed_in(cast.amina), cast.kit.placements.get()
    pages = (url("placement-end", cast.kit.pk, placement.pk), url("child-move", cast.kit.pk))
    assert all("rule 575" in text_of(amina.get(page)) for page in pages)
    record_return(by=cast.carl, episode=episode)
    assert not any("rule 575" in text_of(amina.get(page)) for page in pages)
