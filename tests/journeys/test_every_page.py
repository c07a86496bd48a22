"""Every page that a GET opens, for everybody: axe finds no barrier, and a phone needs no sideways scroll."""

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
from tests.journeys.a_browser import barriers, overflow

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
# Each page is looked at by the first who may open it.
READERS = ("carl", "bev", "ada", "ines", "ruth", "gita")


@pytest.mark.parametrize("who", READERS)
def test_no_page_has_a_barrier_or_scrolls_sideways(
    chromium: Browser, live_server: LiveServer, who: str
) -> None:
    world, faults, seen = make_world(), [], 0
    engine.sweep_once()  # so that the strip tells of a clock that runs
    page = browser_of(getattr(world.cast, who), chromium, live_server.url).new_page()
    for path in pages_of(who, world):
        page.set_viewport_size(DESK)
        page.goto(live_server.url + path)
        faults += barriers(page)
        page.set_viewport_size(PHONE)
        faults += overflow(page)
        seen += 1
    assert faults == []
    assert seen > 0


def test_what_is_wrong_is_found(chromium: Browser) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.set_content("<title>x</title><main><img src='x'><p style='width: 900px'>Wide</p></main>")
    assert any("image-alt" in fault for fault in barriers(page))
    assert overflow(page)


def pages_of(who: str, world: World) -> Iterator[str]:
    """The pages that this person opens and nobody before them in the list does."""
    clients = {name: signed_in(getattr(world.cast, name)) for name in READERS}
    for name in ROUTES:
        opened = ((reader, path) for path in addresses(name, world) for reader in READERS)
        first = next(((reader, path) for reader, path in opened if _shows(clients[reader], path)), None)
        if first is not None and first[0] == who:
            yield first[1]


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
