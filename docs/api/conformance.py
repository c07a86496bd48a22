#!/usr/bin/env python3
"""Does a Casework service keep its promises to police systems, and do you read them as we do?

    python3 docs/api/conformance.py http://127.0.0.1:8000

CLIENT_ID and CLIENT_SECRET come from the environment, or from the demo's file (DEMO_FILE, or
var/demo/demo.json). It makes every call of docs/how-to/police-api.md and the mistakes of clients, prints
PASS or FAIL for each, and ends with 0 when all passed. It acknowledges, grades and finds a child of an open
episode: for sandboxes only. Python 3.9 or newer and nothing else: it is meant to be read, and copied from.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import sys
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode, urlsplit

API = "/api/v1"
NOBODY = "00000000-0000-4000-8000-000000000000"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def said(self) -> Any:
        return json.loads(self.body) if self.body else None


class Service:
    """One service, and the client that calls it."""

    def __init__(self, address: str, client_id: str, secret: str) -> None:
        self.parts = urlsplit(address.rstrip("/"))
        self.client_id, self.secret, self.token = client_id, secret, ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """With the token; a POST with a key of its own. A header of "" is left out."""
        given = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            given["Idempotency-Key"] = str(uuid.uuid4())
        if body is not None:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        return self._send(method, API + path, raw, {name: value for name, value in given.items() if value})

    def ask_for_token(self, client_id: str, secret: str, scope: str = "") -> Answer:
        shown = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        form = {
            "Authorization": f"Basic {shown}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        asked = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        return self._send("POST", f"{API}/token", urlencode(asked).encode(), form)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        kind = http.client.HTTPSConnection if self.parts.scheme == "https" else http.client.HTTPConnection
        line = kind(self.parts.netloc, timeout=30)
        line.request(method, self.parts.path + path, body, headers)
        answer = line.getresponse()
        found = Answer(answer.status, {k.title(): v for k, v in answer.getheaders()}, answer.read())
        line.close()
        return found


class Report:
    """PASS and FAIL, line by line."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def check(self, promise: str, holds: bool, seen: object = "") -> bool:
        self.passed, self.failed = self.passed + holds, self.failed + (not holds)
        print(f"{'PASS' if holds else 'FAIL'}  {promise}" + ("" if holds else f"  (seen: {seen})"))
        return holds

    def refused(self, promise: str, answer: Answer, status: int, code: str = "") -> None:
        """A problem of this status, in the form of every problem."""
        said = answer.said if answer.body.startswith(b"{") else {}
        is_problem = answer.headers.get("Content-Type") == "application/problem+json"
        fits = {"type", "title", "status", "detail", "code"} <= set(said) and said.get("status") == status
        holds = (
            answer.status == status
            and is_problem
            and fits
            and said.get("code") in (code or said.get("code"),)
        )
        self.check(promise, holds, f"{answer.status} {said.get('code', answer.body[:80])}")


def now(minutes: int = 0) -> str:
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes)  # noqa: UP017  # Python 3.9 reads this
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# The promises ---------------------------------------------------------------------------------------------


def getting_in(service: Service, report: Report) -> bool:
    wrong = service.ask_for_token(service.client_id, "x" * 43)
    unknown = service.ask_for_token("nobody", "x" * 43)
    report.check("a wrong secret gets no token: 401", wrong.status == 401, wrong.status)
    report.check("nobody can tell a wrong secret from an unknown client", wrong.body == unknown.body)
    given = service.ask_for_token(service.client_id, service.secret)
    if not report.check("the secret is changed for a token", given.status == 200, given.status):
        return False
    service.token = given.said["access_token"]
    report.check("a token lasts an hour at most", 0 < given.said["expires_in"] <= 3600)
    report.refused("without a token: 401", service.call("GET", "/episodes", Authorization=""), 401, "token")
    garbled = service.call("GET", "/episodes", Authorization="Bearer " + "x" * 30)
    report.refused("with another token: 401", garbled, 401, "token")
    query = urlencode({"access_token": "x" * 30})
    report.refused("a key in the address opens nothing: 401", service.call("GET", f"/episodes?{query}"), 401)
    schema = service.call("GET", "/schema/", Authorization="")
    report.check("the schema is served", schema.status == 200 and b"openapi: 3.1" in schema.body[:40])
    return True


def reading(service: Service, report: Report) -> str:
    """The list and its manners; an open episode to go on with."""
    listed = service.call("GET", "/episodes?state=open&limit=1")
    report.check("the list of open episodes", listed.status == 200, listed.status)
    report.refused(
        "a name that the list does not know: 400", service.call("GET", "/episodes?order=name"), 400
    )
    report.refused("a cursor that was altered: 400", service.call("GET", "/episodes?cursor=abc"), 400)
    if not listed.said["episodes"]:
        report.check("there is an open episode to try this on", False)
        return ""
    key = str(listed.said["episodes"][0]["id"])
    read = service.call("GET", f"/episodes/{key}")
    report.check("one episode, with its version as ETag", read.headers.get("Etag", "").startswith('"v'))
    head = service.call("HEAD", f"/episodes/{key}")
    report.check("its head alone", head.status == 200 and not head.body)
    nobody, shouted = (service.call("GET", f"/episodes/{one}") for one in (NOBODY, key.upper()))
    report.refused("an unknown episode: 404", nobody, 404, "not_found")
    report.check("and the same bytes for an id that is written otherwise", shouted.body == nobody.body)
    photographs(service, report, key)
    report.refused("XML is not given: 406", service.call("GET", "/episodes", Accept="application/xml"), 406)
    report.refused("nothing is deleted: 405", service.call("DELETE", f"/episodes/{key}"), 405)
    return key


def photographs(service: Service, report: Report, episode: str) -> None:
    """What was approved for the police, and nothing else."""
    there = f"/episodes/{episode}/photos"
    report.refused("an unknown photograph: 404", service.call("GET", f"{there}/{NOBODY}"), 404, "not_found")
    photos = service.call("GET", f"/episodes/{episode}").said["photos"]
    for photo in photos[:1]:
        image = service.call("GET", photo["url"][len(API) :])
        is_jpeg = image.headers.get("Content-Type") == "image/jpeg" and image.body[:3] == b"\xff\xd8\xff"
        report.check("a photograph is a JPEG", image.status == 200 and is_jpeg, image.status)
        digest = hashlib.sha256(image.body).hexdigest()
        report.check("its ETag is its SHA-256", image.headers.get("Etag") == f'"{digest}"')
        png = service.call("GET", photo["url"][len(API) :], Accept="image/png")
        report.refused("it is given as nothing else: 406", png, 406)


def mistakes(service: Service, report: Report, episode: str) -> None:
    """None of these may be done."""
    there, words = f"/episodes/{episode}/sightings", {"words": "A mistake."}
    bad: list[tuple[str, Any, dict[str, str], int]] = [
        ("no key", words, {"Idempotency_Key": ""}, 400),
        ("a key that is no UUID", words, {"Idempotency_Key": "tomorrow"}, 400),
        ("no JSON", b'{"words": "x",}', {}, 400),
        ("a name twice", b'{"words": "x", "words": "y"}', {}, 400),
        ("a list for an object", [], {}, 400),
        ("plain text", b"words", {"Content_Type": "text/plain"}, 415),
        ("a packed body", b"x", {"Content_Encoding": "gzip"}, 415),
        ("65 KiB", b'{"words": "' + b"x" * 66_560 + b'"}', {}, 413),
        ("a number for words", {"words": 1}, {}, 400),
        ("no words", {"words": " "}, {}, 400),
        ("a field that nobody asked for", {**words, "is_staff": True}, {}, 400),
        ("a time without its offset", {**words, "happened_at": "2026-11-22T10:00:00"}, {}, 400),
        ("a time that has not come", {**words, "happened_at": now(60)}, {}, 400),
        ("a place off the earth", {**words, "position": {"latitude": 91, "longitude": 0}}, {}, 400),
    ]
    for name, body, headers, status in bad:
        report.refused(f"{name}: {status}", service.call("POST", there, body, **headers), status)
    too_many = {"sightings": [words] * 1001}
    report.refused(
        "1,001 at once: 413", service.call("POST", f"/episodes/{episode}/sighting-batches", too_many), 413
    )
    read = service.call("GET", f"/episodes/{episode}").said
    report.check("and none of them was done", all(one["words"] != "A mistake." for one in read["news"]))


def saying(service: Service, report: Report, episode: str) -> list[str]:
    """Everything that a force says; which kinds of events must follow from it."""
    there = f"/episodes/{episode}"
    is_new = service.call("GET", there).said["acknowledged_at"] is None
    for _ in range(2):
        taken = service.call("POST", f"{there}/acknowledgements", {})
        report.check("acknowledged", taken.status == 201, taken.status)
    reference = {"police_reference": f"EX-{uuid.uuid4().hex[:6]}"}
    report.refused("a change without If-Match: 428", service.call("PATCH", there, reference), 428)
    report.refused(
        "a change of something stale: 412", service.call("PATCH", there, reference, If_Match='"v999999"'), 412
    )
    tag = service.call("GET", there).headers["Etag"]
    given = service.call("PATCH", there, reference, If_Match=tag)
    report.check(
        "the force's reference",
        given.status == 200 and given.said["police_reference"] == reference["police_reference"],
    )
    report.check("a change gives a new ETag", given.headers.get("Etag") not in (None, tag))
    narrow = service.ask_for_token(service.client_id, service.secret, "reference:write").said["access_token"]
    blind = service.call("PATCH", there, reference, If_Match=tag, Authorization=f"Bearer {narrow}")
    report.refused("a change by whoever may not read: 403", blind, 403, "scope")
    grade = {"grade": "high", "rationale": "A car waited outside.", "assessor": "Inspector on duty"}
    graded = service.call("POST", f"{there}/grades", grade)
    report.check("graded", graded.status == 201 and graded.said["made_by"] == "police", graded.status)
    seen = {"words": "Seen on the platform.", "happened_at": now(), "how_sure": "likely"}
    key = str(uuid.uuid4())
    first = service.call("POST", f"{there}/sightings", seen, Idempotency_Key=key)
    again = service.call("POST", f"{there}/sightings", seen, Idempotency_Key=key)
    report.check("a sighting", first.status == 201, first.status)
    is_same = again.body == first.body and again.headers.get("Idempotent-Replayed") == "true"
    report.check("the same again is shown again, and not done again", is_same, again.status)
    other = service.call("POST", f"{there}/sightings", {"words": "x"}, Idempotency_Key=key)
    report.refused("its key for something else: 422", other, 422)
    batch = service.call("POST", f"{there}/sighting-batches", {"sightings": [seen, seen]})
    report.check("two sightings at once", batch.status == 201 and batch.said == {"taken": 2}, batch.status)
    found = {"located_at": now(), "where": "With a friend", "identity_confirmed": True}
    located = service.call("POST", f"{there}/found", found)
    report.check(
        "found: proposed", located.status == 201 and located.said["answer"] == "proposed", located.status
    )
    state = service.call("GET", there).said["state"]
    report.check("which makes the child located, and not returned", state == "located", state)
    report.refused("found again: 409", service.call("POST", f"{there}/found", found), 409)
    kinds = ["reference.changed", "grade.changed", "news.added", "episode.located"]
    return [*(["acknowledged"] if is_new else []), *kinds]


def hearing(service: Service, report: Report, begun: str, expected: list[str]) -> None:
    """What was said above is in the feed, once, in order."""
    heard: list[dict[str, Any]] = []
    cursor = begun
    while page := service.call("GET", f"/events?{urlencode({'cursor': cursor, 'limit': 2})}").said:
        heard, cursor = heard + page["events"], page["next"]
        if not page["events"]:
            break
    kinds = [event["kind"] for event in heard]
    for kind in expected:
        report.check(f"{kind} is in the feed", kind in kinds, kinds)
    numbers = [event["number"] for event in heard]
    report.check("each once, in order", numbers == sorted(set(numbers)), numbers)
    report.check("three sightings are three", kinds.count("news.added") == 3, kinds)
    report.refused("from 1970: 400", service.call("GET", "/events?since=1970-01-01T00:00:00Z"), 400)
    ahead = service.call("GET", f"/events?{urlencode({'since': now(60 * 24)})}")
    report.check(
        "from tomorrow: nothing, and a cursor", ahead.said["events"] == [] and bool(ahead.said["next"])
    )
    if numbers:
        taken = service.call("POST", "/receipts", {"read_up_to": numbers[-1]})
        report.check("a receipt", taken.status == 201, taken.status)
    report.refused(
        "a receipt for what has not come: 409", service.call("POST", "/receipts", {"read_up_to": 2**50}), 409
    )


def main(address: str) -> int:
    client_id, secret = os.environ.get("CLIENT_ID"), os.environ.get("CLIENT_SECRET")
    if not (client_id and secret):
        try:
            with open(os.environ.get("DEMO_FILE", "var/demo/demo.json"), encoding="utf-8") as file:
                demo = json.load(file)["police_system"]
        except (OSError, KeyError):
            print("Set CLIENT_ID and CLIENT_SECRET, or DEMO_FILE to the demo.json of a running demo.")
            return 2
        client_id, secret = demo["client_id"], demo["secret"]
    service, report = Service(address, str(client_id), str(secret)), Report()
    try:
        is_in = getting_in(service, report)
    except OSError as error:
        print(f"Nobody answers at {address}: {error}")
        return 2
    if is_in:
        begun = service.call("GET", "/events?" + urlencode({"since": now(60)})).said["next"]
        if episode := reading(service, report):
            mistakes(service, report, episode)
            hearing(service, report, begun, saying(service, report, episode))
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
