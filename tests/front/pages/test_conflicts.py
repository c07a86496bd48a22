"""A conflict of interest on the pages: declared, recorded, found, ended; and the child is nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.models import ConflictOfInterest
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports
from protocols import engine
from protocols.queries import owed_by
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.ac("T05.5")
WHY = {"reason": "We are cousins."}


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    episode = reports.report_missing(
        by=cast.femi, child=cast.kit, category="missing", noticed_at=now(), circumstances="Left at night."
    )
    engine.wake(episode.pk)
    return episode


def test_to_amina_there_is_no_kit_any_more_on_any_page(cast: Cast, episode: MissingEpisode) -> None:
    amina = at_the_desk(cast.amina)
    assert "Kit Ashdown" in text_of(amina.get(url("now")))
    assert send(cast.amina, "conflict-of-child", cast.kit.pk, **WHY).status_code == 302
    gone = [
        url("child-detail", cast.kit.pk),
        url("episode-detail", episode.pk),
        url("episode-grab-sheet", episode.pk),
    ]
    assert {amina.get(one).status_code for one in gone} == {404}
    for page in ("now", "overdue", "my-work", "child-list", "phone-report", "reviews", "conflicts"):
        assert not any(
            word in text_of(amina.get(url(page))) for word in ("Ashdown", "EX-20417", episode.reference)
        )
    assert "Missing now (0)" in _board(amina) or "Kit" not in _board(amina)
    assert not [step for step in owed_by(cast.amina) if step.episode_id == episode.pk]


def _board(client: object) -> str:
    return text_of(client.get(url("now")))  # type: ignore[attr-defined]


def test_carl_who_lives_with_kit_can_declare_one_too(cast: Cast) -> None:
    assert send(cast.carl, "conflict-of-child", cast.kit.pk, **WHY).status_code == 302
    home = text_of(at_the_desk(cast.carl).get(url("home")))
    assert "Ola Brightwater" in home
    assert "Kit Ashdown" not in home


def test_in_ones_own_words_and_the_answer_is_the_same_for_a_reference(cast: Cast) -> None:
    for about in ("EX-20417", "EX-99999"):
        sent = send(cast.femi, "conflict-declare", authority=cast.exampleshire.pk, about=about, **WHY)
        assert sent.headers["Location"] == url("conflicts")
    own = text_of(at_the_desk(cast.femi).get(url("conflicts")))
    assert own.count("We are cousins.") == 2
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 404


def test_bev_finds_the_child_that_femi_meant_and_ends_it_later(cast: Cast) -> None:
    send(cast.femi, "conflict-declare", authority=cast.exampleshire.pk, about="Kit, next door", **WHY)
    bev, conflict = at_the_desk(cast.bev), ConflictOfInterest.objects.get()
    assert "Nobody has found the child yet" in text_of(bev.get(url("conflicts")))
    assert send(cast.bev, "conflict-find", conflict.pk, reference="EX-20417").status_code == 302
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 404
    assert send(cast.bev, "conflict-end", conflict.pk, reason="They moved away.").status_code == 302
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 200


def test_bev_records_one_of_somebody_who_works_with_the_child(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.bev).get(url("conflict-record", cast.kit.pk)))
    assert "Carl Penrose" in page
    assert "Mo Fenn" not in page
    assert send(cast.bev, "conflict-record", cast.kit.pk, person=cast.femi.pk, **WHY).status_code == 302
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 404


def test_a_manager_with_a_conflict_keeps_none_of_that_child(cast: Cast, episode: MissingEpisode) -> None:
    send(cast.ruth, "conflict-record", cast.kit.pk, person=cast.femi.pk, **WHY)
    conflict = ConflictOfInterest.objects.get()
    send(cast.bev, "conflict-of-child", cast.kit.pk, **WHY)
    assert send(cast.bev, "conflict-end", conflict.pk, reason="Over.").status_code == 404
    assert "EX-20417" not in text_of(at_the_desk(cast.bev).get(url("conflicts")))


def test_amina_keeps_nobodys(cast: Cast) -> None:
    send(cast.femi, "conflict-declare", authority=cast.exampleshire.pk, about="Kit, next door", **WHY)
    conflict = ConflictOfInterest.objects.get()
    assert send(cast.amina, "conflict-record", cast.kit.pk, person=cast.femi.pk, **WHY).status_code == 403
    assert send(cast.amina, "conflict-end", conflict.pk, reason="Over.").status_code == 404
    assert "next door" not in text_of(at_the_desk(cast.amina).get(url("conflicts")))
