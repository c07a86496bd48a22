"""The ground's own guarantees, asked of the database itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records.models import AuditEntry, LocalAuthority
from casework.records.times import now

pytestmark = pytest.mark.django_db


def test_the_record_asks_the_databases_clock() -> None:
    authority = LocalAuthority.objects.create(code="EXS", name="Exampleshire")
    authority.refresh_from_db()
    assert abs(now() - authority.recorded_at) < timedelta(minutes=1)
    assert authority.recorded_at.tzinfo is not None


def test_audit_rows_land_in_their_month_and_stay() -> None:
    entry = AuditEntry.objects.create(action="read", about_kind="child")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM records_auditentry WHERE id = %s", [entry.id])
        (table,) = cursor.fetchone()
    assert table == f"records_auditentry_{now():%Y_%m}"
    for sql in ("UPDATE records_auditentry SET reason = 'x'", "DELETE FROM records_auditentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert AuditEntry.objects.count() == 1
