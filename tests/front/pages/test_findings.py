"""The police say that they have found the child: those who know the child answer whether it is them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.times import now
from incidents.models import FindingAnswer, Located, MissingEpisode, State
from incidents.services import force, reports
from protocols.publishing import publish_default
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
ASKED = "Is it them?"


@pytest.fixture
def found(cast: Cast) -> Located:
    """Kit, missing, and found at the station, says Dee's force."""
    publish_default(authority=cast.exampleshire)
    episode = reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    return force.propose_found(by=cast.dee, episode=episode, located_at=now(), where="At the station")


def test_board_episode_and_home_ask_and_only_the_authority_reads_where(cast: Cast, found: Located) -> None:
    there = url("finding-answer", found.episode_id, found.pk)
    femi, carl = at_the_desk(cast.femi), at_the_desk(cast.carl)
    assert ASKED in text_of(femi.get(url("now")))
    episode = femi.get(url("episode-detail", found.episode_id)).content.decode()
    assert there in episode
    assert "At the station" in episode
    home = carl.get(url("report-detail", found.episode_id)).content.decode()
    assert there in home
    assert "At the station" not in home


def test_yes(cast: Cast, found: Located) -> None:
    carl = at_the_desk(cast.carl)
    sent = carl.post(url("finding-answer", found.episode_id, found.pk), {"answer": "confirmed"})
    assert sent.status_code == 302
    assert FindingAnswer.objects.get().answered_by == cast.carl
    femi = at_the_desk(cast.femi)
    assert ASKED not in text_of(femi.get(url("now")))
    assert "It is them" in text_of(femi.get(url("episode-details", found.episode_id)))


def test_no_needs_a_word_and_puts_the_child_back_among_the_missing(cast: Cast, found: Located) -> None:
    femi, there = at_the_desk(cast.femi), url("finding-answer", found.episode_id, found.pk)
    for answers in ({}, {"answer": "refused"}, {"answer": "perhaps"}):
        assert femi.post(there, answers).status_code == 422
    assert femi.post(there, {"answer": "refused", "words": "Another boy."}).status_code == 302
    assert MissingEpisode.objects.get().state == State.OPEN
    assert femi.post(there, {"answer": "confirmed"}).status_code == 409


def test_it_is_not_for_strangers_nor_for_the_tablet_nor_for_the_police(cast: Cast, found: Located) -> None:
    there = url("finding-answer", found.episode_id, found.pk)
    for stranger, status in ((cast.eve, 404), (cast.mo, 404), (cast.dee, 404), (cast.tablet, 403)):
        assert at_the_desk(stranger).post(there, {"answer": "confirmed"}).status_code == status
    assert not FindingAnswer.objects.exists()


def test_what_the_authority_found_itself_has_no_such_page(cast: Cast, found: Located) -> None:
    Located.objects.filter(pk=found.pk).update(proposed_by=None)
    assert at_the_desk(cast.femi).get(url("finding-answer", found.episode_id, found.pk)).status_code == 404
