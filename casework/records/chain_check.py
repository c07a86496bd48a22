"""Is the audit what it was? Every hash worked out again here, apart from the functions of the database.

Whoever owns the database can switch triggers off and change a row; the chain then no longer fits. Whoever
works the whole chain out again, or cuts off its end, is found by the heads that were stored outside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

NO_HASH_YET: Final = bytes(32)
ROWS_AT_ONCE: Final = 5_000
HORIZON: Final = "1 hour"  # an import may hold its rows for minutes; the sealer comes every second

_MOMENT: Final = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
# As the database spells them for the hash, by form of seal: form 1 is the one that 0006_audit_chain writes.
_SEALED_COLUMNS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        "s.form::text",
        "s.chain::text",
        "s.seq::text",
        _MOMENT.format("s.sealed_at"),
        "s.entry_id::text",
        _MOMENT.format("s.entry_at"),
        "e.authority_id::text",
        "e.actor_id::text",
        "e.on_behalf_of",
        "e.action",
        "e.about_kind",
        "e.about_id::text",
        "e.child_id::text",
        "e.child_ids::text",
        "e.fields::text",
        "e.reason",
        "e.session",
        "host(e.address)",
        "e.request_id",
    ),
}
_SPELT: Final = "CASE s.form {} END".format(
    " ".join(f"WHEN {form} THEN ARRAY[{', '.join(columns)}]" for form, columns in _SEALED_COLUMNS.items())
)
_SEALS: Final = f"""
SELECT s.chain, s.seq, s.prev_hash, s.hash, e.id IS NOT NULL, {_SPELT}
FROM records_auditseal s LEFT JOIN records_auditentry e ON e.id = s.entry_id AND e.at = s.entry_at
WHERE %(chain)s IS NULL OR s.chain = %(chain)s
ORDER BY s.chain, s.seq"""  # noqa: S608  # of constants of this module

# What no seal is on and none is to come: it was put in past the trigger, or its seal was taken away.
_UNSEALED: Final = """
SELECT DISTINCT ON (chain)
       coalesce(e.authority_id, '00000000-0000-0000-0000-000000000000') AS chain, e.at,
       (SELECT max(s.seq) FROM records_auditseal s
        WHERE s.chain = coalesce(e.authority_id, '00000000-0000-0000-0000-000000000000')
          AND s.entry_at <= e.at)
FROM records_auditentry e
WHERE NOT EXISTS (
        SELECT FROM records_auditseal s
        WHERE s.entry_id = e.id AND s.entry_at = e.at
          AND s.chain = coalesce(e.authority_id, '00000000-0000-0000-0000-000000000000'))
  AND NOT EXISTS (SELECT FROM records_auditqueue q WHERE q.entry_id = e.id)
  AND (%(chain)s IS NULL OR e.authority_id = %(chain)s)
ORDER BY chain, e.at"""
_WAITING: Final = f"""
SELECT chain, min(queued_at), count(*) FROM records_auditqueue
WHERE queued_at < clock_timestamp() - interval '{HORIZON}' AND (%(chain)s IS NULL OR chain = %(chain)s)
GROUP BY chain"""  # noqa: S608  # of constants of this module
_LENGTHS: Final = "SELECT count(*) FROM records_auditseal WHERE %(chain)s IS NULL OR chain = %(chain)s"

Progress = Callable[[int, int], None]
Stored = Mapping[UUID, Mapping[int, "StoredHead"]]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong in a chain, and at which number."""

    chain: UUID
    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A head as somebody outside kept it."""

    hash: str
    at: str


def faults(
    chain: UUID | None = None, *, stored: Stored | None = None, progress: Progress = lambda done, of: None
) -> list[Fault]:
    """The first fault of each chain, or of the one named. All is read in one snapshot, row by row.

    `stored` are heads from outside; without them a chain that was cut or worked out again looks sound.
    """
    wanted = {"chain": chain}
    with transaction.atomic():
        _hold_still()
        found = [*_broken(wanted, stored or {}, progress), *_past_the_chain(wanted)]
    first: dict[UUID, Fault] = {}
    for fault in sorted(found, key=lambda one: one.seq):
        first.setdefault(fault.chain, fault)
    return list(first.values())


def heads_in(lines: Iterable[str]) -> dict[UUID, dict[int, StoredHead]]:
    """The heads in a file that the sink wrote, or in a saved letter: lines of JSON, others are passed over.

    ValueError for a line that begins like a head and is none.
    """
    heads: dict[UUID, dict[int, StoredHead]] = {}
    for line in lines:
        if line.startswith('{"chain"'):
            head = json.loads(line)
            heads.setdefault(UUID(head["chain"]), {})[int(head["seq"])] = StoredHead(head["hash"], head["at"])
    return heads


def hash_of(prev_hash: bytes, columns: Iterable[str | None]) -> bytes:
    """The seal of a row: SHA-256 over the seal before it and every column, each after its length in bytes."""
    return sha256(prev_hash + b"".join(map(_spelt, columns))).digest()


def _spelt(value: str | None) -> bytes:
    if value is None:
        return b"-"
    encoded = value.encode()
    return b"%d:%b" % (len(encoded), encoded)


def _hold_still() -> None:
    """One snapshot for all questions. (Within a transaction that has begun already, its own serves.)"""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _broken(wanted: Mapping[str, Any], stored: Stored, progress: Progress) -> Iterator[Fault]:
    """The first fault of each chain that is there, and of each that only the heads outside know."""
    unseen = {chain for chain in stored if wanted["chain"] in (None, chain)}
    for chain, rows in groupby(_rows(wanted, progress), key=itemgetter(0)):
        unseen.discard(chain)
        if fault := _follow(chain, rows, stored.get(chain, {})):
            yield fault
    for chain in unseen:
        if fault := _cut(chain, 0, stored[chain]):
            yield fault


def _follow(chain: UUID, rows: Iterable[tuple[Any, ...]], stored: Mapping[int, StoredHead]) -> Fault | None:
    """One chain from its first row to its first fault, or to its end and what was stored beyond it."""
    end, head = 0, NO_HASH_YET
    for _, seq, prev_hash, seal, is_there, columns in rows:
        words = _wrong(end + 1, seq, head, bytes(prev_hash), bytes(seal), is_there, columns)
        kept = stored.get(seq)
        if not words and kept and kept.hash != bytes(seal).hex():
            words = f"it is not what was stored outside at {kept.at}"
        if words:
            return Fault(chain, min(seq, end + 1), words)
        end, head = seq, bytes(seal)
    return _cut(chain, end, stored)


def _cut(chain: UUID, end: int, stored: Mapping[int, StoredHead]) -> Fault | None:
    last = max(stored, default=0)
    if last <= end:
        return None
    words = f"the end is cut off: number {last} was stored outside at {stored[last].at}"
    return Fault(chain, end + 1, words)


def _rows(wanted: Mapping[str, Any], progress: Progress) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LENGTHS, wanted)
        total = int(cursor.fetchone()[0])
    done = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SEALS, wanted)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
            done += len(rows)
            progress(done, total)


def _wrong(
    expected: int,
    seq: int,
    head: bytes,
    prev_hash: bytes,
    seal: bytes,
    is_there: bool,
    columns: list[str | None] | None,
) -> str:
    """What is wrong with one row of a chain; empty when nothing is."""
    if seq != expected:
        return "its seal is gone" if seq > expected else "it stands outside the order"
    if prev_hash != head:
        return "it does not follow from the one before it"
    if not is_there:
        return "its row is gone"
    if columns is None:
        return "its seal is of a form that this version does not know"
    return "" if hash_of(head, columns) == seal else "its row is not what was sealed"


def _past_the_chain(wanted: Mapping[str, Any]) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, wanted)
        for chain, at, before in cursor.fetchall():
            yield Fault(
                chain, (before or 0) + 1, f"before it stands a row of {at:%Y-%m-%d %H:%M} without a seal"
            )
        cursor.execute(_WAITING, wanted)
        for chain, since, number in cursor.fetchall():
            yield Fault(chain, 0, f"{number} rows have waited for a seal since {since:%Y-%m-%d %H:%M}")
