"""The list of a restricted record: who is on it, put on, taken off; to everybody else there is no record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.models import Child, ChildGrant
from casework.records.services import children
from casework.records.services.conflicts import record_conflict
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

WHY = {"reason": "Ines holds the interview."}


@pytest.fixture
def closed(cast: Cast) -> Child:
    return children.restrict_child(
        by=cast.bev, child=cast.kit, is_restricted=True, reason="A relative works here."
    )


def test_everybody_who_is_not_named_meets_a_wall(cast: Cast, closed: Child) -> None:
    record = url("child-detail", closed.pk)
    for person in (cast.femi, cast.ines, cast.eve, cast.mo, cast.dee):
        browser = at_the_desk(person)
        assert browser.get(record).status_code == 404
        assert browser.get(url("child-readers", closed.pk)).status_code == 404
        assert "EX-20417" not in text_of(browser.get(url("child-list")))
    for person in (cast.amina, cast.bev, cast.carl):
        assert at_the_desk(person).get(record).status_code == 200
    assert "/why/" in at_the_desk(cast.ruth).get(record)["Location"]  # hers to see, after a reason


def test_bev_puts_ines_on_the_list_and_takes_her_off(cast: Cast, closed: Child) -> None:
    assert send(cast.bev, "reader-add", closed.pk, person=cast.ines.pk, **WHY).status_code == 302
    listed = text_of(at_the_desk(cast.bev).get(url("child-readers", closed.pk)))
    assert "Ines Vale" in listed
    assert "A relative works here." in listed
    assert at_the_desk(cast.ines).get(url("child-detail", closed.pk)).status_code == 200
    grant = ChildGrant.objects.get()
    assert send(cast.bev, "reader-end", closed.pk, grant.pk, reason="It was held.").status_code == 302
    assert at_the_desk(cast.ines).get(url("child-detail", closed.pk)).status_code == 404
    assert "Were on the list (1)" in text_of(at_the_desk(cast.bev).get(url("child-readers", closed.pk)))


def test_somebody_from_elsewhere_is_named_by_address_with_an_end_and_the_address(
    cast: Cast, closed: Child
) -> None:
    day = {"until_on_day": "31", "until_on_month": "12", "until_on_year": "2099"}
    sent = send(cast.bev, "reader-add", closed.pk, email=cast.eve.email, with_address="yes", **day, **WHY)
    assert sent.status_code == 302
    assert at_the_desk(cast.eve).get(url("child-detail", closed.pk)).status_code == 200
    page = text_of(at_the_desk(cast.bev).get(url("child-readers", closed.pk)))
    assert "Address too" in page
    placement = closed.placements.get()
    shown = send(
        cast.eve, "placement-address", closed.pk, placement.pk, reason="visit", words="The interview"
    )
    assert "Larch House" in text_of(shown)
    grant = ChildGrant.objects.get(permission__codename="view_child")
    send(cast.bev, "reader-end", closed.pk, grant.pk, reason="It was held.")
    assert not ChildGrant.objects.filter(until__year=2099).exists()


def test_nobody_is_put_on_it_twice_or_by_an_address_without_a_sign_in(cast: Cast, closed: Child) -> None:
    send(cast.bev, "reader-add", closed.pk, person=cast.ines.pk, **WHY)
    assert send(cast.bev, "reader-add", closed.pk, person=cast.ines.pk, **WHY).status_code == 409
    assert send(cast.bev, "reader-add", closed.pk, email="nobody@nowhere.example", **WHY).status_code == 422
    assert send(cast.bev, "reader-add", closed.pk, **WHY).status_code == 422


def test_amina_who_sees_the_record_does_not_keep_its_list(cast: Cast, closed: Child) -> None:
    assert at_the_desk(cast.amina).get(url("child-readers", closed.pk)).status_code == 403
    assert send(cast.amina, "reader-add", closed.pk, person=cast.ines.pk, **WHY).status_code == 403


def test_the_list_says_who_must_not_and_that_the_work_has_to_be_given_away(cast: Cast) -> None:
    record_conflict(by=cast.bev, person=cast.amina, child=cast.kit, reason="A cousin.")
    page = text_of(at_the_desk(cast.bev).get(url("child-readers", cast.kit.pk)))
    assert "Still allocated" in page


def test_those_who_answer_for_a_restricted_child_still_hear_of_it(cast: Cast, closed: Child) -> None:
    from casework.records.access import may_be_told

    assert may_be_told(cast.femi, closed)
    assert not may_be_told(cast.eve, closed)
