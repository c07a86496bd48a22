"""Care episodes: one placement at a time, each with what its kind has, and going on where it says so."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from casework.front.imports.cells import NOT_KNOWN_URN
from casework.front.imports.faults import Faults
from casework.front.imports.folder_tables import FolderTables, YearTables, by_child, refuse_future
from casework.front.imports.rows import CareEpisode
from casework.records import code_lists
from casework.records.return_years import ReturnYear

SHORT_BREAKS: Final = frozenset({"V3", "V4"})
NEW_CARE: Final = "S"
GOES_ON: Final = "X1"


def check_care(folder: FolderTables, tables: YearTables, faults: Faults) -> None:
    born = {child.reference: child.born_on for child in folder.children.rows}
    urns = {urn.casefold() for urn in folder.homes.ids}
    file = tables.episodes.file
    for row in tables.episodes.rows:
        _check_stay(file, row, tables.year, born.get(row.reference), faults)
        _check_place(file, row, faults)
        if folder.homes.is_whole and row.urn not in ("", NOT_KNOWN_URN) and row.urn.casefold() not in urns:
            faults.add(file, row.line, "URN", f"No home with this URN is in {folder.homes.file}.")
    for stays in by_child(tables.episodes.rows):
        _check_chain(file, stays, tables, faults)


def _check_stay(file: str, row: CareEpisode, year: ReturnYear, born_on: date | None, faults: Faults) -> None:
    refuse_future(file, row.line, "DECOM", row.decom, year, faults)
    refuse_future(file, row.line, "DEC", row.dec, year, faults)
    if born_on is not None and row.decom < born_on:
        faults.add(file, row.line, "DECOM", "This is before the child was born.")
    if bool(row.rec) != (row.dec is not None):
        blank, other = ("REC", "DEC") if row.dec else ("DEC", "REC")
        faults.add(file, row.line, blank, f"This is blank, but {other} is not. An end has both.")
    if row.dec is None:
        return
    if row.dec <= row.decom:
        faults.add(file, row.line, "DEC", "This is not after DECOM: the episode would cover no day.")
    elif row.dec < year.first_day:
        faults.add(file, row.line, "DEC", f"This is before {year.label} began. Take the row out.")


def _check_place(file: str, row: CareEpisode, faults: Faults) -> None:
    """Which kinds of placement have a provider code and a URN (903 rules 218 and 222)."""
    if row.place in code_lists.WITHOUT_PROVIDER:
        if row.provider_code:
            faults.add(
                file, row.line, "PLACE_PROVIDER", f"A placement of kind {row.place} has none. Leave it blank."
            )
    elif not row.provider_code:
        faults.add(file, row.line, "PLACE_PROVIDER", f"A placement of kind {row.place} has one. Fill it in.")
    elif (row.provider_code == "PR0") != (row.place == "P1"):
        faults.add(file, row.line, "PLACE_PROVIDER", "PR0 belongs with P1, and only with it.")
    if row.place in code_lists.WITHOUT_URN:
        if row.urn:
            faults.add(file, row.line, "URN", f"A placement of kind {row.place} has no URN. Leave it blank.")
    elif not row.urn and row.place not in code_lists.MAY_LACK_URN and row.ls not in SHORT_BREAKS:
        reason = f"A placement of kind {row.place} has a URN. Fill it in, or write {NOT_KNOWN_URN}."
        faults.add(file, row.line, "URN", reason)


def _check_chain(file: str, stays: Sequence[CareEpisode], tables: YearTables, faults: Faults) -> None:
    """One placement at a time, and what goes on goes on somewhere."""
    for one, after in pairwise(stays):
        if one.dec is None or after.decom < one.dec:
            reason = f"This is before the episode of line {one.line} ends. A child is in one place at a time."
            faults.add(file, after.line, "DECOM", reason)
    if not tables.episodes.is_whole or stays[0].reference in tables.episodes.refused:
        return
    starts = {stay.decom for stay in stays}
    ends = {stay.dec for stay in stays if stay.rec == GOES_ON}
    for stay in stays:
        if stay.rec == GOES_ON and stay.dec not in starts:
            reason = "X1 says that another episode begins on this day, and none does."
            faults.add(file, stay.line, "REC", reason)
        if stay.rne != NEW_CARE and stay.decom >= tables.year.first_day and stay.decom not in ends:
            reason = f"{stay.rne} says that an episode ended with X1 on this day, and none did."
            faults.add(file, stay.line, "RNE", reason)
