"""The local service as people start it, with its demo: every real process, on a data directory of its own.

It serves at once, fills itself in, copes with what is done to it, and can never become anything but a demo.
Nine processes take a minute of the machine to start, so one service lives through all of it, in this order.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg2
import pytest

from casework.embedded import free_port
from casework.mailbox import Mailbox
from casework.supervisor import part_states
from tests.running import ALL_PARTS, ROOT, Service, Visitor, scratch_folder

pytestmark = pytest.mark.xdist_group("local service")

BY_ITSELF = ("gunicorn", "celery", "check", "sweep")
COMMANDS = {
    "gunicorn": [sys.executable, "-m", "gunicorn", "-c", "python:casework.gunicorn_conf"],
    "celery": [sys.executable, "-m", "celery", "-A", "casework", "worker", "-Q", "bulk", "-c", "1"],
    "check": [sys.executable, "manage.py", "check", "--database", "default"],
    "sweep": [sys.executable, "manage.py", "sweep", "--forever"],
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with scratch_folder() as folder:
        service = Service(folder / "data", tells_story=True)
        service.until(lambda: service.answers("/health/live"))
        yield service
        service.stop()


def femi(service: Service) -> Visitor:
    visitor = Visitor(service.address)
    (account,) = [one for one in service.accounts() if one["name"] == "Femi Castell"]
    assert visitor.signs_in(account["email"], account["password"])
    return visitor


def health(service: Service) -> tuple[int, str]:
    status, words = Visitor(service.address).get("/health/escalations")
    return status, json.loads(words)["status"]


def test_pages_say_so_while_it_is_filled_in(service: Service) -> None:
    visitor = femi(service)
    service.until(lambda: "The demo is still being filled in." in visitor.get("/now/")[1])
    service.until(lambda: part_states(service.folder)["story"] == "finished")
    assert "still being filled in" not in visitor.get("/now/")[1]
    assert "[########################]" in service.output.read_text()


def test_all_is_green_when_it_is_told(service: Service) -> None:
    """Within moments: the machine may have been too busy with the telling to look at the clock."""
    service.until(lambda: health(service) == (200, "ok"))
    service.until(lambda: 'data-state="ok"' in femi(service).get("/clock/")[1])
    assert set(service.processes()) >= ALL_PARTS


def test_only_what_is_owed_from_now_on_is_in_the_mail(service: Service) -> None:
    """The past has hundreds of messages; what falls due while we look may have been sent."""
    assert len(list(Mailbox(service.folder / "mail").letters(newest=1000))) < 60


@pytest.mark.parametrize("name", BY_ITSELF)
def test_its_database_serves_nothing_but_a_demo(service: Service, name: str) -> None:
    refused = _in_earnest(service, COMMANDS[name])
    assert refused.returncode != 0
    assert "its clock can be moved, so no child may depend on it" in refused.stdout + refused.stderr


def _in_earnest(service: Service, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    settings = {**service.settings(), "DEMO": "0", "BIND": f"127.0.0.1:{free_port()}"}
    environment = {**os.environ, **service.environment(), **settings}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_accounts_are_written_for_their_owner_only(service: Service) -> None:
    assert stat.S_IMODE((service.folder / "demo.json").stat().st_mode) == 0o600
    assert f'"address": "{service.address}"' in (service.folder / "demo.json").read_text()
    said = service.output.read_text()
    for account in service.accounts():
        assert set(account) == {"email", "password", "name", "role"}
        assert account["email"] in said


def test_everybody_of_the_demo_can_sign_in(service: Service) -> None:
    refused = [
        account["email"]
        for account in service.accounts()
        if not Visitor(service.address).signs_in(account["email"], account["password"])
    ]
    assert refused == []


def test_nobody_signs_in_with_another_password(service: Service) -> None:
    account = service.accounts()[0]
    assert not Visitor(service.address).signs_in(account["email"], account["password"] + "x")


def test_a_second_copy_on_the_same_data_is_refused(service: Service) -> None:
    refused = service.ask("serve", PORT=str(free_port()))
    assert refused.returncode == 1
    assert "already running" in refused.stdout


def test_pages_answer_while_valkey_is_held(service: Service) -> None:
    assert service.ask("hold", "valkey").returncode == 0
    assert part_states(service.folder)["valkey"] == "held"
    assert service.answers("/accounts/login/")
    assert service.ask("release", "valkey").returncode == 0
    service.until(lambda: set(service.processes()) == ALL_PARTS)


@pytest.mark.parametrize("part", ["worker", "beat", "valkey", "postgres", "web"])
def test_a_killed_part_comes_back(service: Service, part: str) -> None:
    before = service.processes()[part]
    os.kill(before, signal.SIGKILL)
    service.until(lambda: service.processes().get(part, before) != before)
    service.until(lambda: service.answers("/health/live"))
    service.until(lambda: _database_answers(service))


def test_a_command_reaches_the_running_services_database(service: Service) -> None:
    asked = service.ask("manage", "showmigrations", "records")
    assert asked.returncode == 0, asked.stderr
    assert "[X] 0001_initial" in asked.stdout


def _database_answers(service: Service) -> bool:
    with contextlib.suppress(psycopg2.OperationalError):
        psycopg2.connect(service.settings()["DATABASE_URL"]).close()
        return True
    return False


def test_stopping_leaves_nothing_behind(service: Service) -> None:
    processes = service.processes()
    assert service.stop() == 0
    assert [name for name, number in processes.items() if Path(f"/proc/{number}").exists()] == []
    assert not (service.folder / "postgres" / "cluster" / "postmaster.pid").exists()


def test_the_next_start_has_nothing_to_tell(service: Service) -> None:
    again = Service(service.folder, tells_story=True, port=service.port)
    try:
        again.until(lambda: part_states(again.folder).get("story") == "finished")
        assert "Filling in" not in again.output.read_text()
    finally:
        again.stop()
