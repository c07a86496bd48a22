"""All rows ever read of one authority, made one: the later year wins, whichever was read first. Pure.

1. A file of a return year is taken whole: what a newer reading of it no longer holds is gone.
2. A register (children, homes, neighbours) has no year: a newer row takes the place of an older one, and one
   that is left out stays, because a register does not say that anything has ended.
3. Of one identity in several years, the row of the latest year counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from casework.front.imports.faults import Fault
from casework.front.imports.kept import FILE_NAMES, OF_A_YEAR, RowKey, Rows
from casework.front.imports.rows import CareEpisode, Child, Header, MissingPeriod, Row, Uasc
from casework.records.models import FileKind
from casework.records.return_years import ReturnYear

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class ChildRows:
    """What all files together say of one child; care and missing periods in the order of their days."""

    reference: str
    child: Child | None
    header: Header | None
    uasc: Uasc | None
    care: tuple[CareEpisode, ...]
    missing: tuple[tuple[str, MissingPeriod], ...]  # with what tells one period from the others


def read_again(stored: Rows, new: Rows) -> tuple[dict[RowKey, Row], list[RowKey]]:
    """The rows as they are once `new` has been read, and which of the stored ones are gone by that."""
    whole = {key.year for key in new if key.kind in OF_A_YEAR}
    gone = [key for key in stored if key.kind in OF_A_YEAR and key.year in whole and key not in new]
    rows = {**stored, **new}
    for key in gone:
        del rows[key]
    return rows, gone


def by_child(rows: Rows) -> dict[str, dict[RowKey, Row]]:
    """The rows that are about a child, by its ID."""
    children: dict[str, dict[RowKey, Row]] = defaultdict(dict)
    for key, row in rows.items():
        if key.kind in OF_A_YEAR or key.kind == FileKind.CHILD:
            children[key.key.partition("|")[0]][key] = row
    return children


def merge(reference: str, rows: Rows) -> ChildRows:
    """One child's rows made one."""
    return ChildRows(
        reference=reference,
        child=_latest(rows, FileKind.CHILD, Child),
        header=_latest(rows, FileKind.HEADER, Header),
        uasc=_latest(rows, FileKind.UASC, Uasc),
        care=_care(rows),
        missing=_missing(rows),
    )


def _latest(rows: Rows, kind: str, of_kind: type[R]) -> R | None:
    found = [(key.year, row) for key, row in rows.items() if key.kind == kind and isinstance(row, of_kind)]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _newest(rows: Rows, kind: str) -> dict[str, tuple[int, Row]]:
    """By key, the row of the latest year that has it."""
    newest: dict[str, tuple[int, Row]] = {}
    for key, row in rows.items():
        if key.kind == kind and (key.key not in newest or newest[key.key][0] < key.year):
            newest[key.key] = key.year, row
    return newest


# ---- care ----


def _care(rows: Rows) -> tuple[CareEpisode, ...]:
    """The child's episodes of care. None covers a day that the next one covers."""
    in_years = {key.year for key in rows if key.kind == FileKind.EPISODE}
    standing = [
        row
        for year, row in _newest(rows, FileKind.EPISODE).values()
        if isinstance(row, CareEpisode) and not _was_replaced(row, year, in_years)
    ]
    return tuple(sorted(standing, key=lambda row: row.decom))


def _was_replaced(row: CareEpisode, year: int, in_years: Collection[int]) -> bool:
    """Whether the next year's file, which would have to hold this episode, tells another story."""
    following = ReturnYear(year + 1)
    return year + 1 in in_years and (row.dec is None or row.dec >= following.first_day)


# ---- missing periods ----


def _missing(rows: Rows) -> tuple[tuple[str, MissingPeriod], ...]:
    periods = [
        (key, row)
        for key, (_, row) in _newest(rows, FileKind.MISSING).items()
        if isinstance(row, MissingPeriod)
    ]
    return tuple(sorted(periods, key=lambda pair: _day_order(pair[1])))


def _day_order(row: MissingPeriod) -> tuple[int, int, bool]:
    """Of one day, what ended first; and missing before away: found, and not yet back."""
    return row.start.toordinal(), row.end.toordinal() if row.end else 10**7, row.kind == "A"


def periods_not_carried_over(rows: Rows) -> Iterator[Fault]:
    """Rule 576, also between a year read now and one read before: what is open on 31 March goes on."""
    years = {key.year for key in rows if key.kind in OF_A_YEAR}
    for key, row in rows.items():
        if not isinstance(row, MissingPeriod) or row.end is not None or key.year + 1 not in years:
            continue
        if RowKey(key.kind, key.key, key.year + 1) not in rows:
            reason = (
                f"This period of child {row.reference} from {row.start:%d/%m/%Y} has no end, and the file of "
                f"{ReturnYear(key.year + 1)} has no such period (rule 576)."
            )
            yield Fault(file_name(key), row.line, "MIS_END", reason)


def file_name(key: RowKey) -> str:
    """The name of a row's file as faults give it."""
    name = FILE_NAMES[key.kind]
    return f"{ReturnYear(key.year)}/{name}" if key.year else name


def changed_children(stored: Mapping[str, Rows], now: Mapping[str, Rows]) -> list[str]:
    """The children of whom the files say something else than when they were last read, by ID."""
    return sorted(reference for reference in now if stored.get(reference) != now[reference])
