"""The demo's files on an earlier day: nothing of what was still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from casework.front import imports
from casework.front.imports.as_of import as_it_stood
from casework.front.imports.checking import check_folder
from casework.front.imports.faults import Faults
from casework.front.imports.folder_tables import FolderTables, YearTables
from casework.front.imports.reading import read_folder
from casework.front.imports.rows import (
    Authority,
    CareEpisode,
    Child,
    Folder,
    Header,
    MissingPeriod,
    Uasc,
    YearFiles,
)
from casework.front.imports.tables import Table
from casework.records.return_years import ReturnYear

EXAMPLESHIRE = Path(imports.__file__).parent / "exampleshire"
BORN = date(2010, 3, 4)
AUTHORITY = Authority("EXS", "Exampleshire", "Exampleshire Constabulary", (), "", "", "", line=2)


def child(reference: str) -> Child:
    return Child(
        reference, "Ash", "Reed", BORN, "F", True, "Team North", "worker@exampleshire.example", line=2
    )


def care(reference: str, decom: date, dec: date | None = None) -> CareEpisode:
    rec, reason = ("X1", "PLACE") if dec else ("", "")
    return CareEpisode(
        reference, decom, "S", "C2", "N1", "K2", "PR4", dec, rec, reason, "", "", "SC250047", line=2
    )


def year(number: int, episodes: list[CareEpisode], *more: MissingPeriod | Uasc) -> YearFiles:
    references = dict.fromkeys(row.reference for row in episodes)
    return YearFiles(
        number,
        tuple(Header(one, "F", BORN, "WBRI", "UN1", True, date(2026, 7, 1), line=2) for one in references),
        tuple(episodes),
        tuple(row for row in more if isinstance(row, Uasc)),
        tuple(row for row in more if isinstance(row, MissingPeriod)),
    )


EARLY, LATE = "100000", "100007"
FOLDER = Folder(
    AUTHORITY,
    (),
    (),
    (child(EARLY), child(LATE)),
    (
        year(2025, [care(EARLY, date(2025, 5, 1), date(2026, 3, 1)), care(EARLY, date(2026, 3, 1))]),
        year(
            2026,
            [care(EARLY, date(2026, 3, 1), date(2026, 8, 1)), care(LATE, date(2026, 6, 10))],
            MissingPeriod(EARLY, BORN, "M", date(2026, 5, 1), date(2026, 5, 3), line=2),
            MissingPeriod(EARLY, BORN, "A", date(2026, 5, 3), date(2026, 5, 3), line=3),
            Uasc(EARLY, "F", BORN, date(2026, 9, 1), line=2),
        ),
    ),
)


def missing_on(day: date) -> list[tuple[str, date | None]]:
    return [(row.kind, row.end) for row in as_it_stood(FOLDER, day).years[-1].missing]


def test_when_everything_in_it_is_past_it_is_as_it_is() -> None:
    assert as_it_stood(FOLDER, date(2026, 11, 22)) == FOLDER
    assert as_it_stood(FOLDER, date(2031, 1, 1)) == FOLDER


@pytest.mark.parametrize(
    ("day", "missing"),
    [
        (date(2026, 4, 30), []),
        (date(2026, 5, 1), [("M", None)]),
        (date(2026, 5, 3), [("M", date(2026, 5, 3)), ("A", date(2026, 5, 3))]),
    ],
)
def test_a_period_is_told_as_far_as_it_has_come(day: date, missing: list[tuple[str, date | None]]) -> None:
    assert missing_on(day) == missing


def test_a_child_who_came_later_is_on_no_list() -> None:
    before = as_it_stood(FOLDER, date(2026, 6, 9))
    assert [row.reference for row in before.children] == [EARLY]
    assert {row.reference for row in before.years[-1].header} == {EARLY}
    assert len(as_it_stood(FOLDER, date(2026, 6, 10)).children) == 2


def test_an_end_that_lies_ahead_is_blank_with_its_reasons() -> None:
    (first, *_), (last, *_) = (one.episodes for one in as_it_stood(FOLDER, date(2026, 7, 31)).years)
    assert (first.dec, first.rec) == (date(2026, 3, 1), "X1")
    assert (last.dec, last.rec, last.reason_place_change) == (None, "", "")
    assert as_it_stood(FOLDER, date(2026, 7, 31)).years[-1].uasc[0].duc is None


def test_a_birth_that_lies_ahead_is_not_told() -> None:
    (mother,) = as_it_stood(FOLDER, date(2026, 5, 1)).years[-1].header
    assert (mother.mother, mother.mother_child_born_on) == (False, None)


def test_a_year_that_has_not_begun_is_not_there() -> None:
    before = as_it_stood(FOLDER, date(2026, 3, 31))
    assert [one.year for one in before.years] == [2025]
    assert replace(before, years=()) == replace(as_it_stood(FOLDER, date(2026, 4, 1)), years=())


@pytest.mark.parametrize(
    "day", [date(2025, 9, 14), date(2026, 3, 31), date(2026, 4, 1), date(2026, 8, 2), date(2026, 11, 22)]
)
def test_exampleshires_files_could_have_been_handed_over_on_any_day(day: date) -> None:
    folder, faults = as_it_stood(read_folder(EXAMPLESHIRE), day), Faults()
    check_folder(*_tables(folder), faults)
    faults.refuse()
    assert folder.years
    assert all(row.start <= day for one in folder.years for row in one.missing)


def _tables(folder: Folder) -> tuple[FolderTables, list[YearTables]]:
    """The folder as its reader had it before the rows were held against each other."""
    listed = FolderTables(
        Table("authority.csv", [folder.authority], {folder.authority.code}),
        Table("neighbours.csv", list(folder.neighbours), {row.name for row in folder.neighbours}),
        Table("homes.csv", list(folder.homes), {row.urn for row in folder.homes}),
        Table("children.csv", list(folder.children), {row.reference for row in folder.children}),
    )
    return listed, [_year_tables(one) for one in folder.years]


def _year_tables(one: YearFiles) -> YearTables:
    return YearTables(
        ReturnYear(one.year),
        Table("header.csv", list(one.header), {row.reference for row in one.header}),
        Table("episodes.csv", list(one.episodes), {row.reference for row in one.episodes}),
        Table("uasc.csv", list(one.uasc), {row.reference for row in one.uasc}),
        Table("missing.csv", list(one.missing), {row.reference for row in one.missing}),
    )
