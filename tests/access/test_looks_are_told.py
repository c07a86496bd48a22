"""Whatever showed a child left a row of the audit that names the child (T28.3): every page is opened."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from casework.records.models import Child
from tests.access.doors import ROUTES, Route, walker
from tests.access.people import COLLEAGUES, OWN, Crowd, make_crowd
from tests.access.table import read_file
from tests.records.audit_rows import asked

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

# Between them they get in everywhere, and see lists of several children.
LOOKERS: Final = ("staff", "tabl", "tm", "hos", "adm", "rint", "pol")
LET_IN: Final = frozenset("yw")
TABLE: Final = read_file()
SHOWN: Final = frozenset({200, 409, 422})
# What a page says only when it shows this: then its row names the field.
WORDS_OF_FIELDS: Final = {"A car waited outside.": "indicators", "Noor was at a friend’s.": "interview"}

NAMED: Final = """
SELECT e.child_id, e.child_ids, e.fields
FROM records_auditqueue q JOIN records_auditentry e ON e.id = q.entry_id
WHERE q.turn > %s AND e.actor_id = %s AND e.action IN ('read', 'export')"""


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """One world for every page; what each look leaves in it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_crowd()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(crowd: Crowd) -> Mapping[str, Client]:
    return {kind: walker(crowd.people[kind]) for kind in LOOKERS}


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def untold(answer: Answer, before: int, looker: object, children: list[Child]) -> list[str]:
    """The children that the answer shows and no row of the audit names; and fields that it does not name."""
    if answer.status_code >= 500:
        return ["nothing: the page is broken"]
    if answer.status_code not in SHOWN:
        return []
    text = b"".join(answer).decode(errors="replace")
    rows = asked(NAMED, before, str(looker))
    named = {child for one, several, _ in rows for child in (one, *(several or ()))}
    fields = {field for _, _, names in rows for field in names}
    shown = [child for child in children if child.name in text or child.reference in text]
    missing = [child.reference for child in shown if child.pk not in named]
    return missing + [
        field for words, field in WORDS_OF_FIELDS.items() if words in text and field not in fields
    ]


def looks(route: Route, crowd: Crowd, browsers: Mapping[str, Client]) -> Iterator[tuple[str, Answer, int]]:
    """Each person whom the matrix lets in opens the page and sends it empty; what that changed is undone."""
    for whose, kind, method in product((OWN, COLLEAGUES) if route.ids else (OWN,), LOOKERS, ("GET", "POST")):
        expected = TABLE[route.name]
        if method in expected.by_method and expected.letter(method, kind, whose) in LET_IN:
            with transaction.atomic():
                ((before,),) = asked("SELECT coalesce(max(turn), 0) FROM records_auditqueue")
                yield kind, browsers[kind].generic(method, route.address(crowd.rows[whose])), before
                transaction.set_rollback(True)


@pytest.mark.ac("T28.3")
@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_whoever_was_shown_a_child_is_in_the_audit(
    name: str, crowd: Crowd, browsers: Mapping[str, Client]
) -> None:
    children = list(Child.objects.all())
    silent = {
        (kind, answer.status_code, what)
        for kind, answer, before in looks(ROUTES[name], crowd, browsers)
        for what in untold(answer, before, crowd.people[kind].pk, children)
    }
    assert silent == set()


@pytest.mark.ac("T28.3")
@pytest.mark.django_db
def test_a_list_is_one_row_however_many_it_shows(crowd: Crowd, browsers: Mapping[str, Client]) -> None:
    with transaction.atomic():
        ((before,),) = asked("SELECT coalesce(max(turn), 0) FROM records_auditqueue")
        text = browsers["tm"].get("/children/").content.decode()
        rows = asked(NAMED, before, str(crowd.people["tm"].pk))
        transaction.set_rollback(True)
    shown = {child.pk for child in Child.objects.all() if child.reference in text}
    assert len(shown) > 3
    assert [set(several) for _, several, _ in rows] == [shown]
