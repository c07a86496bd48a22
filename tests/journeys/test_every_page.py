"""Every page that a GET opens, for everybody: axe finds no barrier; on a phone nothing scrolls sideways and
no reference is torn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from casework.records.models import User
from protocols import engine
from tests.access.a_world import World, make_world
from tests.access.doors import ROUTES, addresses
from tests.front.pages.a_report import signed_in
from tests.journeys.a_browser import barriers, overflow, torn

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
# Each page is looked at by the first who may open it.
READERS = ("carl", "bev", "ada", "ines", "ruth", "gita", "dee")
PARTS = 2  # side by side
_UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_barrier_or_scrolls_sideways(
    chromium: Browser, live_server: LiveServer, part: int
) -> None:
    world, faults, seen = make_world(), [], set()
    engine.sweep_once()  # so that the strip tells of a clock that runs
    pages = {
        who: browser_of(getattr(world.cast, who), chromium, live_server.url).new_page() for who in READERS
    }
    for who, path in openings(list(ROUTES)[part::PARTS], world):
        page = pages[who]
        page.set_viewport_size(DESK)
        page.goto(live_server.url + path)
        page.evaluate(_UNFOLD)
        faults += barriers(page)
        page.set_viewport_size(PHONE)
        faults += overflow(page) + torn(page)
        seen.add(who)
    assert faults == []
    assert seen >= {"carl", "bev", "ada"}


def test_what_is_wrong_is_found(chromium: Browser) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.set_content("<title>x</title><main><img src='x'><p style='width: 900px'>Wide</p></main>")
    assert any("image-alt" in fault for fault in barriers(page))
    assert overflow(page)
    page.set_content("<h1 style='width: 5ch'>Move EX-20417</h1><h1>Move EX-20418</h1>")
    assert [fault.split(": ")[1] for fault in torn(page)] == ["EX-20417 is on two lines"]


def openings(names: list[str], world: World) -> Iterator[tuple[str, str]]:
    """Each of these pages that anybody opens: the first of them who does, and where."""
    clients = {name: signed_in(getattr(world.cast, name)) for name in READERS}
    for name in names:
        opened = ((reader, path) for path in addresses(name, world) for reader in READERS)
        if first := next(((reader, path) for reader, path in opened if _shows(clients[reader], path)), None):
            yield first


def _shows(client: Client, path: str) -> bool:
    answer = client.get(path)
    is_page = "<html" in answer.content.decode(errors="replace")[:200]
    return answer.status_code == 200 and is_page


def browser_of(person: User, chromium: Browser, address: str) -> BrowserContext:
    """A browser in which this person is signed in already."""
    cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME]
    context = chromium.new_context()
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return context
