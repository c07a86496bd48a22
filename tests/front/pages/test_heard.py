"""What is heard while Kit is gone: written down by the home, read and passed on by the authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.records.models import PoliceForce
from casework.records.times import now
from incidents.models import MissingEpisode, News, ReportCopy
from incidents.services import heard
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


@pytest.fixture
def moorland(cast: Cast) -> PoliceForce:
    return PoliceForce.objects.create(name="Moorland Police")


SEEN = {
    "happened_at": "30",
    "where": "Moorby station",
    "words": "With two men, on platform 2",
    "told_by": "A guard",
    "how_sure": "likely",
}
SPOKEN = {
    "happened_at": "now",
    "words": "I am fine, leave me",
    "how_known": "Knew the dog’s name",
    "where": "Says at a friend’s",
    "number": "07700 900456",
}


def test_a_sighting_elsewhere_is_passed_on_to_the_force_there(
    cast: Cast, carl: Client, episode: MissingEpisode, moorland: PoliceForce
) -> None:
    sent = carl.post(url("sighting-add", episode.pk), {**SEEN, "force": moorland.pk})
    assert sent.headers["Location"] == url("report-detail", episode.pk)
    seen = News.objects.get()
    femi = signed_in(cast.femi)
    tab = text_of(femi.get(url("episode-heard", episode.pk)))
    assert "Moorby station" in tab
    assert "Share with Moorland Police" in tab
    share_url = url("sighting-share", episode.pk, seen.pk)
    assert "Seen in their area: Moorby station" in text_of(femi.get(share_url))
    assert femi.post(share_url, {"reason": ""}).status_code == 422
    assert femi.post(share_url, {"reason": "Seen there."}).headers["Location"] == url(
        "episode-heard", episode.pk
    )
    assert episode.shares.get(force=moorland).reason == "Seen there."
    assert "can read this episode" in text_of(femi.get(url("episode-heard", episode.pk)))
    assert femi.post(share_url, {"reason": "Again."}).status_code == 409


def test_a_home_shares_with_nobody_and_a_sighting_nearby_has_no_button(
    cast: Cast, carl: Client, episode: MissingEpisode, moorland: PoliceForce
) -> None:
    carl.post(url("sighting-add", episode.pk), SEEN)
    near = News.objects.get()
    assert "Share with" not in text_of(signed_in(cast.femi).get(url("episode-heard", episode.pk)))
    share_url = url("sighting-share", episode.pk, near.pk)
    assert signed_in(cast.femi).get(share_url).status_code == 404
    assert (carl.get(share_url).status_code, signed_in(cast.eve).get(share_url).status_code) == (403, 404)
    assert carl.get(url("episode-heard", episode.pk)).status_code == 403


def test_the_home_reads_its_own_force_in_no_list(
    cast: Cast, carl: Client, episode: MissingEpisode, moorland: PoliceForce
) -> None:
    page = text_of(carl.get(url("sighting-add", episode.pk)))
    assert "Moorland Police" in page
    assert f'value="{cast.police.pk}"' not in page
    refused = carl.post(url("sighting-add", episode.pk), {**SEEN, "force": cast.police.pk})
    assert refused.status_code == 422
    assert "With two men, on platform 2" in text_of(refused)


@pytest.mark.parametrize("left_out", ["happened_at", "where", "words", "how_sure"])
def test_a_sighting_says_where_when_what_and_how_sure(
    carl: Client, episode: MissingEpisode, left_out: str
) -> None:
    said = {name: words for name, words in SEEN.items() if name != left_out}
    assert carl.post(url("sighting-add", episode.pk), said).status_code == 422
    assert not News.objects.exists()


def test_words_with_the_child_are_their_own_and_locate_nobody(
    cast: Cast, carl: Client, episode: MissingEpisode
) -> None:
    page = text_of(carl.get(url("spoken-add", episode.pk)))
    assert "It does not say that they are found" in page
    assert carl.post(url("spoken-add", episode.pk), {**SPOKEN, "how_known": ""}).status_code == 422
    carl.post(url("spoken-add", episode.pk), SPOKEN)
    episode.refresh_from_db()
    assert (episode.state, News.objects.get().kind) == ("open", "spoken")
    for reader, name in ((cast.carl, "report-detail"), (cast.femi, "episode-detail")):
        shown = text_of(signed_in(reader).get(url(name, episode.pk)))
        assert "I am fine, leave me" in shown
        assert "Knew the dog’s name" in shown


def test_the_home_keeps_its_own_copy_of_all_of_it(carl: Client, episode: MissingEpisode) -> None:
    carl.post(url("spoken-add", episode.pk), SPOKEN)
    copy = ReportCopy.objects.filter(kind="news").get()
    page = text_of(carl.get(url("report-copy", copy.pk)))
    for words in ("Somebody spoke to them", "Knew the dog’s name", "07700 900456"):
        assert words in page


def test_the_tablet_signs_and_reads_nothing_back(cast: Cast, episode: MissingEpisode) -> None:
    tablet = signed_in(cast.tablet)
    assert tablet.post(url("sighting-add", episode.pk), SEEN).status_code == 422
    tablet.post(url("sighting-add", episode.pk), {**SEEN, "typed_name": "Joss Pike"})
    assert News.objects.get().typed_name == "Joss Pike"
    assert "With two men" not in text_of(tablet.get(url("report-detail", episode.pk)))


def test_eve_finds_none_of_these_pages(cast: Cast, episode: MissingEpisode) -> None:
    eve = signed_in(cast.eve)
    for name in ("sighting-add", "spoken-add", "episode-heard"):
        assert eve.get(url(name, episode.pk)).status_code == 404
    assert eve.post(url("sighting-add", episode.pk), SEEN).status_code == 404
    assert not News.objects.exists()


def test_the_newest_stands_first_and_much_news_asks_no_more(cast: Cast, episode: MissingEpisode) -> None:
    def asked() -> int:
        femi = signed_in(cast.femi)
        with CaptureQueriesContext(connection) as queries:
            femi.get(url("episode-heard", episode.pk))
        return len(queries)

    heard.add_news(by=cast.carl, episode=episode, kind="call", words="The first", happened_at=now())
    few = asked()
    for at in range(9):
        heard.add_news(by=cast.carl, episode=episode, kind="call", words=f"Call {at}", happened_at=now())
    assert asked() == few
    page = text_of(signed_in(cast.femi).get(url("episode-heard", episode.pk)))
    assert page.index("Call 8") < page.index("The first")
