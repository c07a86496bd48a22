"""Which files a folder or a zip has to have, what it may have, and what is not opened at all."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from casework.front.imports import sources
from casework.front.imports.faults import Fault, FaultyFiles
from casework.front.imports.reading import read_archive, read_folder
from tests.front.imports.folders import Files, as_handed_out, exampleshire, faults_of, read, zipped


def refused(archive: BytesIO) -> list[Fault]:
    with pytest.raises(FaultyFiles) as faulty:
        read_archive(archive)
    return list(faulty.value.faults)


def renamed(old: str, new: str) -> Files:
    return {new if name == old else name: content for name, content in exampleshire().items()}


# ---- which files ----


def test_every_file_that_is_not_there_is_named() -> None:
    files = exampleshire()
    del files["homes.csv"], files["2026-27/uasc.csv"]
    assert [(fault.file, fault.line) for fault in faults_of(files)] == [
        ("homes.csv", 0),
        ("2026-27/uasc.csv", 0),
    ]
    assert faults_of({})[0].reason == "There is no folder of a year, such as 2025-26."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("children.csv", "kids.csv", "This file is not known."),
        ("2025-26/missing.csv", "2025-26/mising.csv", "In the folder of a year stand header.csv"),
        ("2025-26/missing.csv", "2025/missing.csv", "A folder of a year is named like 2025-26."),
        ("2025-26/missing.csv", "2025-27/missing.csv", "A folder of a year is named like 2025-26."),
        ("2025-26/missing.csv", "missing.csv", "This file is not known."),
        ("2025-26/missing.csv", "2025-26/new/missing.csv", "This folder is not known."),
    ],
)
def test_a_file_with_another_name_is_named_rather_than_passed_over(old: str, new: str, reason: str) -> None:
    faults = faults_of(renamed(old, new))
    assert [fault.file for fault in faults] == [new, old]
    assert reason in faults[0].reason


def test_names_may_be_in_capitals_but_not_both() -> None:
    assert read(renamed("2025-26/header.csv", "2025-26/Header.CSV")) == as_handed_out()
    both = {**exampleshire(), "2025-26/Header.csv": b""}
    assert [(fault.file, fault.reason) for fault in faults_of(both)] == [
        ("2025-26/Header.csv", "This file is here twice.")
    ]


def test_other_files_of_the_return_and_what_computers_leave_behind_are_passed_over() -> None:
    more = [
        "2025-26/reviews.csv",
        "2025-26/Placed_Adoption.csv",
        "2025-26/SWEpisodes.csv",
        "README.md",
        "readme.txt",
    ]
    left = [".DS_Store", "2025-26/.DS_Store", "__MACOSX/._children.csv", "Thumbs.db"]
    assert read({**exampleshire(), **dict.fromkeys([*more, *left], b"\x00")}) == as_handed_out()


def test_a_folder_may_hold_what_a_zip_may(tmp_path: Path) -> None:
    for name, content in exampleshire().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "README.md").write_text("Invented.")
    assert read_folder(tmp_path) == as_handed_out()
    (tmp_path / "2025-26/missing.csv").unlink()
    (tmp_path / "2025-26/missing.csv").mkdir()
    with pytest.raises(FaultyFiles) as faulty:
        read_folder(tmp_path)
    assert [fault.file for fault in faulty.value.faults] == ["2025-26/missing.csv"]


def test_more_files_or_years_than_anybody_has_are_refused() -> None:
    many = {**exampleshire(), **{f"2025-26/{number}.csv": b"" for number in range(600)}}
    assert "more than 500 files" in faults_of(many)[0].reason
    years = {f"19{year}-{year + 1}/uasc.csv": b"" for year in range(50, 90)}
    assert "There are more than 30 years here." in [fault.reason for fault in faults_of(years)]


@pytest.mark.ac("C03")
def test_files_too_large_are_refused_before_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 20_000)
    assert {fault.reason for fault in faults_of(exampleshire()) if "larger" in fault.reason} == {
        "This file is larger than 0 MB."
    }
    monkeypatch.setattr(sources, "MOST_BYTES", 50 * 1024 * 1024)
    monkeypatch.setattr(sources, "MOST_IN_ALL", 100_000)
    assert "larger than 0 MB together" in faults_of(exampleshire())[0].reason


# ---- zips ----


@pytest.mark.parametrize(
    "name", ["../children.csv", "2025-26/../../x.csv", "/etc/x.csv", "C:\\x.csv", "2025-26\\x.csv", "C:x.csv"]
)
def test_a_name_that_leads_out_of_the_folder_refuses_the_zip(name: str) -> None:
    archive = zipped({**exampleshire(), name: b"x"})
    (fault,) = refused(archive)
    assert "leads out of the folder" in fault.reason


@pytest.mark.parametrize("content", [b"", b"PK", b"CHILD,DOB\r\n", b"PK\x05\x06" + b"\0" * 9])
def test_what_is_no_zip_is_said_so(content: bytes) -> None:
    (fault,) = refused(BytesIO(content))
    assert "not a zip" in fault.reason


def test_a_bomb_is_refused_by_its_size_and_one_that_lies_about_it_by_what_comes_out() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in exampleshire().items():
            archive.writestr(name, content if name != "children.csv" else b"\n" * (51 * 1024 * 1024))
    (fault,) = refused(BytesIO(bomb.getvalue()))
    assert (fault.file, fault.reason) == ("children.csv", "This file is larger than 50 MB.")
    size = (51 * 1024 * 1024).to_bytes(4, "little")
    lying = bomb.getvalue().replace(size, (1000).to_bytes(4, "little"))
    (fault,) = refused(BytesIO(lying))
    assert fault.file == "children.csv"


def test_an_endless_list_of_files_is_not_read() -> None:
    archive = zipped({f"2025-26/{number:0100}.csv": b"" for number in range(9000)})
    (fault,) = refused(archive)
    assert "not a zip file that can be opened" in fault.reason


def test_unusual_packing_and_passwords_are_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("children.csv", b"x")
    (fault,) = refused(packed)
    assert "unusual way" in fault.reason
    locked = bytearray(zipped({"children.csv": b"x"}).getvalue())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (fault,) = refused(BytesIO(bytes(locked)))
    assert "password" in fault.reason


def test_a_zip_damaged_on_its_way_is_noticed() -> None:
    content = zipped(exampleshire()).getvalue()
    broken = content.replace(b"Milo,Elm", b"Mila,Elm")  # the file's check sum no longer fits
    faults = refused(BytesIO(broken))
    assert ("children.csv", "This file is damaged from here on. Copy it again.") in [
        (fault.file, fault.reason) for fault in faults
    ]
