"""The audit's chain: committed rows get a seal, in order, authority by authority.

Who writes a row waits for nobody: rows stand in a queue until somebody seals them, a second later. The
database's own function does it, because the application may not write a seal (docs/decisions/0004).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from casework.records.heartbeats import age_of, beat

SEALED: Final = "audit sealed"
AT_ONCE: Final = 5_000
LATE_AFTER: Final = timedelta(seconds=60)
OF_NO_AUTHORITY: Final = UUID(int=0)  # the chain of sign-ins, and of what belongs to no one authority

# One step from each chain to the next by the index, however long the chains are.
HEADS: Final = """
WITH RECURSIVE chains AS (
    (SELECT chain FROM records_auditseal ORDER BY chain LIMIT 1)
    UNION ALL
    SELECT (SELECT s.chain FROM records_auditseal s WHERE s.chain > c.chain ORDER BY s.chain LIMIT 1)
    FROM chains c WHERE c.chain IS NOT NULL)
SELECT c.chain, a.code, s.seq, encode(s.hash, 'hex'), s.sealed_at
FROM chains c
CROSS JOIN LATERAL (
    SELECT seq, hash, sealed_at FROM records_auditseal WHERE chain = c.chain ORDER BY seq DESC LIMIT 1) s
LEFT JOIN records_localauthority a ON a.id = c.chain
ORDER BY a.code NULLS LAST, c.chain"""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal of one chain. Who keeps it elsewhere can tell whether the past was changed."""

    chain: UUID
    code: str
    seq: int
    hash: str
    sealed_at: datetime


def seal() -> int:
    """Seal everything that is committed by now; how many rows. Rung twice at once, one does nothing."""
    sealed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT audit_seal(%s)", [AT_ONCE])
            (done,) = cursor.fetchone()
        if done is None:  # somebody else is at it, and says so when the queue is empty
            return sealed
        sealed += int(done)
        if done < AT_ONCE:
            beat(SEALED)
            return sealed


def heads() -> list[Head]:
    """The head of every chain."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS)
        return [Head(chain, code or "", *rest) for chain, code, *rest in cursor.fetchall()]


def sealing_age() -> timedelta | None:
    """How long ago the queue was last emptied; None if it never was."""
    return age_of(SEALED)
