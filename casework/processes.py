"""Every process of Casework on this machine, and the environment that each gets.

The processes are the real ones, as in production; only where they listen and what they are told is made here.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from casework.embedded import (
    APPLICATION,
    OWNER,
    WATCHDOG,
    Postgres,
    Valkey,
    dies_with_parent,
    free_port,
    kept_secrets,
    write_private,
)
from casework.supervisor import Part

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "casework"
PREPARED = "prepared"  # what the database was prepared by, kept beside it
# What the pretended Notify knows us by; nothing outside this machine has ever heard of either.
LOCAL_KEY = "local-11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222"
LOCAL_TEMPLATE = "33333333-3333-4333-8333-333333333333"

_PYTHON = [sys.executable, "-m"]
_CELERY = [*_PYTHON, "celery", "-A", "casework"]
_WORKER = [*_CELERY, "worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
_GENTLY = ["nice", "-n", "10"]  # what people and steps wait for goes first
_MANAGE = [sys.executable, str(ROOT / "manage.py")]
_NEEDS = {
    "web": ("postgres",),
    "standby": ("postgres",),
    "watchdog": ("postgres",),
    "worker": ("valkey", "postgres"),
    "bulk": ("valkey", "postgres"),
    "beat": ("valkey",),
    "story": ("postgres",),
}
_ONCE = {"story"}
_STARTS_AFTER = {
    "standby": 2.0,
    "worker": 2.0,
    "mail": 2.0,
    "beat": 3.0,
    "watchdog": 3.0,
    "bulk": 5.0,
    "story": 6.0,
}  # seconds
_LOG_LIMIT = 5 * 1024 * 1024
# Passwords of stronger roles stay with the supervisor: a page cannot leak what it was never told.
_NOT_FOR_PARTS = {"OWNER_DATABASE_URL", "WATCHDOG_DATABASE_URL"}


class LocalService:
    """What runs where: servers, ports, secrets and the environment that the processes get."""

    def __init__(self, folder: Path, *, port: int, demo: bool) -> None:
        self.folder = folder
        self.port = port
        self.demo = demo
        self.address = f"http://127.0.0.1:{port}"
        self.mail_page_port = free_port()
        self._smtp_port = free_port()
        self._notify_port = free_port()
        self._secrets_file = folder / "secrets.json"
        self._wants_story = os.environ.get("DEMO_STORY", "1") != "0"
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    def start_servers(self) -> None:
        """PostgreSQL and Valkey of our own, unless DATABASE_URL and REDIS_URL name others."""
        if "DATABASE_URL" not in os.environ:
            self._postgres = Postgres(self.folder / "postgres", secrets_file=self._secrets_file)
            self._postgres.start(DATABASE)
        if "REDIS_URL" not in os.environ:
            self._valkey = Valkey(self.folder / "valkey", secrets_file=self._secrets_file)
            self._valkey.start()

    def stop_servers(self) -> None:
        for server in (self._valkey, self._postgres):
            if server:
                server.stop()

    def environment(self) -> dict[str, str]:
        """The settings of this service, for its processes and for `./run manage`."""
        made = {
            "DJANGO_SETTINGS_MODULE": "casework.settings",
            "SECRET_KEY": kept_secrets(self._secrets_file, "secret_key")["secret_key"],
            "PUBLIC_URL": self.address,
            "BIND": f"127.0.0.1:{self.port}",
            "DEMO": "1" if self.demo else "0",
            "DATA_DIR": str(self.folder),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self._smtp_port),
            "AUDIT_SINK": str(self.folder / "audit-heads.jsonl"),
            "MAIL_PAGE_URL": f"http://127.0.0.1:{self.mail_page_port}/",
            **self._texting(),
            "PYTHONUNBUFFERED": "1",
        }
        if self._postgres:
            made["DATABASE_URL"] = self._postgres.url(APPLICATION, DATABASE)
            made["OWNER_DATABASE_URL"] = self._postgres.url(OWNER, DATABASE)
            made["WATCHDOG_DATABASE_URL"] = self._postgres.url(WATCHDOG, DATABASE)
        if self._valkey:
            made["REDIS_URL"] = self._valkey.url
        return made

    def _texting(self) -> dict[str, str]:
        """GOV.UK Notify's place is taken by the mail catcher: a key of the same shape, that opens nothing."""
        notify = f"http://127.0.0.1:{self._notify_port}"
        return {"NOTIFY_API_KEY": LOCAL_KEY, "NOTIFY_TEMPLATE_ID": LOCAL_TEMPLATE, "NOTIFY_URL": notify}

    def is_prepared(self) -> bool:
        """Whether this very code prepared our own database before: then a start need not look again."""
        return self._postgres is not None and _read(self.folder / PREPARED) == self._fingerprint()

    def remember_prepared(self) -> None:
        write_private(self.folder / PREPARED, self._fingerprint())

    def _fingerprint(self) -> str:
        sources = [
            ROOT / "requirements.txt",
            *ROOT.glob("*/migrations/*.py"),
            *ROOT.glob("*/*/migrations/*.py"),
        ]
        sources += [*ROOT.glob("protocols/documents/*"), *ROOT.glob("casework/front/demo/*.py")]
        sources.append(ROOT / "casework" / "audited.py")
        words = [str(self.demo), self.address, os.environ.get("DEMO_PASSWORD", "")]
        content = b"".join(path.read_bytes() for path in sorted(sources))
        return hashlib.sha256("|".join(words).encode() + content).hexdigest()

    def parts(self) -> list[Part]:
        """Every process, in the order in which they start."""
        return [*self._server_parts(), *(self._part(name, words) for name, words in self.commands().items())]

    def commands(self) -> dict[str, list[str]]:
        """The command of each process; pages first, as people wait for them, bulk work last."""
        beat_file = f"--schedule={self.folder / 'beat-schedule'}"
        mail_ports = [
            f"--smtp-port={self._smtp_port}",
            f"--page-port={self.mail_page_port}",
            f"--notify-port={self._notify_port}",
        ]
        story = {"story": [*_GENTLY, *_MANAGE, "fill_demo"]} if self.demo and self._wants_story else {}
        return {
            "web": [*_PYTHON, "gunicorn", "-c", "python:casework.gunicorn_conf"],
            "standby": [*_MANAGE, "sweep", "--forever"],
            "worker": [*_WORKER, "-Q", "clock,deliver", "-c", "2", "-n", "worker@%h"],
            "beat": [*_CELERY, "beat", "--loglevel=WARNING", "--pidfile=", beat_file],
            "watchdog": [*_MANAGE, "watchdog"],
            "mail": [*_PYTHON, "casework.mailbox", str(self.folder / "mail"), *mail_ports],
            "bulk": [*_WORKER, "-Q", "bulk", "-c", "1", "-n", "bulk@%h"],
            **story,
        }

    def _server_parts(self) -> list[Part]:
        servers = []
        if self._postgres:
            launch, child = self._postgres.launch, self._postgres.child
            servers.append(Part("postgres", launch, stop_with=signal.SIGINT, stops=2, child=child))
        if self._valkey:
            servers.append(Part("valkey", self._valkey.launch, stops=1, child=self._valkey.child))
        return servers

    def _part(self, name: str, command: Sequence[str]) -> Part:
        environment = {**os.environ, **self.environment()}
        if name == "watchdog" and "WATCHDOG_DATABASE_URL" in environment:
            environment["DATABASE_URL"] = environment["WATCHDOG_DATABASE_URL"]
        environment = {key: value for key, value in environment.items() if key not in _NOT_FOR_PARTS}
        is_once = name in _ONCE
        launch = launcher(command, environment, self.folder / "logs" / f"{name}.log", is_shown=is_once)
        return Part(
            name,
            launch,
            needs=_NEEDS.get(name, ()),
            lets_others_first=_STARTS_AFTER.get(name, 0),
            is_once=is_once,
        )


def launcher(
    command: Sequence[str], environment: dict[str, str], log_file: Path, *, is_shown: bool = False
) -> Callable[[], subprocess.Popen[bytes]]:
    """How to start a process whose words go to a log file and that never outlives us.

    What is shown says its progress to the person at the terminal; its complaints still go to the file.
    """

    def launch() -> subprocess.Popen[bytes]:
        log_file.parent.mkdir(exist_ok=True, mode=0o700)
        if log_file.exists() and log_file.stat().st_size > _LOG_LIMIT:
            log_file.replace(log_file.with_suffix(".log.1"))
        with log_file.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=None if is_shown else log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    return launch


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
