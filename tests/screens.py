"""`./run screens`: a picture of every page that each of the demo's people can reach, at 1280 and 320 px.

It signs in to the running service as each of them and follows the links, one page of each kind. A page that
scrolls sideways, answers with an error or complains in the browser's console is named, and the exit is 1.
"""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright
from rich.progress import track

from casework.local import data_directory, say
from casework.supervisor import part_states
from tests.browser import open_chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screens"
WIDTHS = (1280, 320)
NOT_PAGES = ("/static/", "/accounts/logout/", "/mail/")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Walk:
    """One person's way through the pages, and what was wrong on it."""

    page: Page
    address: str
    who: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.wrong.append(f"{self.who} {_kind(urlsplit(self.page.url).path)}: {said.text}")

    def pages(self) -> Iterator[str]:
        """Breadth first from the front page; the second child's page adds nothing to the first's."""
        waiting, seen = deque(["/"]), {_kind("/")}
        while waiting:
            path = waiting.popleft()
            if not self.open(path):
                continue
            yield path
            for found in self._links():
                if _kind(found) not in seen:
                    seen.add(_kind(found))
                    waiting.append(found)

    def open(self, path: str) -> bool:
        """Open and picture one address; whether there was a page."""
        try:
            answer = self.page.goto(self.address + path)
        except Error as error:
            if "Download is starting" in error.message:  # a file is no page
                return False
            raise
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return False
        self._look(path, answer)
        return True

    def _look(self, path: str, answer: Response) -> None:
        if answer.status >= 400:
            self.wrong.append(f"{self.who} {_kind(path)}: answered {answer.status}")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if self.page.evaluate(_SIDEWAYS):
                self.wrong.append(f"{self.who} {_kind(path)}: scrolls sideways at {width} px")
            name = re.sub(r"[^\w]+", "-", _kind(path)).strip("-") or "front"
            target = PICTURES / str(width) / f"{self.who}--{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=target, full_page=True)

    def _links(self) -> list[str]:
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        paths = [urlsplit(link).path for link in links if link.startswith(self.address + "/")]
        return [path for path in paths if not path.startswith(NOT_PAGES)]


def main() -> int:
    folder = data_directory(demo=True)
    if "running" not in part_states(folder).values():
        say("The service is not running. Start it in another terminal first: ./run")
        return 1
    demo = json.loads((folder / "demo.json").read_text())
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        signed_out = Walk(browser.new_page(), demo["address"], "nobody", wrong)
        for path in ("/accounts/login/", "/accounts/password/reset/"):
            signed_out.open(path)
        for account in demo["accounts"]:
            walk = _signed_in(browser, demo["address"], account, wrong)
            for _ in track(walk.pages(), description=account["name"]):
                pass
            walk.page.context.close()
        browser.close()
    say("\n".join([*dict.fromkeys(wrong), f"The pictures are in {PICTURES}"]))
    return 1 if wrong else 0


def _signed_in(browser: Browser, address: str, account: dict[str, str], wrong: list[str]) -> Walk:
    page = browser.new_context().new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.click("form button[type=submit], form .govuk-button")
    return Walk(page, address, re.sub(r"\W+", "-", account["name"].lower()), wrong)


def _kind(path: str) -> str:
    """The page without which row it is about: /children/id/."""
    return _UUID.sub("id", path)


if __name__ == "__main__":
    sys.exit(main())
