"""The rows as they were last read, from the database and back into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.front.imports.kept import RowKey, Rows, row_from, values_of
from casework.front.imports.rows import Row
from casework.records.models import ImportedRow, LocalAuthority
from casework.records.services.importing import remember_rows


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it was last read, what it is about, and whether a newer file had left it out."""

    id: UUID
    row: Row
    about_id: UUID | None
    is_gone: bool


Stored = Mapping[RowKey, StoredRow]


def stored_rows(authority: LocalAuthority | None, new: Rows) -> dict[RowKey, StoredRow]:
    """Every stored row of the authority. One that reads as before is not held twice."""
    kept = ImportedRow.objects.filter(authority=authority).values_list(
        "id", "kind", "key", "year", "values", "about_id", "gone_at"
    )
    stored: dict[RowKey, StoredRow] = {}
    for row_id, kind, key, year, values, about_id, gone_at in kept.iterator(chunk_size=2_000):
        row_key = RowKey(kind, key, year)
        row, again = row_from(kind, values), new.get(row_key)
        if again is not None and again == row:
            row = again
        stored[row_key] = StoredRow(row_id, row, about_id, gone_at is not None)
    return stored


def store(
    authority: LocalAuthority, stored: Stored, new: Rows, about: Mapping[RowKey, UUID], gone: list[RowKey]
) -> None:
    """Keep what was read: new rows, rows that say something else or are about another row, rows left out."""
    remember_rows(
        new=_new_rows(authority, stored, new, about),
        changed=_changed_rows(stored, new, about),
        gone=[stored[key].id for key in gone],
    )


def _new_rows(
    authority: LocalAuthority, stored: Stored, new: Rows, about: Mapping[RowKey, UUID]
) -> Iterator[ImportedRow]:
    for key, row in new.items():
        if key not in stored:
            yield ImportedRow(
                authority=authority,
                kind=key.kind,
                key=key.key,
                year=key.year,
                values=values_of(row),
                about_id=about.get(key),
            )


def _changed_rows(stored: Stored, new: Rows, about: Mapping[RowKey, UUID]) -> Iterator[ImportedRow]:
    for key, before in stored.items():
        row, about_id = new.get(key), about.get(key, before.about_id)
        is_read_otherwise = row is not None and (before.is_gone or row != before.row)
        if is_read_otherwise or (about_id != before.about_id and not before.is_gone):
            yield ImportedRow(
                pk=before.id, values=values_of(row or before.row), about_id=about_id, gone_at=None
            )
