"""Every route, tried by every kind of person, on rows of every belonging, with every method (T01.1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from tests.access.doors import EVERY_ROUTE, Route, Walker, malformed, nowhere, walker
from tests.access.people import KINDS, OWN, Crowd, make_crowd
from tests.access.table import BELONGINGS, METHODS, Expected, read_file

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

TABLE: Final = read_file()
NOWHERE, MALFORMED = "nowhere", "malformed"
OPEN: Final = frozenset({200, 204, 302, 409, 422})
REFUSALS: Final = {401: "k", 403: "n", 404: "-", 405: "x", 415: "m", 503: "u"}
# A method that no view takes and an address that no route matches are refused before anybody is looked at:
# the first and four of the others show it.
BYSTANDERS: Final = ("anon", "staff", "sw", "adm", "eve")
# An id of nothing is looked for as somebody else's row is, and all kinds try that. This try is for those whom
# the criterion names, for who was granted a record, and for who is no more at work.
WITHOUT_A_ROW: Final = frozenset(
    {"anon", "staff", "othr", "exho", "sw", "sw2", "tm", "adm", "rint", "eve", "pol", "pol2", "susp", "left"}
)


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    """Whoever adds a page says in `matrix.txt` who may open it."""
    assert sorted(EVERY_ROUTE.keys() ^ TABLE.keys()) == []


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """One world for the whole matrix; what each try changes in it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_crowd()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(crowd: Crowd) -> Iterator[Mapping[str, Client]]:
    """A signed-in browser for each kind of person.

    That they are signed in stands in their cookies: who they are and what they may is still asked each time,
    and a question less to the database, thirty thousand times, is a minute.
    """
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"):
        found: dict[str, Client] = {kind: walker(user) for kind, user in crowd.people.items()}
        yield {"anon": Walker(raise_request_exception=False), **found}


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages are not painted nor requests logged: who gets in is decided before, and the doors are many."""
    monkeypatch.setattr(Template, "render", lambda *_, **__: "")
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Cell:
    """One try: who, how, on whose row."""

    kind: str
    method: str
    belonging: str
    address: str

    def wanted(self, expected: Expected) -> str:
        """The letter that the table gives, with what holds for every route."""
        if expected.is_for_systems_only:
            return "k"
        if self.belonging == MALFORMED:
            return "-"
        if expected.is_for_nobody_signed_out(self.kind):
            return "l"
        if self.method not in expected.by_method:
            return "x"
        return "-" if self.belonging == NOWHERE else expected.letter(self.method, self.kind, self.belonging)

    def got(self, browser: Client) -> str:
        """The letter of the answer. What it changed is undone; a walker's cookies stay what they were."""
        with transaction.atomic():
            answer = browser.generic(self.method, self.address)
            transaction.set_rollback(True)
        return letter_of(answer)

    def __str__(self) -> str:
        return f"{self.kind} {self.method} {self.belonging}"


def cells_of(route: Route, crowd: Crowd) -> Iterator[Cell]:
    rows = {whose: route.address(crowd.rows[whose]) for whose in BELONGINGS}
    tried = {**rows, NOWHERE: nowhere(rows[OWN])} if route.ids else {OWN: rows[OWN]}
    for method in METHODS:
        if method in TABLE[route.name].by_method:
            for kind in KINDS:
                for whose, address in tried.items():
                    if whose != NOWHERE or kind in WITHOUT_A_ROW:
                        yield Cell(kind, method, whose, address)
        else:  # refused before anybody asks whose row it is
            for kind in BYSTANDERS:
                yield Cell(kind, method, OWN, rows[OWN])
        if route.ids:  # and this before anybody asks who it is
            yield Cell(BYSTANDERS[0], method, MALFORMED, malformed(rows[OWN]))
    for kind in BYSTANDERS[1:] if route.ids else ():
        yield Cell(kind, "GET", MALFORMED, malformed(rows[OWN]))


@pytest.mark.ac("T01.1")
@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY_ROUTE)
def test_every_cell_answers_as_the_table_says(
    name: str,
    crowd: Crowd,
    browsers: Mapping[str, Client],
    unpainted: None,
    record_property: Callable[[str, object], None],
) -> None:
    tried = list(cells_of(EVERY_ROUTE[name], crowd))
    answers = [(cell, cell.wanted(TABLE[name]), cell.got(browsers[cell.kind])) for cell in tried]
    wrong = [f"{cell}: wanted {wanted}, got {got}" for cell, wanted, got in answers if wanted != got]
    record_property("cells", {"tried": len(tried), "wrong": len(wrong)})
    assert not wrong, "\n".join(wrong)


def letter_of(answer: Answer) -> str:
    location = answer.headers.get("Location", "")
    if location.startswith("/accounts/login/?next="):
        return "l"
    if "/why/" in location:
        return "w"
    if answer.status_code in REFUSALS:
        return REFUSALS[answer.status_code]
    return "y" if answer.status_code in OPEN else str(answer.status_code)
