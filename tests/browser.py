"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root it needs --no-sandbox; the rest keeps it from looking for things outside this machine.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium_path() -> str | None:
    """Where Chromium is, if it is installed: it is no Python package."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def open_chromium(playwright: Playwright) -> Browser:
    """A headless browser; SystemExit with what to install when there is none."""
    path = chromium_path()
    if path is None:
        raise SystemExit("Chromium is not installed (Debian package chromium).")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)
