"""A local mail catcher: takes every message the service sends, delivers none, and shows them on a page.

It belongs to the local service and to a trial with compose, and listens on loopback unless --listen says
otherwise; in production a real mail server is named by EMAIL_HOST. With --notify-port it takes text messages
too, under the key that NOTIFY_API_KEY holds.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import html
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from casework.pretend_notify import Desk, Phone, Text, listen

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = """
body { font: 1rem/1.5 Arial, Helvetica, sans-serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }
article { border-top: 2px solid #0b0c0c; padding: 1rem 0; }
h2 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
pre { background: #f4f8fb; font: inherit; overflow-wrap: anywhere; padding: 1rem; white-space: pre-wrap; }
"""


@dataclass(frozen=True)
class Letter:
    """One caught message, as its recipient would read it."""

    caught_at: str
    recipients: list[str]
    sender: str
    subject: str
    message_id: str
    text: str


class Mailbox:
    """The caught messages, a file each, so that they survive a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, recipients: list[str], content: bytes) -> None:
        """Write one message; its name sorts by arrival."""
        envelope = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in recipients).encode()
        half_done = self.folder / f"{time.time_ns():020d}.part"
        half_done.write_bytes(envelope + content)
        half_done.rename(half_done.with_suffix(".eml"))

    def letters(self, newest: int = 200) -> Iterator[Letter]:
        """The newest letters, newest first."""
        for path in sorted(self.folder.glob("*.eml"), reverse=True)[:newest]:
            yield _letter(path)


def _letter(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    caught = time.gmtime(int(path.stem) / 1e9)
    return Letter(
        caught_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", caught),
        recipients=[str(value) for value in message.get_all("X-Envelope-To", [])],
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        message_id=str(message["Message-ID"]).strip(),  # a long one stands on a line of its own
        text=body.get_content() if body else "",
    )


class _Catcher:
    """aiosmtpd calls this for every message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self._mailbox.keep(list(envelope.rcpt_tos), content)
        return "250 Caught"


class _Page(BaseHTTPRequestHandler):
    """The list of letters and texts for people at /, and for programs at /letters.json and /texts.json."""

    mailbox: Mailbox
    phone: Phone

    def do_GET(self) -> None:
        answers = {
            "/": ("text/html", self._list),
            "/style.css": ("text/css", lambda: _STYLE),
            "/letters.json": ("application/json", self._json),
            "/texts.json": ("application/json", self._texts_json),
        }
        kind, body = answers.get(self.path, ("text/plain", None))
        self._answer(kind, body() if body else "Not here. The letters are at /\n", 200 if body else 404)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: who reads the demo's mail is of no interest."""

    def _json(self) -> str:
        return json.dumps({"letters": [asdict(letter) for letter in self.mailbox.letters()]})

    def _texts_json(self) -> str:
        return json.dumps({"texts": [asdict(text) for text in self.phone.texts()]})

    def _list(self) -> str:
        shown = [(letter.caught_at, _article(letter)) for letter in self.mailbox.letters()]
        shown += [(text.caught_at, _bubble(text)) for text in self.phone.texts()]
        articles = "".join(words for _, words in sorted(shown, key=lambda one: one[0], reverse=True))
        empty = "<p>Nothing yet. Whatever the service sends by e-mail or as a text message appears here.</p>"
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Caught mail - Casework</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="stylesheet" href="/style.css"></head><body><main><h1>Caught mail</h1>'
            f"<p>Nothing on this page left this machine.</p>{articles or empty}</main></body></html>"
        )

    def _answer(self, kind: str, body: str, status: int) -> None:
        content = body.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": f"{kind}; charset=utf-8"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _article(letter: Letter) -> str:
    to, subject, text = map(html.escape, (", ".join(letter.recipients), letter.subject, letter.text))
    caught = html.escape(letter.caught_at)
    return (
        f'<article><h2>{subject}</h2><p>To {to}, <time datetime="{caught}">{caught}</time></p>'
        f"<pre>{text}</pre></article>"
    )


def _bubble(text: Text) -> str:
    to, words, caught = html.escape(text.phone_number), html.escape(text.body), text.caught_at
    return (
        f'<article><h2>Text message</h2><p>To {to}, <time datetime="{caught}">{caught}</time>, '
        f"{text.status}</p><pre>{words}</pre></article>"
    )


def _catch_texts(phone: Phone, port: int) -> Callable[[], None]:
    """Be Notify for the service whose key and template the environment names."""
    key, template = os.environ["NOTIFY_API_KEY"], os.environ["NOTIFY_TEMPLATE_ID"]
    return listen(Desk(phone, api_key=key, template_id=template), port=port)


def serve(
    folder: Path,
    *,
    smtp_port: int,
    page_port: int,
    notify_port: int | None = None,
    listen_on: str = "127.0.0.1",
) -> None:
    """Catch mail, and texts if a port for them is given, and show them until told to stop."""
    mailbox, phone = Mailbox(folder), Phone(folder)
    close_desk = _catch_texts(phone, notify_port) if notify_port else None
    catcher = Controller(_Catcher(mailbox), hostname=listen_on, port=smtp_port, data_size_limit=1024 * 1024)
    catcher.start()
    page = ThreadingHTTPServer(
        (listen_on, page_port), type("Page", (_Page,), {"mailbox": mailbox, "phone": phone})
    )
    threading.Thread(target=page.serve_forever, daemon=True).start()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    page.shutdown()
    catcher.stop()
    if close_desk:
        close_desk()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--smtp-port", type=int, required=True)
    arguments.add_argument("--page-port", type=int, required=True)
    arguments.add_argument("--notify-port", type=int)
    arguments.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS")
    chosen = arguments.parse_args()
    serve(
        chosen.folder,
        smtp_port=chosen.smtp_port,
        page_port=chosen.page_port,
        notify_port=chosen.notify_port,
        listen_on=chosen.listen,
    )


if __name__ == "__main__":
    main()
