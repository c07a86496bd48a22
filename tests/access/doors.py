"""The doors of the service: every route of the URL table, filled in with the ids of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.records.models import User
from casework.records.return_years import ReturnYear
from tests.access.a_world import World

# Parts that are no row's id.
ONE_OF_EACH: Final = {"slug": "where", "key": "none", "uidb36": "none", "year": ReturnYear(2025)}
NO_UUID: Final = "not-an-id"
_ID: Final = re.compile(r"<uuid:(\w+)>")
_OTHER: Final = re.compile(r"<(?!uuid:)(?:\w+:)?(\w+)>")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Route:
    """One line of the URL table. `name` as the table of access says it, `view` as `reverse` wants it."""

    name: str
    view: str
    ids: Sequence[str]
    others: Sequence[str]

    def address(self, rows: Mapping[str, UUID]) -> str:
        ids = {part: rows[part] for part in self.ids}
        return reverse(self.view, kwargs={**ids, **{part: ONE_OF_EACH[part] for part in self.others}})


def _routes(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            view, ids = f"{space}{entry.name}", _ID.findall(pattern)
            yield Route(view.removeprefix("pages:"), view, ids, _OTHER.findall(pattern))
        else:
            yield from _routes(entry, pattern, f"{space}{entry.namespace}:" if entry.namespace else space)


EVERY_ROUTE: Final = {route.name: route for route in _routes(get_resolver())}
ROOMS: Final = ("pages:", "dashboards:", "returns:", "imports:")
ROUTES: Final = {name: route for name, route in EVERY_ROUTE.items() if route.view.startswith(ROOMS)}
OF_A_ROW: Final = [name for name, route in ROUTES.items() if route.ids]
OF_NO_ROW: Final = [name for name, route in ROUTES.items() if not route.ids]


def addresses(name: str, world: World) -> list[str]:
    """The page for each stage: ids that belong together stand at the same place of their lists."""
    route = ROUTES[name]
    lists = [world.ids[part] for part in route.ids]
    longest = max((len(ids) for ids in lists), default=1)
    rows = [[ids[min(at, len(ids) - 1)] for ids in lists] for at in range(longest)]
    return [route.address(dict(zip(route.ids, row, strict=True))) for row in rows]


def nowhere(address: str) -> str:
    """The same address with ids that are nobody's."""
    return _UUID.sub(lambda _: str(uuid4()), address)


def malformed(address: str) -> str:
    """The same address with something that is no id."""
    return _UUID.sub(NO_UUID, address)


class Walker(Client):
    """The test client without its notes on every template and context: there are thousands of pages."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]  # its own request() does it


def walker(person: User) -> Walker:
    """Somebody signed in, whose pages are only read."""
    client = Walker(raise_request_exception=False)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
