"""A conflict of interest at every door: the child's rows are nothing, no other page says a word of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casework.records.services.conflicts import declare_conflict
from tests.access.a_world import World, make_world, names_in
from tests.access.doors import OF_A_ROW, ROUTES, Walker, addresses, nowhere, walker
from tests.access.test_doors import OPEN, knock, seen
from tests.front.pages.at_the_desk import send, text_of

pytestmark = [pytest.mark.ac("T05.5"), pytest.mark.django_db]

OF_A_CHILD: Final = frozenset({"child_id", "episode_id", "interview_id", "step_id", "glass_id"})
OF_THE_CHILD: Final = [name for name in OF_A_ROW if OF_A_CHILD & set(ROUTES[name].ids)]
OF_OTHER_THINGS: Final = [name for name in ROUTES if not OF_A_CHILD & set(ROUTES[name].ids)]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all; what each test does in it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(params=["ruth", "ada", "carl"])
def who(request: pytest.FixtureRequest) -> str:
    """Who sees all of them by seniority, to keep the record, by living there."""
    return str(request.param)


def declare_all(world: World, who: str) -> None:
    cast = world.cast
    for child in (cast.kit, cast.ola, cast.rosie, cast.maisie, cast.biniam):
        declare_conflict(by=getattr(cast, who), child=child, reason="They are all my cousins.")


def test_every_row_of_the_child_is_nothing_byte_for_byte(world: World, who: str) -> None:
    browser = walker(getattr(world.cast, who))
    doors = {name: addresses(name, world)[0] for name in OF_THE_CHILD}
    open_before = {
        name for name, door in doors.items() if any(one.status_code in OPEN for one in knock(browser, door))
    }
    assert len(open_before) > 5
    declare_all(world, who)
    nothing = {name: [seen(one) for one in knock(browser, nowhere(door))] for name, door in doors.items()}
    told_apart = [
        name for name, door in doors.items() if [seen(one) for one in knock(browser, door)] != nothing[name]
    ]
    assert told_apart == []
    assert {status for answers in nothing.values() for status, *_ in answers} <= {404, 405}


def test_no_list_count_return_or_search_says_a_word_of_them(world: World, who: str) -> None:
    browser = walker(getattr(world.cast, who))
    assert said_to(browser, world)
    declare_all(world, who)
    assert said_to(browser, world) == []


def said_to(browser: Walker, world: World) -> list[tuple[str, str]]:
    """Which pages that are about no single child name one of them."""
    answers = ((name, one) for name in OF_OTHER_THINGS for one in knock(browser, addresses(name, world)[0]))
    texts = [(name, b"".join(answer).decode()) for name, answer in answers]
    return [(name, word) for name, text in texts for word in names_in(world.cast) if word in text]


def test_a_search_finds_nobody_not_even_one_made_before(world: World) -> None:
    cast = world.cast
    found = send(cast.ruth, "children-search", words="Ashdown").headers["Location"]
    ruth = walker(cast.ruth)
    assert "EX-20417" in text_of(ruth.get(found))
    declare_all(world, "ruth")
    again = send(cast.ruth, "children-search", words="Ashdown").headers["Location"]
    for address in (found, again):
        page = ruth.get(address)
        assert (page.status_code, "EX-20417" in text_of(page)) == (200, False)
