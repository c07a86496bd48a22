"""A PostgreSQL of the benchmarks' own that waits for the disk, as the tests' hasty one does not."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casework.embedded import APPLICATION, OWNER, Postgres

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Durable:
    """One database of the server: for its owner, who fills it, and for the application, which is measured."""

    owner_url: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the service needs to work there."""
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "REDIS_URL": "redis://127.0.0.1:1/0",  # nobody listens: PostgreSQL alone is measured
            "SECRET_KEY": "only for benchmarks " * 3,
            "DJANGO_SETTINGS_MODULE": "casework.settings",
            "LOG_LEVEL": "ERROR",
        }


class Server:
    """The server and its databases."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def database(self, name: str) -> Durable:
        return Durable(self._postgres.url(OWNER, name), self._postgres.url(APPLICATION, name))

    def pgbench(
        self,
        name: str,
        script: str,
        *,
        clients: int,
        each: int,
        warm: int = 0,
        a_second: int | None = None,
    ) -> list[float]:
        """Milliseconds of each transaction of a script, run by so many at once, so often each.

        `warm`: how many of each are not counted, the first. `a_second`: how many begin in a second, all
        together; each counts from when it should have begun.
        """
        with tempfile.TemporaryDirectory(prefix="casework-pgbench-") as folder:
            file = Path(folder) / "script.sql"
            file.write_text(script)
            command = [str(self._postgres.binaries / "pgbench"), "-n", "-l", "-j", "2", "-f", str(file)]
            many = ["-c", str(clients), "-t", str(each)]
            many += ["-R", str(a_second)] if a_second else []
            url = self.database(name).url
            subprocess.run([*command, *many, url], check=True, cwd=folder, stdout=subprocess.DEVNULL)
            lines = [
                line.split()
                for log in Path(folder).glob("pgbench_log.*")
                for line in log.read_text().splitlines()
            ]
        return [int(took) / 1000 for _, turn, took, *_ in lines if int(turn) >= warm]

    def copy(self, name: str, to: str) -> Durable:
        """A second database with all that is in the first by now."""
        self._postgres.create_database(to)
        original, copied = self.database(name), self.database(to)
        dump = [str(self._postgres.binaries / "pg_dump"), original.owner_url]
        psql = str(self._postgres.binaries / "psql")
        restore = [psql, "-qX", "-v", "ON_ERROR_STOP=1", copied.owner_url]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
            subprocess.run(restore, check=True, stdin=dumping.stdout, stdout=subprocess.DEVNULL)
        return copied


@contextlib.contextmanager
def durable_server() -> Iterator[Server]:
    """Start one with a migrated database `casework` and throw it away afterwards; Django works there."""
    folder = Path(tempfile.mkdtemp(prefix="casework-bench-"))
    folder.chmod(0o711)
    postgres = Postgres(folder / "postgres", secrets_file=folder / "secrets.json")
    try:
        postgres.start("casework")
        server = Server(postgres)
        durable = server.database("casework")
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
        subprocess.run(migrate, check=True, env={**durable.environment, "DATABASE_URL": durable.owner_url})
        os.environ.update(durable.environment)
        import django

        django.setup()
        yield server
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
