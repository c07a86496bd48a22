"""The page of the Missing file: who may open it, what it counts, what it says would fail, the download."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import cast as of_type

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.front.returns.readiness import checked_rows
from casework.front.returns.year_page import SHOWN
from casework.records.models import (
    AuditEntry,
    Child,
    FileKind,
    ImportedRow,
    LegalStatus,
    LocalAuthority,
    Membership,
    Placement,
    Role,
    User,
)
from casework.records.return_years import ReturnYear
from casework.records.services.conflicts import declare_conflict, declare_conflict_in_words
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode
from tests.front.pages.a_report import signed_in
from tests.front.returns.spring import HOUR, Y2025, Y2026, Spring, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(db: None) -> Spring:
    """Kit was missing and then away; Ola is missing. It is May, and nothing is wrong."""
    spring = Spring()
    LegalStatus.objects.update(from_on=date(2024, 1, 1))
    episode = spring.goes("2026-03-10 22:40")
    spring.is_away(episode, "2026-03-12 14:00")
    spring.is_back(episode, "2026-03-13 09:00")
    spring.goes("2026-03-14 21:00", child=spring.cast.ola)
    spring.passes("2026-05-04 09:00")
    return spring


def performance_officer(authority: LocalAuthority) -> User:
    email = f"paul.grange@{authority.name.lower()}.example"
    user = User.objects.create_user(email, name="Paul Grange")
    Membership.objects.create(
        user=user, role=Role.PERFORMANCE_OFFICER, authority=authority, starts_at=now() - HOUR
    )
    return user


def url(spring: Spring, year: ReturnYear = Y2025, page: str = "year") -> str:
    return reverse(f"returns:ssda903-{page}", args=[spring.cast.exampleshire.pk, year])


def page(spring: Spring, client: Client, **query: str) -> str:
    answer = client.get(url(spring), query)
    assert answer.status_code == 200
    return answer.content.decode()


def counts(html: str) -> dict[str, int]:
    tiles = re.findall(r'cw-tile__n">(\d+)</span> <span class="cw-tile__t">([^<]+)<', html)
    return {text: int(count) for count, text in tiles}


# ---- who ----


def test_ruth_starts_at_this_years_page(spring: Spring) -> None:
    answer = signed_in(spring.cast.ruth).get("/returns/ssda903/")
    assert answer.headers["Location"] == url(spring, Y2026)


def test_a_performance_officer_starts_at_the_return_and_opens_no_episode(spring: Spring) -> None:
    client = signed_in(performance_officer(spring.cast.exampleshire))
    assert client.get("/").headers["Location"] == "/returns/ssda903/"
    html = page(spring, client)
    assert MissingEpisode.objects.earliest("noticed_at").reference in html
    assert "/episodes/" not in html


def test_an_outsider_finds_nothing_and_a_colleague_is_told_whom_to_ask(spring: Spring) -> None:
    cast = spring.cast
    outsider = signed_in(performance_officer(cast.northmoor))
    for address in (url(spring), url(spring, page="download")):
        assert outsider.get(address).status_code == 404
        assert signed_in(cast.bev).get(address).status_code == 403
        assert signed_in(cast.ada).get(address).status_code == 403
    assert not AuditEntry.objects.filter(action="export").exists()


def test_a_year_to_come_is_no_page(spring: Spring) -> None:
    client = signed_in(spring.cast.ruth)
    assert client.get(url(spring, ReturnYear(2027))).status_code == 404
    assert client.get(url(spring).replace("2025-26", "2025-27")).status_code == 404


@pytest.mark.ac("T05.5")
def test_a_child_in_conflict_is_in_no_row_no_count_and_no_number(spring: Spring) -> None:
    client = signed_in(spring.cast.ruth)
    before = page(spring, client)
    assert (counts(before)["rows"], counts(before)["missing (M)"]) == (3, 2)
    declare_conflict(by=spring.cast.ruth, child=spring.cast.kit, reason="My nephew.")
    spring.passes("2026-05-04 09:01")
    after = page(spring, client)
    assert (counts(after)["rows"], counts(after)["missing (M)"]) == (1, 1)
    assert "EX-20417" not in after
    assert 'id="row-1"' in after
    looked = AuditEntry.objects.filter(about_kind="ssda903_missing").latest("at")
    assert looked.child_ids == [spring.cast.ola.pk]


@pytest.mark.ac("T05.5")
@pytest.mark.parametrize("about", ["EX-20417", "A boy in my street"])
def test_whoever_has_a_conflict_takes_no_file_of_everybody(spring: Spring, about: str) -> None:
    """Whether the words fit a child of the file is not to be told from the answer."""
    cast = spring.cast
    declare_conflict_in_words(by=cast.ruth, authority=cast.exampleshire, about=about, reason="My nephew.")
    client = signed_in(cast.ruth)
    for answer in (client.get(url(spring, page="download")), client.post(url(spring, page="download"))):
        assert answer.status_code == 403
        assert "Ask a colleague to do this." in answer.content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()


# ---- what is on it ----


def test_each_count_is_the_number_of_rows_it_opens(spring: Spring) -> None:
    client = signed_in(spring.cast.ruth)
    tiles = counts(page(spring, client))
    assert tiles == {
        "rows": 3,
        "missing (M)": 2,
        "away (A)": 1,
        "with no end": 1,
        "would fail": 0,
        "worth a second look": 0,
    }
    for name, (text, _) in SHOWN.items():
        assert page(spring, client, show=name).count('id="row-') == tiles[text]


def test_each_row_leads_to_its_episode(spring: Spring) -> None:
    html = page(spring, signed_in(spring.cast.ruth))
    kits, olas = MissingEpisode.objects.order_by("noticed_at").values_list("pk", "reference")
    linked = re.findall(r'href="/episodes/([0-9a-f-]+)/">([^<]+)<', html)
    assert linked == [(str(pk), reference) for pk, reference in (kits, kits, olas)]
    assert "Nothing would fail the DfE’s rules today." in html


def test_a_restricted_childs_row_is_there_for_ruth_and_its_looking_is_kept(spring: Spring) -> None:
    Child.objects.filter(pk=spring.cast.ola.pk).update(is_restricted=True)
    html = page(spring, signed_in(spring.cast.ruth))
    assert "EX-20588" in html
    look = AuditEntry.objects.get(about_kind="ssda903_missing", action="read")
    assert set(look.child_ids or []) == {spring.cast.kit.pk, spring.cast.ola.pk}


def test_a_long_year_comes_in_pages(spring: Spring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.front.returns.year_page.A_PAGE", 2)
    client = signed_in(spring.cast.ruth)
    first = page(spring, client, show="all")
    assert "?page=2&amp;show=all" in first
    assert [html.count('id="row-') for html in (first, page(spring, client, page="2"))] == [2, 1]


# ---- what would fail ----


def faults(spring: Spring, year: ReturnYear = Y2025) -> dict[int, list[str]]:
    """By row: the codes of what is wrong."""
    checked = checked_rows(spring.cast.exampleshire, year)
    return {line.number: [fault.rule.code for fault in line.faults] for line in checked if line.faults}


def test_a_year_in_order_has_no_faults(spring: Spring) -> None:
    assert faults(spring, Y2025) == faults(spring, Y2026) == {}


def test_a_child_without_a_legal_status_fails_and_the_page_shows_the_way(spring: Spring) -> None:
    LegalStatus.objects.filter(child=spring.cast.kit).update(from_on=date(2026, 3, 11))
    assert faults(spring) == {1: ["581"]}
    html = page(spring, signed_in(spring.cast.ruth), show="failing")
    assert "<strong>1 row would fail the DfE’s rules today.</strong>" in html
    assert "No legal status covers 10 March 2026, the day it begins." in html
    assert reverse("pages:legal-status-record", args=[spring.cast.kit.pk]) in html


def test_who_may_not_mend_it_is_told_whom_to_ask(spring: Spring) -> None:
    LegalStatus.objects.filter(child=spring.cast.kit).update(from_on=date(2026, 3, 11))
    html = page(spring, signed_in(performance_officer(spring.cast.exampleshire)), show="failing")
    assert "Ask Amina Rahal, Looked-after Team 2 to mend it." in html


def test_a_placement_that_ended_meanwhile_asks_for_a_decision(spring: Spring) -> None:
    since = on("2025-06-01 09:00")
    olas = Placement.objects.filter(child=spring.cast.ola)
    olas.update(period=DateTimeTZRange(since, on("2026-03-20 12:00")))
    assert faults(spring) == {3: ["575"]}
    html = page(spring, signed_in(spring.cast.ruth), show="second-look")
    assert "Decide: is the absence over" in html
    assert counts(html)["would fail"] == 0


def test_statuses_that_follow_each_other_are_one_time_in_care(spring: Spring) -> None:
    kits = LegalStatus.objects.get(child=spring.cast.kit)
    kits.until_on = date(2026, 3, 11)
    kits.save()
    LegalStatus.objects.create(child=spring.cast.kit, code="V2", from_on=date(2026, 3, 11))
    assert faults(spring) == {}


def test_care_that_ended_while_a_row_is_open_fails(spring: Spring) -> None:
    LegalStatus.objects.filter(child=spring.cast.ola).update(until_on=date(2026, 3, 20))
    assert (faults(spring, Y2025), faults(spring, Y2026)) == ({3: ["577"]}, {1: ["577"]})


def test_an_absence_that_begins_before_the_last_one_ended_leads_to_its_report(spring: Spring) -> None:
    kit = spring.cast.kit
    pretend_now(on("2026-05-04 10:00"))
    MissingEpisode.objects.filter(child=kit).update(returned_at=on("2026-05-04 09:30"))
    spring.goes("2026-05-04 10:00", last_seen_at=on("2026-05-03 21:00"))
    assert faults(spring, Y2026)[2] == ["574"]


def test_a_return_without_its_time_is_pointed_out(spring: Spring) -> None:
    olas = MissingEpisode.objects.get(child=spring.cast.ola)
    spring.is_back(olas, "2026-05-04 10:00", returned_at=on("2026-01-01 09:00"))
    assert faults(spring, Y2026) == {1: ["Return"]}
    assert (
        reverse("pages:episode-return", args=[olas.pk])
        in signed_in(spring.cast.ruth).get(url(spring, Y2026)).content.decode()
    )


def imported(authority: LocalAuthority, file: FileKind, **values: str | None) -> None:
    """A row of the authority's own file of 2025-26."""
    ImportedRow.objects.create(
        authority=authority, kind=file, key=str(values), year=2025, values=dict(values)
    )


@pytest.mark.parametrize(("rec", "expected"), [("E8", {}), ("E4A", {3: ["580"]}), (None, {3: ["580"]})])
def test_rec_is_what_the_authoritys_own_files_say(
    spring: Spring, rec: str | None, expected: dict[int, list[str]]
) -> None:
    cast = spring.cast
    Child.objects.filter(pk=cast.ola.pk).update(born_on=date(2008, 3, 20))
    if rec:
        imported(cast.exampleshire, FileKind.EPISODE, reference="EX-20588", dec="2026-03-20", rec=rec)
    assert faults(spring) == expected


def test_what_last_years_file_left_open_comes_first_with_its_start(spring: Spring) -> None:
    authority = spring.cast.exampleshire
    imported(authority, FileKind.MISSING, reference="EX-20588", kind="M", start="2026-03-14", end=None)
    assert faults(spring, Y2026) == {}
    ImportedRow.objects.update(values={**ImportedRow.objects.get().values, "start": "2026-03-13"})
    assert faults(spring, Y2026) == {1: ["576"]}


def test_the_number_of_queries_does_not_grow_with_the_rows(spring: Spring) -> None:
    with CaptureQueriesContext(connection) as few:
        checked_rows(spring.cast.exampleshire, Y2025)
    for hour in range(10, 16):
        episode = spring.goes(f"2026-05-05 {hour}:00", child=spring.cast.rosie)
        spring.is_back(episode, f"2026-05-05 {hour}:20")
    with CaptureQueriesContext(connection) as many:
        found = checked_rows(spring.cast.exampleshire, Y2026)
    assert (len(found), len(many)) == (7, len(few))


# ---- the download ----


def test_the_download_asks_what_for(spring: Spring) -> None:
    client = signed_in(spring.cast.ruth)
    assert client.get(url(spring, page="download")).status_code == 200
    refused = client.post(url(spring, page="download"), {"reason": " "})
    assert refused.status_code == 422
    assert "Say what the file is for." in refused.content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()


def stream_of(answer: object) -> Iterable[bytes]:
    assert isinstance(answer, StreamingHttpResponse)
    return of_type("Iterable[bytes]", answer.streaming_content)


@pytest.mark.ac("T07.3")
def test_the_file_the_audit_and_the_screen_count_the_same_rows(spring: Spring) -> None:
    client = signed_in(spring.cast.ruth)
    answer = client.post(url(spring, page="download"), {"reason": "April’s return"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="missing.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    began = AuditEntry.objects.get(action="export")  # before the first byte
    assert (began.actor_id, began.reason) == (spring.cast.ruth.pk, "April’s return")
    lines = b"".join(stream_of(answer)).decode().splitlines()
    ended = AuditEntry.objects.get(action="export", about_id=began.pk)
    assert ended.session == began.session != ""
    assert len(lines) - 1 == len(ended.fields) == counts(page(spring, client))["rows"] == 3
    assert set(ended.child_ids or []) == {spring.cast.kit.pk, spring.cast.ola.pk}


def test_a_download_that_is_broken_off_says_so(spring: Spring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)  # the test's own
    answer = signed_in(spring.cast.ruth).post(url(spring, page="download"), {"reason": "April’s return"})
    next(iter(stream_of(answer)))
    answer.close()
    ended = AuditEntry.objects.exclude(about_id=None).get(action="export")
    assert ended.reason.startswith("2025-26: 0 rows, cut short; SHA-256 ")
