"""Rows as the database keeps them: what tells one from another, its values as JSON, and back. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from casework.front.imports.rows import (
    Authority,
    CareEpisode,
    Child,
    Folder,
    Header,
    Home,
    MissingPeriod,
    Neighbour,
    Row,
    Uasc,
)
from casework.records.models import FileKind

OF_KIND: Final[Mapping[str, type[Row]]] = {
    FileKind.AUTHORITY: Authority,
    FileKind.NEIGHBOUR: Neighbour,
    FileKind.HOME: Home,
    FileKind.CHILD: Child,
    FileKind.HEADER: Header,
    FileKind.EPISODE: CareEpisode,
    FileKind.UASC: Uasc,
    FileKind.MISSING: MissingPeriod,
}
OF_A_YEAR: Final = frozenset({FileKind.HEADER, FileKind.EPISODE, FileKind.UASC, FileKind.MISSING})
FILE_NAMES: Final[Mapping[str, str]] = {
    FileKind.AUTHORITY: "authority.csv",
    FileKind.NEIGHBOUR: "neighbours.csv",
    FileKind.HOME: "homes.csv",
    FileKind.CHILD: "children.csv",
    FileKind.HEADER: "header.csv",
    FileKind.EPISODE: "episodes.csv",
    FileKind.UASC: "uasc.csv",
    FileKind.MISSING: "missing.csv",
}


class RowKey(NamedTuple):
    """Which row of which file: `year` is the return's, 0 for a file without one."""

    kind: str
    key: str
    year: int


Rows = Mapping[RowKey, Row]


def rows_of(folder: Folder) -> dict[RowKey, Row]:
    """Every row of a folder, by what tells it from the others."""
    rows: dict[RowKey, Row] = {RowKey(FileKind.AUTHORITY, "", 0): folder.authority}
    rows |= {RowKey(FileKind.NEIGHBOUR, row.name.casefold(), 0): row for row in folder.neighbours}
    rows |= {RowKey(FileKind.HOME, row.urn.casefold(), 0): row for row in folder.homes}
    rows |= {RowKey(FileKind.CHILD, row.reference, 0): row for row in folder.children}
    for files in folder.years:
        rows |= {RowKey(FileKind.HEADER, row.reference, files.year): row for row in files.header}
        rows |= {RowKey(FileKind.EPISODE, care_key(row), files.year): row for row in files.episodes}
        rows |= {RowKey(FileKind.UASC, row.reference, files.year): row for row in files.uasc}
        rows |= {RowKey(FileKind.MISSING, key, files.year): row for key, row in keyed_periods(files.missing)}
    return rows


def care_key(row: CareEpisode) -> str:
    """A child has one episode of care a day."""
    return f"{row.reference}|{row.decom}"


def keyed_periods(rows: Iterable[MissingPeriod]) -> Iterator[tuple[str, MissingPeriod]]:
    """Periods with their keys: child, kind, first day, and which of that day's.

    They are counted from the longest, because that one alone can stand in the next year's file too, where
    the shorter ones of the same day are not.
    """
    same = groupby(sorted(rows, key=_longest_first), key=lambda row: (row.reference, row.kind, row.start))
    for (reference, kind, start), periods in same:
        for number, row in enumerate(periods):
            yield f"{reference}|{kind}|{start}|{number}", row


def _longest_first(row: MissingPeriod) -> tuple[str, str, date, int]:
    return row.reference, row.kind, row.start, -(row.end or date.max).toordinal()


# ---- values as JSON ----


def values_of(row: Row) -> dict[str, object]:
    """What the row says, in the types of JSON; where it stood in its file is not part of that."""
    return {name: _kept(getattr(row, name)) for name in _names(type(row))}


def row_from(kind: str, values: Mapping[str, object]) -> Row:
    """The row that `values_of` was given, but for its line, which is 0."""
    of_kind = OF_KIND[kind]
    read = {name: _READ.get(name, _as_it_is)(values.get(name)) for name in _names(of_kind)}
    return of_kind(line=0, **read)


def _names(of_kind: type[Row]) -> tuple[str, ...]:
    return _NAMES[of_kind]


def _kept(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _as_it_is(value: object) -> object:
    return value


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


_NAMES: Final = {
    of_kind: tuple(field.name for field in fields(of_kind) if field.name != "line")
    for of_kind in OF_KIND.values()
}
_READ: Final[Mapping[str, Callable[[object], object]]] = {
    "adjoining": _texts,
    **dict.fromkeys(("born_on", "mother_child_born_on", "decom", "dec", "duc", "start", "end"), _day),
}
