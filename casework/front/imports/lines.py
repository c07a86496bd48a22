"""Bytes to rows of cells, each with the physical line in which it begins. Whatever the bytes are.

A file is read as a stream, line by line, so that its size costs no memory and a fault names its line.
"""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

MOST_ROWS: Final = 200_000
MOST_BYTES: Final = 50 * 1024 * 1024
LONGEST_LINE: Final = 100_000  # bytes; the longest honest row has a few hundred

SAVE_AGAIN: Final = "Save it again as “CSV UTF-8 (comma delimited)”."
_CUT: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError)  # a damaged archive or disk
_STARTS: Final = (
    ((b"\xff\xfe", b"\xfe\xff"), f"This file is in UTF-16, not UTF-8. {SAVE_AGAIN}"),
    ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), f"This is a workbook or an archive, not a CSV file. {SAVE_AGAIN}"),
)


class Unreadable(Exception):
    """From this line on the file makes no sense as rows and cells."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as it stands in the file. A blank row is not one."""

    line: int
    cells: list[str]


def rows_of(stream: BinaryIO) -> Iterator[Cells]:
    """Every row that is not blank, the heading first. Unreadable from where the file stops being CSV."""
    reader = csv.reader(_decoded(stream), strict=True)
    for number in range(MOST_ROWS + 2):  # the heading, and one row too many
        line = reader.line_num + 1
        try:
            cells = next(reader)
            while not any(cell.strip() for cell in cells):
                line = reader.line_num + 1
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(line, _in_words(error)) from None
        if number > MOST_ROWS:
            raise Unreadable(line, f"This file has more than {MOST_ROWS:,} rows. Split it by return year.")
        yield Cells(line, cells)


def _decoded(stream: BinaryIO) -> Iterator[str]:
    read = 0
    for number, raw in enumerate(_raw_lines(stream), start=1):
        read += len(raw)
        if read > MOST_BYTES:
            raise Unreadable(number, f"This file is larger than {MOST_BYTES // 1024**2} MB.")
        if number == 1:
            raw = _without_mark(raw)
        if fault := _fault_of(raw):
            raise Unreadable(number, fault)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            reason = (
                f"Character {error.start + 1} of this line is not UTF-8 (perhaps it is CP1252). {SAVE_AGAIN}"
            )
            raise Unreadable(number, reason) from None


def _raw_lines(stream: BinaryIO) -> Iterator[bytes]:
    number = 1
    while True:
        try:
            raw = stream.readline(LONGEST_LINE + 1)
        except _CUT:
            raise Unreadable(number, "This file is damaged from here on. Copy it again.") from None
        if not raw:
            return
        yield raw
        number += 1


def _without_mark(first: bytes) -> bytes:
    """The first line without the mark that some programs put before UTF-8."""
    for starts, reason in _STARTS:
        if first.startswith(starts):
            raise Unreadable(1, reason)
    if first.count(b"\0") * 4 > len(first):
        raise Unreadable(1, _STARTS[0][1])
    return first.removeprefix(b"\xef\xbb\xbf")


def _fault_of(raw: bytes) -> str:
    """Why these bytes are no line of a CSV file; "" when they may be one."""
    if b"\0" in raw:
        return f"This line has a NUL (a zero byte) in it, which no text has. {SAVE_AGAIN}"
    if b"\r" in raw.removesuffix(b"\n").removesuffix(b"\r"):
        return f"This line has a carriage return without a line feed, as old programs wrote. {SAVE_AGAIN}"
    if len(raw) > LONGEST_LINE:
        return f"This line is longer than {LONGEST_LINE:,} characters. Is there a whole document in a cell?"
    if not raw.endswith(b"\n"):
        return f"The last line has no end: the file may have been cut short. {SAVE_AGAIN}"
    return ""


def _in_words(error: csv.Error) -> str:
    message = str(error)
    if "end of data" in message:
        return "A quotation mark opens in this row and never closes. Close it, or take it out."
    if "field larger" in message:
        return (
            f"A cell of this row is longer than {csv.field_size_limit():,} characters. Is a quote unclosed?"
        )
    return "A quotation mark stands in the middle of a cell. Double it, and put the cell in quotation marks."
