"""The local service as people start it, with its demo: every real process, on a data directory of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from casework.embedded import free_port
from casework.supervisor import part_states
from tests.running import ALL_PARTS, Service, Visitor, scratch_folder

pytestmark = pytest.mark.xdist_group("local service")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with scratch_folder() as folder:
        service = Service(folder / "data")
        service.until(lambda: service.answers("/health/live"))
        service.until(lambda: set(service.processes()) == ALL_PARTS)
        yield service
        service.stop()


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


def test_stopping_leaves_nothing_behind(service: Service) -> None:
    processes = service.processes()
    assert service.stop() == 0
    assert [name for name, number in processes.items() if Path(f"/proc/{number}").exists()] == []
    assert not (service.folder / "postgres" / "cluster" / "postmaster.pid").exists()


def _database_answers(service: Service) -> bool:
    with contextlib.suppress(psycopg2.OperationalError):
        psycopg2.connect(service.settings()["DATABASE_URL"]).close()
        return True
    return False
