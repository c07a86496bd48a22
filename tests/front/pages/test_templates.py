"""The frame and its parts, drawn without a database."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from casework.front.pages.kit import answers, refusals
from casework.front.pages.kit.cards import (
    Action,
    Badge,
    Delivery,
    Identity,
    StepCard,
    StoryItem,
    SummaryRow,
    Tile,
    Why,
)
from casework.front.pages.kit.forms import Choice, ChoiceField, GovForm, NarrativeField, TextField
from casework.front.pages.kit.freshness import freshness
from casework.front.pages.kit.furniture import ClockStrip, navigation
from casework.records.errors import Conflict, NotAllowed, NotFound, Refused

NOW = datetime(2026, 11, 19, 23, 12, 8, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
OURS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
MOVES = re.compile(r"""<script(?![^>]*\ssrc=)|<style|\s(style|on[a-z]+)=["']|javascript:""", re.IGNORECASE)

OK = ClockStrip("ok", checked_at=NOW - timedelta(seconds=4), now=NOW, fragment_url="/strip/")
LATE = ClockStrip(
    "late", NOW, NOW, 3, NOW - timedelta(minutes=8), "tell the team manager about E-2026-0409", "/late/"
)
UNKNOWN = ClockStrip("unknown", NOW - timedelta(minutes=3), NOW, help_url="/help/")


def draw(template: str, **context: object) -> str:
    return render_to_string(template, {"now": NOW, **context}, RequestFactory().get("/"))


def draw_text(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load casework_words %}" + source).render({"now": NOW, **context})


@pytest.mark.parametrize("name", OURS)
def test_every_template_can_be_read_and_holds_nothing_that_the_security_policy_refuses(name: str) -> None:
    get_template(name)
    assert not MOVES.search((TEMPLATES / name).read_text())


@pytest.mark.parametrize(
    ("clock", "role", "sentence"),
    [
        (OK, "status", "Automatic steps: checked"),
        (LATE, "alert", "3 automatic steps are late."),
        (replace(LATE, late_count=0, oldest_due_at=None), "alert", "Messages are not going out."),
        (UNKNOWN, "alert", "We cannot check the automatic steps."),
    ],
)
def test_the_strip_says_its_state_in_words(clock: ClockStrip, role: str, sentence: str) -> None:
    strip = draw("components/clock_strip.html", clock=clock)
    shown = strip.split("<template")[0]
    assert f'role="{role}"' in shown
    assert sentence in shown
    assert f'data-state="{clock.state}"' in shown


def test_a_page_that_knows_carries_the_words_for_when_it_no_longer_does() -> None:
    for clock, carries in ((OK, True), (LATE, True), (UNKNOWN, False)):
        assert (
            '<template id="cw-clock-unknown">' in draw("components/clock_strip.html", clock=clock)
        ) is carries


def test_one_late_step_is_singular() -> None:
    one = ClockStrip("late", NOW, NOW, 1, NOW, url="/late/")
    assert "1 automatic step is late." in draw("components/clock_strip.html", clock=one)


def test_a_clock_that_was_never_checked_cannot_be_called_fine() -> None:
    with pytest.raises(ValueError, match="never checked"):
        ClockStrip("ok")


def test_a_due_time_says_late_soon_or_later_and_doubts_itself_when_nobody_checks() -> None:
    late = draw_text("{% due at %}", at=NOW - timedelta(hours=1, minutes=32))
    assert "cw-due--late" in late
    assert "Late by 1 h 32 min" in late
    assert "was due" in late
    assert "cw-due--soon" in draw_text("{% due at %}", at=NOW + timedelta(minutes=47))
    doubted = draw_text("{% due at %}", at=NOW + timedelta(minutes=47), clock=UNKNOWN)
    assert "Treat as overdue" in doubted
    assert "Due in" not in doubted
    assert draw_text("{% due_state at %}", at=NOW + timedelta(days=1), clock=UNKNOWN) == "late"


def test_a_moment_is_exact_for_machines_and_on_hover() -> None:
    assert draw_text("{% when at %}", at=NOW) == (
        '<time datetime="2026-11-19T23:12:08Z" title="Thursday 19 November 2026, 23:12">Today 23:12</time>'
    )
    assert draw_text("{% when at %}", at=None) == ""


def test_a_tag_is_coloured_by_its_word() -> None:
    assert "govuk-tag--red" in draw_text('{% tag "High" %}')
    assert "govuk-tag--grey" in draw_text('{% tag "Something new" %}')


def test_the_parts_of_an_episode_are_drawn_and_escape_what_people_wrote() -> None:
    evil = "<script>alert(1)</script>"
    card = StepCard(
        evil,
        NOW,
        [evil],
        "by Bev Aldous 22:31",
        [Action("Record", "/r", evil, is_main=True)],
        Why("Why?", evil, [evil]),
        evil,
    )
    item = StoryItem(evil, evil, NOW, NOW, [evil], deliveries=[Delivery(NOW, evil, evil, is_gap=True)])
    drawn = [
        draw("components/step_card.html", card=card),
        draw("components/work_card.html", card=card),
        draw("components/story.html", story=[item]),
        draw(
            "components/identity.html", identity=Identity(evil, 14, evil, "/c", [evil], [Badge(evil, "red")])
        ),
        draw("components/tiles.html", tiles=[Tile(0, evil, "/t", current=True)]),
        draw("components/summary_list.html", rows=[SummaryRow(evil, evil, "/c", lines=[evil])]),
    ]
    for page in drawn:
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_nought_is_shown_and_an_empty_answer_says_so() -> None:
    assert ">0<" in draw("components/tiles.html", tiles=[Tile(0, "Away", "/t")])
    assert "Not answered" in draw("components/summary_list.html", rows=[SummaryRow("Wearing", "")])


def test_where_the_reader_is_is_marked_once() -> None:
    items = navigation([("Now", "/"), ("My work", "/work/"), ("Late", "/work/late/")], "/work/late/")
    assert [item.text for item in items if item.current] == ["Late"]
    assert not any(item.current for item in navigation([("Now", "/")], "/children/"))


def test_a_fact_ages_from_confirmed_to_doubtful() -> None:
    ages = [freshness(NOW - timedelta(days=days), NOW) for days in (0, 1, 30, 31, 90, 91)]
    assert [fresh.text for fresh in ages[:2]] == ["Confirmed today", "Confirmed yesterday"]
    assert [fresh.is_old for fresh in ages] == [False, False, False, False, False, True]
    assert ages[2].colour != ages[3].colour
    assert ages[-1].text == "Not confirmed for 91 days"


# A form on its page -------------------------------------------------------------------------------


class NewsForm(GovForm):
    kind = ChoiceField(
        "What kind?",
        [Choice("seen", "Seen", reveals="where"), Choice("none", "Nothing new")],
        missing="Choose a kind.",
    )
    where = TextField("Where?", missing="Say where.")
    story = NarrativeField("More")


def page_of(form: GovForm) -> HttpResponse:
    return answers.show(
        RequestFactory().get("/"), "confirm.html", {"title": "News", "submit": "Save"}, form=form
    )


def test_a_page_with_something_to_mend_is_422_and_says_so_first() -> None:
    fresh, wrong = page_of(NewsForm(now=NOW)), page_of(NewsForm({"kind": "seen", "story": "Kept as typed"}))
    assert (fresh.status_code, wrong.status_code) == (200, 422)
    text = wrong.content.decode()
    assert "<title>Error: News - Casework</title>" in text
    assert '<a href="#where">Say where.</a>' in text
    assert 'id="where"' in text
    assert "Kept as typed" in text
    assert "There is a problem" not in fresh.content.decode()


def test_a_revealed_question_stands_inside_its_answer_and_only_there() -> None:
    text = page_of(NewsForm(now=NOW)).content.decode()
    assert text.count('name="where"') == 1
    assert text.index('value="seen"') < text.index('name="where"') < text.index('value="none"')


def test_every_label_leads_to_an_input_and_no_id_is_given_twice() -> None:
    text = page_of(NewsForm({"kind": "seen"})).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'for="([^"]+)"', text)) <= set(ids)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', text)).split()
    assert set(described) <= set(ids)


# Refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "status", "sentence"),
    [
        (NotAllowed("Only a team manager can close this."), 403, "Only a team manager can close this."),
        (Conflict("Already closed at 10:40."), 409, "Already closed at 10:40."),
        (Refused("Give a reason."), 422, "Give a reason."),
        (NotFound(), 404, "Page not found"),
    ],
)
def test_a_refusal_that_no_view_catches_is_a_page(refused: Refused, status: int, sentence: str) -> None:
    answer = refusals.Refusals(lambda request: HttpResponse()).process_exception(
        RequestFactory().get("/"), refused
    )
    assert answer is not None
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_only_refusals_of_pages_are_answered() -> None:
    doors = refusals.Refusals(lambda request: HttpResponse())
    assert doors.process_exception(RequestFactory().get("/"), KeyError("ours to mend")) is None
    assert doors.process_exception(RequestFactory().get("/api/v1/episodes/"), NotFound()) is None


def test_not_found_is_the_same_bytes_whatever_stands_around_it() -> None:
    bare = render_to_string("404.html")
    furnished = draw(
        "404.html", organisation_name="Exampleshire", person_name="Amina Rahal", clock=OK, form=NewsForm({})
    )
    assert bare == furnished == answers.refusal(RequestFactory().get("/x"), NotFound()).content.decode()


@pytest.mark.ac("B28")
def test_a_page_open_too_long_shows_what_was_written_and_no_secret() -> None:
    sent = {
        "story": "Seen at the <b>bus</b> station",
        "password": "three word secret",
        "csrfmiddlewaretoken": "a b",
    }
    answer = refusals.csrf_failure(RequestFactory().post("/news/", sent))
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Your page was open too long. Your text is kept." in text
    assert "Seen at the &lt;b&gt;bus&lt;/b&gt; station" in text
    assert "secret" not in text


@pytest.mark.ac("B26")
def test_a_lost_race_is_409_with_both_texts() -> None:
    request = RequestFactory().post("/plan/")
    both = [answers.Difference("What was agreed?", "My <i>text</i>", "Their text")]
    answer = answers.changed_meanwhile(request, both, again_url="/plan/")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone changed this while you were writing" in text
    assert "My &lt;i&gt;text&lt;/i&gt;" in text
    assert "Their text" in text


def test_an_error_of_ours_gives_a_reference_and_nothing_else() -> None:
    import structlog

    with structlog.contextvars.bound_contextvars(request_id="4f1c"):
        answer = refusals.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "4f1c" in answer.content.decode()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Move EX-20417", 'Move <span class="cw-nowrap">EX-20417</span>'),
        ("E-2026-0457, Kit & <b>", '<span class="cw-nowrap">E-2026-0457</span>, Kit &amp; &lt;b&gt;'),
        ("Re-open at 22-23", "Re-open at 22-23"),
    ],
)
def test_a_reference_stays_whole_in_a_heading(title: str, shown: str) -> None:
    drawn = (
        engines["django"].from_string("{% load casework_words %}{{ title|whole }}").render({"title": title})
    )
    assert drawn == shown
