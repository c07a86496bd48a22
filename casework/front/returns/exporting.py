"""Giving a file out. The audit has a row before the first byte leaves, and one that says which rows left.

So whatever happens in between, it is known who took how much of what: the second row names the spells in the
order of the file's rows, and holds the digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import Final
from uuid import UUID

from casework.front.returns.missing_file import MissingFile
from casework.front.returns.missing_rows import WrittenRow
from casework.records import audit
from casework.records.models import AuditEntry, LocalAuthority, User
from casework.records.return_years import ReturnYear

KIND: Final = "ssda903_missing"

Pieces = Generator[tuple[bytes, list[WrittenRow]]]


def give_out(*, by: User | None, authority: LocalAuthority, year: ReturnYear, reason: str) -> Pieces:
    """The file piece by piece, each with its rows. Nobody is `by` on the command line.

    The first audit row is written at once, the second when the pieces are at their end, or let go before it.
    """
    began = audit.exported(by, authority_id=authority.pk, about_kind=KIND, fields=[year.label], reason=reason)
    return _pieces(MissingFile(authority.pk, year), by, began, audit.caller())


def is_as_given_out(authority: LocalAuthority, digest: str) -> bool:
    """Whether some file of this authority was given out with exactly these bytes."""
    rows = AuditEntry.objects.filter(
        action=AuditEntry.Action.EXPORT, about_kind=KIND, authority_id=authority.pk
    )
    return rows.filter(reason__endswith=f"SHA-256 {digest}").exists()


def _pieces(file: MissingFile, by: User | None, began: AuditEntry, caller: audit.Caller) -> Pieces:
    try:
        with closing(file.written()) as pieces:
            yield from pieces
    finally:
        with audit.calling(caller):  # the request that asked may be over by now
            audit.exported(
                by,
                authority_id=file.authority_id,
                about_kind=KIND,
                about_id=began.pk,
                child_ids=map(UUID, file.child_ids),
                fields=file.spell_ids,
                reason=_what_left(file),
            )


def _what_left(file: MissingFile) -> str:
    whole = "" if file.is_whole else ", cut short"
    return f"{file.year}: {file.row_count} rows{whole}; SHA-256 {file.digest}"
