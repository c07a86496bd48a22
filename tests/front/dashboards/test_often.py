"""Children going missing often: why each is there, what was tried, and who may look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.records.models import AuditEntry, User
from incidents.services import interviews
from tests.front.pages.duty_night import at_the_desk, text_of
from tests.incidents.test_repeats import gone

if TYPE_CHECKING:
    from tests.cast import Cast


def page(user: User) -> Any:
    return at_the_desk(user).get(reverse("dashboards:often"))


def test_kit_is_on_the_list_with_the_reason_and_what_was_tried(cast: Cast) -> None:
    for days in (60, 30, 2):
        episode = gone(cast, cast.kit, days)
    talk = episode.interviews.get()
    interviews.offer_interview(by=cast.ines, interview=talk, words="By telephone: perhaps.")
    (row,) = page(cast.bev).context["rows"]
    assert (row.child, row.reason, row.why.tier.who) == (cast.kit, "3 times in 90 days", "A strategy meeting")
    assert row.tried.offered == 1
    assert row.tried.owed == 3
    assert row.tried.lines[1] == "No meeting recorded"
    assert "3 times in 90 days" in text_of(page(cast.ruth))
    assert AuditEntry.objects.filter(actor_id=cast.ruth.pk, about_kind="often").get().child_ids == [
        cast.kit.pk
    ]


def test_whoever_went_once_is_not(cast: Cast) -> None:
    gone(cast, cast.kit, 2)
    assert "No child goes missing often." in text_of(page(cast.bev))


def test_workers_and_homes_are_sent_away(cast: Cast) -> None:
    for person in (cast.amina, cast.femi, cast.carl, cast.ines, cast.ada):
        assert page(person).status_code == 403


def test_more_children_ask_no_more_of_the_database(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(cast.bev)
        return len(queries)

    for days in (9, 2):
        gone(cast, cast.kit, days)
    before = asked()
    for child in (cast.ola, cast.rosie, cast.maisie):
        for days in (9, 2):
            gone(cast, child, days)
    assert len(page(cast.bev).context["rows"]) == 4
    assert asked() == before
