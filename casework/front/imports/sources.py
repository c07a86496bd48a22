"""Where the files come from: a folder, or the same as a zip. Only names and sizes are looked at here."""

import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from casework.front.imports.columns import OF_A_YEAR, OF_THE_FOLDER
from casework.front.imports.faults import Faults
from casework.front.imports.lines import MOST_BYTES
from casework.records.return_years import ReturnYear

MOST_ENTRIES: Final = 500
MOST_YEARS: Final = 30
MOST_IN_ALL: Final = 250 * 1024 * 1024
_LONGEST_LIST: Final = 1024 * 1024  # bytes of a zip's own list of its files: thousands of them
_LIST_ENDS: Final = b"PK\x05\x06"
_LONG_LIST: Final = b"PK\x06\x07"  # the sign of a zip too big for the short form

# What a folder may also hold: files of the return that are not read here, and what computers leave behind.
_OTHER_FILES: Final = frozenset(
    ("ad1", "dolo", "oc2", "oc3", "placedadoption", "prevperm", "reviews", "swepisodes")
)
_LEFT_BEHIND: Final = ("thumbs.db", "desktop.ini", "__macosx")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: the name that faults give it, its size in bytes, and how to open it."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


Sources = Mapping[str, Source]


def sources_of_folder(folder: Path, faults: Faults) -> Sources:
    """The files of a folder on this machine, by name."""
    if not folder.is_dir():
        faults.add(folder.name or str(folder), 0, "", "There is no such folder.")
        return {}
    found = []
    try:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                found.append(Source(name, path.stat().st_size, lambda path=path: path.open("rb")))  # type: ignore[misc]  # bound at once
            if len(found) > MOST_ENTRIES:
                break
    except OSError:
        faults.add(folder.name, 0, "", "This folder cannot be read. Check who may read it.")
    return _sorted_out(found, faults)


def sources_of_archive(file: BinaryIO, faults: Faults) -> Sources:
    """The files of a zip. One that hides its size, or reaches out of itself, is refused whole."""
    try:
        if _list_is_too_long(file):
            raise zipfile.BadZipFile
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        faults.add("The upload", 0, "", "This is not a zip file that can be opened. Zip the folder again.")
        return {}
    found = [
        Source(entry.filename, entry.file_size, lambda entry=entry: _opened(archive, entry))  # type: ignore[misc]  # bound at once
        for entry in archive.infolist()
        if not entry.is_dir() and _may_be_opened(entry, faults)
    ]
    return {} if faults.count else _sorted_out(_without_top_folder(found), faults)


def years_of(sources: Sources) -> list[ReturnYear]:
    """The return years that have a file, in order."""
    return sorted({ReturnYear.parse(name.split("/")[0]) for name in sources if "/" in name})


# ---- zips ----


def _list_is_too_long(file: BinaryIO) -> bool:
    """Whether the zip's list of files is longer than any honest one: reading it would cost the memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))  # the longest possible end
    tail = file.read()
    file.seek(0)
    end = tail.rfind(_LIST_ENDS)
    if end < 0:
        return False
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    return length > _LONGEST_LIST or tail[max(0, end - 20) : end].startswith(_LONG_LIST)


def _may_be_opened(entry: zipfile.ZipInfo, faults: Faults) -> bool:
    path = PurePosixPath(entry.filename)
    reason = ""
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        reason = "This name leads out of the folder. Zip the folder again."
    elif entry.flag_bits & 1:
        reason = "This file is locked with a password. Zip the folder without one."
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        reason = "This file is packed in an unusual way. Zip the folder with your computer's own program."
    if reason:
        faults.add(_printable(entry.filename), 0, "", reason)
    return not reason


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    try:
        return BufferedReader(cast("BufferedReader", archive.open(entry)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise OSError("The archive is damaged.") from error


def _without_top_folder(found: list[Source]) -> list[Source]:
    """The names without the one folder that all are in, when the zip holds the folder itself."""
    meant = [one for one in found if not _is_left_behind(one.name)]
    tops = {one.name.split("/")[0] for one in meant}
    if len(tops) != 1 or any("/" not in one.name for one in meant):
        return meant
    return [Source(one.name.partition("/")[2], one.size, one.open) for one in meant]


# ---- which file is which ----


def _sorted_out(found: Iterable[Source], faults: Faults) -> Sources:
    """By name, in the order of reading; what is missing, foreign, double or too large is a fault."""
    meant = [one for one in found if not _is_left_behind(one.name)]
    if len(meant) > MOST_ENTRIES:
        faults.add("The folder", 0, "", f"There are more than {MOST_ENTRIES} files here.")
        return {}
    sources: dict[str, Source] = {}
    for source in meant:
        name = source.name.casefold()
        if reason := _why_not(source, name, sources):
            faults.add(_printable(source.name), 0, "", reason)
        elif not _is_unread_file(name):
            sources[name] = source
    if sum(source.size for source in sources.values()) > MOST_IN_ALL:
        faults.add("The folder", 0, "", f"The files are larger than {MOST_IN_ALL // 1024**2} MB together.")
    present = {source.name.casefold() for source in meant}
    return {name: sources[name] for name in _wanted(sources, present, faults) if name in sources}


def _why_not(source: Source, name: str, sources: Sources) -> str:
    folder, _, file = name.rpartition("/")
    if name in sources:
        return "This file is here twice."
    if source.size > MOST_BYTES:
        return f"This file is larger than {MOST_BYTES // 1024**2} MB."
    if not folder:
        known = f"Here stand {', '.join(OF_THE_FOLDER)} and a folder a year, such as 2025-26."
        return "" if file in OF_THE_FOLDER else f"This file is not known. {known}"
    if not _is_year(folder):
        return "This folder is not known. A folder of a year is named like 2025-26."
    if file not in OF_A_YEAR and not _is_unread_file(name):
        return f"This file is not known. In the folder of a year stand {', '.join(OF_A_YEAR)}."
    return ""


def _wanted(sources: Sources, present: Collection[str], faults: Faults) -> list[str]:
    """Every file that has to be there; each that is not is a fault."""
    years = years_of(sources)
    if not years:
        faults.add("The folder", 0, "", "There is no folder of a year, such as 2025-26.")
    if len(years) > MOST_YEARS:
        faults.add("The folder", 0, "", f"There are more than {MOST_YEARS} years here.")
    wanted = [*OF_THE_FOLDER, *(f"{year.label}/{name}" for year in years for name in OF_A_YEAR)]
    for name in wanted:
        if name not in present:
            hint = " Without rows it needs its first line, the names of the columns." if "/" in name else ""
            faults.add(name, 0, "", f"This file is not there.{hint}")
    return wanted


def _is_year(folder: str) -> bool:
    try:
        ReturnYear.parse(folder)
    except ValueError:
        return False
    return True


def _is_unread_file(name: str) -> bool:
    """A file of the return that has nothing for this record."""
    stem, _, ending = name.rpartition("/")[2].rpartition(".")
    return ending == "csv" and stem.replace("_", "") in _OTHER_FILES


def _is_left_behind(name: str) -> bool:
    parts = [part.casefold() for part in name.split("/")]
    return any(part.startswith(".") or part in _LEFT_BEHIND for part in parts) or parts[-1].startswith(
        "readme"
    )


def _printable(name: str) -> str:
    shown = "".join(one if one.isprintable() else "?" for one in name)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
