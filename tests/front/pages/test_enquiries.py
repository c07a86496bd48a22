"""An uncle rings: what to say stands there at once, and whatever was caught is kept."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casework.records.models import Disclosure, Notification
from casework.records.notify import outbox
from casework.records.services import placements
from casework.records.times import now
from incidents.models import MissingEpisode, News
from incidents.services import risk
from incidents.services.police import record_police_answer
from tests.front.pages.a_report import answer_all, signed_in
from tests.front.pages.at_the_desk import text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

SAY = "I can’t say who lives here. Give me your name and number and somebody will ring you back."
CAUGHT = {
    "said_name": "An uncle",
    "number": "07700 900777",
    "what_asked": "Whether he had gone out",
    "how_known": "From a card in his room",
}


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


@pytest.fixture
def episode(carl: Client, cast: Cast) -> MissingEpisode:
    carl.post(answer_all(carl, cast.kit))
    return MissingEpisode.objects.get()


def test_one_tap_from_the_homes_page_and_the_words_are_there(cast: Cast, carl: Client) -> None:
    there = url("enquirer", cast.kit.pk)
    assert there in text_of(carl.get(url("home")))
    page = text_of(carl.get(there))
    assert page.index(SAY) < page.index('name="said_name"')
    assert "Ashdown" not in page.split("<main")[0]  # neither in the title nor anywhere above


def test_it_is_one_tap_from_every_page_where_somebody_holds_a_telephone(
    cast: Cast, carl: Client, episode: MissingEpisode
) -> None:
    there, femi = url("enquirer", cast.kit.pk), signed_in(cast.femi)
    for client, name in ((carl, "report-detail"), (carl, "news-add"), (femi, "episode-detail")):
        assert there in text_of(client.get(url(name, episode.pk)))
    assert there in text_of(carl.get(url("home")))


def test_what_was_caught_is_news_that_the_duty_desk_reads(
    cast: Cast, carl: Client, episode: MissingEpisode
) -> None:
    sent = carl.post(url("enquirer", cast.kit.pk), CAUGHT)
    assert sent.headers["Location"] == url("report-detail", episode.pk)
    assert News.objects.get().episode == episode
    femi = signed_in(cast.femi)
    for name in ("episode-heard", "episode-detail"):
        page = text_of(femi.get(url(name, episode.pk)))
        assert "Somebody asked for them" in page
        assert "07700 900777" in page


def test_of_a_child_who_is_not_missing_the_record_keeps_it(cast: Cast, carl: Client) -> None:
    assert carl.post(url("enquirer", cast.ola.pk), CAUGHT).headers["Location"] == url("home")
    for reader in (cast.carl, cast.amina):
        assert "Whether he had gone out" in text_of(signed_in(reader).get(url("child-detail", cast.ola.pk)))


def test_a_new_home_does_not_read_who_asked_at_the_old_one(cast: Cast, carl: Client) -> None:
    carl.post(url("enquirer", cast.ola.pk), CAUGHT)
    placements.move_child(by=cast.amina, child=cast.ola, home=cast.fenwick_house, at=now())
    page = signed_in(cast.mo).get(url("child-detail", cast.ola.pk))
    assert page.status_code == 200
    assert "Whether he had gone out" not in text_of(page)
    assert "Whether he had gone out" in text_of(signed_in(cast.amina).get(url("child-detail", cast.ola.pk)))


def test_nothing_has_to_be_known_and_twice_is_once(cast: Cast, carl: Client) -> None:
    press = {"form_key": str(uuid.uuid4())}
    first, second = (carl.post(url("enquirer", cast.kit.pk), press) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert News.objects.count() == 1


def test_too_much_is_refused_and_what_was_typed_stays(cast: Cast, carl: Client) -> None:
    refused = carl.post(url("enquirer", cast.kit.pk), {**CAUGHT, "how_known": "x" * 301})
    assert refused.status_code == 422
    assert "07700 900777" in text_of(refused)
    assert not News.objects.exists()


def test_for_a_child_who_may_be_trafficked_the_police_are_rung_and_duty_hears(cast: Cast) -> None:
    mo = signed_in(cast.mo)
    mo.post(answer_all(mo, cast.biniam))
    row = MissingEpisode.objects.get()
    record_police_answer(
        by=cast.mo, episode=row, answer="taken", told_at=now(), officer="PC 4471", reference="XP-1911-0731"
    )
    page = text_of(mo.get(url("enquirer", cast.biniam.pk)))
    assert "reference XP-1911-0731" in page
    after = text_of(mo.post(url("enquirer", cast.biniam.pk), CAUGHT, follow=True))
    assert "Now ring the police on 101, give them reference XP-1911-0731" in after
    assert Notification.objects.filter(template="enquirer", episode_id=row.pk).exists()


def test_of_any_other_child_it_says_nothing_of_trafficking(cast: Cast, carl: Client) -> None:
    assert "trafficking" not in text_of(carl.get(url("enquirer", cast.kit.pk)))


def test_the_tablet_takes_it_with_a_name(cast: Cast) -> None:
    tablet = signed_in(cast.tablet)
    assert tablet.post(url("enquirer", cast.kit.pk), CAUGHT).status_code == 422
    assert tablet.post(url("enquirer", cast.kit.pk), {**CAUGHT, "typed_name": "Joss Pike"}).status_code == 302
    assert News.objects.get().typed_name == "Joss Pike"


def test_whoever_has_nothing_to_do_with_the_child_learns_nothing(cast: Cast) -> None:
    for stranger in (cast.mo, cast.eve, cast.dee):
        client = signed_in(stranger)
        there = url("enquirer", cast.kit.pk)
        assert (client.get(there).status_code, client.post(there, CAUGHT).status_code) == (404, 404)
    assert not News.objects.exists()


def test_whoever_hears_that_somebody_asked_was_not_told_that_the_child_is_back(
    cast: Cast, carl: Client, episode: MissingEpisode
) -> None:
    risk.record_indicator(
        by=cast.carl, child=cast.kit, code="trafficking", words="Two phones.", seen_by="Carl"
    )
    carl.post(url("enquirer", cast.kit.pk), CAUGHT)
    outbox.deliver()
    told = Disclosure.objects.filter(episode_id=episode.pk, what="Somebody asked for a child")
    assert set(told.values_list("told_of", flat=True)) == {Disclosure.Of.MISSING}
