"""The servers that come with the service: roles, durability settings, secrets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import psycopg2
import pytest

from casework.embedded import APPLICATION, OWNER, WATCHDOG, kept_secrets, write_private


def _session(role: str) -> psycopg2.extensions.connection:
    secrets = kept_secrets(Path(os.environ["CASEWORK_TEST_FOLDER"]) / "secrets.json")
    owner = os.environ["OWNER_DATABASE_URL"]
    return psycopg2.connect(owner.replace(secrets[OWNER], secrets[role]).replace(OWNER, role))


def test_only_the_owner_may_make_tables() -> None:
    with _session(OWNER) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made_by_owner (number int)")
        cursor.execute("CREATE TABLE made_by_owner_too (number int)")
        connection.rollback()
    for role in (APPLICATION, WATCHDOG):
        with _session(role) as connection, connection.cursor() as cursor:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("CREATE TABLE made_by_somebody_else (number int)")
            connection.rollback()


def test_names_sort_the_same_on_every_machine() -> None:
    with _session(APPLICATION) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("b", "C.UTF-8")


def test_secrets_are_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = kept_secrets(path, "one")["one"]
    assert kept_secrets(path, "one", "two")["one"] == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_private_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old and readable")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.iterdir()] == ["file"]


@pytest.mark.django_db(transaction=True)
def test_tests_act_as_the_application_and_still_clean_up() -> None:
    from django.db import connection

    from casework.records.models import PoliceForce

    PoliceForce.objects.create(name="Exampleshire Constabulary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_the_test_before() -> None:
    from casework.records.models import PoliceForce

    assert not PoliceForce.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_migrations_wrote_is_still_there() -> None:
    from protocols.models import EngineVersion

    assert EngineVersion.objects.exists()
