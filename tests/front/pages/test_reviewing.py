"""Children I review, and what a reviewing officer is not shown without a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casework.records.models import AuditEntry, Membership, Role, User
from casework.records.services import grants
from casework.records.times import now
from incidents.services import reports
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import in_force, missing

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def hilary(cast: Cast) -> User:
    user = User.objects.create_user("hilary@casework.example", name="Hilary Moss")
    since = now() - timedelta(days=10)
    Membership.objects.create(
        user=user, role=Role.REVIEWING_OFFICER, authority=cast.exampleshire, starts_at=since
    )
    return user


def test_amina_assigns_hilary_and_kit_is_on_her_first_page(cast: Cast, hilary: User) -> None:
    assert "Nobody here." in text_of(at_the_desk(hilary).get(url("reviewing")))
    answers = {"officer": hilary.pk, "reason": "Kit’s reviews."}
    assert send(cast.amina, "reviewing-officer", cast.kit.pk, **answers).status_code == 302
    browser = at_the_desk(hilary)
    assert browser.get("/")["Location"] == url("reviewing")
    page = text_of(browser.get(url("reviewing")))
    assert "Kit Ashdown" in page
    assert "Kit’s reviews." in page
    assert browser.get(url("child-detail", cast.kit.pk)).status_code == 200
    assert "Hilary Moss" in text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    rows = AuditEntry.objects.filter(actor_id=hilary.pk, about_kind="reviewing")
    assert [row.child_ids for row in rows if row.child_ids] == [[cast.kit.pk]]


def test_answers_that_do_not_do_are_asked_again(cast: Cast, hilary: User) -> None:
    why = {"reason": "Kit’s reviews."}
    day = {"until_on_day": "1", "until_on_month": "2", "until_on_year": "2020"}
    assert send(cast.amina, "reviewing-officer", cast.kit.pk, **why).status_code == 422
    assert send(cast.amina, "reviewing-officer", cast.kit.pk, officer=cast.ines.pk, **why).status_code == 422
    assert send(cast.amina, "reviewing-officer", cast.kit.pk, officer=hilary.pk).status_code == 422
    too_late = send(cast.amina, "reviewing-officer", cast.kit.pk, officer=hilary.pk, **why, **day)
    assert too_late.status_code == 422
    assert send(cast.carl, "reviewing-officer", cast.kit.pk, officer=hilary.pk, **why).status_code == 403
    assert send(cast.eve, "reviewing-officer", cast.kit.pk, officer=hilary.pk, **why).status_code == 404
    assert grants.reviewers_of(cast.kit) == []


def test_an_absence_of_a_child_she_does_not_review_is_in_no_list_of_hers_and_asks_why(
    cast: Cast, hilary: User
) -> None:
    in_force(cast)
    kits = missing(cast)
    olas = reports.report_missing(by=cast.amina, child=cast.ola, category="missing", noticed_at=now())
    grants.assign_reviewing_officer(by=cast.amina, child=cast.kit, officer=hilary, reason="His reviews.")
    browser = at_the_desk(hilary)
    for page in ("now", "overdue", "my-work", "reviewing"):
        assert "Ola Brightwater" not in text_of(browser.get(url(page)))
    assert "Kit Ashdown" in text_of(browser.get(url("now")))
    assert "Ola Brightwater" in text_of(at_the_desk(cast.femi).get(url("now")))
    assert browser.get(url("episode-detail", kits.pk)).status_code == 200
    assert "/why/" in browser.get(url("episode-detail", olas.pk))["Location"]
    assert at_the_desk(cast.femi).get(url("episode-detail", olas.pk)).status_code == 200


def test_who_is_not_back_is_counted_and_shown_by_its_tile(cast: Cast, hilary: User) -> None:
    in_force(cast)
    for child in (cast.kit, cast.rosie):
        grants.assign_reviewing_officer(by=cast.amina, child=child, officer=hilary, reason="Reviews.")
    missing(cast)
    page = at_the_desk(hilary).get(url("reviewing"))
    assert [tile.count for tile in page.context["tiles"]][:2] == [2, 1]
    gone = text_of(at_the_desk(hilary).get(url("reviewing") + "?show=gone"))
    assert ("Kit Ashdown" in gone, "Rosie Farrant" in gone) == (True, False)


def test_the_list_is_nobody_elses(cast: Cast) -> None:
    for person in (cast.amina, cast.bev, cast.carl, cast.ines, cast.ada):
        assert at_the_desk(person).get(url("reviewing")).status_code == 403
