"""The page on which the API is read: from our own files, under our own policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from playwright.sync_api import Browser

from casework.front.api.about import schema_text
from tests.journeys.a_browser import WIDTHS, Reader

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_the_page_of_the_schema_shows_every_operation(chromium: Browser, live_server: LiveServer) -> None:
    """Nothing that it does meets the content security policy, and nothing hangs over the edge of a phone."""
    reader = Reader.opens(chromium, live_server.url, is_critical=False)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.goto(f"{live_server.url}/api/v1/docs/")
    reader.page.wait_for_selector(".opblock")
    methods = yaml.safe_load(schema_text())["paths"].values()
    assert reader.page.locator(".opblock").count() == sum(map(len, methods))
    reader.page.locator(".opblock-summary").first.click()
    reader.page.wait_for_selector(".opblock-body")
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert reader.complaints == []
    for width in WIDTHS:
        reader.page.set_viewport_size({"width": width, "height": 900})
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
