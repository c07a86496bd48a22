"""A real browser for those journeys that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium_path, open_chromium


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    # Playwright's own loop runs in this thread, and Django would take the test for a coroutine.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    # The live server's threads keep no connection behind, or the database could not be dropped.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        yield browser
        browser.close()
        connection.close()  # under Playwright's loop it is another one than outside
