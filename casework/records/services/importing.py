"""Children and where they live, as an authority's own files have them: many rows in one stroke.

The caller has the transaction, has asked whether the person may, and has compared the files with the record.
The files' reader has checked every value; the database holds what must never be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F

from casework.records.copying import copy_in, in_batches
from casework.records.local_time import WALL
from casework.records.models import (
    Child,
    ChronologyEntry,
    ImportedRow,
    LegalStatus,
    Placement,
    User,
)
from casework.records.models.record import EditableRecord
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb

IMPORTED: Final = {"imported": True}

Editable = TypeVar("Editable", bound=EditableRecord)


def hold_imports(code: str) -> None:
    """Let imports of one authority come one after the other, until this transaction ends.

    Keys are checked with each statement, not at the commit: the history's trigger opens a subtransaction for
    each row, and PostgreSQL goes through all checks still owed whenever one of those ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {code}"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# ---- children ----


def register_children(*, by: User | None, children: Iterable[Child]) -> None:
    """Open the records of children who have none."""
    moment = now()
    for batch in in_batches(children):
        copy_in(batch)
        copy_in(_entry(by, row.pk, RecordVerb.CHILD_IMPORTED, moment) for row in batch)


def correct_children(*, by: User | None, corrected: Mapping[UUID, Mapping[str, object]]) -> None:
    """Put values of children right; by child, the new values by field."""
    for fields, rows in _by_fields(Child, corrected).items():
        update_rows(Child, rows, fields)
    moment = now()
    copy_in(
        _entry(by, child_id, RecordVerb.CHILD_IMPORT_CORRECTED, moment, {"fields": sorted(values)})
        for child_id, values in corrected.items()
    )


# ---- placements ----


def settle_placements(
    *, by: User | None, new: Iterable[Placement], changed: Iterable[Placement], withdrawn: Collection[UUID]
) -> None:
    """Make the placements of many children what they should be. No two of a child overlap in the end.

    In between they may: a day of moving that is put right concerns two rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS placement_no_overlap DEFERRED")
    Placement.objects.filter(pk__in=withdrawn).update(withdrawn_at=CaseworkNow(), version=F("version") + 1)
    fields = ("home", "period", "place_code", "provider_code", "reason_ended")
    update_rows(Placement, changed, fields)
    for batch in in_batches(new):
        copy_in(batch)
        copy_in(entry for row in batch for entry in _story_of(by, row))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS placement_no_overlap IMMEDIATE")


def _story_of(by: User | None, row: Placement) -> Iterator[ChronologyEntry]:
    payload = {"home_id": str(row.home_id) if row.home_id else None}
    for verb, at in (
        (RecordVerb.PLACEMENT_STARTED, row.period.lower),
        (RecordVerb.PLACEMENT_ENDED, row.period.upper),
    ):
        if at is not None:
            yield _entry(by, row.child_id, verb, at, payload, about=("placement", row.pk))


# ---- legal statuses ----


def settle_legal_statuses(
    *,
    by: User | None,
    new: Iterable[LegalStatus],
    changed: Iterable[LegalStatus],
    withdrawn: Collection[UUID],
) -> None:
    """Make the legal statuses of many children what they should be; at every moment one holds at most."""
    LegalStatus.objects.filter(pk__in=withdrawn).update(withdrawn_at=CaseworkNow(), version=F("version") + 1)
    rows = list(changed)
    fields = ("code", "from_on", "until_on")
    update_rows(LegalStatus, (row for row in rows if row.until_on is not None), fields)
    update_rows(LegalStatus, (row for row in rows if row.until_on is None), fields)
    for batch in in_batches(new):
        copy_in(batch)
        copy_in(
            _entry(
                by,
                row.child_id,
                RecordVerb.LEGAL_STATUS_RECORDED,
                _midnight(row.from_on),
                {"code": row.code},
                about=("legal_status", row.pk),
            )
            for row in batch
        )


# ---- what the files said ----


def remember_rows(
    *, new: Iterable[ImportedRow], changed: Iterable[ImportedRow], gone: Collection[UUID]
) -> None:
    """Keep the rows as they were read, so that the next reading can be told from them."""
    copy_in(new)
    update_rows(ImportedRow, changed, ("values", "about_id", "gone_at"))
    for some in in_batches(gone):
        ImportedRow.objects.filter(pk__in=some).update(gone_at=CaseworkNow(), version=F("version") + 1)


# ---- in sets ----


def update_rows(model: type[Editable], rows: Iterable[Editable], fields: Collection[str]) -> None:
    """Write these fields of rows of which nothing else need be known, each under its next version."""
    for batch in in_batches(rows):
        for row in batch:
            row.version = F("version") + 1
        model._base_manager.bulk_update(batch, [*fields, "version"])


def _by_fields(
    model: type[Editable], corrected: Mapping[UUID, Mapping[str, object]]
) -> dict[tuple[str, ...], list[Editable]]:
    """Rows grouped by the fields that change in them: one statement writes the same fields of many rows."""
    groups: dict[tuple[str, ...], list[Editable]] = {}
    for row_id, values in corrected.items():
        groups.setdefault(tuple(sorted(values)), []).append(model(pk=row_id, **values))
    return groups


def _entry(
    by: User | None,
    child_id: UUID,
    verb: RecordVerb,
    at: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    about: tuple[str, UUID | None] = ("", None),
) -> ChronologyEntry:
    about_kind, about_id = about
    return ChronologyEntry(
        child_id=child_id,
        actor=by,
        verb=verb.value,
        about_kind=about_kind,
        about_id=about_id,
        occurred_at=at,
        payload={**IMPORTED, **(payload or {})},
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), WALL).astimezone(UTC)
