"""Who may see what, at the size of a country: what the policy costs each list and each page.

One function a part; each takes the server and gives its rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from .durable import Server, durable_server
from .people import AUTHORITIES, Country
from .row import Row

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casework.records.models import User

FEW: Final = 1_000
MANY: Final = 100_000
A_PAGE: Final = 25
TURNS: Final = 15
ROUNDS: Final = 7  # of the small database and the large one, in turn
TURNS_BESIDE: Final = 100  # where the two are as good as equal, and a tenth decides
Part = Callable[[Server], list[Row]]


def measure() -> list[Row]:
    """Every part on one server, filled once."""
    with durable_server() as server:
        say(f"filling a database with {FEW:,} children, and one with {MANY:,}")
        with Country(server.database("casework")) as country:
            country.found()
            country.grow(1, FEW)
            country.rest()
            server.copy("casework", "few")
            country.grow(FEW + 1, MANY)
            country.let_in_by_guardian()
            country.rest()
        return [row for part in PARTS for row in part(server)]


def lists(server: Server) -> list[Row]:
    """The lists: children by name, episodes by date, the children of a home."""
    say("lists of 25 rows, in turn in the small database and the large one")
    rounds = [(_list_times("few"), _list_times("casework")) for _ in range(ROUNDS)]
    rows = []
    for name in rounds[0][0]:
        small, large = (median(times[which][name] for times in rounds) for which in (0, 1))
        rows.append(Row(f"list: {name}, {MANY:,} children, SQL ms", large, 15))
        rows.append(Row(f"list: {name}, {MANY:,} against {FEW:,}, times", large / small, 2))
    return rows


def beside_guardian(server: Server) -> list[Row]:
    """The same question put to guardian, which has a row for every child and every person."""
    say("guardian's get_objects_for_user beside the policy")
    from guardian.shortcuts import get_objects_for_user

    from casework.records.models import Child
    from incidents.access import episodes_visible_to
    from incidents.models import MissingEpisode

    with working_in("casework"):
        worker, guest = person("worker1"), person("guest1")
        ours = page_ms(lambda: episodes_visible_to(worker).order_by("-noticed_at"))
        theirs = page_ms(
            lambda: get_objects_for_user(
                guest, "incidents.view_missingepisode", MissingEpisode, accept_global_perms=False
            ).order_by("-noticed_at")
        )
        direct = page_ms(
            lambda: get_objects_for_user(
                guest, "records.view_child", Child, accept_global_perms=False
            ).order_by("last_name")
        )
    say(f"the policy {ours:.1f} ms, guardian {theirs:.1f} ms, guardian by direct foreign key {direct:.1f} ms")
    return [Row("list: guardian's time against the policy's, times", theirs / ours, 8, "at_least")]


def let_in(server: Server) -> list[Row]:
    """Somebody with grants besides a post: the lists are put together from both."""
    from casework.records.access import children_visible_to
    from incidents.access import episodes_visible_to

    with working_in("casework"):
        worker = person("worker2")
        children = page_ms(lambda: children_visible_to(worker).order_by("last_name"))
        episodes = page_ms(lambda: episodes_visible_to(worker).order_by("-noticed_at"))
    return [
        Row("list: children, with three grants besides, SQL ms", children, 15),
        Row("list: episodes, with three grants besides, SQL ms", episodes, 15),
    ]


def nobody_there(server: Server) -> list[Row]:
    """An authority that has no child yet is told so as fast as a full one is told its children."""
    from casework.records.access import children_visible_to

    with working_in("casework"):
        full, empty = person("worker1"), person(f"worker{AUTHORITIES + 1}")
        told, told_none = beside_each_other(
            lambda: list(children_visible_to(full).order_by("last_name")[:A_PAGE]),
            lambda: list(children_visible_to(empty).order_by("last_name")[:A_PAGE]),
        )
    return [Row("list: an authority without rows against a full one, times", told_none / told, 1)]


def one_page(server: Server) -> list[Row]:
    """What the permission of one page adds, in queries."""
    from casework.records.access import child_for, children_visible_to
    from incidents.access import episode_for, episodes_visible_to

    with working_in("casework"):
        worker = person("worker1")
        child, episode = children_visible_to(worker)[0], episodes_visible_to(worker)[0]
        of_child = queries(lambda: child_for(worker, child.pk))
        of_episode = queries(lambda: episode_for(worker, episode.pk))
        spent = sql_ms(lambda: episode_for(worker, episode.pk))
    return [
        Row("page: queries of a child's permission", of_child, 2),
        Row("page: queries of an episode's permission", of_episode, 2),
        Row("page: SQL ms of an episode's permission", spent, 15),
    ]


PARTS: Final[tuple[Part, ...]] = (lists, beside_guardian, let_in, nobody_there, one_page)


def _list_times(database: str) -> dict[str, float]:
    from casework.records.access import children_visible_to
    from incidents.access import episodes_visible_to

    with working_in(database):
        worker, carer = person("worker1"), person("carer1")
        asked: dict[str, Callable[[], QuerySet[Any]]] = {
            "children": lambda: children_visible_to(worker).order_by("last_name", "first_name", "reference"),
            "episodes": lambda: episodes_visible_to(worker).order_by("-noticed_at"),
            "a home's children": lambda: children_visible_to(carer).order_by("first_name"),
            "a home's episodes": lambda: episodes_visible_to(carer).order_by("-noticed_at"),
        }
        return {name: page_ms(rows) for name, rows in asked.items()}


def page_ms(rows: Callable[[], QuerySet[Any]]) -> float:
    """A page of a list."""
    return sql_ms(lambda: list(rows()[:A_PAGE]))


# Measuring ---------------------------------------------------------------------------------------------


@contextmanager
def working_in(database: str) -> Iterator[None]:
    """Django's connection goes to this database of the server for a while."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def person(name: str) -> User:
    from casework.records.models import User

    return User.objects.get(email=f"{name}@country.example")


def sql_ms(act: Callable[[], object]) -> float:
    """Milliseconds in the database, the middle one of several turns; the first is not counted."""
    return median([_sql(act)[1] for _ in range(TURNS + 1)][1:])


def beside_each_other(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The middle milliseconds of two, one after the other in each turn: both meet the same machine."""
    pairs = [(_sql(first)[1], _sql(second)[1]) for _ in range(TURNS_BESIDE + 1)][1:]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def queries(act: Callable[[], object]) -> int:
    return _sql(act)[0]


def _sql(act: Callable[[], object]) -> tuple[int, float]:
    from django.db import connection

    spent: list[float] = []

    def timed(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            spent.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        act()
    return len(spent), sum(spent) * 1000


def say(words: str) -> None:
    print(f"access: {words}", flush=True)
