"""The Missing file in a folder, with a second file that says where each of its rows comes from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from casework.front.returns.exporting import Pieces, give_out, is_as_given_out
from casework.front.returns.missing_file import END_OF_LINE, FILE_NAME, cell
from casework.front.returns.missing_rows import WrittenRow
from casework.records.errors import Conflict
from casework.records.models import LocalAuthority
from casework.records.return_years import ReturnYear

TRACE_NAME: Final = "missing.trace.csv"
TRACE_HEADER: Final = "ROW,CHILD,EPISODE,SPELL"
_OWNER_ALONE: Final = 0o600  # the files hold children's dates of birth

Progress = Callable[[int], None]  # how many rows are written


def write_missing_file(
    *, authority: LocalAuthority, year: ReturnYear, folder: Path, reason: str, progress: Progress
) -> int:
    """Write both files, whole or not at all; returns how many rows there are.

    An earlier export is replaced. Conflict where a file stands that no export wrote so: somebody's work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target, trace = folder / FILE_NAME, folder / TRACE_NAME
    _refuse_somebodys_work(authority, target)
    new, new_trace = _beside(target), _beside(trace)
    try:
        pieces = give_out(by=None, authority=authority, year=year, reason=reason)
        count = _write(pieces, new, new_trace, progress)
        new_trace.replace(trace)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
        new_trace.unlink(missing_ok=True)
    return count


def _refuse_somebodys_work(authority: LocalAuthority, file: Path) -> None:
    if file.exists() and not is_as_given_out(authority, hashlib.sha256(file.read_bytes()).hexdigest()):
        raise Conflict(
            f"{file} is not as an export left it: somebody has changed it, or it comes from elsewhere. "
            "Move it away, or choose another folder.",
            code="changed_file",
        )


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}")


def _write(pieces: Pieces, file: Path, trace: Path, progress: Progress) -> int:
    count = 0
    with _created(file) as out, _created(trace) as where, closing(pieces):
        where.write(f"{TRACE_HEADER}{END_OF_LINE}".encode())
        for piece, rows in pieces:
            out.write(piece)
            where.write(_trace(rows, count + 1))
            count += len(rows)
            progress(count)
        for written in (out, where):
            written.flush()
            os.fsync(written.fileno())
    return count


def _created(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "wb")


def _trace(rows: list[WrittenRow], first: int) -> bytes:
    """E-2026-0134/2 is the second spell of that episode."""
    lines = [
        f"{number},{cell(child)},{spell.replace('/', ',')}{END_OF_LINE}"
        for number, (child, _, _, spell) in enumerate(rows, first)
    ]
    return "".join(lines).encode()
