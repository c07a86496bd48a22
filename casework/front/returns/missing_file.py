"""The Missing file as bytes: UTF-8, CRLF, days as DD/MM/YYYY; and what to remember of having written it."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import closing
from functools import lru_cache
from typing import Final
from uuid import UUID

from casework.front.returns.missing_rows import WrittenRow, written_batches
from casework.records.formulas import guarded
from casework.records.return_years import ReturnYear

FILE_NAME: Final = "missing.csv"
COLUMNS: Final = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
END_OF_LINE: Final = "\r\n"
_ASKS_FOR_QUOTES: Final = frozenset('",\r\n')

Piece = tuple[bytes, list[WrittenRow]]  # some bytes of the file, and the rows they hold


class MissingFile:
    """One authority's file of one year, to be written once.

    Afterwards, or when that was cut short, it knows what went out: the rows' spells in their order, their
    children, and the digest of the bytes.
    """

    def __init__(self, authority_id: UUID, year: ReturnYear) -> None:
        self.authority_id = authority_id
        self.year = year
        self.spells: list[str] = []
        self.child_references: set[str] = set()
        self.is_whole = False
        self._digest = hashlib.sha256()

    def written(self) -> Generator[Piece]:
        """The file piece by piece. The first piece is the header."""
        yield self._goes_out(",".join(COLUMNS) + END_OF_LINE), []
        with closing(written_batches(self.authority_id, self.year)) as batches:
            for rows in batches:
                piece = self._goes_out(_lines(rows))
                self.spells += [row[-1] for row in rows]
                self.child_references.update([row[0] for row in rows])
                yield piece, rows
        self.is_whole = True

    @property
    def row_count(self) -> int:
        return len(self.spells)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes so far."""
        return self._digest.hexdigest()

    def _goes_out(self, text: str) -> bytes:
        piece = text.encode()
        self._digest.update(piece)
        return piece


def _lines(rows: list[WrittenRow]) -> str:
    return "".join([f"{cell(child)},{_day(born)},{_period(period)}" for child, born, period, _ in rows])


def cell(text: str) -> str:
    """A text that people typed, so that no reader of CSV takes it for more than that text."""
    if text.isalnum():
        return text
    safe = guarded(text)
    if _ASKS_FOR_QUOTES.isdisjoint(safe):
        return safe
    return '"' + safe.replace('"', '""') + '"'


@lru_cache(maxsize=50_000)
def _period(text: str) -> str:
    """ "M,10/03/2026,12/03/2026" and the end of the line. A year has far fewer of these than rows."""
    return f"{text[0]},{_day(text[1:11])},{_day(text[11:])}{END_OF_LINE}"


@lru_cache(maxsize=50_000)
def _day(iso: str) -> str:
    """31/03/2026 for 2026-03-31, and nothing for nothing."""
    return f"{iso[8:]}/{iso[5:7]}/{iso[:4]}" if iso else ""
