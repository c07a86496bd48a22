"""An authority's folder to typed rows, or every fault in it at once. Pure: no database, no "today".

1. Every file that should be there is found, and nothing else is.
2. Every file is read to its end, row by row; a faulty row is named and left out.
3. The good rows are held against each other.
4. With a fault anywhere nothing is returned: FaultyFiles has them all. A file's order of rows means nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from casework.front.imports import columns
from casework.front.imports.cells import NOT_KNOWN_URN
from casework.front.imports.checking import check_folder
from casework.front.imports.columns import Layout, R
from casework.front.imports.faults import Faults
from casework.front.imports.folder_tables import FolderTables, YearTables
from casework.front.imports.rows import CareEpisode, Folder, MissingPeriod, YearFiles
from casework.front.imports.sources import Sources, sources_of_archive, sources_of_folder, years_of
from casework.front.imports.tables import Table, read_table
from casework.records import code_lists
from casework.records.return_years import ReturnYear

Progress = Callable[[str, int, int], None]  # the file, and how many bytes of all are behind it
NOT_THERE: Final = "could not be opened. Check who may read it."


def read_folder(path: Path, progress: Progress | None = None) -> Folder:
    """Read a folder of this machine. FaultyFiles when anything in it is wrong."""
    faults = Faults()
    return _read(sources_of_folder(path, faults), faults, progress)


def read_archive(file: BinaryIO, progress: Progress | None = None) -> Folder:
    """Read the same folder as a zip that can be sought in. FaultyFiles when anything in it is wrong."""
    faults = Faults()
    return _read(sources_of_archive(file, faults), faults, progress)


def _read(sources: Sources, faults: Faults, progress: Progress | None) -> Folder:
    reader = _Reader(sources, faults, progress)
    folder = FolderTables(
        reader.table(columns.AUTHORITY),
        reader.table(columns.NEIGHBOURS),
        reader.table(columns.HOMES),
        reader.table(columns.CHILDREN),
    )
    years = [_read_year(reader, year) for year in years_of(sources)]
    for tables in years:
        tables.episodes.rows.sort(key=lambda row: (row.reference, row.decom))
        tables.missing.rows.sort(key=_missing_order)
    check_folder(folder, years, faults)
    faults.refuse()
    return Folder(
        folder.authority.rows[0],
        tuple(sorted(folder.neighbours.rows, key=lambda row: row.name)),
        tuple(sorted(folder.homes.rows, key=lambda row: row.urn)),
        tuple(sorted(folder.children.rows, key=lambda row: row.reference)),
        tuple(_year_files(tables) for tables in years),
    )


def _read_year(reader: "_Reader", year: ReturnYear) -> YearTables:
    return YearTables(
        year,
        reader.table(columns.HEADER, year),
        reader.table(columns.EPISODES, year),
        reader.table(columns.UASC, year),
        reader.table(columns.MISSING, year),
    )


class _Reader:
    """Opens one file after the other, and says how far it is."""

    def __init__(self, sources: Sources, faults: Faults, progress: Progress | None) -> None:
        self.sources, self.faults, self.progress = sources, faults, progress
        self.total = sum(source.size for source in sources.values())
        self.behind = 0

    def table(self, layout: Layout[R], year: ReturnYear | None = None) -> Table[R]:
        name = f"{year.label}/{layout.name}" if year else layout.name
        source = self.sources.get(name)
        if source is None:  # its absence is a fault already
            return Table(name, is_whole=False)
        codes_of = year.year if year else code_lists.NEWEST_SETS
        try:
            with source.open() as stream:
                table = read_table(name, stream, layout, codes_of, self.faults)
        except OSError:
            self.faults.add(name, 0, "", f"This file {NOT_THERE}")
            table = Table(name, is_whole=False)
        self.behind += source.size
        if self.progress:
            self.progress(name, self.behind, self.total)
        return table


def _missing_order(row: MissingPeriod) -> tuple[str, date, date, bool]:
    """By child and day. Of one day, what ended first; and missing before away (found, not yet back)."""
    return row.reference, row.start, row.end or date.max, row.kind == "A"


def _year_files(tables: YearTables) -> YearFiles:
    return YearFiles(
        tables.year.year,
        tuple(sorted(tables.header.rows, key=lambda row: row.reference)),
        tuple(_without_unknown_urn(row) for row in tables.episodes.rows),
        tuple(sorted(tables.uasc.rows, key=lambda row: row.reference)),
        tuple(tables.missing.rows),
    )


def _without_unknown_urn(row: CareEpisode) -> CareEpisode:
    return replace(row, urn="") if row.urn == NOT_KNOWN_URN else row
