"""One file to typed rows. A row with a fault is left out and named; the rows around it are read on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Generic

from casework.front.imports.cells import plain
from casework.front.imports.columns import Layout, R
from casework.front.imports.days import Wrong, shown
from casework.front.imports.faults import Faults
from casework.front.imports.lines import Cells, Unreadable, rows_of
from casework.records.formulas import unguarded


@dataclass
class Table(Generic[R]):
    """What a file said: its good rows, and the IDs (the layout's first column) of all and of those refused.

    `is_whole` is False when rows may be lost: then nothing can be said about what is not in it.
    """

    file: str
    rows: list[R] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    is_whole: bool = True


def read_table(file: str, stream: BinaryIO, layout: Layout[R], year: int, faults: Faults) -> Table[R]:
    """Read one open file to its end; whatever is wrong with it is added to `faults`."""
    table: Table[R] = Table(file)
    try:
        rows = rows_of(stream)
        heading = next(rows, Cells(1, []))
        if order := _order_of(heading, layout, table, faults):
            reading = _Reading(table, layout, year, faults, order)
            for row in rows:
                reading.take(row)
    except Unreadable as stop:
        faults.add(file, stop.line, "", stop.reason)
        table.is_whole = False
    return table


def _order_of(heading: Cells, layout: Layout[R], table: Table[R], faults: Faults) -> list[int]:
    """For each column of the layout, where it stands in this file; nothing when the heading is wrong."""
    found = [cell.strip().upper() for cell in heading.cells]
    if sorted(found) == sorted(layout.headings):
        return [found.index(name) for name in layout.headings]
    faults.add(table.file, heading.line, "", _heading_fault(found, layout.headings))
    table.is_whole = False
    return []


class _Reading(Generic[R]):
    """A file half read, and what may stand in it only once."""

    def __init__(
        self, table: Table[R], layout: Layout[R], year: int, faults: Faults, order: Sequence[int]
    ) -> None:
        self.table, self.layout, self.year, self.faults, self.order = table, layout, year, faults, order
        self.lines: dict[tuple[str, ...], int] = {}

    def take(self, row: Cells) -> None:
        width = len(self.order)
        if len(row.cells) == width:
            self._take_whole(row.line, [unguarded(row.cells[place]) for place in self.order])
            return
        self._fault(row.line, "", f"This row has {len(row.cells)} cells; the heading has {width}.")
        self._refuse(row.cells[self.order[0]] if self.order[0] < len(row.cells) else "")

    def _take_whole(self, line: int, cells: Sequence[str]) -> None:
        values: dict[str, object] = {}
        texts: dict[str, str] = {}
        for column, cell in zip(self.layout.columns, cells, strict=True):
            try:
                texts[column.heading] = text = plain(cell)
                values[column.field] = column.read(text, self.year)
            except Wrong as wrong:
                self._fault(line, column.heading, str(wrong))
        own = self.layout.columns[0]
        own_id = texts[own.heading] if own.field in values else ""
        if len(values) == len(cells) and self._is_first(line, texts):
            self.table.ids.add(own_id)
            self.table.rows.append(self.layout.make(line=line, **values))
        else:
            self._refuse(own_id)

    def _refuse(self, own_id: str) -> None:
        """The row is left out; whose it was is remembered, so that nobody else is blamed for it."""
        if own_id:
            self.table.ids.add(own_id)
            self.table.refused.add(own_id)
        else:
            self.table.is_whole = False

    def _is_first(self, line: int, texts: Mapping[str, str]) -> bool:
        if not (identity := self.layout.identity):
            return True
        first = self.lines.setdefault(tuple(texts[heading].casefold() for heading in identity), line)
        if first == line:
            return True
        self._fault(
            line, identity[-1], f"Line {first} has the same {' and '.join(identity)}. Keep one of them."
        )
        return False

    def _fault(self, line: int, column: str, reason: str) -> None:
        self.faults.add(self.table.file, line, column, reason)


def _heading_fault(found: Sequence[str], wanted: Sequence[str]) -> str:
    """What is wrong with a heading, and what it should be."""
    if not found:
        return f"This file is empty. Its first line names the columns {_listed(wanted)}."
    twice = sorted({heading for heading in found if heading in wanted and found.count(heading) > 1})
    parts = [
        ("missing", [heading for heading in wanted if heading not in found]),
        ("twice", twice),
        ("not known here", [heading for heading in found if heading not in wanted]),
    ]
    wrong = "; ".join(f"{word}: {_listed([shown(one) for one in some])}" for word, some in parts if some)
    hint = " The cells are divided by commas, not semicolons or tabs." if _is_divided_otherwise(found) else ""
    return f"The first line names the columns {_listed(wanted)}. {wrong[:1].upper()}{wrong[1:]}.{hint}"


def _is_divided_otherwise(found: Sequence[str]) -> bool:
    return len(found) == 1 and any(sign in found[0] for sign in ";\t|")


def _listed(words: Sequence[str], most: int = 20) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
