"""A school's contact: of the children they may hear of, whether they are back; every other door is shut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casework.records.models import AuditEntry, Child, Role, User
from casework.records.services import grants
from casework.records.times import now
from incidents.services import returns
from tests.access.doors import ROUTES, walker
from tests.access.people import OWN, Crowd, _person, make_crowd
from tests.front.pages.at_the_desk import send, text_of, url

# Pages that say nothing of anybody but the reader.
HARMLESS: Final = {
    *("start", "clock-strip", "nothing", "conflicts", "conflict-declare", "pupils"),
    *("own-number", "rota"),  # the second leads on to leave, which is shut
}
# Lists in which such a reader finds nobody.
EMPTY: Final = {"now", "overdue", "my-work", "child-list"}


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_crowd()
        transaction.set_rollback(True)


@pytest.fixture
def vera(crowd: Crowd, db: None) -> User:
    """Virtual school head of Exampleshire, who may hear of Kit."""
    vera = _person("Vera Lane", Role.SCHOOL_CONTACT, authority=crowd.cast.exampleshire)
    grants.grant_access(
        by=crowd.cast.bev,
        child=crowd.cast.kit,
        to=vera,
        reason="Kit’s school.",
        until=now() + timedelta(days=30),
    )
    return vera


def test_every_door_but_their_own_is_shut(crowd: Crowd, vera: User) -> None:
    browser = walker(vera)
    opened = {
        name
        for name, route in ROUTES.items()
        for method in ("GET", "POST")
        if browser.generic(method, route.address(crowd.rows[OWN])).status_code in (200, 302, 409, 422)
    }
    assert opened - HARMLESS - EMPTY == set()
    assert opened >= {"pupils", "start"}


def test_no_list_but_theirs_names_anybody(crowd: Crowd, vera: User) -> None:
    browser = walker(vera)
    for name in EMPTY | HARMLESS - {"pupils", "start"}:
        text = browser.get(ROUTES[name].address(crowd.rows[OWN])).content.decode()
        assert not [child for child in Child.objects.all() if child.reference in text or child.name in text]


def test_vera_is_told_the_name_whether_back_since_when_and_whom_to_ring(crowd: Crowd, vera: User) -> None:
    kit, rosie = crowd.cast.kit, crowd.cast.rosie
    page = text_of(walker(vera).get("/pupils/"))
    assert ("Kit Ashdown" in page, "Not back" in page, "01632 960001" in page) == (True, True, True)
    for words in (kit.reference, rosie.name, "Larch House", "A car waited outside.", "Amina"):
        assert words not in page
    rows = AuditEntry.objects.filter(actor_id=vera.pk, about_kind="pupils")
    assert [row.child_ids for row in rows] == [[kit.pk]]
    episode = kit.episodes.get(state="open")
    returns.record_return(by=crowd.cast.amina, episode=episode)
    page = text_of(walker(vera).get("/pupils/"))
    assert ("Back" in page, "Not back</" in page) == (True, False)


def test_a_manager_lets_a_school_hear_on_the_page_of_readers(crowd: Crowd, vera: User) -> None:
    bev, rosie = crowd.cast.bev, crowd.cast.rosie
    day = {"until_on_day": "31", "until_on_month": "12", "until_on_year": "2099"}
    why = {"person": vera.pk, "reason": "Rosie’s school."}
    assert send(bev, "reader-add", rosie.pk, **why).status_code == 422
    assert send(bev, "reader-add", rosie.pk, **why, **day).status_code == 302
    assert "Rosie Farrant" in text_of(walker(vera).get("/pupils/"))
    page = text_of(walker(bev).get(url("child-readers", rosie.pk)))
    assert "Whether back, no record" in page
