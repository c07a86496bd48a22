"""Tests run on a real PostgreSQL and a real Valkey, thrown away afterwards, as the application's role."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from casework.embedded import APPLICATION, OWNER, Postgres, Valkey

_servers: list[Postgres | Valkey] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once and tell Django where it is; parallel workers inherit the environment."""
    if "CASEWORK_TEST_FOLDER" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="casework-tests-"))
        folder.chmod(0o711)  # as root, PostgreSQL runs as `nobody` and must be able to pass through
        postgres = Postgres(folder / "postgres", secrets_file=folder / "secrets.json", throwaway=True)
        postgres.start("casework")
        _servers.append(postgres)
        os.environ.update(
            CASEWORK_TEST_FOLDER=str(folder),
            DATABASE_URL=postgres.url(OWNER, "casework"),
            OWNER_DATABASE_URL=postgres.url(OWNER, "casework"),
            REDIS_URL="redis://127.0.0.1:1/0",  # nobody listens: no test may depend on the broker unawares
            SECRET_KEY="only for tests " * 4,
            DJANGO_SETTINGS_MODULE="casework.settings",
        )
        for name in ("DEMO", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "EMAIL_PORT"):
            os.environ.pop(name, None)
        django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in reversed(_servers):
        server.stop()
    if _servers:
        _servers.clear()
        folder = Path(os.environ.pop("CASEWORK_TEST_FOLDER"))
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The database is made by its owner; from here on every connection acts as the application.

    So a grant that a migration forgot shows in the first test that needs it.
    """
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = APPLICATION
    empty_tables = DatabaseOperations.execute_sql_flush

    def empty_tables_as_owner(self: DatabaseOperations, sql_list: list[str]) -> None:
        # Only the owner may empty a table, and triggers guard the append-only ones.
        permitted = ["SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica"]
        empty_tables(self, [*permitted, *sql_list] if sql_list else [])

    DatabaseOperations.execute_sql_flush = empty_tables_as_owner  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A broker for the few tests that want one."""
    folder = Path(tempfile.mkdtemp(prefix="casework-valkey-"))
    server = Valkey(folder / "valkey", secrets_file=folder / "secrets.json", throwaway=True)
    server.start()
    yield server
    server.stop()
    (folder / "secrets.json").unlink()
    folder.rmdir()
