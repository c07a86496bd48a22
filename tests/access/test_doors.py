"""Every address of the pages, from the URL table itself: nobody passes who has no business behind it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.access.a_world import World, make_world, names_in
from tests.access.doors import (
    EVERY_ROUTE,
    OF_A_ROW,
    OF_NO_ROW,
    ONE_OF_EACH,
    ROUTES,
    addresses,
    nowhere,
    walker,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

# These differ from answer to answer and say nothing of the record.
PASSING_HEADERS: Final = frozenset({"X-Request-Id", "Date", "Set-Cookie"})
METHODS: Final = ("GET", "POST")
OPEN: Final = frozenset({200, 302, 409, 422})


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all; what each test does in it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def eve(world: World, db: None) -> Client:
    return walker(world.cast.eve)


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def knock(client: Client, address: str) -> list[Answer]:
    """What the page answers to being opened and to being sent; what that changed is undone."""
    with transaction.atomic():
        answers = [client.generic(method, address) for method in METHODS]
        transaction.set_rollback(True)
    return answers


def seen(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    """Everything an outsider could compare."""
    lasting = {name: value for name, value in answer.headers.items() if name not in PASSING_HEADERS}
    return answer.status_code, answer.content, lasting


def test_every_part_of_an_address_has_a_sample(world: World) -> None:
    """A new kind of id is put into `tests/access/a_world.py`, or nobody would have tried its doors."""
    assert sorted({part for route in ROUTES.values() for part in route.ids} - world.ids.keys()) == []
    others = {part for route in EVERY_ROUTE.values() for part in route.others}
    assert sorted(others - ONE_OF_EACH.keys()) == []


@pytest.mark.ac("T01.1")
def test_nobody_comes_in_without_signing_in(world: World) -> None:
    open_doors = []
    for name in ROUTES:
        for answer in knock(Client(), addresses(name, world)[0]):
            is_sent_away = answer.headers.get("Location", "").startswith("/accounts/login/?next=")
            if (answer.status_code, answer.content, is_sent_away) != (302, b"", True):
                open_doors.append(name)
    assert open_doors == []


@pytest.mark.ac("T01.1", "T01.2")
def test_eve_cannot_tell_exampleshires_rows_from_nothing(world: World, eve: Client) -> None:
    told_apart, opened = [], []
    for name in OF_A_ROW:
        of_rows = addresses(name, world)
        nothing = [seen(answer) for answer in knock(eve, nowhere(of_rows[0]))]
        for address in of_rows:
            answers = knock(eve, address)
            if [seen(answer) for answer in answers] != nothing:
                told_apart.append(name)
            statuses = {answer.status_code for answer in answers}
            if 404 not in statuses or not statuses <= {404, 405}:  # 405: it only shows, or only takes
                opened.append((name, statuses))
    assert (told_apart, opened) == ([], [])


def test_eves_own_pages_say_nothing_of_exampleshires_children(world: World, eve: Client) -> None:
    said = []
    for name in OF_NO_ROW:
        for answer in knock(eve, addresses(name, world)[0]):
            assert answer.status_code < 500, name
            text = answer.content.decode()
            said += [(name, word) for word in names_in(world.cast) if word in text]
    assert said == []


def test_each_door_opens_for_somebody(world: World) -> None:
    """That Eve meets a wall proves something only where a colleague gets in."""
    cast = world.cast
    colleagues = (cast.bev, cast.carl, cast.ada, cast.ines, cast.gita, cast.ruth, cast.mo, cast.dee)
    people = [walker(person) for person in colleagues]
    shut = [name for name in OF_A_ROW if not any(is_open(name, world, person) for person in people)]
    assert shut == []


def is_open(name: str, world: World, person: Client) -> bool:
    for address in addresses(name, world):
        statuses = {answer.status_code for answer in knock(person, address)}
        assert max(statuses) < 500, f"{name} is broken: {address}"
        if statuses & OPEN:
            return True
    return False
