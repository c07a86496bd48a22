"""A thumb that presses twice, a hundred times, or reports who is already reported: done once, and said so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from casework.records.models import User
from casework.records.times import now
from incidents.models import MissingEpisode, News
from incidents.services.returns import record_located
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.front.pages.a_report import answer_all, signed_in
from tests.incidents.nights import report

AT_ONCE = 8


def news_page(episode: MissingEpisode) -> str:
    return reverse("pages:news-add", args=[episode.pk])


def heard(key: object, words: str = "Seen at the bus station") -> dict[str, str]:
    return {"form_key": str(key), "kind": "call", "words": words, "happened_at": "now"}


def press(user: User, address: str, sent: dict[str, str]) -> tuple[int, str]:
    """One press on a connection of its own: the status, and where it leads."""
    try:
        answer = signed_in(user).post(address, sent)
        return answer.status_code, answer.headers.get("Location", "")
    finally:
        connection.close()


@pytest.mark.ac("T15.1")
@pytest.mark.django_db(transaction=True)
def test_a_hundred_presses_at_once_are_one_piece_of_news(cast: Cast) -> None:
    publish_default()
    episode = report(cast)
    address, sent = news_page(episode), heard(uuid4())
    with ThreadPoolExecutor(AT_ONCE) as pressing:
        outcomes = list(pressing.map(lambda _: press(cast.carl, address, sent), range(100)))
    assert News.objects.filter(episode=episode).count() == 1
    taken = {where for status, where in outcomes if status == 302}
    assert len(taken) == 1, "all that were taken lead to the one result"
    assert {status for status, _ in outcomes} <= {302, 409}  # 409: it is being sent at this moment
    assert press(cast.carl, address, sent) == (302, taken.pop())


@pytest.mark.ac("T15.1", "B27")
@pytest.mark.django_db
def test_the_same_key_with_other_words_is_refused_and_they_are_kept(cast: Cast) -> None:
    carl, address, key = signed_in(cast.carl), news_page(report(cast)), uuid4()
    assert carl.post(address, heard(key)).status_code == 302
    other = carl.post(address, heard(key, words="Seen at the harbour"))
    assert other.status_code == 422
    assert "already sent with other answers" in other.content.decode()
    assert "Seen at the harbour" in other.content.decode()
    assert News.objects.count() == 1


@pytest.mark.ac("T15.2")
@pytest.mark.django_db
def test_a_second_report_is_led_to_the_first(cast: Cast) -> None:
    episode, gita = report(cast), signed_in(cast.gita)
    answer = gita.post(answer_all(gita, cast.kit))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert escape("Add what you know to that report.") in text
    assert "Already reported missing at " in text
    assert reverse("pages:news-add", args=[episode.pk]) in text
    assert MissingEpisode.objects.count() == 1


@pytest.mark.ac("T15.2")
@pytest.mark.django_db
def test_gone_again_before_they_were_back_goes_on_in_the_same_episode(cast: Cast) -> None:
    episode, carl = report(cast), signed_in(cast.carl)
    record_located(
        by=cast.femi,
        episode=episode,
        located_at=now(),
        where="Bus station",
        found_by="police",
    )
    assert carl.post(answer_all(carl, cast.kit)).status_code == 302
    episode.refresh_from_db()
    assert (MissingEpisode.objects.count(), episode.state) == (1, "open")
    assert list(episode.spells.order_by("ordinal").values_list("category", flat=True)) == [
        "missing",
        "missing",
    ]
