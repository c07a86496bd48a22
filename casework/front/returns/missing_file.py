"""The Missing file as bytes: UTF-8, CRLF, days as DD/MM/YYYY; and what to remember of having written it."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import closing
from typing import Final
from uuid import UUID

from casework.front.returns.missing_rows import WrittenRow, written_batches
from casework.records.formulas import guarded
from casework.records.return_years import ReturnYear

FILE_NAME: Final = "missing.csv"
COLUMNS: Final = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
END_OF_LINE: Final = "\r\n"
_ASKS_FOR_QUOTES: Final = frozenset('",\r\n')


class MissingFile:
    """One authority's file of one year, to be written once.

    Afterwards, or when that was cut short, it knows what went out: the rows' spells in their order, their
    children, and the digest of the bytes.
    """

    def __init__(self, authority_id: UUID, year: ReturnYear) -> None:
        self.authority_id = authority_id
        self.year = year
        self.spell_ids: list[str] = []
        self.child_ids: set[str] = set()
        self.is_whole = False
        self._digest = hashlib.sha256()

    def written(self) -> Generator[tuple[bytes, list[WrittenRow]]]:
        """The file piece by piece, each piece with the rows in it. The first is the header."""
        yield self._goes_out(",".join(COLUMNS) + END_OF_LINE), []
        with closing(written_batches(self.authority_id, self.year)) as batches:
            for rows in batches:
                piece = self._goes_out("".join(map(_line, rows)))
                self.spell_ids += [row.spell_id for row in rows]
                self.child_ids.update(row.child_id for row in rows)
                yield piece, rows
        self.is_whole = True

    @property
    def row_count(self) -> int:
        return len(self.spell_ids)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes so far."""
        return self._digest.hexdigest()

    def _goes_out(self, text: str) -> bytes:
        piece = text.encode()
        self._digest.update(piece)
        return piece


def _line(row: WrittenRow) -> str:
    return f"{cell(row.child_reference)},{row.other_cells}{END_OF_LINE}"


def cell(text: str) -> str:
    """A text that people typed, so that no reader of CSV takes it for more than that text."""
    safe = guarded(text)
    if _ASKS_FOR_QUOTES.isdisjoint(safe):
        return safe
    return '"' + safe.replace('"', '""') + '"'
