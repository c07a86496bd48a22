""" "They're back" is never refused: the fact first, the rest when somebody has a minute."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from casework.records.times import now
from incidents.models import MissingEpisode, News, Return, State
from tests.front.pages.a_report import answer_all, signed_in
from tests.front.pages.test_reports import given

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
def back_url(episode: MissingEpisode) -> str:
    return reverse("pages:episode-back", args=[episode.pk])


def test_carl_says_that_kit_is_back(carl: Client, episode: MissingEpisode, back_url: str) -> None:
    page = carl.post(back_url, {"returned_at": "now", "condition": "Cold and tired"}, follow=True)
    episode.refresh_from_db()
    assert episode.state == State.FOLLOW_UP
    assert episode.returns.get().condition == "Cold and tired"
    assert "Recorded as back" in page.content.decode()


@pytest.mark.ac("B27")
def test_the_same_press_twice_is_one_return(carl: Client, back_url: str) -> None:
    press = {"returned_at": "now", "form_key": str(uuid.uuid4())}
    first, second = carl.post(back_url, press), carl.post(back_url, press)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert Return.objects.count() == 1


@pytest.mark.ac("B16")
def test_a_return_before_going_missing_is_taken_and_the_time_asked_again(
    carl: Client, episode: MissingEpisode, back_url: str
) -> None:
    impossible = given("returned_at", episode.missing_from - timedelta(hours=2))
    page = carl.post(back_url, {**impossible, "said": "Went to see Jay"}, follow=True).content.decode()
    row = episode.returns.get()
    assert row.needs_time
    assert "The child went missing at" in page
    assert "When did they get back?" in page
    assert "Went to see Jay" in page
    carl.post(back_url, {"version": row.version, "returned_at": "now", "said": "Went to see Jay"})
    row.refresh_from_db()
    assert not row.needs_time


@pytest.mark.parametrize("time", ["", "soon", "25:99"])
def test_a_time_that_cannot_be_read_does_not_stop_the_return(
    carl: Client, episode: MissingEpisode, back_url: str, time: str
) -> None:
    told = {**given("returned_at", now()), "returned_at_time": time, "condition": "Well"}
    page = carl.post(back_url, told)
    episode.refresh_from_db()
    assert page.status_code == 422
    assert "Well" in page.content.decode()
    assert episode.state == State.FOLLOW_UP
    assert episode.returns.get().needs_time


@pytest.mark.ac("B04")
def test_a_word_that_cannot_be_kept_does_not_stop_it_either(
    carl: Client, episode: MissingEpisode, back_url: str
) -> None:
    page = carl.post(back_url, {"returned_at": "now", "condition": "a\x00b", "said": "Nothing"})
    episode.refresh_from_db()
    assert page.status_code == 422
    assert episode.state == State.FOLLOW_UP
    assert episode.returns.get().said == "Nothing"


@pytest.mark.ac("B22")
def test_a_forged_page_is_refused(carl: Client, episode: MissingEpisode, back_url: str) -> None:
    assert carl.post(back_url, {"returned_at": "now", "state": "closed"}).status_code == 422
    episode.refresh_from_db()
    assert episode.state == State.OPEN


def test_the_second_person_to_say_it_loses_no_words(carl: Client, cast: Cast, back_url: str) -> None:
    gita = signed_in(cast.gita)
    carl.post(back_url, {"returned_at": "now"})
    gita.post(back_url, {"returned_at": "now", "injuries": "A cut on the hand"})
    assert Return.objects.count() == 1
    assert "A cut on the hand" in News.objects.get().words


def test_how_they_are_can_follow(carl: Client, episode: MissingEpisode, back_url: str) -> None:
    carl.post(back_url, {"returned_at": "now"})
    row = episode.returns.get()
    more = {"version": row.version, **given("returned_at", row.returned_at), "injuries": "None seen"}
    assert carl.post(back_url, more).status_code == 302
    row.refresh_from_db()
    assert row.injuries == "None seen"


@pytest.mark.ac("B26")
def test_two_who_add_at_once_see_both_texts(carl: Client, episode: MissingEpisode, back_url: str) -> None:
    carl.post(back_url, {"returned_at": "now"})
    row = episode.returns.get()
    at = given("returned_at", row.returned_at)
    carl.post(back_url, {"version": row.version, **at, "said": "Was with Jay"})
    late = carl.post(back_url, {"version": row.version, **at, "said": "Was at the canal"})
    assert late.status_code == 409
    assert "Was with Jay" in late.content.decode()
    assert "Was at the canal" in late.content.decode()


def test_the_shared_tablet_may_say_it_and_put_the_time_right(
    cast: Cast, episode: MissingEpisode, back_url: str
) -> None:
    tablet = signed_in(cast.tablet)
    impossible = given("returned_at", episode.missing_from - timedelta(hours=2))
    tablet.post(back_url, {**impossible, "typed_name": "Joss Pike"})
    row = episode.returns.get()
    assert (row.needs_time, row.typed_name) == (True, "Joss Pike")
    tablet.post(back_url, {"version": row.version, "returned_at": "now", "typed_name": "Joss Pike"})
    row.refresh_from_db()
    assert not row.needs_time


def test_a_tablet_without_a_name_is_not_refused_either(
    cast: Cast, episode: MissingEpisode, back_url: str
) -> None:
    signed_in(cast.tablet).post(back_url, {"returned_at": "now"})
    episode.refresh_from_db()
    assert episode.state == State.FOLLOW_UP


def test_eve_finds_no_such_report(cast: Cast, back_url: str) -> None:
    eve = signed_in(cast.eve)
    assert (eve.get(back_url).status_code, eve.post(back_url).status_code) == (404, 404)
    assert eve.get(f"{back_url}next/").status_code == 404


def test_the_next_night_is_a_new_report(carl: Client, cast: Cast, back_url: str) -> None:
    carl.post(back_url, {"returned_at": "now"})
    assert carl.post(answer_all(carl, cast.kit)).status_code == 302
    assert MissingEpisode.objects.count() == 2
