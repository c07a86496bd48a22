"""The page on which whoever comes on accepts each child by name."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.records.models import AuditEntry, Membership
from casework.records.times import pretend_now
from incidents.models import Handover, MissingEpisode
from protocols import publishing
from tests.cast import Cast
from tests.front.pages.duty_night import at_the_desk, path_of, text_of
from tests.incidents.nights import come_back, report

pytestmark = pytest.mark.django_db

REPORTED = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)  # 15:00 on the wall
CHANGE = datetime(2026, 6, 17, 16, 0, tzinfo=UTC)
PAGE = "/handover/"


@pytest.fixture
def two(cast: Cast) -> list[MissingEpisode]:
    """Kit and Ola, gone since before the change of cover, which was five minutes ago."""
    Membership.objects.update(starts_at=REPORTED - timedelta(days=30))
    pretend_now(REPORTED)
    publishing.publish_default(authority=cast.exampleshire)
    episodes = [report(cast), report(cast, child=cast.ola)]
    pretend_now(CHANGE + timedelta(minutes=5))
    return episodes


def accept(cast: Cast, *episodes: MissingEpisode, **more: str) -> int:
    said = {"episodes": [str(one.pk) for one in episodes], "form_key": str(uuid.uuid4()), **more}
    return at_the_desk(cast.femi).post(PAGE, said).status_code


def test_each_child_who_is_not_back_is_a_line_with_what_is_owed_next(
    cast: Cast, two: list[MissingEpisode]
) -> None:
    answer = at_the_desk(cast.femi).get(PAGE)
    text = text_of(answer)
    assert "Hand-over at 17:00 (2)" in text
    assert "2 not accepted yet" in text
    assert all(word in text for word in ("Kit Ashdown", "Ola Brightwater", two[0].reference))
    look = AuditEntry.objects.get(about_kind="handover", actor_id=cast.femi.pk)
    assert set(look.child_ids or []) == {cast.kit.pk, cast.ola.pk}


def test_ticked_lines_are_accepted_in_one_press_and_the_rest_waits(
    cast: Cast, two: list[MissingEpisode]
) -> None:
    assert accept(cast, two[0], words="Amina told me all.") == 302
    row = Handover.objects.get()
    assert (row.episode_id, row.accepted_by, row.words) == (two[0].pk, cast.femi, "Amina told me all.")
    text = text_of(at_the_desk(cast.bev).get(PAGE))
    assert "1 not accepted yet" in text
    assert accept(cast, two[1]) == 302
    assert "Nothing waits to be accepted" in text_of(at_the_desk(cast.bev).get(PAGE))


def test_with_nothing_ticked_it_is_asked_again_and_the_words_stay(
    cast: Cast, two: list[MissingEpisode]
) -> None:
    answer = at_the_desk(cast.femi).post(PAGE, {"form_key": str(uuid.uuid4()), "words": "Read all"})
    assert answer.status_code == 422
    assert "Tick the children whose line you have read." in text_of(answer)
    assert "Read all" in text_of(answer)
    assert not Handover.objects.exists()


def test_anothers_child_or_one_accepted_already_cannot_be_sent(cast: Cast, two: list[MissingEpisode]) -> None:
    accept(cast, two[0])
    stray = MissingEpisode(pk=uuid.uuid4())
    assert accept(cast, stray) == 422
    assert accept(cast, two[0]) == 422
    assert Handover.objects.count() == 1


def test_a_child_who_is_back_is_no_line(cast: Cast, two: list[MissingEpisode]) -> None:
    come_back(cast, two[0])
    text = text_of(at_the_desk(cast.femi).get(PAGE))
    assert "Kit Ashdown" not in text
    assert "Hand-over at 17:00 (1)" in text


def test_eve_sees_her_own_authoritys_and_carl_none(cast: Cast, two: list[MissingEpisode]) -> None:
    assert "Nobody is missing or away." in text_of(at_the_desk(cast.eve).get(PAGE))
    assert at_the_desk(cast.carl).get(PAGE).status_code == 403


def test_one_case_is_accepted_from_its_own_page(cast: Cast, two: list[MissingEpisode]) -> None:
    said = {"form_key": str(uuid.uuid4()), "words": "His aunt rings back."}
    address = path_of("episode-handover", two[0].pk)
    assert at_the_desk(cast.femi).post(address, said).status_code == 302
    again = at_the_desk(cast.bev).post(address, {"form_key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert "Femi Castell accepted this at 17:05" in text_of(again)
    story = text_of(at_the_desk(cast.bev).get(path_of("episode-detail", two[0].pk)))
    assert "Accepted at the change of cover at 17:00" in story
    assert "His aunt rings back." in story


def tables(asked: CaptureQueriesContext) -> Counter[str]:
    """How often each table was asked for."""
    return Counter(one["sql"].rpartition(" FROM ")[2].split(" ")[0] for one in asked.captured_queries)


def test_more_children_cost_no_more_queries(cast: Cast, two: list[MissingEpisode]) -> None:
    femi = at_the_desk(cast.femi)
    femi.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        femi.get(PAGE)
    report(cast, child=cast.rosie)
    with CaptureQueriesContext(connection) as more:
        femi.get(PAGE)
    assert tables(more) == tables(few)


def test_the_page_is_reached_from_the_navigation(cast: Cast, two: list[MissingEpisode]) -> None:
    assert f'href="{reverse("pages:handover")}"' in text_of(at_the_desk(cast.femi).get("/now/"))
