"""Five hundred damaged copies of Exampleshire's files: each is refused in words, or read as what it says.

What it says is found out a second time, by the plain `csv` module, and compared cell by cell.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from io import BytesIO, StringIO
from typing import Final

import pytest

from casework.front.imports import columns
from casework.front.imports.columns import Layout
from casework.front.imports.faults import FaultyFiles
from casework.front.imports.reading import read_archive
from casework.front.imports.rows import Folder, Row
from tests.front.imports.damage import HARMLESS, cut, damage, grow_a_cell, lose_a_row, write_otherwise
from tests.front.imports.folders import as_handed_out, exampleshire, zipped

# ---- what the files say, found out in another way ----

FOLDER_LAYOUTS: Final = (columns.AUTHORITY, columns.NEIGHBOURS, columns.HOMES, columns.CHILDREN)
YEAR_LAYOUTS: Final = (columns.HEADER, columns.EPISODES, columns.UASC, columns.MISSING)


def as_read(folder: Folder) -> dict[str, list[tuple[str, ...]]]:
    """The typed rows turned back into the cells of their files."""
    tables: dict[str, Iterable[Row]] = {
        "authority.csv": [folder.authority],
        "neighbours.csv": folder.neighbours,
        "homes.csv": folder.homes,
        "children.csv": folder.children,
    }
    for year in folder.years:
        label = f"{year.year}-{year.year % 100 + 1:02d}"
        tables[f"{label}/header.csv"] = year.header
        tables[f"{label}/episodes.csv"] = year.episodes
        tables[f"{label}/uasc.csv"] = year.uasc
        tables[f"{label}/missing.csv"] = year.missing
    return {name: sorted(tuple(cells_of(row)) for row in rows) for name, rows in tables.items()}


def cells_of(row: Row) -> Iterable[str]:
    for field in fields(row):
        if field.name != "line":
            yield as_cell(field.name, getattr(row, field.name))


def as_cell(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return ("1" if value else "0") if name == "mother" else ("Y" if value else "N")
        case date():
            return f"{value:%d/%m/%Y}"
        case tuple():
            return "; ".join(value)
        case _:
            return str(value)


def as_written(files: Mapping[str, bytes]) -> dict[str, list[tuple[str, ...]]]:
    """The cells as the `csv` module finds them, in the order of the rows' fields."""
    found = {}
    for name, content in files.items():
        layout = layout_of(name)
        rows = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
        rows.fieldnames = [heading.strip().upper() for heading in rows.fieldnames or ()]
        found[name] = sorted(
            tuple(tidied(heading, row[heading]) for heading in layout.headings)
            for row in rows
            if any(cell.strip() for cell in row.values())
        )
    return found


def tidied(heading: str, cell: str) -> str:
    """What the reading may do to a cell without losing a word of it."""
    text = cell.strip(" \xa0")
    if text.startswith("'") and text[1:].lstrip().startswith(("=", "+", "-", "@", "\t")):
        text = text[1:]
    if heading == "ADJOINING":
        return "; ".join(part.strip() for part in text.split(";") if part.strip())
    if heading == "CAPACITY" and text:
        return str(int(text))
    if text == "XXXXXXX" and heading == "URN":
        return ""
    if len(text) == 10 and text[4] == text[7] == "-":
        return "/".join(reversed(text.split("-")))
    return text.lower() if "@" in text else text


def layout_of(name: str) -> Layout[Row]:
    layouts: list[Layout[Row]] = [*FOLDER_LAYOUTS, *YEAR_LAYOUTS]  # type: ignore[list-item]  # each is of its own row
    return next(layout for layout in layouts if layout.name == name.rpartition("/")[2])


# ---- the copies ----


def read_or_refused(archive: BytesIO) -> Folder | FaultyFiles:
    try:
        return read_archive(archive)
    except FaultyFiles as refused:
        return refused


def assert_says_why(refused: FaultyFiles) -> None:
    assert refused.count >= len(refused.faults) > 0
    for fault in refused.faults:
        assert fault.file
        assert fault.line >= 0
        assert fault.reason.endswith((".", "?")), fault
        assert str(fault).isprintable(), fault
        assert len(str(fault)) < 600, fault


def test_the_other_way_of_reading_agrees_on_the_files_as_they_are() -> None:
    assert as_read(as_handed_out()) == as_written(exampleshire())


@pytest.mark.ac("C04")
@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_a_damaged_copy_is_refused_in_words_or_read_as_what_it_says(seed: int) -> None:
    for number in range(seed, seed + 40):
        files = exampleshire()
        damage(number, files)
        result = read_or_refused(zipped(files))
        if isinstance(result, FaultyFiles):
            assert_says_why(result)
        else:
            assert as_read(result) == as_written(files), number


def test_most_damage_is_noticed() -> None:
    """Of one lost row or cut each, what the record would miss: only a lost absence cannot be known."""
    unnoticed = []
    for number in range(40):
        chance = random.Random(number)  # noqa: S311 - the same on every run
        files = exampleshire()
        chance.choice([lose_a_row, cut, write_otherwise, grow_a_cell])(chance, files)
        if isinstance(read_or_refused(zipped(files)), Folder) and files != exampleshire():
            unnoticed += [name for name in files if files[name] != exampleshire()[name]]
    assert {name.rpartition("/")[2] for name in unnoticed} <= {"missing.csv", "uasc.csv", "homes.csv"}


@pytest.mark.parametrize("seed", range(400, 440, 20))
def test_harmless_damage_gives_the_same_folder(seed: int) -> None:
    for number in range(seed, seed + 20):
        chance = random.Random(number)  # noqa: S311 - the same on every run
        files = exampleshire()
        for one in chance.choices(HARMLESS, k=3):
            one(chance, files)
        assert read_archive(zipped(files)) == as_handed_out(), number


@pytest.mark.parametrize("seed", range(440, 500, 20))
def test_a_damaged_zip_is_refused_or_the_same_folder(seed: int) -> None:
    whole = zipped(exampleshire()).getvalue()
    for number in range(seed, seed + 20):
        chance = random.Random(number)  # noqa: S311 - the same on every run
        content = bytearray(whole[: chance.choice([len(whole), len(whole), chance.randrange(len(whole))])])
        directory = max(0, whole.index(b"PK\x01\x02") - 100)
        for _ in range(chance.choice([1, 2, 50])):
            start = chance.choice([0, min(directory, len(content) - 1)])
            content[chance.randrange(start, len(content))] = chance.randrange(256)
        result = read_or_refused(BytesIO(bytes(content)))
        if isinstance(result, FaultyFiles):
            assert_says_why(result)
        else:
            assert result == as_handed_out(), number
