"""Tests run on a real PostgreSQL and a real Valkey, thrown away afterwards, as the application's role."""

from __future__ import annotations

import gc
import hashlib
import os
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest
from django.core.management.color import Style
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from casework.embedded import APPLICATION, OWNER, Postgres, Valkey, write_private

# A busy machine is not a fault of the code: speed has its own place in the benchmarks.
hypothesis.settings.register_profile("casework", deadline=None)
hypothesis.settings.load_profile("casework")

OUTCOMES = ("passed", "failed")
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "casework_template"

if TYPE_CHECKING:
    from tests.cast import Cast

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
        for name in ("DEMO", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "EMAIL_PORT", "AUDIT_SINK"):
            os.environ.pop(name, None)
        _make_template(postgres)
    django.setup()
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = TEMPLATE


class KeptTogether(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Tests of one file that share a service or a world run in one worker, or each would build its own.

    `--dist loadgroup` should see to that by the mark `xdist_group`; with pytest 9 the mark has no effect, as
    pytest-xdist 3.8 writes the group into a name that nobody reads any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if _has_a_group(file) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> KeptTogether:
    return KeptTogether(config, log)


@cache
def _has_a_group(file: str) -> bool:
    return "mark.xdist_group(" in (ROOT / file).read_text(encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--ac", metavar="T07", help="only the tests of one group of criteria, such as T07 or B12"
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: to search it for garbage again and again takes a twelfth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--ac T07` keeps T07.1, T07.2 …, not T070."""
    wanted = config.getoption("--ac")
    if not wanted:
        return
    kept = [item for item in items if any(_is_about(mark, wanted) for mark in item.iter_markers("ac"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _is_about(mark: pytest.Mark, wanted: str) -> bool:
    return any(code == wanted or str(code).startswith(f"{wanted}.") for code in mark.args)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """A group of criteria ends with its count; the matrix of access with its doors and cells."""
    stats = terminalreporter.stats
    done = {outcome: [one for one in stats.get(outcome, ()) if one.when == "call"] for outcome in OUTCOMES}
    if cells := [dict(one.user_properties)["cells"] for one in chain(*done.values()) if one.user_properties]:
        tried, wrong = (sum(one[name] for one in cells) for name in ("tried", "wrong"))
        terminalreporter.line(f"routes 100 %, cells {tried:,}, failures {wrong}")
    if config.getoption("--ac"):
        passed, failed = (len(done[outcome]) for outcome in OUTCOMES)
        broken = failed + len(stats.get("error", ()))
        terminalreporter.line(f"{'FAIL' if broken else 'PASS'} {passed}/{passed + broken}")


def _make_template(postgres: Postgres) -> None:
    """The migrated database that every worker's is a copy of; restored from a snapshot while that is true.

    Running all migrations takes ten seconds, a copy none; a snapshot is named after what made it.
    """
    postgres.create_database(TEMPLATE)
    url = postgres.url(OWNER, TEMPLATE)
    snapshot = ROOT / "var" / "test-schema" / f"{_fingerprint_of_migrations()}.sql"
    if snapshot.exists():
        restore = [
            str(postgres.binaries / "psql"),
            "-q",
            "-X",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            str(snapshot),
            url,
        ]
        subprocess.run(restore, check=True, stdout=subprocess.DEVNULL)
        return
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    here = {"DATABASE_URL": url, "OWNER_DATABASE_URL": url}  # `migrate` prefers the owner's address
    subprocess.run(migrate, check=True, env={**os.environ, **here})
    dump = subprocess.run([postgres.binaries / "pg_dump", url], check=True, capture_output=True, text=True)
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    write_private(snapshot, dump.stdout)


def _fingerprint_of_migrations() -> str:
    sources = [ROOT / "requirements.txt", ROOT / "casework" / "settings.py", *ROOT.glob("*/migrations/*.py")]
    sources += [*ROOT.glob("casework/*/migrations/*.py"), ROOT / "casework" / "records" / "grants.py"]
    sources += [ROOT / "casework" / "audited.py", ROOT / "casework" / "quick_triggers.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()[:20]


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
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database is made by its owner; from here on every connection acts as the application.

    So a grant that a migration forgot shows in the first test that needs it. The clock can be moved.
    """
    from django.core.management.commands import flush
    from django.db import connection
    from django.db.backends.base.operations import BaseDatabaseOperations
    from django.db.backends.postgresql.operations import DatabaseOperations

    from casework.records.times import install_movable_clock

    with django_db_blocker.unblock():
        install_movable_clock("test")
        kept = _with_rows(connection.introspection.django_table_names(only_existing=True))
    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = APPLICATION
    empty_tables = DatabaseOperations.execute_sql_flush

    def only_what_a_test_wrote(
        self: DatabaseOperations, style: Style, tables: Iterable[str], **options: bool
    ) -> list[str]:
        """TRUNCATE makes every table and index anew, a thousand files, for the few tables that have rows.

        Rows from migrations stay: a service cannot run without them.
        """
        return [f'DELETE FROM "{table}"' for table in sorted(_with_rows(tables) - kept)]

    def empty_tables_as_owner(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        # Only the owner may empty a table, and triggers guard the append-only ones.
        permitted = ["SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica"]
        empty_tables(self, [*permitted, *sql_list] if sql_list else [])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", only_what_a_test_wrote)
        patch.setattr(DatabaseOperations, "execute_sql_flush", empty_tables_as_owner)
        # What would be written after a migration was never taken away.
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield
    connection.close()
    del connection.settings_dict["OPTIONS"]["assume_role"]


def _with_rows(tables: Iterable[str]) -> set[str]:
    """Those of the tables in which there is anything, the ones that only their owner may read included."""
    from django.db import connection, transaction

    questions = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(" UNION ALL ".join(questions))
        return {str(table) for (table,) in cursor.fetchall()}


@pytest.fixture(scope="session", autouse=True)
def tokens_that_spell_no_name() -> Iterator[None]:
    """A form's token is 64 random letters, and one page in some thousands had "Tam" or "Kit" in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.middleware.csrf.CSRF_ALLOWED_CHARS", string.digits)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_up_once() -> Iterator[None]:
    """Each new browser of a test would go through all folders of static files for itself."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[str, object] = {}
    look_them_up = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look_them_up(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """What makes a stolen hash slow to guess makes each new account slow to make, a fifth of a second."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


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


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of `tests/cast.py`, in the database."""
    from tests.cast import make_cast

    return make_cast()
