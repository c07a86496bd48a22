"""What somebody may not see changes no byte of what they are shown: no count, order or “already exists”."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from casework.records.models import Child, Role, Team, User
from casework.records.services import children, people, profile
from casework.records.services.placements import start_placement
from casework.records.times import now, pretend_now
from incidents.services.reports import report_missing
from protocols import engine
from tests.access.doors import ROUTES, walker
from tests.access.people import FOREIGN, Crowd, _person, make_crowd
from tests.access.table import read_file
from tests.access.test_doors import seen

# Made anew for each showing of a page.
_EACH_TIME: Final = re.compile(rb'name="(?:form_key|csrfmiddlewaretoken)" value="[^"]+"')

TABLE: Final = read_file()

pytestmark = pytest.mark.django_db

Seen = tuple[int, bytes, dict[str, str]]


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """Everybody, at one moment that doesn't pass: or “a minute ago” would differ. One for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_crowd()
        pretend_now(now())
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def outsiders(crowd: Crowd, db: None) -> Mapping[str, Client]:
    """Northmoor's social worker and administrator, and a carer of Oak House: to Exampleshire, nobody."""
    administrator = _person("Abe North", Role.ADMINISTRATOR, authority=crowd.cast.northmoor)
    carer = User.objects.get(name="Pat Moss")
    found = {"eve": crowd.people["eve"], "administrator": administrator, "carer": carer}
    return {name: walker(user) for name, user in found.items()}


def somebody_elses(crowd: Crowd) -> None:
    """In Exampleshire: a child with the name and number of one of Northmoor's, and all that belongs to it."""
    cast, tam = crowd.cast, Child.objects.get(pk=crowd.rows[FOREIGN]["child_id"])
    child = children.register_child(
        by=cast.amina,
        authority=cast.exampleshire,
        reference=tam.reference,
        first_name=tam.first_name,
        last_name=tam.last_name,
        born_on=tam.born_on,
        sex=tam.sex,
        nhs_number="9434765919",
    )
    start_placement(
        by=cast.amina,
        child=child,
        starts_at=now(),
        home=cast.larch_house,
        place_code="K2",
        provider_code="PR4",
    )
    profile.record_fact(by=cast.amina, child=child, kind="phone", words="07700 900456", source="Himself")
    episode = report_missing(by=cast.amina, child=child, category="missing", noticed_at=now())
    engine.fire_due(episode.pk)
    people.invite(
        by=cast.ada,
        email="una.new@casework.example",
        name=crowd.people["eve"].name,
        role=Role.SOCIAL_WORKER,
        authority=cast.exampleshire,
    )
    Team.objects.create(authority=cast.exampleshire, name="Northmoor Team 1")


@pytest.mark.ac("T30.1")
def test_no_page_tells_an_outsider_that_somebody_elses_child_is_there(
    crowd: Crowd, outsiders: Mapping[str, Client]
) -> None:
    before = everything_seen(crowd, outsiders)
    somebody_elses(crowd)
    after = everything_seen(crowd, outsiders)
    assert [page for page in before if before[page] != after[page]] == []
    assert sum(status in (200, 422) for status, _, _ in before.values()) > 100


@pytest.mark.ac("T30.1")
def test_amina_is_told(crowd: Crowd) -> None:
    """The same comparison finds a difference where there is one to be found."""
    amina = {"amina": walker(crowd.cast.amina)}
    before = dict(pages_of(crowd, amina, ("child-list", "now")))
    somebody_elses(crowd)
    after = dict(pages_of(crowd, amina, ("child-list", "now")))
    changed = [page for page in before if before[page] != after[page]]
    assert changed == ["GET child-list as amina", "GET now as amina"]


# “Already exists” ------------------------------------------------------------------------------------

A_CHILD: Final = {
    "first_name": "Tam",
    "last_name": "Reddy",
    "born_on_day": "1",
    "born_on_month": "1",
    "born_on_year": "2012",
    "sex": "U",
}
PROBES: Final[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    "a reference of another authority's child": (
        "eve",
        "child-register",
        {**A_CHILD, "reference": "EX-20417"},
    ),
    "the NHS number of another authority's child": (
        "eve",
        "child-register",
        {**A_CHILD, "reference": "NM-1", "nhs_number": "943 476 5919"},
    ),
    "the e-mail address of another authority's social worker": (
        "administrator",
        "authority-invite",
        {"email": "una.new@casework.example", "name": "Una New", "role": "social_worker"},
    ),
    "the name of another authority's team": (
        "administrator",
        "team-add",
        {"name": "Looked-after Team 9", "kind": "case_holding"},
    ),
}


@pytest.mark.ac("T30.1")
@pytest.mark.parametrize("probe", PROBES)
def test_nothing_exists_already_for_an_outsider(
    crowd: Crowd, outsiders: Mapping[str, Client], probe: str
) -> None:
    who, page, answers = PROBES[probe]
    if "authority" in page or "team" in page:
        address = reverse(f"pages:{page}", args=[crowd.cast.northmoor.pk])
    else:
        address = reverse(f"pages:{page}")
        answers = {**answers, "authority": str(crowd.cast.northmoor.pk)}
    before = sent(outsiders[who], address, answers)
    somebody_elses(crowd)
    Team.objects.create(authority=crowd.cast.exampleshire, name="Looked-after Team 9")
    assert sent(outsiders[who], address, answers) == before
    assert before[0] == 302


def sent(client: Client, address: str, answers: Mapping[str, str]) -> tuple[int, str]:
    """The status and where it leads, without the new row's id; what it wrote is undone."""
    with transaction.atomic():
        answer = client.post(address, answers)
        transaction.set_rollback(True)
    leads_to = re.sub(r"[0-9a-f-]{36}", "id", answer.headers.get("Location", ""))
    return answer.status_code, leads_to or answer.content.decode()


def everything_seen(crowd: Crowd, outsiders: Mapping[str, Client]) -> dict[str, Seen]:
    return dict(pages_of(crowd, outsiders, ROUTES))


def pages_of(
    crowd: Crowd, outsiders: Mapping[str, Client], routes: Mapping[str, object] | tuple[str, ...]
) -> Iterator[tuple[str, Seen]]:
    """Every page about the outsiders' own rows, as each of them sees it: opened, or sent empty if it asks."""
    for name in routes:
        address = ROUTES[name].address(crowd.rows[FOREIGN])
        method = "POST" if "POST" in TABLE[name].by_method else "GET"
        for who, client in outsiders.items():
            with transaction.atomic():
                status, content, headers = seen(client.generic(method, address))
                transaction.set_rollback(True)
            headers.pop("Content-Length", None)
            yield f"{method} {name} as {who}", (status, _EACH_TIME.sub(b"", content), headers)
