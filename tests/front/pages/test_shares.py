"""Which forces read an episode stands with whom was told; the authority ends it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.times import now
from incidents.access import episodes_shared_with
from incidents.models import MissingEpisode
from incidents.services import reports
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    return reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())


def test_the_authority_stops_sharing_with_a_reason(cast: Cast, episode: MissingEpisode) -> None:
    femi, share = at_the_desk(cast.femi), episode.shares.get()
    there, told = url("share-end", episode.pk, share.pk), url("episode-tellings", episode.pk)
    assert there in femi.get(told).content.decode()
    assert f"{share.force.name} reads no more" in text_of(femi.get(there))
    assert femi.post(there, {"reason": ""}).status_code == 422
    assert episodes_shared_with(cast.dee).exists()
    assert femi.post(there, {"reason": "Shared by mistake."}).headers["Location"] == told
    assert not episodes_shared_with(cast.dee).exists()
    assert there not in femi.get(told).content.decode()
    assert femi.post(there, {"reason": "Again."}).status_code == 409


def test_neither_the_home_nor_another_authority_nor_the_force(cast: Cast, episode: MissingEpisode) -> None:
    there = url("share-end", episode.pk, episode.shares.get().pk)
    answers = [at_the_desk(one).post(there, {"reason": "No."}).status_code for one in (cast.carl, cast.eve)]
    assert answers == [403, 404]
    assert at_the_desk(cast.dee).post(there, {"reason": "No."}).status_code == 404
    assert episodes_shared_with(cast.dee).exists()
