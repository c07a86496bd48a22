"""Giving a file out. The audit has a row before the first byte leaves, and one that says which rows left.

So whatever happens in between, it is known who took how much of what: the second row names the spells in the
order of the file's rows, and holds the digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import TextField
from django.db.models.functions import Cast

from casework.front.returns.missing_file import MissingFile, Piece
from casework.records import audit
from casework.records.models import AuditEntry, Child, LocalAuthority, User
from casework.records.return_years import ReturnYear

KIND: Final = "ssda903_missing"

Pieces = Generator[Piece]


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
            _tell_what_left(file, by, began)


def _tell_what_left(file: MissingFile, by: User | None, began: AuditEntry) -> None:
    whole = "" if file.is_whole else ", cut short"
    audit.exported(
        by,
        authority_id=file.authority_id,
        about_kind=KIND,
        about_id=began.pk,
        child_ids=_children_of(file),
        fields=file.spells,
        reason=f"{file.year}: {file.row_count} rows{whole}; SHA-256 {file.digest}",
    )


def _children_of(file: MissingFile) -> list[str]:
    """Their ids, as text: of 10,000 children nobody needs 10,000 objects."""
    children = Child.objects.filter(authority_id=file.authority_id, reference__in=file.child_references)
    ids = children.aggregate(ids=ArrayAgg(Cast("pk", TextField()), order_by="pk", default=[]))["ids"]
    return [str(pk) for pk in ids]
