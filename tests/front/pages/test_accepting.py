"""“I’ve got this” on the episode's page and the board."""

from __future__ import annotations

import uuid

import pytest

from incidents.models import MissingEpisode
from tests.cast import Cast
from tests.front.pages.at_the_desk import send
from tests.front.pages.duty_night import at_the_desk, in_force, missing, path_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    in_force(cast)
    return missing(cast)


def test_one_press_on_the_episodes_page_and_the_board_says_who_has_it(
    cast: Cast, episode: MissingEpisode
) -> None:
    femi = at_the_desk(cast.femi)
    page = femi.get(path_of("episode-detail", episode.pk))
    assert "nobody has said yet that they have this case" in text_of(page)
    key = page.context["accept"]["form_key"].value()
    answer = femi.post(path_of("episode-accept", episode.pk), {"form_key": str(key)})
    assert answer.url == path_of("episode-detail", episode.pk)  # type: ignore[attr-defined]  # a redirect has one
    assert "Femi Castell (you), since" in text_of(femi.get(path_of("episode-detail", episode.pk)))
    (row,) = at_the_desk(cast.bev).get("/now/").context["rows"]
    assert str(row.responsible) == "Femi Castell"
    assert row.responsible.since is not None


def test_whoever_has_it_is_not_asked_again_and_a_colleague_is(cast: Cast, episode: MissingEpisode) -> None:
    send(cast.femi, "episode-accept", episode.pk)
    address = path_of("episode-detail", episode.pk)
    assert at_the_desk(cast.femi).get(address).context["accept"] is None
    assert at_the_desk(cast.bev).get(address).context["accept"] is not None
    send(cast.bev, "episode-accept", episode.pk)
    story = text_of(at_the_desk(cast.amina).get(address))
    assert "It was with Femi Castell before." in story


def test_sent_twice_it_is_told_once(cast: Cast, episode: MissingEpisode) -> None:
    femi, key = at_the_desk(cast.femi), str(uuid.uuid4())
    for _ in range(2):
        answer = femi.post(path_of("episode-accept", episode.pk), {"form_key": key})
        assert answer.status_code == 302
    assert text_of(femi.get(path_of("episode-detail", episode.pk))).count("Took this case on") == 1


def test_carl_cannot_and_eve_does_not_know_of_it(cast: Cast, episode: MissingEpisode) -> None:
    assert send(cast.carl, "episode-accept", episode.pk).status_code == 403
    assert send(cast.eve, "episode-accept", episode.pk).status_code == 404
    assert send(cast.amina, "episode-accept", episode.pk).status_code == 302
