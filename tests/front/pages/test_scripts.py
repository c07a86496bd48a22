"""What the scripts do in a real browser: pages and answers come from here, and time is moved by hand."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect, sync_playwright

from casework.front.pages.kit.forms import Choice, ChoiceField, GovForm, TextField
from casework.front.pages.kit.furniture import ClockStrip

ROOT = Path(__file__).resolve().parents[3]
SITE = "http://casework.example"
NOW = datetime(2026, 11, 19, 23, 12, tzinfo=UTC)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"

BOARD = """{% extends "layout.html" %}{% load casework_words %}{% block title %}Now{% endblock %}
{% block content %}
<span data-refresh-controls="board"></span>
<section id="board" data-refresh="30">
  <p>{{ words }}</p><p>{% due at %}</p><p id="since">{% time_since since %}</p>
  <a href="/episodes/1/">Episode</a> <details id="why"><summary>Why?</summary>Because</details>
</section>
<p class="govuk-body">{% for line in lines %}line<br>{% endfor %}</p>
{% endblock %}"""

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian package chromium)"),
]


class Site:
    """Answers the browser: addresses to texts, or None for a server that does not answer."""

    def __init__(self) -> None:
        self.pages: dict[str, str | None] = {}
        self.complaints: list[str] = []

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            return self._static(route, path.removeprefix("/static/"))
        page = self.pages.get(path)
        if page is None:
            return route.abort()
        return route.fulfill(body=page, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    def _static(self, route: Route, name: str) -> None:
        ours, theirs = ROOT / "static" / name, ROOT / "var" / "assets" / name
        if name == "govuk/govuk-frontend.min.js" and not theirs.exists():
            return route.fulfill(body="export function initAll() {}", content_type="text/javascript")
        found = ours if ours.exists() else theirs
        return (
            route.fulfill(path=found) if found.exists() else route.fulfill(body="", content_type="text/css")
        )


# A board that refreshed brings the words of the server; the next tick, within 5 seconds, counts on from them.
A_FEW_TICKS = 20_000


@pytest.fixture(scope="module")
def open_page() -> Iterator[Callable[[Site], Page]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def open_(site: Site, *, script: bool = True) -> Page:
            page = browser.new_context(
                java_script_enabled=script, viewport={"width": 800, "height": 400}
            ).new_page()
            page.on(
                "console",
                lambda said: site.complaints.append(said.text) if "policy" in said.text.lower() else None,
            )
            page.on("pageerror", lambda error: site.complaints.append(str(error)))
            page.route("**/*", site.answer)
            if script:
                page.clock.install(time=NOW)
            page.goto(SITE + "/now/")
            return page

        yield open_
        browser.close()


def strip(state: Literal["ok", "late"]) -> ClockStrip:
    checked = NOW - timedelta(seconds=4)
    return ClockStrip(
        state, checked, NOW, late_count=2, oldest_due_at=checked, url="/late/", fragment_url="/strip/"
    )


def draw(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(source).render({"now": NOW, **context}, request)


def fragment(clock: ClockStrip) -> str:
    return render_to_string("components/clock_strip.html", {"clock": clock, "now": NOW})


def board(words: str = "first", **context: object) -> str:
    times = {"at": NOW + timedelta(minutes=2), "since": NOW - timedelta(hours=1), "clock": strip("ok")}
    return draw(BOARD, **{"words": words, "lines": range(80), **times, **context})


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.pages = {"/now/": board(), "/strip/": fragment(strip("ok"))}
    yield site
    assert site.complaints == []


@pytest.mark.ac("I14")
def test_a_page_that_hears_nothing_for_90_seconds_says_it_does_not_know(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(site)
    site.pages["/strip/"] = None
    page.clock.run_for(76_000)
    expect(page.locator("#cw-clock")).to_have_attribute("data-state", "ok")
    page.clock.run_for(30_000)
    clock = page.locator("#cw-clock")
    expect(clock).to_have_attribute("data-state", "unknown")
    expect(clock).to_have_attribute("role", "alert")
    expect(clock).to_contain_text("We cannot check the automatic steps.")
    page.clock.run_for(6_000)
    expect(page.locator(".cw-due__n")).to_have_text("Treat as overdue")


def test_the_strip_comes_back_and_its_countdowns_with_it(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site)
    site.pages["/strip/"] = None
    page.clock.run_for(112_000)
    expect(page.locator(".cw-due__n")).to_have_text("Treat as overdue")
    site.pages["/strip/"] = fragment(strip("late"))
    page.clock.run_for(16_000)
    expect(page.locator("#cw-clock")).to_contain_text("2 automatic steps are late.")
    page.clock.run_for(6_000)
    expect(page.locator(".cw-due__n")).not_to_have_text("Treat as overdue")


def test_a_sign_in_page_is_no_answer_about_the_clock(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site)
    site.pages["/strip/"] = "<!doctype html><title>Sign in</title>"
    page.clock.run_for(106_000)
    expect(page.locator("#cw-clock")).to_have_attribute("data-state", "unknown")


def test_a_due_time_counts_down_and_only_the_change_to_late_is_announced(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(site)
    due, said = page.locator(".cw-due__n"), page.locator("#cw-announce")
    expect(due).to_have_text("Due in 2 min")
    page.clock.run_for(65_000)
    expect(due).to_have_text("Due in 1 min", timeout=A_FEW_TICKS)
    expect(said).to_have_text("")
    page.clock.run_for(120_000)
    expect(due).to_have_text("Late by 1 min", timeout=A_FEW_TICKS)
    expect(said).to_have_text("A step is now late.", timeout=A_FEW_TICKS)
    expect(page.locator("#since span")).to_have_text("1 h 3 min", timeout=A_FEW_TICKS)


def test_a_board_refreshes_and_keeps_scroll_focus_and_what_was_opened(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(site)
    page.locator("#why summary").click()
    page.get_by_role("link", name="Episode").focus()
    page.evaluate("scrollTo(0, 300)")
    was = page.evaluate("scrollY")
    site.pages["/now/"] = board("second")
    page.clock.run_for(31_000)
    expect(page.locator("#board")).to_contain_text("second")
    assert page.evaluate("scrollY") == was
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/episodes/1/"
    assert page.evaluate("document.getElementById('why').open")


def test_a_paused_board_stays_as_it_is(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site)
    page.get_by_role("button", name="Pause updates").click()
    site.pages["/now/"] = board("second")
    page.clock.run_for(61_000)
    expect(page.locator("#board")).to_contain_text("first")
    page.get_by_role("button", name="Resume updates").click()
    page.clock.run_for(31_000)
    expect(page.locator("#board")).to_contain_text("second")


def test_a_board_whose_wait_is_over_opens_the_page_anew(site: Site, open_page: Callable[..., Page]) -> None:
    """What stands around it, a button say, was not on the page that waited."""
    waiting = board("checking").replace('data-refresh="30"', 'data-refresh="30" data-refresh-ends')
    site.pages["/now/"] = waiting
    page = open_page(site)
    site.pages["/now/"] = waiting.replace("checking", "still checking")
    page.clock.run_for(31_000)
    expect(page.locator("#board")).to_contain_text("still checking")
    over = board("ready").replace(' data-refresh="30"', "")
    site.pages["/now/"] = over.replace("</section>", "</section><button>Import</button>", 1)
    page.clock.run_for(31_000)
    expect(page.get_by_role("button", name="Import")).to_be_visible()


class ToldForm(GovForm):
    told = ChoiceField(
        "Told?", [Choice("yes", "Yes", reveals="reference"), Choice("no", "No")], missing="Choose one."
    )
    reference = TextField("Reference")


def ask(site: Site) -> None:
    source = (
        '{% extends "layout.html" %}{% block content %}<form method="post">{{ form }}</form>{% endblock %}'
    )
    site.pages["/now/"] = draw(source, form=ToldForm(now=NOW))


def test_a_revealed_question_appears_with_its_answer(site: Site, open_page: Callable[..., Page]) -> None:
    ask(site)
    page = open_page(site)
    expect(page.get_by_label("Reference")).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(page.get_by_label("Reference")).to_be_visible()
    page.get_by_label("No").check()
    expect(page.get_by_label("Reference")).to_be_hidden()


def test_without_script_every_question_is_there(site: Site, open_page: Callable[..., Page]) -> None:
    ask(site)
    page = open_page(site, script=False)
    expect(page.get_by_label("Reference")).to_be_visible()
