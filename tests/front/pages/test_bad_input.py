"""Bad input against the pages themselves: 422 with what was typed, nothing written, and never a 500."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from casework.front.pages.kit.forms import GovForm, TextField
from casework.records.local_time import WALL
from casework.records.models import ChronologyEntry, Draft, FormKey
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode
from tests.access.a_world import World, make_world
from tests.access.doors import ROUTES, Walker, addresses
from tests.cast import Cast
from tests.front.pages.a_report import signed_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

PHONE: Final = "/reports/phone/"
FORM: Final = "application/x-www-form-urlencoded"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def femi(cast: Cast) -> Client:
    return signed_in(cast.femi)


def told(cast: Cast, **answers: object) -> dict[str, object]:
    """A report that Femi would take by phone."""
    return {
        "child": str(cast.kit.pk),
        "typed_name": "Carl Penrose, home staff",
        "category": "missing",
        "noticed_at": "30",
        "last_seen_at": "60",
        "last_seen_where": "Front door",
        "police": "not_yet",
        **answers,
    }


def seen_at(day: int, month: int, year: int, clock: str, **more: str) -> dict[str, str]:
    parts = {"day": day, "month": month, "year": year, "time": clock, **more}
    return {
        "last_seen_at": "give",
        **{f"last_seen_at_{part}": str(text) for part, text in parts.items()},
    }


def seen_then(moment: datetime) -> dict[str, str]:
    local = moment.astimezone(WALL)
    return seen_at(local.day, local.month, local.year, f"{local:%H:%M}")


def refused(answer: Answer, *sentences: str) -> str:
    """It is the page again, with the sentences, and nothing was written."""
    text = answer.content.decode()
    assert answer.status_code == 422
    for sentence in sentences:
        assert str(escape(sentence)) in text
    assert not MissingEpisode.objects.exists()
    return text


# One report, each answer wrong in its turn ---------------------------------------------------------------


@pytest.mark.ac("B01")
def test_nothing_said_of_when_they_were_last_seen(femi: Client, cast: Cast) -> None:
    text = refused(femi.post(PHONE, told(cast, last_seen_at="")), "Enter the time the child was last seen.")
    assert "There is a problem" in text
    assert 'href="#last_seen_at"' in text
    assert "Carl Penrose, home staff" in text


@pytest.mark.ac("B02")
@pytest.mark.parametrize("blank", ["   ", "\u200b\u200b", "\u00a0"])
def test_a_name_that_cannot_be_seen(femi: Client, cast: Cast, blank: str) -> None:
    refused(femi.post(PHONE, told(cast, typed_name=blank)), "Enter who is reporting.")


@pytest.mark.ac("B03")
def test_a_megabyte_is_too_much_and_all_of_it_is_kept(femi: Client, cast: Cast) -> None:
    story = "He took the bus. " * 60_000
    text = refused(femi.post(PHONE, told(cast, circumstances=story)), "Use 10,000 characters or fewer.")
    assert story.strip() in text


@pytest.mark.ac("B04", "B05")
@pytest.mark.parametrize("bad", ["%00", "%ED%A0%80"])
def test_what_no_database_can_keep(femi: Client, cast: Cast, bad: str) -> None:
    body = urlencode(told(cast, circumstances="Left ")).replace(
        "circumstances=Left+", f"circumstances=Left+{bad}"
    )
    refused(femi.generic("POST", PHONE, body, content_type=FORM), "This has a character that cannot be kept.")


@pytest.mark.ac("B06")
@pytest.mark.parametrize("typed", ["👩‍👧 safe", "Llŷr ŵen", "محمد", "Z\u0351\u036b\u0352a\u0358l"])
def test_every_script_is_kept_as_it_was_written(femi: Client, cast: Cast, typed: str) -> None:
    assert femi.post(PHONE, told(cast, circumstances=typed)).status_code == 302
    assert MissingEpisode.objects.get().circumstances == typed


@pytest.mark.ac("B06")
def test_letters_with_marks_are_kept_composed(femi: Client, cast: Cast) -> None:
    femi.post(PHONE, told(cast, circumstances="w\u0302en"))
    assert MissingEpisode.objects.get().circumstances == "ŵen"


@pytest.mark.ac("B07")
def test_a_mark_that_turns_a_name_round_is_taken_out_and_said(femi: Client, cast: Cast) -> None:
    answer = femi.post(PHONE, told(cast, typed_name="Carl\u202e Penrose"), follow=True)
    assert MissingEpisode.objects.get().reported_by_name == "Carl Penrose"
    assert "Hidden marks that turn text round were taken out." in answer.content.decode()


@pytest.mark.ac("B08", "B09", "B10")
@pytest.mark.parametrize(
    "code",
    ["<script>alert(1)</script>", "{{7*7}} {% debug %} ${7*7}", "' OR 1=1--", "%'; DROP TABLE records_child"],
)
def test_code_is_shown_as_it_was_typed(femi: Client, cast: Cast, code: str) -> None:
    femi.post(PHONE, told(cast, circumstances=code))
    episode = MissingEpisode.objects.get()
    assert episode.circumstances == code
    text = femi.get(f"/episodes/{episode.pk}/details/").content.decode()
    assert str(escape(code)) in text
    assert "<script>alert" not in text


@pytest.mark.ac("B11")
def test_last_seen_in_ten_minutes(femi: Client, cast: Cast) -> None:
    later = seen_then(now() + timedelta(minutes=10))
    refused(femi.post(PHONE, told(cast, **later)), "That time is in the future.")


@pytest.mark.ac("B12")
def test_last_seen_two_years_ago(femi: Client, cast: Cast) -> None:
    long_ago = seen_then(now() - timedelta(days=730))
    refused(femi.post(PHONE, told(cast, **long_ago, late_reason="Found in the files")))


@pytest.mark.ac("B12")
def test_last_seen_the_day_before_yesterday_needs_the_reason(femi: Client, cast: Cast) -> None:
    lately = seen_then(now() - timedelta(days=2))
    refused(femi.post(PHONE, told(cast, **lately)))
    assert femi.post(PHONE, told(cast, **lately, late_reason="Thought to be at school")).status_code == 302


@pytest.mark.ac("B13", "T16.2")
def test_half_past_one_in_the_night_that_skips_it(femi: Client, cast: Cast) -> None:
    pretend_now(datetime(2027, 3, 28, 9, 0, tzinfo=WALL))
    refused(
        femi.post(PHONE, told(cast, **seen_at(28, 3, 2027, "01:30"))),
        "That time did not exist: clocks went forward. Use 02:00 or later.",
    )


@pytest.mark.ac("B14", "T16.2")
def test_half_past_one_in_the_night_that_has_it_twice(femi: Client, cast: Cast) -> None:
    pretend_now(datetime(2027, 10, 31, 9, 0, tzinfo=WALL))
    text = refused(femi.post(PHONE, told(cast, **seen_at(31, 10, 2027, "01:30"))))
    assert "Before the clocks went back" in text
    answer = femi.post(PHONE, told(cast, **seen_at(31, 10, 2027, "01:30", which="after")))
    assert answer.status_code == 302
    assert MissingEpisode.objects.get().last_seen_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


@pytest.mark.ac("B15")
@pytest.mark.parametrize("day", [(29, 2, 2027), (31, 6, 2026), (0, 0, 0), (1, 1, 20226)])
def test_a_day_that_is_in_no_calendar(femi: Client, cast: Cast, day: tuple[int, int, int]) -> None:
    refused(femi.post(PHONE, told(cast, **seen_at(*day, "22:10"))), "Enter a real date.")


@pytest.mark.ac("B21")
def test_a_child_of_another_authority_is_no_different_from_nonsense(femi: Client, cast: Cast) -> None:
    cast.kit.__class__.objects.filter(pk=cast.ola.pk).update(authority=cast.northmoor)
    pages = [
        refused(femi.post(PHONE, told(cast, child=child)), "Choose one from the list.")
        for child in (str(cast.ola.pk), "nonsense")
    ]
    sentences = [re.findall(r"error-message[^<]*<[^>]*>[^<]*</span>([^<]*)", page) for page in pages]
    assert sentences[0] == sentences[1]


# Every form of every page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    """A page with a form, and somebody who may send it."""

    name: str
    client: Walker
    address: str
    form: GovForm

    def send(self, **extra: object) -> Answer:
        """Send the page with nothing answered but `extra`."""
        return self.client.post(self.address, {"form_key": str(uuid4()), **extra})

    @property
    def texts(self) -> list[str]:
        """The names of its questions that are answered in words."""
        return [name for name, field in self.form.fields.items() if isinstance(field, TextField)]


def doors(world: World) -> Iterator[Door]:
    """Each page that asks something, once, by whoever of the cast first gets it open."""
    cast = world.cast
    people = [
        signed_in(person) for person in (cast.bev, cast.carl, cast.ada, cast.ines, cast.femi, cast.ruth)
    ]
    for name in ROUTES:
        door = next((door for door in _opened(name, world, people) if door), None)
        if door is not None:
            yield door


def _opened(name: str, world: World, people: list[Client]) -> Iterator[Door | None]:
    """The page as each of them finds it; None once it opens and asks nothing."""
    for address in addresses(name, world):
        for client in people:
            answer = client.get(address)
            if answer.status_code == 200:
                form = answer.context.get("form") if answer.context else None
                sender = _without_notes(client)
                if isinstance(form, GovForm) and _takes_posts(sender, address):
                    yield Door(name, sender, address, form)
                else:
                    yield None
                return


def _without_notes(client: Client) -> Walker:
    """The same browser, which keeps no note of what each template was given: it sends a thousand pages."""
    sender = Walker()
    sender.cookies = client.cookies
    return sender


def _takes_posts(client: Walker, address: str) -> bool:
    """A page may show a form that another page takes."""
    with transaction.atomic():
        status = client.post(address).status_code
        transaction.set_rollback(True)
    return status != 405


BAD_EVERYWHERE: Final[Mapping[str, Mapping[str, object]]] = {
    "a field that was not asked": {"is_staff": "1"},
    "another authority's id": {"authority_id": str(uuid4())},
    "one answer twice": {"form_key": [str(uuid4()), str(uuid4())]},
    "ten thousand rows": {"form-TOTAL_FORMS": "10000", "form-INITIAL_FORMS": "0"},
    "fewer rows than none": {"form-TOTAL_FORMS": "-1", "form-INITIAL_FORMS": "0"},
    "an unknown number of rows": {"form-0-id": str(uuid4())},
}


# "They're back" is taken whatever else cannot be read: the pages that say it write, even with a 422.
TAKES_THE_FACT: Final = {("episode-back", "a NUL"), ("episode-returned", "a NUL")}


@pytest.mark.ac("B04", "B22", "B23", "B24", "B28")
def test_no_page_takes_what_it_did_not_ask_for_or_what_came_from_elsewhere(world: World) -> None:
    odd, tried = [], set()
    for door in doors(world):
        tried.add(door.name)
        a_nul = {"a NUL": dict.fromkeys(door.texts, "Seen\x00there")} if door.texts else {}
        for what, extra in {**BAD_EVERYWHERE, **a_nul}.items():
            status, has_written = attempt(door, extra)
            if status != 422 or has_written != ((door.name, what) in TAKES_THE_FACT):
                odd.append((door.name, what, status, has_written))
        if not is_refused_from_elsewhere(door):
            odd.append((door.name, "from elsewhere", 0, False))
    assert odd == []
    assert tried >= {"phone-report", "news-add", "risk-assess", "report-new", "child-register", "home-change"}


def attempt(door: Door, extra: Mapping[str, object]) -> tuple[int, bool]:
    """The status, and whether anything was written; which is undone."""
    with transaction.atomic():
        before = what_is_written()
        status = door.send(**extra).status_code
        has_written = what_is_written() != before
        transaction.set_rollback(True)
    return status, has_written


def what_is_written() -> list[int]:
    return [model.objects.count() for model in (ChronologyEntry, FormKey, MissingEpisode, Draft)]


def is_refused_from_elsewhere(door: Door) -> bool:
    """Without the token of a page of ours it is 403, and what was written is there to be copied."""
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies = door.client.cookies
    answer = stranger.post(door.address, dict.fromkeys(door.texts, "Seen at eleven"))
    text = answer.content.decode()
    is_kept = "Seen at eleven" in text or not door.texts
    return answer.status_code == 403 and "Your page was open too long." in text and is_kept
