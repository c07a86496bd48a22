"""Episodes are numbered by authority and year, without gaps: E-2026-0412."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import connection

TAKE: Final = """
INSERT INTO records_episodenumber AS number (id, authority_id, year, last)
VALUES (gen_random_uuid(), %(authority)s, %(year)s, %(count)s)
ON CONFLICT (authority_id, year) DO UPDATE SET last = number.last + %(count)s
RETURNING last"""


def take_numbers(authority_id: UUID, year: int, count: int = 1) -> Iterator[str]:
    """The next references of a year. A transaction that fails gives its numbers back; others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"authority": authority_id, "year": year, "count": count})
        (last,) = cursor.fetchone()
    return (f"E-{year}-{number:04d}" for number in range(last - count + 1, last + 1))
