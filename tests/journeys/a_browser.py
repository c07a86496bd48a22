"""Somebody of the cast at a real browser: signs in, reads, answers, presses; each page is looked over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from casework.records.models import User

WIDTHS: Final = (1280, 320)
PATIENCE: Final = 15_000  # milliseconds until a link that is not there is given up
PASSWORD: Final = "seven pence for the ferry"
ONLY_WHAT_IS_WRONG: Final = {"resultTypes": ["violations"]}  # what is right is not described one by one
_TORN: Final = r"""
[...document.querySelectorAll("h1, h2, [class*=govuk-caption], .cw-identity__facts")].flatMap(heading => {
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), torn = [];
  while (texts.nextNode()) {
    for (const found of texts.currentNode.data.matchAll(/[A-Z]{1,3}-\d[\d-]*|\d{4}-\d\d/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, found.index);
      range.setEnd(texts.currentNode, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) torn.push(found[0]);
    }
  }
  return torn;
})"""


@dataclass
class Reader:
    """One person's browser. `complaints` is what was wrong with the pages seen so far."""

    page: Page
    address: str
    has_scripts: bool
    is_critical: bool = True
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def opens(
        cls, browser: Browser, address: str, *, has_scripts: bool = True, is_critical: bool = True
    ) -> Self:
        """A new browser. Who is not critical does not look each page over at two widths: that takes time."""
        page = browser.new_context(java_script_enabled=has_scripts).new_page()
        page.set_default_timeout(PATIENCE)
        reader = cls(page, address, has_scripts, is_critical)
        page.on("console", reader._hear)
        page.on("pageerror", lambda error: reader.complaints.append(f"{page.url}: {error.message}"))
        return reader

    def signs_in(self, person: User) -> Self:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        self.goes_to("/accounts/login/")
        return self.answers(login=person.email, password=PASSWORD).presses("Sign in")

    def goes_to(self, path: str) -> Self:
        self.page.goto(self.address + path)
        return self._looks()

    def follows(self, text: str) -> Self:
        """The first link whose words begin like this; what is said to screen readers alone may follow."""
        self.page.get_by_role("link", name=re.compile(f"^{re.escape(text)}")).first.click()
        return self._looks()

    def unfolds(self, text: str) -> Self:
        """Open what is kept closed until somebody wants it."""
        self.page.locator("summary", has_text=text).first.click()
        return self

    def presses(self, text: str) -> Self:
        self.page.get_by_role("button", name=text, exact=True).first.click()
        return self._looks()

    def sends(self) -> Self:
        """Press the button with which the page's own form ends, whatever its words."""
        self.page.locator("main form[method=post] button[type=submit]").last.click()
        return self._looks()

    def downloads(self, press: str) -> str:
        """The text of the file that this button gives."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=press, exact=True).click()
        return Path(coming.value.path()).read_text()

    def answers(self, **answers: str) -> Self:
        """By the name of the question: a choice, from a list too, by its value; anything else in words."""
        for name, words in answers.items():
            box = self.page.locator(f"[name='{name}']:not([type=hidden])")
            if box.first.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f"[name='{name}'][value='{words}']").check()
            elif box.first.evaluate("field => field.tagName") == "SELECT":
                box.first.select_option(words)
            else:
                box.first.fill(words)
        return self

    def sees(self, *texts: str) -> Self:
        shown = self.page.locator("body").inner_text()
        for text in texts:
            assert text in shown, f"{text!r} is not on {self.page.url}:\n{shown}"
        return self

    # What is asked of every page ---------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        """A refusal of the content security policy, or a script's own error."""
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _looks(self) -> Self:
        """Nothing to fall over, at a desk or on a phone."""
        self.page.wait_for_load_state()
        for width in WIDTHS if self.is_critical else ():
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.has_scripts:
                self.complaints += barriers(self.page)
            self.complaints += overflow(self.page)
        return self


def barriers(page: Page) -> list[str]:
    """What axe finds."""
    found = Axe().run(page, options=ONLY_WHAT_IS_WRONG).response["violations"]
    return [
        f"{_where(page)}: {one['id']}: " + "; ".join(node["html"][:200] for node in one["nodes"])
        for one in found
    ]


def torn(page: Page) -> list[str]:
    """No reference of a heading, of the line above it or of the bar about a child is on two lines."""
    return [f"{_where(page)}: {words} is on two lines" for words in page.evaluate(_TORN)]


def overflow(page: Page) -> list[str]:
    """No page scrolls sideways."""
    needed, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [f"{_where(page)}: needs {needed} pixels"] if needed > width else []


def _where(page: Page) -> str:
    size = page.viewport_size
    return f"{page.url} at {size['width'] if size else 'no'} pixels"
