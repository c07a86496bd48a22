"""Each process says that it lives, and its container hears when it does not."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import signals
from django.db import connection

from casework import alive
from casework.celery import note_each_nudge, note_that_it_lives
from casework.embedded import free_port
from casework.records.heartbeats import beat


class _Pages(BaseHTTPRequestHandler):
    """Pages that are known by one name, as with ALLOWED_HOSTS."""

    def do_GET(self) -> None:
        is_known = (self.headers["Host"], self.path) == ("casework.example", "/health/live")
        self.send_response(200 if is_known else 400)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def pages() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_pages_are_asked_under_the_name_that_people_use(
    pages: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIND", f"0.0.0.0:{pages}")
    monkeypatch.setenv("PUBLIC_URL", "https://casework.example")
    assert alive.main(["web"]) == 0
    monkeypatch.setenv("PUBLIC_URL", "https://elsewhere.example")
    assert alive.main(["web"]) == 1
    monkeypatch.setenv("BIND", f"0.0.0.0:{free_port()}")
    assert alive.main(["web"]) == 1
    assert "web: /health/live does not answer" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["worker", "bulk", "beat"])
def test_what_celery_runs_touches_its_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "alive"
    monkeypatch.setenv("ALIVE_FILE", str(file))
    assert alive.main([name]) == 1
    file.touch()
    assert alive.main([name]) == 0
    long_ago = time.time() - 120
    os.utime(file, (long_ago, long_ago))
    assert alive.main([name]) == 1
    assert f"{name}: last heard of 12" in capsys.readouterr().out


def test_a_worker_notes_its_heartbeat_where_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALIVE_FILE", raising=False)
    signals.heartbeat_sent.send(sender=None)
    file = tmp_path / "alive"
    monkeypatch.setenv("ALIVE_FILE", str(file))
    assert not file.exists()
    signals.heartbeat_sent.send(sender=None)
    assert file.exists()


def test_beat_notes_what_reached_the_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "alive"
    monkeypatch.setenv("ALIVE_FILE", str(file))
    signals.after_task_publish.send(sender="a page's nudge", headers={}, body=())
    assert not file.exists()
    note_each_nudge()
    try:
        signals.after_task_publish.send(sender="beat's nudge", headers={}, body=())
    finally:
        signals.after_task_publish.disconnect(note_that_it_lives)
    assert file.exists()


@pytest.mark.parametrize("name", ["standby", "watchdog"])
@pytest.mark.django_db(transaction=True)
def test_the_loops_leave_a_row(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = urlsplit(os.environ["DATABASE_URL"])
    monkeypatch.setenv("DATABASE_URL", here._replace(path=connection.settings_dict["NAME"]).geturl())
    assert alive.main([name]) == 1
    beat(name)
    assert alive.main([name]) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_heartbeat SET at = at - interval '5 minutes' WHERE name = %s", [name])
    assert alive.main([name]) == 1
    said = capsys.readouterr().out
    assert f"{name}: it has never been heard of" in said
    assert f"{name}: last heard of 300 seconds ago" in said


def test_a_database_that_cannot_be_asked_is_no_sign_of_life(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://casework_app:secret@127.0.0.1:{free_port()}/casework")
    assert alive.main(["standby"]) == 1
    said = capsys.readouterr().out
    assert "standby: the database cannot be asked" in said
    assert "secret" not in said


@pytest.mark.parametrize("words", [[], ["postgres"], ["web", "worker"]])
def test_an_unknown_name_is_not_alive(words: list[str]) -> None:
    assert alive.main(words) == 2
