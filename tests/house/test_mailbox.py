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

import pytest

from casework.embedded import free_port, stop
from casework.processes import launcher


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[tuple[int, int]]:
    smtp, page = free_port(), free_port()
    command = [sys.executable, "-m", "casework.mailbox", str(tmp_path / "mail")]
    mailbox = launcher(
        [*command, f"--smtp-port={smtp}", f"--page-port={page}"], dict(os.environ), tmp_path / "log"
    )()
    give_up = time.monotonic() + 30
    while True:
        try:
            _get(page, "/letters.json")
            break
        except OSError:
            assert time.monotonic() < give_up, (tmp_path / "log").read_text()
            time.sleep(0.05)
    yield smtp, page
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


def test_a_sent_message_is_shown_newest_first(ports: tuple[int, int]) -> None:
    smtp, page = ports
    _send(smtp, "First", "A step is due.")
    _send(smtp, "Second – with a dash", "Another is.")
    letters = json.loads(_get(page, "/letters.json"))["letters"]
    assert [letter["subject"] for letter in letters] == ["Second – with a dash", "First"]
    assert letters[1]["recipients"] == ["amina@exs.example", "bev@exs.example"]
    assert letters[1]["text"].strip() == "A step is due."


def test_a_message_cannot_put_markup_on_the_page(ports: tuple[int, int]) -> None:
    smtp, page = ports
    _send(smtp, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    shown = _get(page, "/")
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<img" not in shown
