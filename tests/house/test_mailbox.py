"""The local mail catcher keeps what was sent and shows it without trusting a word of it."""

from __future__ import annotations

import json
import os
import smtplib
import sys
import time
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from casework.embedded import free_port, stop
from casework.processes import LOCAL_KEY, LOCAL_TEMPLATE, launcher


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[tuple[int, int, int]]:
    """Where it takes letters, shows them, and takes texts."""
    smtp, page, notify = free_port(), free_port(), free_port()
    command = [sys.executable, "-m", "casework.mailbox", str(tmp_path / "mail")]
    where = [f"--smtp-port={smtp}", f"--page-port={page}", f"--notify-port={notify}"]
    environment = {**os.environ, "NOTIFY_API_KEY": LOCAL_KEY, "NOTIFY_TEMPLATE_ID": LOCAL_TEMPLATE}
    mailbox = launcher([*command, *where], environment, tmp_path / "log")()
    give_up = time.monotonic() + 30
    while True:
        try:
            _get(page, "/letters.json")
            break
        except OSError:
            assert time.monotonic() < give_up, (tmp_path / "log").read_text()
            time.sleep(0.05)
    yield smtp, page, notify
    stop(mailbox)


def _get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def _send(port: int, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "casework@casework.example",
        "amina@exs.example",
        subject,
    )
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message, to_addrs=["amina@exs.example", "bev@exs.example"])


def test_a_sent_message_is_shown_newest_first(ports: tuple[int, int, int]) -> None:
    smtp, page, _ = ports
    _send(smtp, "First", "A step is due.")
    _send(smtp, "Second – with a dash", "Another is.")
    letters = json.loads(_get(page, "/letters.json"))["letters"]
    assert [letter["subject"] for letter in letters] == ["Second – with a dash", "First"]
    assert letters[1]["recipients"] == ["amina@exs.example", "bev@exs.example"]
    assert letters[1]["text"].strip() == "A step is due."


def _text(port: int, words: str, *, key: str = LOCAL_KEY, **more: str) -> dict[str, Any]:
    """Send a text with GOV.UK Notify's own client."""
    client = NotificationsAPIClient(key, base_url=f"http://127.0.0.1:{port}", timeout=10)
    asked = {"phone_number": "07700 900123", "template_id": LOCAL_TEMPLATE, **more}
    taken: dict[str, Any] = client.send_sms_notification(
        **asked, personalisation={"words": words}, reference="a-reference"
    )
    return {**taken, **client.get_notification_by_id(taken["id"])}


def test_a_text_is_taken_as_notify_takes_it_and_shown_among_the_letters(ports: tuple[int, int, int]) -> None:
    smtp, page, notify = ports
    _send(smtp, "First", "A step is due.")
    taken = _text(notify, "Casework: a step is late.")
    assert (taken["reference"], taken["type"], taken["body"]) == (
        "a-reference",
        "sms",
        "Casework: a step is late.",
    )
    assert taken["status"] in ("sending", "delivered")
    shown = _get(page, "/")
    assert "Casework: a step is late." in shown
    assert "A step is due." in shown
    (text,) = json.loads(_get(page, "/texts.json"))["texts"]
    assert text["phone_number"] == "07700 900123"


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"key": LOCAL_KEY.replace("-2222-", "-2223-")}, 403, "AuthError"),
        ({"key": LOCAL_KEY.replace("-1111-", "-1112-")}, 403, "AuthError"),
        ({"phone_number": "01632 960001"}, 400, "ValidationError"),
        ({"template_id": "44444444-4444-4444-8444-444444444444"}, 400, "BadRequestError"),
        ({"words": "x" * 919}, 400, "BadRequestError"),
    ],
)
def test_what_notify_would_refuse_is_refused_in_its_words(
    ports: tuple[int, int, int], wrong: dict[str, str], status: int, error: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        _text(ports[2], **{"words": "Casework: a step is late.", **wrong})
    assert refused.value.status_code == status
    assert refused.value.message[0]["error"] == error


def test_a_message_cannot_put_markup_on_the_page(ports: tuple[int, int, int]) -> None:
    smtp, page, notify = ports
    _send(smtp, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    _text(notify, "<script>alert(2)</script>")
    shown = _get(page, "/")
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<img" not in shown
