"""Whether the demo is still being filled in: a lock that its filler holds for as long as it lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import Error, connection

# One connection of its own holds it, so that it ends with the process, however that ends.
KEY: Final = (20_417, 1)
HELD: Final = """
SELECT count(*) > 0 FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


class AlreadyFilling(Exception):
    """Another process fills this demo in."""


@contextmanager
def filling() -> Iterator[None]:
    """Be the one that fills the demo in; AlreadyFilling when somebody else is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", KEY)
        if not cursor.fetchone()[0]:
            raise AlreadyFilling
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a connection that is lost holds nothing
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", KEY)


def is_filling() -> bool:
    """One small query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, KEY)
        return bool(cursor.fetchone()[0])
