"""Carl says what he hears; "nothing new" is one tap."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import MissingEpisode, News
from tests.front.pages.a_report import answer_all, signed_in

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


@pytest.fixture
def news_url(carl: Client, cast: Cast) -> str:
    carl.post(answer_all(carl, cast.kit))
    return reverse("pages:news-add", args=[MissingEpisode.objects.get().pk])


def test_nothing_new_is_one_tap(carl: Client, news_url: str) -> None:
    assert carl.post(news_url, {"submit": "nothing_new"}).status_code == 302
    assert News.objects.get().kind == News.Kind.NOTHING_NEW


def test_a_call_is_written_down_once(carl: Client, news_url: str) -> None:
    told = {"kind": "call", "happened_at": "30", "words": "By the canal", "form_key": str(uuid.uuid4())}
    carl.post(news_url, told)
    page = carl.post(news_url, told, follow=True).content.decode()
    assert News.objects.get().words == "By the canal"
    assert "By the canal" in page


def test_news_without_words_is_asked_again(carl: Client, news_url: str) -> None:
    refused = carl.post(news_url, {"kind": "call", "happened_at": "now", "told_by": "Her aunt"})
    assert refused.status_code == 422
    assert "Write down what you know." in refused.content.decode()
    assert "Her aunt" in refused.content.decode()


def test_the_shared_tablet_signs_even_one_tap(cast: Cast, news_url: str) -> None:
    tablet = signed_in(cast.tablet)
    assert tablet.post(news_url, {"submit": "nothing_new"}).status_code == 422
    tablet.post(news_url, {"submit": "nothing_new", "typed_name": "Joss Pike"})
    assert News.objects.get().typed_name == "Joss Pike"


def test_amina_goes_back_to_the_authoritys_page(cast: Cast, news_url: str) -> None:
    told = {"kind": "call", "happened_at": "now", "words": "Kit’s aunt rang"}
    sent = signed_in(cast.amina).post(news_url, told)
    episode = MissingEpisode.objects.get()
    assert sent.url == reverse("pages:episode-detail", args=[episode.pk])  # type: ignore[attr-defined]


def test_eve_finds_no_such_report(cast: Cast, news_url: str) -> None:
    eve = signed_in(cast.eve)
    assert (eve.get(news_url).status_code, eve.post(news_url).status_code) == (404, 404)
