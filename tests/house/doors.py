"""The pages as addresses: every route of the URL table, filled in with rows of `a_world`."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID, uuid4

from django.urls import URLPattern, get_resolver, reverse

from tests.house.a_world import World

ID: Final = re.compile(r"<uuid:(\w+)>")
ONE_OF_EACH: Final = {"slug": "where"}  # parts of an address that are no row's id
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _routes() -> dict[str, str]:
    """The name of every page and its pattern, as the resolver has them."""
    pages = get_resolver().namespace_dict["pages"][1]
    return {
        str(pattern.name): str(pattern.pattern)
        for pattern in pages.url_patterns
        if isinstance(pattern, URLPattern)
    }


ROUTES: Final = _routes()
OF_A_ROW: Final = [name for name, pattern in ROUTES.items() if ID.search(pattern)]
OF_NO_ROW: Final = [name for name in ROUTES if name not in OF_A_ROW]


def addresses(name: str, world: World) -> list[str]:
    """The page for each stage: ids that belong together stand at the same place of their lists."""
    wanted = ID.findall(ROUTES[name])
    lists = [world.ids[part] for part in wanted]
    longest = max((len(ids) for ids in lists), default=1)
    rows = [[ids[min(at, len(ids) - 1)] for ids in lists] for at in range(longest)]
    return [_address(name, dict(zip(wanted, row, strict=True))) for row in rows]


def _address(name: str, ids: dict[str, UUID]) -> str:
    others = {part: word for part, word in ONE_OF_EACH.items() if f":{part}>" in ROUTES[name]}
    return reverse(f"pages:{name}", kwargs={**ids, **others})


def nowhere(address: str) -> str:
    """The same address with ids that are nobody's."""
    return _UUID.sub(lambda _: str(uuid4()), address)
