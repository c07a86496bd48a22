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
    """Where the server is: for the owner, who fills it, and for the application, which is measured."""

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
            "LOG_LEVEL": "WARNING",
        }


@contextlib.contextmanager
def durable_server() -> Iterator[Durable]:
    """Start one, migrate it, and throw it away afterwards; Django in this process works there too."""
    folder = Path(tempfile.mkdtemp(prefix="casework-bench-"))
    folder.chmod(0o711)
    server = Postgres(folder / "postgres", secrets_file=folder / "secrets.json")
    try:
        server.start("casework")
        durable = Durable(server.url(OWNER, "casework"), server.url(APPLICATION, "casework"))
        _migrate(durable)
        os.environ.update(durable.environment)
        import django

        django.setup()
        yield durable
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(durable: Durable) -> None:
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    subprocess.run(migrate, check=True, env={**durable.environment, "DATABASE_URL": durable.owner_url})
