"""Exampleshire's folder becomes typed rows: every row, once, whatever the order and the line ends."""

from __future__ import annotations

import csv
import random
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from casework.front.imports.faults import FaultyFiles
from casework.front.imports.reading import read_archive, read_folder
from tests.front.imports.folders import EXAMPLESHIRE, as_handed_out, exampleshire, read, with_cell, zipped


def rows_in(name: str) -> int:
    return len(list(csv.DictReader(StringIO(exampleshire()[name].decode()))))


def test_every_row_of_every_file_is_there() -> None:
    folder = read_folder(EXAMPLESHIRE)
    assert [year.year for year in folder.years] == [2025, 2026]
    assert len(folder.children) == rows_in("children.csv") == 456
    assert len(folder.homes) == rows_in("homes.csv")
    assert len(folder.neighbours) == rows_in("neighbours.csv")
    for year, label in zip(folder.years, ("2025-26", "2026-27"), strict=True):
        assert len(year.header) == rows_in(f"{label}/header.csv")
        assert len(year.episodes) == rows_in(f"{label}/episodes.csv")
        assert len(year.uasc) == rows_in(f"{label}/uasc.csv")
        assert len(year.missing) == rows_in(f"{label}/missing.csv")


def test_values_are_typed_and_know_their_line() -> None:
    folder = as_handed_out()
    assert folder.authority.adjoining == ("Northmoor", "Westing")
    episode = folder.years[0].episodes[0]
    assert (episode.reference, episode.decom, episode.dec, episode.line) == (
        "100000",
        date(2025, 1, 4),
        date(2025, 7, 30),
        2,
    )
    open_one = next(row for row in folder.years[0].missing if row.reference == "100119" and row.end is None)
    assert (open_one.kind, open_one.start, open_one.line) == ("A", date(2026, 3, 26), 13)
    mother = next(row for row in folder.years[0].header if row.reference == "102149")
    assert (mother.mother, mother.mother_child_born_on) == (True, date(2026, 2, 11))
    boy = next(row for row in folder.years[0].header if row.reference == "100014")
    assert boy.mother is None
    assert {row.is_unaccompanied for row in folder.children} == {True, False}


def test_found_and_not_yet_back_stands_as_missing_then_away() -> None:
    rows = [row for row in as_handed_out().years[0].missing if row.reference == "100049"]
    assert [(row.kind, row.start, row.end) for row in rows[1:3]] == [
        ("M", date(2025, 8, 31), date(2025, 9, 1)),
        ("A", date(2025, 9, 1), date(2025, 9, 1)),
    ]


def test_a_zip_reads_as_the_folder_does_with_a_folder_around_it_or_none() -> None:
    folder = read_folder(EXAMPLESHIRE)
    assert read_archive(zipped(exampleshire())) == folder
    assert read_archive(zipped(exampleshire(), top="Exampleshire 2026/")) == folder


def test_the_order_of_rows_and_columns_means_nothing() -> None:
    chance = random.Random(3)  # noqa: S311 - the same on every run
    files = exampleshire()
    for name, content in files.items():
        heading, *rows = list(csv.reader(StringIO(content.decode())))
        chance.shuffle(rows)
        order = chance.sample(range(len(heading)), len(heading))
        shuffled = [[row[place] for place in order] for row in (heading, *rows)]
        files[name] = "".join(",".join(row) + "\r\n" for row in shuffled).encode()
    assert read(files) == as_handed_out()


@pytest.mark.ac("C02")
def test_a_mark_before_the_text_and_other_line_ends_change_nothing() -> None:
    marked = {name: b"\xef\xbb\xbf" + content for name, content in exampleshire().items()}
    assert read(marked) == as_handed_out()
    unix = {name: content.replace(b"\r\n", b"\n") for name, content in exampleshire().items()}
    assert read(unix) == as_handed_out()


def test_blank_rows_quotation_marks_and_small_headings_change_nothing() -> None:
    files = exampleshire()
    heading, rows = files["children.csv"].split(b"\r\n", 1)
    files["children.csv"] = heading.lower() + b"\r\n,,,,,,,\r\n\r\n" + rows + b"\r\n"
    quoted = [list(row) for row in csv.reader(StringIO(files["homes.csv"].decode()))]
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(quoted)
    files["homes.csv"] = out.getvalue().encode()
    assert read(files) == as_handed_out()


def test_days_may_be_written_as_iso() -> None:
    assert read(with_cell("children.csv", 2, "DOB", "2021-09-19")) == as_handed_out()


def test_a_child_may_have_no_team_and_no_worker_yet() -> None:
    child = read(with_cell("children.csv", 2, "TEAM", "")).children[0]
    assert child.team == ""
    child = read(with_cell("children.csv", 2, "SOCIAL_WORKER_EMAIL", "")).children[0]
    assert child.worker_email == ""


def test_an_unknown_urn_is_written_xxxxxxx_and_read_as_none() -> None:
    folder = read(with_cell("2025-26/episodes.csv", 2, "URN", "XXXXXXX"))
    assert folder.years[0].episodes[0].urn == ""


@pytest.mark.ac("C05")
@pytest.mark.parametrize("formula", ['=HYPERLINK("x")', "@SUM(A1)", "\t=1", "+1"])
def test_a_formula_is_text_and_the_guard_of_an_export_is_taken_off(formula: str) -> None:
    cell = '"' + formula.replace('"', '""') + '"'
    guarded = "\"'" + formula.replace('"', '""') + '"'
    for written in (cell, guarded):
        folder = read(with_cell("children.csv", 2, "LAST_NAME", written))
        assert folder.children[0].last_name == formula


def test_old_years_have_their_own_codes() -> None:
    files = exampleshire()
    files = {name: content for name, content in files.items() if not name.startswith("2026-27")}
    for name in ("header", "uasc"):
        old = files[f"2025-26/{name}.csv"].replace(b",M,", b",1,").replace(b",F,", b",2,")
        files[f"2023-24/{name}.csv"] = b"\r\n".join(old.split(b"\r\n")[:2]) + b"\r\n"
    files["2023-24/header.csv"] = files["2023-24/header.csv"].replace(
        b"100000,2,19/09/2021", b"100189,2,12/05/2009"
    )
    files["2023-24/episodes.csv"] = (
        files["2025-26/episodes.csv"].split(b"\r\n")[0]
        + b"\r\n100189,01/05/2023,S,V2,N8,H5,PR4,01/06/2023,E8,,ZZ99 3VZ,ZZ99 3VZ,\r\n"
    )
    files["2023-24/missing.csv"] = b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"
    folder = read(files)
    assert [year.year for year in folder.years] == [2023, 2025]
    assert folder.years[0].header[0].sex == "F"
    assert folder.years[0].episodes[0].place == "H5"


def test_progress_names_each_file_and_ends_at_the_whole() -> None:
    steps: list[tuple[str, int, int]] = []
    read_folder(EXAMPLESHIRE, lambda name, behind, total: steps.append((name, behind, total)))
    assert [name for name, _, _ in steps] == [
        *("authority.csv", "neighbours.csv", "homes.csv", "children.csv"),
        *(
            f"{year}/{name}.csv"
            for year in ("2025-26", "2026-27")
            for name in ("header", "episodes", "uasc", "missing")
        ),
    ]
    assert steps[-1][1] == steps[-1][2] == sum(len(content) for content in exampleshire().values())


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles) as refused:
        read_folder(tmp_path / "nowhere")
    assert "There is no such folder." in next(refused.value.lines())
