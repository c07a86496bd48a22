"""Whatever is wrong with a request is said in one form, and nothing of it is done (rows A01 to A29)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from casework.records.times import now
from incidents.models import MissingEpisode, News, RiskAssessment
from tests.front.api.calling import JSON, System, path

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from tests.cast import Cast

pytestmark = pytest.mark.django_db

SIGHTING: Mapping[str, Any] = {"words": "At the station."}
FOUND: Mapping[str, Any] = {"located_at": "2026-11-22T10:00:00Z", "where": "A flat"}


def refused(answer: Answer, status: int, code: str = "", *, at: str | None = None) -> dict[str, Any]:
    """A problem of this status; the fault beside a field, when `at` names one."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["type"] == f"urn:casework:problem:{said['code']}"
    assert said["title"]
    assert said["detail"]
    if at is not None:
        faults = {fault["field"]: fault["code"] for fault in said["errors"]}
        assert at in faults, faults
        assert code in ("", faults[at])
    elif code:
        assert said["code"] == code
    return said


@pytest.mark.ac("A01")
@pytest.mark.parametrize("body", [b"", b"{", b'{"words":"x",}'])
def test_no_json(system: System, episode: MissingEpisode, body: bytes) -> None:
    refused(system.send_raw(path("sightings", episode.pk), body), 400)


@pytest.mark.ac("A02")
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/*",
        "application/jsonp",
        "",
    ],
)
def test_another_type(system: System, episode: MissingEpisode, kind: str) -> None:
    body = json.dumps(SIGHTING).encode()
    refused(system.send_raw(path("sightings", episode.pk), body, kind), 415, "media_type")


@pytest.mark.ac("A03")
@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"3", b"true"])
def test_something_else_than_an_object(system: System, episode: MissingEpisode, body: bytes) -> None:
    for name in ("sightings", "sighting-batches", "grades", "found", "acknowledgements"):
        refused(system.send_raw(path(name, episode.pk), body), 400, "invalid")


@pytest.mark.ac("A04")
def test_a_deep_nest(system: System, episode: MissingEpisode) -> None:
    refused(system.send_raw(path("sightings", episode.pk), b"[" * 10_000 + b"]" * 10_000), 400, "too_deep")


@pytest.mark.ac("A05")
@pytest.mark.ac("A06")
@pytest.mark.ac("A07")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"words":"x","words":"y"}', "duplicate_key"),
        (b'{"words":"x","position":{"latitude":NaN,"longitude":0}}', "number"),
        (b'{"words":"x","position":{"latitude":1e999,"longitude":0}}', "number"),
        (b'{"words":9007199254740993}', "number"),
    ],
)
def test_what_two_programs_would_read_differently(
    system: System, episode: MissingEpisode, body: bytes, code: str
) -> None:
    """Refused by the reader, whatever the fields would have said."""
    refused(system.send_raw(path("sightings", episode.pk), body), 400, code)
    assert not News.objects.exists()


@pytest.mark.ac("A08")
@pytest.mark.parametrize(
    ("name", "body", "at"),
    [
        ("found", {**FOUND, "identity_confirmed": "true"}, "identity_confirmed"),
        ("found", {**FOUND, "identity_confirmed": 1}, "identity_confirmed"),
        ("found", {**FOUND, "identity_confirmed": None}, "identity_confirmed"),
        ("sightings", {"words": 1}, "words"),
        ("sightings", {"words": True}, "words"),
        ("sightings", {"words": ["x"]}, "words"),
        ("sightings", {**SIGHTING, "position": {"latitude": "51", "longitude": 0}}, "position.latitude"),
        ("sightings", {**SIGHTING, "position": {"latitude": True, "longitude": 0}}, "position.latitude"),
        ("grades", {"grade": 1, "rationale": "x", "assessor": "y"}, "grade"),
    ],
)
def test_nothing_is_taken_for_something_else(
    system: System, episode: MissingEpisode, name: str, body: object, at: str
) -> None:
    refused(system.post(path(name, episode.pk), body), 400, at=at)


@pytest.mark.ac("A08")
@pytest.mark.parametrize("number", ["1", 1.5, True, None, 0, -1])
def test_a_number_is_a_number(system: System, episode: MissingEpisode, number: object) -> None:
    system.get(path("events"))
    refused(system.post(path("receipts"), {"read_up_to": number}), 400, at="read_up_to")


@pytest.mark.ac("A09")
@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-11-22T10:00:00", "offset"),
        ("2026-11-22 10:00", "offset"),
        ("2026-11-22T24:00:00Z", "moment"),
        ("2026-11-22T10:00:60Z", "moment"),
        ("2026-11-22T10:60:00Z", "moment"),
        ("2026-02-30T10:00:00Z", "moment"),
        ("2026-11-22T10:00:00+99:00", "moment"),
        ("2026-11-22T10:00:00+15:00", "moment"),
        ("2026-11-22", "moment"),
        ("20261122T100000Z", "moment"),
        ("２026-11-22T10:00:00Z", "moment"),
        (1764000000, "moment"),
        (None, "null"),
    ],
)
def test_a_moment_has_its_offset_and_exists(
    system: System, episode: MissingEpisode, moment: object, code: str
) -> None:
    said = system.post(path("found", episode.pk), {**FOUND, "located_at": moment})
    refused(said, 400, code, at="located_at")
    if code == "offset":
        assert "timezone required" in said.json()["errors"][0]["detail"]


@pytest.mark.ac("A10")
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T00:00:00Z"]
)
def test_a_year_that_no_clock_could_shift(system: System, episode: MissingEpisode, moment: str) -> None:
    refused(
        system.post(path("found", episode.pk), {**FOUND, "located_at": moment}), 400, "years", at="located_at"
    )


@pytest.mark.ac("T16.4")
def test_what_has_not_happened_yet_is_refused(system: System, episode: MissingEpisode) -> None:
    soon = (now() + timedelta(minutes=6)).isoformat()
    said = system.post(path("sightings", episode.pk), {**SIGHTING, "happened_at": soon})
    refused(said, 400, "future", at="happened_at")


@pytest.mark.ac("A11")
@pytest.mark.ac("A22")
@pytest.mark.parametrize("name", ["is_staff", "__proto__", "constructor", "$where", "", "words ", "WORDS"])
def test_a_name_that_nobody_asked_for(system: System, episode: MissingEpisode, name: str) -> None:
    refused(system.post(path("sightings", episode.pk), {**SIGHTING, name: "x"}), 400, "unknown", at=name)
    assert not News.objects.exists()


@pytest.mark.ac("A12")
def test_what_is_shown_and_not_theirs_to_change(system: System, episode: MissingEpisode) -> None:
    read = system.get(path("episode", episode.pk))
    for name, value in read.json().items():
        if name != "police_reference":
            sent = {"police_reference": "EX 1", name: value}
            said = system.patch(path("episode", episode.pk), sent, read.headers["ETag"])
            refused(said, 400, "read_only", at=name)


@pytest.mark.ac("A13")
@pytest.mark.ac("A14")
def test_an_episode_that_is_not_theirs_is_as_one_that_is_not(
    system: System, stranger: System, episode: MissingEpisode
) -> None:
    """No body here names a record: addresses do, and a foreign one is as unknown as a malformed one."""
    nobodys = refused(stranger.get(path("episode", uuid4())), 404, "not_found")
    canonical = str(episode.pk)
    for written in (
        canonical.upper(),
        f"{{{canonical}}}",
        canonical.replace("-", ""),
        "1",
        "../token",
        "%00",
    ):
        answer = system.get(path("episodes") + "/" + written)
        assert refused(answer, 404, "not_found") == nobodys
    assert refused(stranger.get(path("episode", episode.pk)), 404) == nobodys
    assert refused(stranger.post(path("sightings", episode.pk), SIGHTING), 404) == nobodys


@pytest.mark.ac("A15")
@pytest.mark.ac("T14.1")
@pytest.mark.parametrize(
    ("version", "status"),
    [(None, 428), ("", 428), ('"v9"', 412), ("*", 400), ('W/"v1"', 412), ("v1", 400), ('"v1", "v2"', 400)],
)
def test_a_change_names_what_it_changes(
    system: System, episode: MissingEpisode, version: str | None, status: int
) -> None:
    refused(system.patch(path("episode", episode.pk), {"police_reference": "EX 1"}, version), status)
    episode.refresh_from_db()
    assert episode.police_reference == ""


@pytest.mark.ac("A17")
def test_too_many_at_once_and_one_that_is_wrong(system: System, episode: MissingEpisode) -> None:
    address = path("sighting-batches", episode.pk)
    refused(system.post(address, {"sightings": [{"words": "x"}] * 1001}), 413, "too_many")
    nine = [dict(SIGHTING)] * 9
    refused(system.post(address, {"sightings": [*nine, {"words": ""}]}), 400, at="sightings.9.words")
    refused(system.post(address, {"sightings": []}), 400, at="sightings")
    assert not News.objects.exists()
    taken = system.post(address, {"sightings": nine})
    assert (taken.status_code, taken.json(), News.objects.count()) == (201, {"taken": 9}, 9)


@pytest.mark.ac("A17")
def test_a_batch_of_which_the_rule_refuses_one_is_not_taken_at_all(
    system: System, episode: MissingEpisode
) -> None:
    soon = {"words": "x", "happened_at": (now() + timedelta(hours=1)).isoformat()}
    refused(system.post(path("sighting-batches", episode.pk), {"sightings": [dict(SIGHTING), soon]}), 400)
    assert not News.objects.exists()


@pytest.mark.ac("A18")
def test_a_body_that_is_too_long_or_of_no_length(system: System, episode: MissingEpisode) -> None:
    address = path("sightings", episode.pk)
    refused(system.send_raw(address, b" " * 5_000_000), 413, "too_long")
    refused(system.send_raw(address, b'{"words":"' + b"x" * 65_536 + b'"}'), 413, "too_long")
    chunked: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    keys = {**system.keys, "Idempotency-Key": str(uuid4())}
    refused(
        system.line.generic("POST", address, b"", content_type=JSON, headers=keys, **chunked),
        413,
        "no_length",
    )


@pytest.mark.ac("A19")
def test_a_body_that_is_packed(system: System, episode: MissingEpisode) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = system.send_raw(path("sightings", episode.pk), bomb[:60_000], **{"Content-Encoding": "gzip"})
    refused(answer, 415, "content_encoding")


@pytest.mark.ac("A20")
@pytest.mark.parametrize(
    ("latitude", "longitude", "at"),
    [
        (91, 0, "latitude"),
        (-90.1, 0, "latitude"),
        (0, 181, "longitude"),
        ("51,5", 0, "latitude"),
        (51.5, None, "longitude"),
    ],
)
def test_a_place_that_is_not_on_earth(
    system: System, episode: MissingEpisode, latitude: object, longitude: object, at: str
) -> None:
    where = {"latitude": latitude, "longitude": longitude}
    said = system.post(path("sightings", episode.pk), {**SIGHTING, "position": where})
    refused(said, 400, at=f"position.{at}")


@pytest.mark.ac("A20")
def test_a_place_is_kept_to_a_metre(system: System, episode: MissingEpisode) -> None:
    raw = b'{"words":"x","position":{"latitude":51.12345678901234567890,"longitude":-0.000004}}'
    said = system.send_raw(path("sightings", episode.pk), raw).json()
    assert said["position"] == {"latitude": 51.12346, "longitude": -0.0}


@pytest.mark.ac("A21")
@pytest.mark.parametrize(
    "body", [b'{"words":"\xff"}', '{"words":"é"}'.encode("utf-16"), b'\xef\xbb\xbf{"words":"x"}']
)
def test_other_letters_than_utf8(system: System, episode: MissingEpisode, body: bytes) -> None:
    refused(system.send_raw(path("sightings", episode.pk), body), 400)


@pytest.mark.parametrize("words", ["", "   ", "\x00", "a\x07b", "x" * 10_001])
def test_words_that_nobody_could_read(system: System, episode: MissingEpisode, words: str) -> None:
    refused(system.post(path("sightings", episode.pk), {"words": words}), 400, at="words")


@pytest.mark.ac("A23")
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_method_is_what_it_is(system: System, episode: MissingEpisode, header: str) -> None:
    refused(
        system.post(path("episode", episode.pk), {"_method": "PATCH"}, **{header: "PATCH"}), 405, "method"
    )
    refused(system.get(path("receipts"), headers={header: "POST"}), 405, "method")


@pytest.mark.ac("A24")
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE", "FOO"])
def test_a_method_that_nothing_takes(system: System, episode: MissingEpisode, method: str) -> None:
    answer = system.line.generic(method, path("episode", episode.pk), headers=system.keys)
    refused(answer, 405, "method")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH"}


def test_what_an_address_takes_is_told_and_its_head_is_alone(system: System, episode: MissingEpisode) -> None:
    asked = system.line.options(path("episode", episode.pk), headers=system.keys)
    assert (asked.status_code, asked.content) == (204, b"")
    assert set(asked.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH"}
    head = system.line.head(path("episode", episode.pk), headers=system.keys)
    assert (head.status_code, head.headers["ETag"], head.content) == (200, '"v1"', b"")


@pytest.mark.ac("A25")
@pytest.mark.parametrize("kind", ["application/xml", "text/html", "image/*"])
def test_only_json_is_given(system: System, episode: MissingEpisode, kind: str) -> None:
    refused(system.get(path("episodes"), headers={"Accept": kind}), 406, "not_acceptable")
    assert system.get(path("episodes"), {"format": "xml"}).status_code == 400
    assert system.get(path("episodes"), headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.ac("A28")
def test_a_cursor_is_the_clients_own(
    cast: Cast, system: System, stranger: System, episode: MissingEpisode
) -> None:
    given = system.get(path("events")).json()["next"]
    for cursor in (given[:-1] + ("a" if given[-1] != "a" else "b"), "MTAw", "x", f"{given} ", "0"):
        refused(system.get(path("events"), {"cursor": cursor}), 400, "cursor", at="cursor")
    refused(stranger.get(path("events"), {"cursor": given}), 400, "cursor", at="cursor")
    refused(system.get(path("episodes"), {"cursor": given}), 400, "cursor", at="cursor")
    assert system.get(path("events"), {"cursor": given}).status_code == 200


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        ("limit=1e1", "limit"),
        ("limit=%C2%B2", "limit"),
        ("limit=1&limit=2", "limit"),
        ("state=OPEN", "state"),
        ("state=", "state"),
        ("order_by=child", "order_by"),
        ("cursor=", "cursor"),
        ("cursor=%00", "cursor"),
        ("child__last_name=x", "child__last_name"),
    ],
)
def test_a_query_that_nobody_asked_for(system: System, episode: MissingEpisode, query: str, at: str) -> None:
    refused(system.get(f"{path('episodes')}?{query}"), 400, at=at)


def test_what_a_role_may_not_grade_is_not_graded(system: System, episode: MissingEpisode) -> None:
    """A grade outside of the list, and one for an episode that has ended."""
    said = {"grade": "extreme", "rationale": "x", "assessor": "y"}
    refused(system.post(path("grades", episode.pk), said), 400, "invalid_choice", at="grade")
    assert not RiskAssessment.objects.exists()


def test_an_address_that_is_none(system: System) -> None:
    for address in ("/api/v1/", "/api/v1/children", "/api/v1/episodes/", "/api/v1/token/"):
        refused(system.get(address), 404, "not_found")
        assert system.line.get(address).status_code == 401


def test_what_breaks_says_so_in_the_same_form(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.front.api.episodes.lines_of", lambda *_, **__: 1 / 0)
    said = refused(system.get(path("episodes")), 500, "broken")
    assert "reference" in said
    assert "division" not in str(said)


def test_without_a_database_it_is_tried_again_later(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("casework.front.api.door.clients.live_client", away)
    answer = system.get(path("episodes"))
    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "10"
