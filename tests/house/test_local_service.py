"""The local service as people start it: every real process, on a data directory of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from casework.embedded import free_port
from casework.supervisor import part_states

ROOT = Path(__file__).resolve().parents[2]
MADE_FOR_TESTS = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
ALL_PARTS = {"postgres", "valkey", "web", "worker", "beat", "standby", "watchdog", "mail", "bulk"}


class Service:
    """`./run` without its virtual environment, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir(parents=True)
        self.output = folder / "said"
        with self.output.open("wb") as output:
            self.child = subprocess.Popen(
                self.command("serve", "--empty"), env=self.environment(), cwd=ROOT, stdout=output
            )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "casework.local", *arguments]

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in MADE_FOR_TESTS}
        return {**inherited, "DATA_DIR": str(self.folder), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), env=self.environment(), cwd=ROOT, capture_output=True, text=True
        )

    def answers(self, path: str) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer,
        ):
            return bool(answer.status == 200)
        return False

    def database_answers(self) -> bool:
        environment = json.loads((self.folder / "service.json").read_text())
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(environment["DATABASE_URL"]).close()
            return True
        return False

    def processes(self) -> dict[str, int]:
        status = json.loads((self.folder / "status.json").read_text())
        return {name: part["pid"] for name, part in status["parts"].items() if part["pid"]}

    def until(self, is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + 180
        while not is_so():
            assert self.child.poll() is None, self.output.read_text()
            assert time.monotonic() < give_up, self.output.read_text()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    folder = Path(tempfile.mkdtemp(prefix="casework-service-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as `nobody` and must be able to pass through
    service = Service(folder / "data")
    service.until(lambda: service.answers("/health/live"))
    service.until(lambda: set(service.processes()) == ALL_PARTS)
    yield service
    service.child.terminate()
    service.child.wait(60)
    shutil.rmtree(folder)


def test_a_second_copy_on_the_same_data_is_refused(service: Service) -> None:
    refused = subprocess.run(
        service.command("serve", "--empty"),
        env={**service.environment(), "PORT": str(free_port())},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
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
    service.until(service.database_answers)


def test_a_command_reaches_the_running_services_database(service: Service) -> None:
    asked = service.ask("manage", "showmigrations", "records")
    assert asked.returncode == 0, asked.stderr
    assert "[X] 0001_initial" in asked.stdout


def test_stopping_leaves_nothing_behind(service: Service) -> None:
    processes = service.processes()
    service.child.terminate()
    assert service.child.wait(60) == 0
    assert [name for name, number in processes.items() if Path(f"/proc/{number}").exists()] == []
    assert not (service.folder / "postgres" / "cluster" / "postmaster.pid").exists()
