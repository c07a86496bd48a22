"""What is wrong is said of the file, line and column, in a sentence to act on; and all of it at once."""

from __future__ import annotations

import pytest

from casework.front.imports import lines
from casework.front.imports.faults import Fault, FaultyFiles
from tests.front.imports.folders import (
    exampleshire,
    faults_of,
    line_of,
    read,
    said,
    with_cell,
    with_line,
    with_row,
    without_line,
)

CHILDREN, HOMES = "children.csv", "homes.csv"
HEADER, EPISODES, UASC, MISSING = (
    f"2025-26/{name}.csv" for name in ("header", "episodes", "uasc", "missing")
)


# ---- one cell ----

LONG_EMAIL = "@".join(["x" * 60, ".".join(["y" * 60, "z" * 60, "w" * 60, "v" * 20, "example"])])
CELLS = [
    # file, line, column, what is written, what is said of it
    (CHILDREN, 2, "DOB", "03/04/05", "in several ways"),
    (CHILDREN, 2, "DOB", "3/4/2005", "month first"),
    (CHILDREN, 2, "DOB", "2026-13-01", "no day of the calendar"),
    (CHILDREN, 2, "DOB", "31/02/2021", "no day of the calendar"),
    (CHILDREN, 2, "DOB", "02/29/2020", "The day comes first"),
    (CHILDREN, 2, "DOB", "45123", "Excel’s own count of days"),
    (CHILDREN, 2, "DOB", "45123.5", "Excel’s own count of days"),
    (CHILDREN, 2, "DOB", "19/09/2021 00:00", "a time with the day"),
    (CHILDREN, 2, "DOB", "19/09/0021", "a year that cannot be meant"),
    (CHILDREN, 2, "DOB", "١٩/٠٩/٢٠٢١", "is no day"),
    (CHILDREN, 2, "DOB", "", "has to be filled in"),
    (CHILDREN, 2, "SEX", "1", "left the return after 2023-24"),
    (CHILDREN, 2, "UASC", "yes", "not one of Y, N"),
    (CHILDREN, 2, "FIRST_NAME", "x" * 101, "101 characters; 100 are the most"),
    (CHILDREN, 2, "FIRST_NAME", "  ", "has to be filled in"),
    (CHILDREN, 2, "FIRST_NAME", '"Vik\r\nWest"', "line break"),
    (CHILDREN, 2, "FIRST_NAME", "Vi\x07k", "invisible"),
    (CHILDREN, 2, "FIRST_NAME", "Vi\u202ek", "invisible"),
    (CHILDREN, 2, "FIRST_NAME", "V\ufffdk", "lost"),
    (CHILDREN, 2, "SOCIAL_WORKER_EMAIL", "worker at example", "no e-mail address"),
    (CHILDREN, 2, "SOCIAL_WORKER_EMAIL", LONG_EMAIL, "254"),
    ("authority.csv", 2, "DUTY_PHONE", "1.63296E+09", "Excel"),
    ("authority.csv", 2, "DUTY_PHONE", "soon", "no phone number"),
    ("authority.csv", 2, "CODE", "E X S", "no code of an authority"),
    (HOMES, 2, "CAPACITY", "five", "whole number"),
    (HOMES, 2, "CAPACITY", "-5", "whole number"),
    (HOMES, 2, "SECTOR", "PR0", "not for a home"),
    (HOMES, 2, "PLACE", "Q1", "“Q1” is not one of K2, K1"),
    (HOMES, 2, "URN", "XXXXXXX", "known by its URN"),
    (HEADER, 2, "UPN", "9.92436E+11", "Excel"),
    (HEADER, 4, "UPN", "M992436622421", "does not fit its digits"),
    (HEADER, 4, "UPN", "M99243662242", "no unique pupil number"),
    (HEADER, 2, "ETHNIC", "WHITE", "“WHITE” is not one of WBRI"),
    (HEADER, 2, "MOTHER", "yes", "not one of 1, 0"),
    (EPISODES, 2, "LS", "D1", "left the return after 2005-06; this is 2025-26"),
    (EPISODES, 2, "PLACE", "Z1", "left the return after 2024-25"),
    (EPISODES, 2, "RNE", "X", "not one of S, L, P, T, B, U"),
    (EPISODES, 2, "PL_POST", "NOWHERE", "no postcode"),
    (MISSING, 2, "MISSING", "Q", "not one of M, A"),
    (MISSING, 2, "MIS_START", "", "has to be filled in"),
]  # fmt: skip


@pytest.mark.ac("C06", "C07", "C10")
@pytest.mark.parametrize(("file", "line", "column", "text", "reason"), CELLS)
def test_a_cell_that_cannot_be_taken_is_named(
    file: str, line: int, column: str, text: str, reason: str
) -> None:
    (fault,) = faults_of(with_cell(file, line, column, text))
    assert (fault.file, fault.line, fault.column) == (file, line, column)
    assert reason in fault.reason


def test_an_id_that_excel_has_eaten_is_said_so_and_nobody_else_is_blamed() -> None:
    files = with_cell(CHILDREN, 2, "CHILD", "1.00E+05")
    (fault,) = faults_of(files)
    assert (fault.line, fault.column) == (2, "CHILD")
    assert "Excel" in fault.reason


def test_a_code_of_another_year_says_when_it_came() -> None:
    files = exampleshire()
    for name in ("header", "episodes", "uasc", "missing"):
        files[f"2024-25/{name}.csv"] = line_of(files, f"2025-26/{name}.csv", 1) + b"\r\n"
    files["2024-25/header.csv"] += line_of(files, HEADER, 2) + b"\r\n"
    files["2024-25/episodes.csv"] += b"100000,04/01/2025,P,C2,N1,Z13,,,,,ZZ99 3VZ,ZZ99 3VZ,\r\n"
    (fault,) = faults_of(files)
    assert fault.reason == "Z13 came with 2025-26; this is 2024-25."


def test_no_reason_repeats_a_name_or_an_address() -> None:
    """What is printed ends in terminals and tickets: codes and days are repeated, words on people never."""
    secret = "Wilhelmina" * 30
    for column in ("FIRST_NAME", "LAST_NAME", "TEAM", "SOCIAL_WORKER_EMAIL", "CHILD"):
        faults = faults_of(with_cell(CHILDREN, 2, column, secret))
        assert faults
        assert not [fault for fault in faults if "Wilhelmina" in str(fault)]


# ---- one row ----


@pytest.mark.ac("C04")
def test_a_row_of_another_length_is_named_once() -> None:
    for row in (line_of(exampleshire(), MISSING, 2) + b",x", b"100014,25/07/2014,M"):
        (fault,) = faults_of(with_line(MISSING, 2, row))
        assert (fault.file, fault.line) == (MISSING, 2)
        assert "the heading has 5" in fault.reason


@pytest.mark.ac("C04")
def test_a_child_whose_row_is_refused_is_not_also_called_unlisted() -> None:
    assert said(with_cell(CHILDREN, 4, "DOB", "soon")) == [(CHILDREN, 4, "DOB")]
    assert said(with_line(CHILDREN, 4, b"100014,Orla")) == [(CHILDREN, 4, "")]


@pytest.mark.ac("C04")
def test_a_quotation_mark_that_never_closes_is_named_where_it_opens() -> None:
    files = with_line(CHILDREN, 10, line_of(exampleshire(), CHILDREN, 10).replace(b",", b',"', 1))
    (fault,) = faults_of(files)
    assert (fault.file, fault.line) == (CHILDREN, 10)
    assert "never closes" in fault.reason
    files = with_line(CHILDREN, 10, line_of(exampleshire(), CHILDREN, 10).replace(b",", b',"a"b', 1))
    (fault,) = faults_of(files)
    assert (fault.line, "Double it" in fault.reason) == (10, True)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """Two line breaks inside quotation marks: the row after them begins two lines further down."""
    line = line_of(exampleshire(), CHILDREN, 2)
    files = with_line(CHILDREN, 2, line.replace(b"Vik", b'"Vik\r\n\r\nA"'))
    files[CHILDREN] = files[CHILDREN].replace(b"03/10/2024", b"32/10/2024", 1)
    assert said(files) == [(CHILDREN, 2, "FIRST_NAME"), (CHILDREN, 5, "DOB")]


@pytest.mark.ac("C08")
@pytest.mark.parametrize(
    ("file", "column"),
    [(CHILDREN, "CHILD"), (HOMES, "URN"), ("neighbours.csv", "NAME"), (HEADER, "CHILD"), (UASC, "CHILD")],
)
def test_a_row_that_stands_there_twice_names_the_first(file: str, column: str) -> None:
    files = with_row(file, line_of(exampleshire(), file, 3).decode())
    (fault,) = faults_of(files)
    assert (fault.file, fault.line, fault.column) == (file, files[file].count(b"\r\n"), column)
    assert fault.reason.startswith("Line 3 has the same")


@pytest.mark.ac("C08")
def test_one_care_episode_twice_is_refused_and_two_absences_of_one_day_are_not() -> None:
    files = with_row(EPISODES, line_of(exampleshire(), EPISODES, 4).decode())
    assert [fault.column for fault in faults_of(files)] == ["DECOM"]
    files = with_row(MISSING, line_of(exampleshire(), MISSING, 3).decode())
    assert len(read(files).years[0].missing) == 551


# ---- one file ----

HEAD = line_of(exampleshire(), CHILDREN, 1) + b"\r\n"


@pytest.mark.ac("C01")
@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("CHILD,DOB,MISSING,MIS_START", "Missing: “MIS_END”."),
        ("CHILD,DOB,MISSING,MIS_START,MIS_END,MIS_END", "Twice: “MIS_END”."),
        ("CHILD,DOB,MISSING,MIS_START,MIS_STOP", "Missing: “MIS_END”; not known here: “MIS_STOP”."),
        ("CHILD;DOB;MISSING;MIS_START;MIS_END", "commas, not semicolons"),
        ("100014,25/07/2014,M,09/05/2025,01/06/2025", "Missing: “CHILD”"),
    ],
)
def test_a_wrong_heading_lists_the_columns(heading: str, reason: str) -> None:
    (fault,) = faults_of(with_line(MISSING, 1, heading.encode()))
    assert (fault.file, fault.line) == (MISSING, 1)
    assert "CHILD, DOB, MISSING, MIS_START, MIS_END" in fault.reason
    assert reason in fault.reason


@pytest.mark.ac("C02", "C10")
@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("Vik".encode("utf-16"), 1, "UTF-16"),
        ("CHILD,FIRST_NAME".encode("utf-16-le"), 1, "UTF-16"),
        (b"PK\x03\x04....", 1, "a workbook or an archive"),
        (HEAD + b"\xc9lodie\r\n", 2, "Character 1 of this line is not UTF-8"),
        (HEAD + b"1\x002\r\n", 2, "NUL"),
        (b"CHILD\r1\r2\r", 1, "carriage return"),
        (b"", 1, "empty"),
        (b"CHILD", 1, "cut short"),
        (b'"' + b"x" * 1024 * 1024 + b'"\r\n', 1, "longer than 100,000 characters"),
        (b'"' + (b"x" * 60_000 + b"\r\n") * 3 + b'"\r\n', 1, "longer than 131,072 characters"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_csv_says_what_it_is(content: bytes, line: int, reason: str) -> None:
    (fault,) = faults_of({**exampleshire(), CHILDREN: content})
    assert (fault.file, fault.line) == (CHILDREN, line)
    assert reason in fault.reason


def test_a_file_that_was_cut_short_is_noticed_even_where_a_row_ends() -> None:
    """Without the line end, a blank last cell might have been the day on which a child came back."""
    files = exampleshire()
    files[MISSING] = files[MISSING][: files[MISSING].index(b"26/03/2026,") + 11]
    (fault,) = faults_of(files)
    assert (fault.file, fault.line) == (MISSING, 13)
    assert "cut short" in fault.reason


@pytest.mark.ac("C03")
def test_too_many_rows_or_bytes_name_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 100)
    reasons = {fault.file: fault for fault in faults_of(exampleshire())}
    assert reasons[CHILDREN].line == 102
    assert "more than 100 rows" in reasons[CHILDREN].reason
    assert "homes.csv" not in reasons
    monkeypatch.setattr(lines, "MOST_ROWS", 456)
    monkeypatch.setattr(lines, "MOST_BYTES", 1024 * 1024)
    big = exampleshire()[CHILDREN] + b"\r\n" * 600_000
    (fault,) = [one for one in faults_of({**exampleshire(), CHILDREN: big}) if one.file == CHILDREN]
    assert fault.reason == "This file is larger than 1 MB."


def test_two_hundred_thousand_rows_are_the_most() -> None:
    assert (lines.MOST_ROWS, lines.MOST_BYTES) == (200_000, 50 * 1024 * 1024)


# ---- rows against each other ----

A_MISSING = "100014,25/07/2014,M,10/06/2025,11/06/2025"

ROWS = [
    # (file, row put at the end), where the fault is, what is said
    (HEADER, "999999,F,19/09/2014,WBRI,UN1,0,", HEADER, "CHILD", "Child 999999 is not in children.csv."),
    (MISSING, "100007,03/10/2024,M,01/05/2025,02/05/2025", MISSING, "MIS_START", "rule 581"),
    (MISSING, "100014,25/07/2014,M,10/11/2025,20/11/2025", MISSING, "MIS_END", "rule 578"),
    (MISSING, "100014,25/07/2014,M,10/11/2025,", MISSING, "MIS_END", "rule 577"),
    (MISSING, "100049,29/02/2012,M,10/05/2025,09/05/2025", MISSING, "MIS_END", "rule 567"),
    (MISSING, "100049,29/02/2012,A,26/04/2025,26/04/2026", MISSING, "MIS_END", "after 2025-26"),
    (MISSING, "100049,28/02/2012,M,10/05/2025,11/05/2025", MISSING, "DOB", "different dates of birth"),
    (MISSING, "100119,06/02/2010,M,27/03/2026,", MISSING, "MIS_START", "line 13 has no end"),
    (MISSING, "100049,29/02/2012,M,25/01/2026,26/01/2026", MISSING, "MIS_START", "period of line 8 ends"),
    (MISSING, "100028,18/09/2008,M,30/03/2026,", MISSING, "MIS_END", "rule 576"),
    (UASC, "100014,M,25/07/2014,", UASC, "CHILD", "N under UASC"),
    (EPISODES, "100007,10/03/2026,S,C2,N1,P1,PR0,,,,ZZ99 3VZ,,", EPISODES, "DECOM", "episode of line 4"),
]  # fmt: skip


@pytest.mark.ac("C09")
@pytest.mark.parametrize(("file", "row", "at", "column", "reason"), ROWS)
def test_a_row_that_contradicts_another_is_named(
    file: str, row: str, at: str, column: str, reason: str
) -> None:
    faults = faults_of(with_row(file, row))
    found = [fault for fault in faults if (fault.file, fault.column) == (at, column)]
    assert [reason in fault.reason for fault in found].count(True) == 1, faults


CHANGES = [
    # one cell changed, and which cell the fault is found in
    (HEADER, 4, "DOB", "26/07/2014", "DOB", "child 100014 of children.csv, line 4"),
    (HEADER, 4, "SEX", "F", "SEX", "another sex"),
    (HEADER, 2, "MC_DOB", "01/01/2026", "MC_DOB", "MOTHER is not 1"),
    (HEADER, 265, "MC_DOB", "04/03/2010", "MC_DOB", "not after her own birth"),
    (UASC, 3, "DUC", "10/07/2006", "DUC", "not after the date of birth"),
    (UASC, 3, "DUC", "10/07/2026", "DUC", "after 2025-26"),
    (EPISODES, 3, "DECOM", "31/07/2025", "RNE", "none did"),
    (EPISODES, 4, "DEC", "02/03/2026", "DEC", "cover no day"),
    (EPISODES, 4, "REC", "E8", "DEC", "An end has both"),
    (EPISODES, 4, "DECOM", "01/04/2026", "DECOM", "after 2025-26"),
    (EPISODES, 4, "URN", "SC000000", "URN", "No home with this URN"),
    (EPISODES, 4, "URN", "", "URN", "or write XXXXXXX"),
    (EPISODES, 4, "PLACE", "T1", "URN", "has no URN"),
    (EPISODES, 4, "PLACE", "T1", "PLACE_PROVIDER", "has none"),
    (EPISODES, 4, "PLACE_PROVIDER", "", "PLACE_PROVIDER", "has one"),
    (EPISODES, 4, "PLACE_PROVIDER", "PR0", "PLACE_PROVIDER", "PR0 belongs with P1"),
    (EPISODES, 5, "REC", "X1", "REC", "none does"),
    (HOMES, 2, "HOST_AUTHORITY", "Nowhere", "HOST_AUTHORITY", "neither the authority itself"),
    ("authority.csv", 2, "ADJOINING", "Nowhere; Westing", "ADJOINING", "not in neighbours.csv"),
    ("neighbours.csv", 4, "NAME", "Exampleshire", "NAME", "its own neighbour"),
]  # fmt: skip


@pytest.mark.ac("C09")
@pytest.mark.parametrize(("file", "line", "changed", "text", "column", "reason"), CHANGES)
def test_a_cell_that_contradicts_another_row_is_named(
    file: str, line: int, changed: str, text: str, column: str, reason: str
) -> None:
    found = [fault for fault in faults_of(with_cell(file, line, changed, text)) if fault.column == column]
    assert any(reason in fault.reason and fault.file == file for fault in found)


@pytest.mark.parametrize(
    ("file", "line", "at", "reason"),
    [
        (CHILDREN, 4, HEADER, "Child 100014 is not in children.csv."),
        (HEADER, 4, EPISODES, "Child 100014 is not in 2025-26/header.csv."),
        (EPISODES, 5, HEADER, "Child 100014 has no row in 2025-26/episodes.csv."),
        (EPISODES, 3, EPISODES, "X1 says that another episode begins on this day, and none does."),
        (EPISODES, 2, EPISODES, "P says that an episode ended with X1 on this day, and none did."),
        ("authority.csv", 2, "authority.csv", "There is no authority here. The second line describes it."),
    ],
)
def test_a_row_that_was_lost_leaves_a_gap_that_is_named(file: str, line: int, at: str, reason: str) -> None:
    assert reason in [fault.reason for fault in faults_of(without_line(file, line)) if fault.file == at]


def test_a_second_authority_is_one_too_many() -> None:
    row = "WES,Westing,Westing Police,,01632 960003,,"
    assert said(with_row("authority.csv", row)) == [("authority.csv", 3, "CODE")]


def test_nothing_is_said_against_a_file_that_could_not_be_read_whole() -> None:
    files = exampleshire()
    files[CHILDREN] = files[CHILDREN].replace(b"Milo", b"Mil\xf3")
    assert said(files) == [(CHILDREN, 3, "")]


# ---- all of it ----


def test_everything_wrong_is_named_at_once_in_the_order_of_the_files() -> None:
    files = with_cell(CHILDREN, 9, "DOB", "soon")
    files[CHILDREN] = files[CHILDREN].replace(b"19/09/2021,F", b"19/09/2021,X", 1)
    files[HOMES] = files[HOMES].replace(b"PR4,5,", b"PR4,five,", 1)
    files[MISSING] = files[MISSING].replace(b",M,09/05/2025,01/06/2025", b",Z,09/05/2025,1/6/25")
    assert said(files) == [
        (HOMES, 2, "CAPACITY"),
        (CHILDREN, 2, "SEX"),
        (CHILDREN, 9, "DOB"),
        (MISSING, 2, "MISSING"),
        (MISSING, 2, "MIS_END"),
    ]


def test_a_fault_is_a_line_to_read_and_of_many_the_first_are_printed() -> None:
    fault = Fault("missing.csv", 3, "DOB", "This is blank.")
    assert str(fault) == "missing.csv, line 3, DOB: This is blank."
    assert str(Fault("uasc.csv", 0, "", "This file is not there.")) == "uasc.csv: This file is not there."
    printed = list(FaultyFiles([fault] * 300, 6500).lines())
    assert len(printed) == 201
    assert printed[-1] == "And 6,300 more."


def test_a_file_wrong_in_every_row_is_counted_whole_and_kept_in_part() -> None:
    files = exampleshire()
    files[CHILDREN] = files[CHILDREN].split(b"\r\n")[0] + b"\r\n" + b"1,2\r\n" * 20_000
    with pytest.raises(FaultyFiles) as refused:
        read(files)
    assert refused.value.count > 20_000
    assert len(refused.value.faults) == 5000
