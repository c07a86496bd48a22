"""What a browser sends becomes one zip with the layout of a folder, or a sentence beside the question."""

from __future__ import annotations

from io import BytesIO

import pytest

from casework.front.imports.packing import Handed, packed
from casework.front.imports.reading import read_archive
from casework.records.errors import Invalid
from casework.records.return_years import ReturnYear
from tests.front.imports.folders import as_handed_out, exampleshire, read, zipped

YEAR = ReturnYear(2026)


def single_files() -> list[Handed]:
    """The files of the folder and of one year, as a person picks them."""
    return [
        Handed(name.rpartition("/")[2], content)
        for name, content in exampleshire().items()
        if not name.startswith("2025-26")
    ]


def test_a_zip_stays_as_it_is() -> None:
    content = zipped(exampleshire()).getvalue()
    assert packed([Handed("Folder.ZIP", content)], None) == content
    assert read_archive(BytesIO(packed([Handed("x.zip", content)], YEAR))) == as_handed_out()


def test_single_files_become_the_folder_of_that_year() -> None:
    one_year = {name: content for name, content in exampleshire().items() if not name.startswith("2025-26")}
    assert read_archive(BytesIO(packed(single_files(), YEAR))) == read(one_year)
    paths = [Handed(f"C:\\Return\\{file.name.upper()}", file.content) for file in single_files()]
    assert read_archive(BytesIO(packed(paths, YEAR))) == read(one_year)


@pytest.mark.parametrize(
    ("files", "field", "reason"),
    [
        (single_files(), "year", "Choose the return year"),
        ([Handed("a.zip", zipped(exampleshire()).getvalue()), *single_files()], "folder", "not both"),
        ([Handed("a.zip", b"PK\x03\x04 and no more")], "folder", "not a zip file"),
        ([Handed("authority.csv", b"")], "folder", "no folder of a year"),
        ([Handed("../../etc/passwd", b""), *single_files()[:2]], "year", "Choose the return year"),
    ],
)
def test_what_makes_no_folder_is_said_where_it_was_asked(
    files: list[Handed], field: str, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        packed(files, None)
    assert refused.value.field == field
    assert reason in refused.value.message


def test_a_foreign_file_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        packed([*single_files(), Handed("../../etc/passwd", b"root")], YEAR)
    assert "2026-27/passwd: This file is not known." in refused.value.message
