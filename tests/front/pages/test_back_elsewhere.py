"""Kit is found by another force, is not safe to go back, and comes back to a new home; then the talks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casework.front.pages.reports import carer_page
from casework.records.models import Child, Placement
from incidents.models import MissingEpisode, PreventionInterview, ReturnInterview
from tests.front.pages.a_report import answer_all, signed_in, the_clock_looks
from tests.front.pages.at_the_desk import text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


@pytest.fixture
def femi(cast: Cast) -> Client:
    return signed_in(cast.femi)


@pytest.fixture
def episode(carl: Client, cast: Cast) -> MissingEpisode:
    carl.post(answer_all(carl, cast.kit))
    return MissingEpisode.objects.get()


def home_of(child: Child) -> object:
    return Placement.objects.filter(child=child).latest("period").home


# ---- located, and who fetches ----


def test_who_fetches_a_located_child(cast: Cast, femi: Client, episode: MissingEpisode) -> None:
    there = url("located-check", episode.pk)
    said = {"with_whom": "PC 4417", "fetched_by": "Carl, by one", "why_not_back": "The car broke down"}
    assert femi.post(there, said).status_code == 409
    found = {"located_at": "now", "where": "Moorby station", "found_by": "police"}
    femi.post(url("episode-located", episode.pk), {**found, "fetched_by": "Carl, by noon"})
    assert there in text_of(femi.get(url("episode-detail", episode.pk)))
    assert femi.post(there, {**said, "fetched_by": ""}).status_code == 422
    assert femi.post(there, said).status_code == 302
    page = text_of(femi.get(url("episode-details", episode.pk)))
    for words in ("Carl, by noon", "Carl, by one", "The car broke down"):
        assert words in page


# ---- back ----


def test_back_at_another_home_in_one_go(cast: Cast, femi: Client, episode: MissingEpisode) -> None:
    back = {"returned_at": "now", "place": "home", "home": cast.fenwick_house.pk, "fetched_by": "PC 4417"}
    assert femi.post(url("episode-returned", episode.pk), back).status_code == 302
    episode.refresh_from_db()
    assert (episode.state, home_of(cast.kit)) == ("follow_up", cast.fenwick_house)
    page = text_of(femi.get(url("episode-detail", episode.pk)))
    assert "Back, at a new placement" in page
    assert "PC 4417" in page
    assert signed_in(cast.mo).get(url("child-detail", cast.kit.pk)).status_code == 200
    assert signed_in(cast.carl).get(url("child-detail", cast.kit.pk)).status_code == 404


@pytest.mark.parametrize("place", [{"place": "here"}, {}])
def test_back_where_they_lived_moves_nobody(
    cast: Cast, femi: Client, episode: MissingEpisode, place: dict[str, str]
) -> None:
    femi.post(url("episode-returned", episode.pk), {"returned_at": "now", **place})
    episode.refresh_from_db()
    assert (episode.state, home_of(cast.kit)) == ("follow_up", cast.larch_house)


@pytest.mark.parametrize("where", [{"place": "home"}, {"place": "elsewhere"}, {"place": "the moon"}])
def test_a_place_that_cannot_be_read_does_not_stop_the_return(
    cast: Cast, femi: Client, episode: MissingEpisode, where: dict[str, str]
) -> None:
    page = femi.post(url("episode-returned", episode.pk), {"returned_at": "now", "said": "Cold.", **where})
    episode.refresh_from_db()
    assert (page.status_code, episode.state, home_of(cast.kit)) == (422, "follow_up", cast.larch_house)
    assert "Cold." in text_of(page)
    assert ("move the child" in text_of(page)) is (where["place"] != "the moon")


def test_a_move_that_cannot_be_does_not_stop_it_either(
    cast: Cast, femi: Client, episode: MissingEpisode
) -> None:
    back = {"returned_at": "now", "place": "home", "home": cast.larch_house.pk}
    page = text_of(femi.post(url("episode-returned", episode.pk), back, follow=True))
    episode.refresh_from_db()
    assert episode.state == "follow_up"
    assert "The child lives there already" in page
    assert "The return is recorded, the new placement is not" in page


def test_a_home_is_not_asked_where_to(cast: Cast, carl: Client, episode: MissingEpisode) -> None:
    page = carl.get(url("episode-returned", episode.pk))
    assert 'name="place"' not in text_of(page)
    forged = carl.post(
        url("episode-returned", episode.pk),
        {"returned_at": "now", "place": "home", "home": cast.fenwick_house.pk},
    )
    episode.refresh_from_db()
    assert (forged.status_code, episode.state, home_of(cast.kit)) == (422, "open", cast.larch_house)


def test_going_back_is_chosen_beforehand_for_nobody_who_may_be_trafficked(cast: Cast, femi: Client) -> None:
    chosen = {}
    for carer, child in ((cast.carl, cast.kit), (cast.mo, cast.biniam)):
        client = signed_in(carer)
        client.post(answer_all(client, child))
        row = MissingEpisode.objects.get(child=child)
        page = text_of(femi.get(url("episode-returned", row.pk)))
        chosen[child.pk] = "checked" in page.split('value="here"')[1].split(">")[0]
    assert chosen == {cast.kit.pk: True, cast.biniam.pk: False}


# ---- the police's talk ----


def test_the_polices_talk_is_chased_and_held(cast: Cast, femi: Client, episode: MissingEpisode) -> None:
    there = url("prevention-record", episode.pk)
    talk = {"outcome": "chased", "happened_at": "now", "words": "Sgt Odell: tomorrow"}
    assert femi.post(there, talk).status_code == 409
    femi.post(url("episode-returned", episode.pk), {"returned_at": "now"})
    assert there in text_of(femi.get(url("episode-police", episode.pk)))
    femi.post(there, talk)
    held = {"outcome": "held", "happened_at": "now", "words": "He is well", "officer": "PC 4471"}
    refused = femi.post(there, {**held, "officer": ""})
    assert (refused.status_code, "He is well" in text_of(refused)) == (422, True)
    assert femi.post(there, held).headers["Location"] == url("episode-police", episode.pk)
    assert PreventionInterview.objects.count() == 2
    assert "He is well" in text_of(femi.get(url("episode-police", episode.pk)))
    assert signed_in(cast.carl).get(there).status_code == 403
    assert signed_in(cast.eve).get(there).status_code == 404


# ---- the interview, and what is shared of it ----

HELD = {
    "held_at": "now",
    "own_words": "I went to see my brother",
    "is_caring": "no",
    "is_line_managed": "no",
    "is_trained": "yes",
    "language": "Tigrinya",
    "interpreter_name": "Selam Hagos",
    "interpreter_agency": "Clear Words",
    "is_interpreter_independent": "no",
    "slept": "In a lorry",
}


@pytest.fixture
def interview(cast: Cast, femi: Client, episode: MissingEpisode) -> ReturnInterview:
    femi.post(url("episode-returned", episode.pk), {"returned_at": "now"})
    return episode.interviews.get()


def test_an_interpreter_of_the_childs_own_community_is_warned_of(
    cast: Cast, interview: ReturnInterview
) -> None:
    ines, there = signed_in(cast.ines), url("interview-hold", interview.pk)
    refused = ines.post(there, {**HELD, "is_interpreter_independent": ""})
    assert "Say whether the interpreter is independent" in text_of(refused)
    page = text_of(ines.post(there, HELD, follow=True))
    assert "Think about talking again with another interpreter" in page
    for words in ("Selam Hagos", "Clear Words", "Tigrinya", "In a lorry"):
        assert words in page


def test_the_home_reads_the_text_that_was_written_for_it_and_nothing_else(
    cast: Cast, interview: ReturnInterview, episode: MissingEpisode
) -> None:
    ines, there = signed_in(cast.ines), url("interview-share", interview.pk)
    assert ines.get(there).status_code == 200
    said = {
        "audience": "provider",
        "told_name": "Carl Penrose",
        "how": "phone",
        "words": "He misses his brother",
    }
    assert ines.post(there, said).status_code == 409
    ines.post(url("interview-hold", interview.pk), HELD)
    assert there in text_of(ines.get(url("episode-interviews", episode.pk)))
    assert "my brother" not in text_of(ines.get(there))  # the child's words are not in the box already
    assert ines.post(there, {**said, "words": ""}).status_code == 422
    assert ines.post(there, said).headers["Location"] == url("episode-interviews", episode.pk)
    page = text_of(signed_in(cast.carl).get(url("report-detail", episode.pk)))
    assert "He misses his brother" in page
    assert "I went to see" not in page
    assert "In a lorry" not in page
    assert "He misses his brother" not in text_of(
        signed_in(cast.tablet).get(url("report-detail", episode.pk))
    )


def test_what_was_shared_with_the_police_is_not_the_homes_to_read(
    cast: Cast, interview: ReturnInterview, episode: MissingEpisode
) -> None:
    ines = signed_in(cast.ines)
    ines.post(url("interview-hold", interview.pk), HELD)
    said = {"audience": "police", "told_name": "PC 4471", "how": "phone", "words": "A man called Tony"}
    ines.post(url("interview-share", interview.pk), said)
    assert "called Tony" not in text_of(signed_in(cast.carl).get(url("report-detail", episode.pk)))
    told = text_of(signed_in(cast.amina).get(url("episode-tellings", episode.pk)))
    assert "PC 4471" in told


# ---- a home's page on a phone ----


def test_no_more_than_five_things_stand_there_to_be_done_at_once(
    cast: Cast, carl: Client, episode: MissingEpisode, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_clock_looks(episode)
    page = carl.get(url("report-detail", episode.pk)).context["page"]
    assert len(page.first_cards) <= 5
    monkeypatch.setattr(carer_page, "AT_ONCE", 1)
    shown = carl.get(url("report-detail", episode.pk))
    cards = shown.context["page"]
    assert len(cards.cards) > 1
    assert (len(cards.first_cards), len(cards.later_cards)) == (1, len(cards.cards) - 1)
    assert f"After that ({len(cards.later_cards)})" in text_of(shown)
