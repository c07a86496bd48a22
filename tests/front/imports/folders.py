"""Exampleshire's folder in memory: to change a file of it, and to read the whole again."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from casework.front import imports
from casework.front.imports.faults import Fault, FaultyFiles
from casework.front.imports.reading import read_archive
from casework.front.imports.rows import Folder

EXAMPLESHIRE: Final = Path(imports.__file__).parent / "exampleshire"
Files = dict[str, bytes]


@cache
def _the_files() -> Mapping[str, bytes]:
    paths = sorted(EXAMPLESHIRE.rglob("*.csv"))
    return {path.relative_to(EXAMPLESHIRE).as_posix(): path.read_bytes() for path in paths}


def exampleshire() -> Files:
    """The files as they are handed out; a dict of one's own to change."""
    return dict(_the_files())


def zipped(files: Mapping[str, bytes], top: str = "") -> BytesIO:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in files.items():
            file.writestr(top + name, content)
    archive.seek(0)
    return archive


def read(files: Mapping[str, bytes]) -> Folder:
    return read_archive(zipped(files))


@cache
def as_handed_out() -> Folder:
    return read(_the_files())


def faults_of(files: Mapping[str, bytes]) -> list[Fault]:
    """What is said against these files; nothing when they are taken."""
    try:
        read(files)
    except FaultyFiles as refused:
        return list(refused.faults)
    return []


def said(files: Mapping[str, bytes]) -> list[tuple[str, int, str]]:
    """Where the faults are: file, line, column."""
    return [(fault.file, fault.line, fault.column) for fault in faults_of(files)]


def line_of(files: Mapping[str, bytes], name: str, number: int) -> bytes:
    return files[name].split(b"\r\n")[number - 1]


def with_line(name: str, number: int, line: bytes) -> Files:
    """Exampleshire with one line of one file put anew."""
    files = exampleshire()
    lines = files[name].split(b"\r\n")
    lines[number - 1] = line
    return {**files, name: b"\r\n".join(lines)}


def with_cell(name: str, number: int, column: str, text: str) -> Files:
    """Exampleshire with one cell of one file put anew, as it would stand in the file."""
    files = exampleshire()
    headings = line_of(files, name, 1).decode().split(",")
    cells = line_of(files, name, number).decode().split(",")
    cells[headings.index(column)] = text
    return with_line(name, number, ",".join(cells).encode())


def without_line(name: str, number: int) -> Files:
    files = exampleshire()
    lines = files[name].split(b"\r\n")
    del lines[number - 1]
    return {**files, name: b"\r\n".join(lines)}


def with_row(name: str, row: str) -> Files:
    """Exampleshire with one row more at the end of a file."""
    files = exampleshire()
    return {**files, name: files[name] + row.encode() + b"\r\n"}


# ---- a few of its children, for tests that write them all ----

FEW: Final = ("100000", "100014", "100049", "100189")


def few_children(files: Mapping[str, bytes]) -> Files:
    """The same folder, with four of its children."""
    found = {}
    for name, content in files.items():
        heading, *rows = content.splitlines(keepends=True)
        is_of_children = heading.startswith(b"CHILD,")
        kept = [row for row in rows if not is_of_children or row.split(b",")[0].decode() in FEW]
        found[name] = b"".join([heading, *kept])
    return found


def small() -> bytes:
    """Their folder as a zip."""
    return zipped(few_children(exampleshire())).getvalue()
