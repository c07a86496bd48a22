"""A stand-in for GOV.UK Notify's text messages: takes each as Notify would, sends none, keeps it to be read.

It speaks the part of Notify's HTTP that we use, mistakes included, and like Notify it takes the same
reference twice: whoever sends has to ask first. It listens on loopback only and belongs to the local service
and to tests.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenDecodeError, TokenError, TokenExpiredError

SENDER: Final = "GOVUK"
LONGEST: Final = 918  # characters: six parts, as Notify
WORDS: Final = "words"  # the one placeholder of the one template
# The numbers that Notify's documentation gives for trying out what a network does.
FAILING: Final[Mapping[str, str]] = {
    "07700900002": "permanent-failure",
    "07700900003": "temporary-failure",
}
_UK_MOBILE: Final = re.compile(r"07\d{9}")
_SENDING_SECONDS: Final = 1.0
_BODY_LIMIT: Final = 64 * 1024

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Text:
    """One text message, as its recipient would read it."""

    id: str
    reference: str | None
    phone_number: str
    template: str
    body: str
    created: float

    @property
    def status(self) -> str:
        """On its way for a second, then what the network made of it."""
        if time.time() - self.created < _SENDING_SECONDS:
            return "sending"
        return FAILING.get(_national(self.phone_number), "delivered")

    @property
    def caught_at(self) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.created))


class Phone:
    """The texts that were taken, a file each, so that they survive a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, text: Text) -> None:
        """Write one text; its name sorts by arrival."""
        half_done = self.folder / f"{time.time_ns():020d}.part"
        half_done.write_text(json.dumps(asdict(text)))
        half_done.rename(half_done.with_suffix(".text"))

    def texts(self, newest: int = 200) -> Iterator[Text]:
        """The newest texts, newest first."""
        for path in sorted(self.folder.glob("*.text"), reverse=True)[:newest]:
            yield Text(**json.loads(path.read_text()))


class Refused(Exception):
    """What Notify answers to something that it does not take."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.answer: Answer = (
            status,
            {"status_code": status, "errors": [{"error": error, "message": message}]},
        )


class Desk:
    """Takes what a service with this key asks. `fails_next` has Notify fail as it sometimes does."""

    def __init__(self, phone: Phone, *, api_key: str, template_id: str) -> None:
        self.phone = phone
        self._service, self._secret, self._template = api_key[-73:-37], api_key[-36:], template_id
        self.fails_next: list[Refused] = []
        self.loses_answers = 0  # so many texts are taken, and then nobody hears that they were

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Status and JSON."""
        try:
            self._check_key(headers)
            if self.fails_next:
                raise self.fails_next.pop(0)
            return self._routed(method, target, body)
        except Refused as refused:
            return refused.answer

    def _check_key(self, headers: Mapping[str, str]) -> None:
        kind, _, token = (headers.get("Authorization") or "").partition(" ")
        if kind != "Bearer" or not token:
            raise Refused(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            if get_token_issuer(token) != self._service:
                raise Refused(403, "AuthError", "Invalid token: service not found")
            decode_jwt_token(token, self._secret)
        except TokenExpiredError:
            message = "Error: Your system clock must be accurate to within 30 seconds"
            raise Refused(403, "AuthError", message) from None
        except (TokenDecodeError, TokenError):
            raise Refused(403, "AuthError", "Invalid token: API key not found") from None

    def _routed(self, method: str, target: str, body: bytes) -> Answer:
        url = urlsplit(target)
        if method == "POST" and url.path == "/v2/notifications/sms":
            return self._take(body)
        if method == "GET" and url.path == "/v2/notifications":
            reference = parse_qs(url.query).get("reference", [None])[0]
            found = [_shown(text) for text in self.phone.texts() if reference in (None, text.reference)]
            return 200, {"notifications": found, "links": {"current": target}}
        if method == "GET" and url.path.startswith("/v2/notifications/"):
            return self._one(url.path.rpartition("/")[2])
        raise Refused(404, "NotFound", "The requested URL was not found on the server.")

    def _one(self, key: str) -> Answer:
        text = next((text for text in self.phone.texts() if text.id == key), None)
        if text is None:
            raise Refused(404, "NoResultFound", "No result found")
        return 200, _shown(text)

    def _take(self, body: bytes) -> Answer:
        asked = _object(body)
        for name in ("phone_number", "template_id"):
            if name not in asked:
                raise Refused(400, "ValidationError", f"{name} is a required property")
        if not _UK_MOBILE.fullmatch(_national(str(asked["phone_number"]))):
            raise Refused(400, "ValidationError", "phone_number Not a UK mobile number")
        if asked["template_id"] != self._template:
            raise Refused(400, "BadRequestError", "Template not found")
        words = (asked.get("personalisation") or {}).get(WORDS)
        if not isinstance(words, str):
            raise Refused(400, "BadRequestError", f"Missing personalisation: {WORDS}")
        if len(words) > LONGEST:
            raise Refused(
                400, "BadRequestError", f"Text messages cannot be longer than {LONGEST} characters."
            )
        text = Text(
            str(uuid4()),
            asked.get("reference"),
            str(asked["phone_number"]),
            self._template,
            words,
            time.time(),
        )
        self.phone.keep(text)
        if self.loses_answers:
            self.loses_answers -= 1
            raise ConnectionAbortedError
        return 201, _taken(text)


def _object(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        raise Refused(400, "BadRequestError", "Invalid JSON supplied in POST data") from None
    if not isinstance(asked, dict):
        raise Refused(400, "ValidationError", "POST data is not of type object")
    return asked


def _template(text: Text) -> dict[str, object]:
    return {"id": text.template, "version": 1, "uri": f"/v2/template/{text.template}"}


def _taken(text: Text) -> dict[str, object]:
    return {
        "id": text.id,
        "reference": text.reference,
        "content": {"body": text.body, "from_number": SENDER},
        "uri": f"/v2/notifications/{text.id}",
        "template": _template(text),
        "scheduled_for": None,
    }


def _shown(text: Text) -> dict[str, object]:
    status = text.status
    return {
        "id": text.id,
        "reference": text.reference,
        "phone_number": text.phone_number,
        "email_address": None,
        "type": "sms",
        "status": status,
        "template": _template(text),
        "body": text.body,
        "subject": None,
        "created_at": text.caught_at,
        "sent_at": text.caught_at,
        "completed_at": None if status == "sending" else text.caught_at,
    }


def _national(number: str) -> str:
    """07700900123, however it was written."""
    digits = re.sub(r"[\s().-]", "", number)
    return f"0{digits[3:]}" if digits.startswith("+44") else digits


class _Http(BaseHTTPRequestHandler):
    """The wire around the desk."""

    desk: Desk
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a log line would hold what was asked for."""

    def _answer(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _BODY_LIMIT)
        try:
            status, found = self.desk.answer(
                self.command, self.path, dict(self.headers), self.rfile.read(length)
            )
        except ConnectionAbortedError:
            self.close_connection = True
            return
        content = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def listen(desk: Desk, *, port: int) -> Callable[[], None]:
    """Answer on loopback, in a thread, until the returned function is called."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Http", (_Http,), {"desk": desk}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close() -> None:
        server.shutdown()
        server.server_close()

    return close
