"""The files of a folder as they were read, before they are held against each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol, TypeVar

from casework.front.imports.faults import Faults
from casework.front.imports.rows import (
    Authority,
    CareEpisode,
    Child,
    Header,
    Home,
    MissingPeriod,
    Neighbour,
    Uasc,
)
from casework.front.imports.tables import Table
from casework.records.return_years import ReturnYear


class OfAChild(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def reference(self) -> str: ...


C = TypeVar("C", bound=OfAChild)


@dataclass(frozen=True, slots=True)
class FolderTables:
    authority: Table[Authority]
    neighbours: Table[Neighbour]
    homes: Table[Home]
    children: Table[Child]


@dataclass(frozen=True, slots=True)
class YearTables:
    year: ReturnYear
    header: Table[Header]
    episodes: Table[CareEpisode]
    uasc: Table[Uasc]
    missing: Table[MissingPeriod]


def by_child(rows: Iterable[C]) -> Iterator[list[C]]:
    """The rows of one child after the other. The caller has them in order."""
    for _, group in groupby(rows, key=lambda row: row.reference):
        yield list(group)


def refuse_future(
    file: str, line: int, column: str, day: date | None, year: ReturnYear, faults: Faults
) -> None:
    """Nothing that a year's file says is later than its 31 March (rule 570 for missing periods)."""
    if day is not None and day > year.last_day:
        reason = f"This is after {year.label}, which ends on {year.last_day:%d/%m/%Y}."
        faults.add(file, line, column, reason)
