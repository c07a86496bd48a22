"""Each role's first page: what it owes, in a few queries however much there is, and every count true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from html import unescape
from typing import Final
from urllib.parse import urljoin

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from casework.records.models import Child, Placement, Role, User
from casework.records.times import now
from incidents.services import interviews, reports, returns
from protocols import engine
from tests.access.a_full_world import one_of_each
from tests.access.a_world import make_world
from tests.access.doors import Walker, walker
from tests.cast import Cast

MOST_QUERIES: Final = 15
TIMES: Final = 10
# A savepoint is no question: in the service these pages have no transaction around them.
NO_QUESTION: Final = re.compile(r"^(RELEASE )?SAVEPOINT|; ?(RELEASE )?SAVEPOINT|^(BEGIN|COMMIT)")
TILE: Final = re.compile(r'class="cw-tile[^"]*" href="([^"]+)"[^>]*><span class="cw-tile__n">(\d+)<')
ROW: Final = re.compile(r'role="rowheader"|class="cw-work"')

STARTS_AT: Final[Mapping[Role, str]] = {
    Role.SOCIAL_WORKER: "/now/",
    Role.DUTY_WORKER: "/now/",
    Role.TEAM_MANAGER: "/overview/",
    Role.SERVICE_MANAGER: "/overview/",
    Role.HEAD_OF_SERVICE: "/overview/",
    Role.ASSISTANT_DIRECTOR: "/overview/",
    Role.DIRECTOR: "/overview/",
    Role.RETURN_INTERVIEWER: "/interviews/",
    Role.COORDINATOR: "/interviews/",
    Role.REVIEWING_OFFICER: "/reviewing/",
    Role.SCHOOL_CONTACT: "/pupils/",
    Role.PERFORMANCE_OFFICER: "/returns/ssda903/",
    Role.ADMINISTRATOR: "/setup/",
    Role.HOME_STAFF: "/home/",
    Role.HOME_TABLET: "/home/",
    Role.REGISTERED_MANAGER: "/home/",
    Role.ON_CALL_MANAGER: "/home/",
    Role.POLICE_LIAISON: "/shared/",
    Role.POLICE_SYSTEM: "/shared/",  # it never signs in
}


@pytest.fixture(scope="module")
def night(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """Exampleshire with an absence at each stage."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world().cast
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def people(night: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Mapping[Role, User]]:
    """Somebody of each role."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield one_of_each(night)
        transaction.set_rollback(True)


def first_page(person: User) -> tuple[Walker, str]:
    """Where the person is after signing in, past what only leads on."""
    browser, address = walker(person), "/"
    while (answer := browser.get(address)).status_code == 302:
        address = urljoin(address, answer.headers["Location"])
    return browser, address


def questions(browser: Walker, address: str) -> list[str]:
    """What one look at a page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return [str(one["sql"]) for one in asked.captured_queries if not NO_QUESTION.search(str(one["sql"]))]


def rows_of(browser: Walker, address: str) -> int:
    return len(ROW.findall(browser.get(address).content.decode()))


def more(cast: Cast, numbers: Iterable[int]) -> None:
    """So many more of each absence there is, each of a child of its own."""
    for number in numbers:
        for stage in ("missing", "located", "back", "talked"):
            child = _another(cast, f"{stage[0].upper()}{number}")
            episode = reports.report_missing(
                by=cast.amina, child=child, category="missing", noticed_at=now() - timedelta(hours=1)
            )
            if stage == "located":
                returns.record_located(
                    by=cast.femi, episode=episode, located_at=now(), where="A bus", found_by="police"
                )
            if stage in ("back", "talked"):
                returns.record_return(by=cast.amina, episode=episode)
            if stage == "talked":
                interviews.record_decline(
                    by=cast.ines, interview=episode.interviews.get(), declined_at=now(), carer_view="Fine."
                )
            engine.fire_due(episode.pk)


def _another(cast: Cast, mark: str) -> Child:
    kit = cast.kit
    child = Child.objects.create(
        authority=kit.authority,
        reference=f"EX-3{mark}",
        first_name="Sam",
        last_name=mark,
        born_on=kit.born_on,
        team=kit.team,
        allocated_worker=kit.allocated_worker,
    )
    since = DateTimeTZRange(now() - timedelta(days=300), None)
    Placement.objects.create(child=child, home=cast.larch_house, period=since, place_code="K2")
    return child


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_each_role_starts_where_its_work_is(role: Role, people: Mapping[Role, User]) -> None:
    _, address = first_page(people[role])
    assert address.startswith(STARTS_AT[role])


@pytest.mark.django_db
def test_every_first_page_asks_little_and_no_more_of_ten_times_as_much(
    people: Mapping[Role, User], night: Cast
) -> None:
    pages = {role: first_page(person) for role, person in people.items()}
    with transaction.atomic():
        more(night, [0])
        before = {role: questions(*page) for role, page in pages.items()}
        more(night, range(1, TIMES))
        after = {role: questions(*page) for role, page in pages.items()}
        transaction.set_rollback(True)
    counts = {role: (len(before[role]), len(after[role])) for role in pages}
    too_many = {role: "\n".join(asked) for role, asked in after.items() if len(asked) > MOST_QUERIES}
    grown = {role: both for role, both in counts.items() if both[1] > both[0]}
    assert (grown, too_many) == ({}, {})


@pytest.mark.django_db
def test_every_tile_counts_the_rows_that_it_opens(people: Mapping[Role, User], night: Cast) -> None:
    wrong, tiles = {}, 0
    with transaction.atomic():
        more(night, range(TIMES))
        for role, person in people.items():
            browser, address = first_page(person)
            for opens, count in TILE.findall(browser.get(address).content.decode()):
                tiles += 1
                shown = rows_of(browser, urljoin(address, unescape(opens)))
                if shown != int(count):
                    wrong[role, opens] = (int(count), shown)
        transaction.set_rollback(True)
    assert wrong == {}
    assert tiles > 60
