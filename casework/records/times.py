"""The one clock. Every moment of the record is the database's `casework_now()`, stored in UTC.

Leases, back-off and heartbeats are about real seconds and use `clock_timestamp()` in SQL instead.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import DateTimeField, Func

from casework.records.one_look import once_a_look

LONDON = ZoneInfo("Europe/London")


class CaseworkNow(Func):
    """`casework_now()` as an expression: the default of every `_at` column."""

    function = "casework_now"
    template = "%(function)s()"
    arity = 0

    def __init__(self, **extra: Any) -> None:
        super().__init__(output_field=DateTimeField(), **extra)


THE_TIME: Final = "now"  # in what is known within one look


def now() -> datetime:
    """The moment of the record's clock, aware, in UTC. One small query; one for a page that is looked at."""
    return once_a_look(THE_TIME, _ask)


def _ask() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_now()")
        (moment,) = cursor.fetchone()
    if not isinstance(moment, datetime):  # the driver always gives one; a wrong function would not
        raise TypeError("casework_now() did not return a moment")
    return moment


def pretend_now(moment: datetime | None) -> None:
    """Let this transaction alone believe it is `moment`; None ends that. Only a movable clock obeys."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("pretend_now needs a transaction to end with")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('casework.now', %s, true)", [moment.isoformat() if moment else ""])


def is_pretended() -> bool:
    """Whether this transaction believes in another moment, and the database lets it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('casework.now', true), '') <> ''")
        (is_asked,) = cursor.fetchone()
    return bool(is_asked) and clock_kind() != "real"


def clock_kind() -> str:
    """'real', or the mark of a database whose clock can be moved: 'demo', 'test', 'drill'."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('casework_clock') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return "real"
        cursor.execute("SELECT kind FROM casework_clock")
        row = cursor.fetchone()
    return str(row[0]) if row else "real"


def refuse_moved_clock() -> None:
    """Stop the start of anything but a demo on a database whose clock can be moved (casework.E001).

    OperationalError while the database cannot be reached: then nothing is known yet.
    """
    if not settings.DEMO and (kind := clock_kind()) != "real":
        raise ImproperlyConfigured(
            f"This database is marked {kind!r}: its clock can be moved, so no child may depend on it. "
            "Use another database, or set DEMO=1 for a demo."
        )


def install_movable_clock(kind: str) -> None:
    """Mark this database `kind` and let its clock be moved. Needs the owner's role; safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE IF NOT EXISTS casework_clock (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                kind text NOT NULL,
                started timestamptz NOT NULL DEFAULT clock_timestamp(),
                shown timestamptz NOT NULL DEFAULT clock_timestamp(),
                dilation double precision NOT NULL DEFAULT 1)
            """
        )
        cursor.execute("REVOKE ALL ON casework_clock FROM casework_app")  # who may read must not move it
        cursor.execute("GRANT SELECT ON casework_clock TO casework_app, casework_watchdog")
        cursor.execute("INSERT INTO casework_clock (kind) VALUES (%s) ON CONFLICT (one) DO NOTHING", [kind])
        cursor.execute(
            """
            CREATE OR REPLACE FUNCTION casework_now() RETURNS timestamptz
            LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT coalesce(
                    nullif(current_setting('casework.now', true), '')::timestamptz,
                    (SELECT shown + (clock_timestamp() - started) * dilation FROM casework_clock))
            $$
            """
        )


def move_clock(by: timedelta) -> datetime:
    """Move a movable clock forward; never back. Needs the owner's role. Returns the new now."""
    if by <= timedelta(0):
        raise ValueError("The clock only moves forward.")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_clock SET shown = shown + make_interval(secs => %s) RETURNING casework_now()",
            [by.total_seconds()],
        )
        if cursor.fetchone() is None:
            raise ValueError("This database's clock cannot be moved.")
    return now()
