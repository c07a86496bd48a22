"""The audit as whoever owns the database could change it: triggers off, a row altered, triggers on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from casework.embedded import APPLICATION
from casework.records import audit, seals
from casework.records.models import AuditEntry
from tests.cast import Cast

Value = str | int | UUID | datetime | list[str]


def a_chain(cast: Cast, rows: int = 12) -> list[AuditEntry]:
    """Exampleshire's chain, begun anew, with so many looks at Kit, sealed; in their order."""
    an_empty_audit()
    for number in range(rows):
        audit.looked(cast.amina, child=cast.kit, about_kind="child", reason=f"Look {number + 1}")
    seals.seal()
    wanted = "SELECT entry_id FROM records_auditseal WHERE chain = %s ORDER BY seq"
    by_id = {entry.pk: entry for entry in AuditEntry.objects.filter(child_id=cast.kit.pk)}
    return [by_id[pk] for (pk,) in asked(wanted, cast.exampleshire.pk)]


def an_empty_audit() -> None:
    """Take out of the way what making the cast has left."""
    with as_owner_without_triggers():
        for table in ("entry", "seal", "queue"):
            do(f"DELETE FROM records_audit{table}")


@contextmanager
def as_owner_without_triggers(*tables: str) -> Iterator[None]:
    """As the database's owner, with nothing in the way; the audit's own tables, unless others are named."""
    tables = tables or ("records_auditentry", "records_auditseal")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")


def do(sql: str, *parameters: Value) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def asked(sql: str, *parameters: Value) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
