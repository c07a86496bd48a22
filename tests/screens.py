"""`./run screens`: a picture of every page that each of the demo's people can reach, at 1280 and 320 px.

It signs in to the running service as each of them and follows the links, one page of each kind.
"""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from casework.local import data_directory, say
from casework.supervisor import part_states
from tests.browser import open_chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screens"
WIDTHS = (1280, 320)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def main() -> int:
    folder = data_directory(demo=True)
    if "running" not in part_states(folder).values():
        say("The service is not running. Start it in another terminal first: ./run")
        return 1
    demo = json.loads((folder / "demo.json").read_text())
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        _signed_out(browser, demo["address"])
        for account in demo["accounts"]:
            count = _all_pages_of(browser, demo["address"], account)
            say(f"{account['name']}: {count} pages")
        browser.close()
    say(f"The pictures are in {PICTURES}")
    return 0


def _signed_out(browser: Browser, address: str) -> None:
    page = browser.new_page()
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(address + path)
        _picture(page, "nobody", _kind(path))


def _all_pages_of(browser: Browser, address: str, account: dict[str, str]) -> int:
    """Breadth first from the front page; the second child's page adds nothing to the first's."""
    page = browser.new_context().new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.click("form button[type=submit], form .govuk-button")
    waiting, seen = deque(["/"]), {_kind("/")}
    who = re.sub(r"\W+", "-", account["name"].lower())
    while waiting:
        path = waiting.popleft()
        answer = page.goto(address + path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        _picture(page, who, _kind(path))
        for found in _links(page, address):
            if _kind(found) not in seen:
                seen.add(_kind(found))
                waiting.append(found)
    page.context.close()
    return len(seen)


def _links(page: Page, address: str) -> list[str]:
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    paths = [urlsplit(link).path for link in links if link.startswith(address + "/")]
    return [path for path in paths if not path.startswith(("/static/", "/accounts/logout/"))]


def _kind(path: str) -> str:
    """The page without which row it is about: /children/id/."""
    return _UUID.sub("id", path)


def _picture(page: Page, who: str, kind: str) -> None:
    name = re.sub(r"[^\w]+", "-", kind).strip("-") or "front"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        target = PICTURES / str(width) / f"{who}--{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True)


if __name__ == "__main__":
    sys.exit(main())
