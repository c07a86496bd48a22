"""The local service: every process of Casework on this machine, on one data directory.

    python -m casework.local serve [--empty]      python -m casework.local manage migrate
    python -m casework.local hold valkey          python -m casework.local release valkey

`./run` calls it. The processes are the real ones; only their environment is made here.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from casework.embedded import (
    APPLICATION,
    OWNER,
    WATCHDOG,
    NotStarted,
    Postgres,
    Valkey,
    dies_with_parent,
    free_port,
    kept_secrets,
    write_private,
)
from casework.supervisor import AlreadyRunning, Part, Supervisor, only_one, part_states, wish

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "casework"
HOLDABLE = ("valkey", "postgres", "worker", "beat", "bulk", "web", "standby", "watchdog", "mail")
PREPARED = "prepared"  # what the database was prepared by, kept beside it
_CELERY = [sys.executable, "-m", "celery", "-A", "casework"]
_WORKER = [*_CELERY, "worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
_MANAGE = [sys.executable, str(ROOT / "manage.py")]
_LOG_LIMIT = 5 * 1024 * 1024


class LocalService:
    """What runs where: servers, ports, secrets and the environment that the processes get."""

    def __init__(self, folder: Path, *, port: int, demo: bool) -> None:
        self.folder = folder
        self.port = port
        self.demo = demo
        self.address = f"http://127.0.0.1:{port}"
        self.mail_page_port = free_port()
        self._smtp_port = free_port()
        self._secrets_file = folder / "secrets.json"
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
            "PYTHONUNBUFFERED": "1",
        }
        if self._postgres:
            made["DATABASE_URL"] = self._postgres.url(APPLICATION, DATABASE)
            made["OWNER_DATABASE_URL"] = self._postgres.url(OWNER, DATABASE)
            made["WATCHDOG_DATABASE_URL"] = self._postgres.url(WATCHDOG, DATABASE)
        if self._valkey:
            made["REDIS_URL"] = self._valkey.url
        return made

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
        sources += [*ROOT.glob("protocols/documents/*"), *ROOT.glob("casework/front/demo*.py")]
        words = [str(self.demo), self.address, os.environ.get("DEMO_PASSWORD", "")]
        content = b"".join(path.read_bytes() for path in sorted(sources))
        return hashlib.sha256("|".join(words).encode() + content).hexdigest()

    def parts(self) -> list[Part]:
        """Every process, in the order in which they start; pages first, bulk work last."""
        return [*self._server_parts(), *self._clock_parts(), *self._other_parts()]

    def _server_parts(self) -> list[Part]:
        servers = []
        if self._postgres:
            launch, child = self._postgres.launch, self._postgres.child
            servers.append(Part("postgres", launch, stop_with=signal.SIGINT, stops=2, child=child))
        if self._valkey:
            servers.append(Part("valkey", self._valkey.launch, stops=1, child=self._valkey.child))
        return servers

    def _clock_parts(self) -> list[Part]:
        web = [sys.executable, "-m", "gunicorn", "-c", "python:casework.gunicorn_conf"]
        worker = [*_WORKER, "-Q", "clock,deliver", "-c", "2", "-n", "worker@%h"]
        beat = [
            *_CELERY,
            "beat",
            "--loglevel=WARNING",
            "--pidfile=",
            f"--schedule={self.folder / 'beat-schedule'}",
        ]
        return [
            self._part("web", web, needs=("postgres",)),
            self._part("standby", [*_MANAGE, "sweep", "--forever"], needs=("postgres",), after=2),
            self._part("worker", worker, needs=("valkey", "postgres"), after=2),
            self._part("beat", beat, needs=("valkey",), after=3),
        ]

    def _other_parts(self) -> list[Part]:
        ports = [f"--smtp-port={self._smtp_port}", f"--page-port={self.mail_page_port}"]
        mail = [sys.executable, "-m", "casework.mailbox", str(self.folder / "mail"), *ports]
        bulk = [*_WORKER, "-Q", "bulk", "-c", "1", "-n", "bulk@%h"]
        made = self.environment()
        as_watchdog = {"DATABASE_URL": made["WATCHDOG_DATABASE_URL"]} if self._postgres else {}
        return [
            self._part("watchdog", [*_MANAGE, "watchdog"], needs=("postgres",), after=3, **as_watchdog),
            self._part("mail", mail, after=2),
            self._part("bulk", bulk, needs=("valkey", "postgres"), after=5),
        ]

    def _part(
        self,
        name: str,
        command: Sequence[str],
        *,
        needs: tuple[str, ...] = (),
        after: float = 0,
        **besides: str,
    ) -> Part:
        environment = {**os.environ, **self.environment(), **besides}
        launch = launcher(command, environment, self.folder / "logs" / f"{name}.log")
        return Part(name, launch, needs=needs, lets_others_first=after)


def launcher(
    command: Sequence[str], environment: dict[str, str], log_file: Path
) -> Callable[[], subprocess.Popen[bytes]]:
    """How to start a process whose words go to a log file and that never outlives us."""

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
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    return launch


# What people type -----------------------------------------------------------------------------------


def serve(folder: Path, *, port: int, demo: bool) -> int:
    """Start everything, say where it is, and keep it running until told to stop."""
    if not _is_free(port):
        say(f"Port {port} is in use. Stop what uses it, or choose another: PORT=8001 ./run")
        return 1
    service = LocalService(folder, port=port, demo=demo)
    with only_one(folder):
        signal.signal(signal.SIGTERM, _stop_early)
        try:
            _bring_up(service)
            supervisor = Supervisor(service.parts(), folder=folder, say=say)
            supervisor.when(lambda: _answers(service.address), lambda: _welcome(service))
            return supervisor.run()
        finally:
            service.stop_servers()
            (folder / "service.json").unlink(missing_ok=True)


def _bring_up(service: LocalService) -> None:
    """Servers, then tables, then people, each only as far as it is not there yet.

    `seed_demo --accounts FILE` may run again on the same database. It keeps the passwords that FILE already
    holds (or takes DEMO_PASSWORD for all), and writes FILE with mode 0600:
    {"address": PUBLIC_URL, "accounts": [{"email", "password", "name", "role"}, …]}.
    """
    say("Starting PostgreSQL and Valkey")
    service.start_servers()
    write_private(service.folder / "service.json", json.dumps(service.environment(), indent=1))
    if service.is_prepared():
        return
    say("Bringing the database up to date")
    _manage(service, "prepare", "--verbosity=0")
    if service.demo:
        say("Placing the demo's people")
        _manage(service, "seed_demo", "--accounts", str(service.folder / "demo.json"))
    service.remember_prepared()


def _welcome(service: LocalService) -> None:
    say(f"Casework is at   {service.address}")
    say(f"Caught mail at   http://127.0.0.1:{service.mail_page_port}")
    accounts = service.folder / "demo.json"
    if service.demo:
        for account in json.loads(accounts.read_text())["accounts"]:
            say(f"  {account['email']:<44} {account['password']:<20} {account['name']}, {account['role']}")
    say("Stop with Ctrl-C")


def _manage(service: LocalService, *arguments: str) -> None:
    environment = {**os.environ, **service.environment()}
    done = subprocess.run([sys.executable, ROOT / "manage.py", *arguments], cwd=ROOT, env=environment)
    if done.returncode:
        raise NotStarted(f"manage.py {arguments[0]} failed; the reason is above.")


def manage(folder: Path, arguments: Sequence[str], *, port: int, demo: bool) -> int:
    """manage.py against this data directory's service, or against its database alone when it is stopped."""
    (folder / PREPARED).unlink(missing_ok=True)  # whatever this command does, the next start looks again
    with _environment_of(folder, port=port, demo=demo) as made:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env={**os.environ, **made}).returncode


@contextlib.contextmanager
def _environment_of(folder: Path, *, port: int, demo: bool) -> Iterator[dict[str, str]]:
    if part_states(folder):
        yield json.loads((folder / "service.json").read_text())
        return
    service = LocalService(folder, port=port, demo=demo)
    with only_one(folder):
        try:
            service.start_servers()
            yield service.environment()
        finally:
            service.stop_servers()


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(line, flush=True)  # noqa: T201


def _stop_early(number: int, frame: object) -> None:
    raise SystemExit(0)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=0.5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def data_directory(*, demo: bool) -> Path:
    """DATA_DIR, else var/demo or var/empty."""
    return Path(os.environ.get("DATA_DIR", ROOT / "var" / ("demo" if demo else "empty"))).resolve()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("serve", "manage"):
        commands.add_parser(name).add_argument("--empty", action="store_true", help="without the demo")
    commands.choices["manage"].add_argument("arguments", nargs=argparse.REMAINDER)
    for name in ("hold", "release"):
        commands.add_parser(name).add_argument("part", choices=HOLDABLE)
        commands.choices[name].add_argument("--empty", action="store_true")
    chosen = parser.parse_args()
    folder, port = data_directory(demo=not chosen.empty), int(os.environ.get("PORT", "8000"))
    started = time.monotonic()
    try:
        if chosen.command == "serve":
            return serve(folder, port=port, demo=not chosen.empty)
        if chosen.command == "manage":
            return manage(folder, chosen.arguments, port=port, demo=not chosen.empty)
        wish(folder, chosen.part, held=chosen.command == "hold")
        done = "held" if chosen.command == "hold" else "released"
        say(f"{chosen.part} {done} after {time.monotonic() - started:.1f} s")
    except (AlreadyRunning, NotStarted, LookupError, TimeoutError) as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("Stopped")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
