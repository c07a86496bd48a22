"""What rows say to each other: every child is listed, is one person, and is in one place at a time.

The checks are those of the return that the record stands on (its rules are named where there are any). Rows
that were already refused take no part, and nothing is said against a file that could not be read whole.
"""

from collections.abc import Iterable, Sequence

from casework.front.imports.checking_care import check_care
from casework.front.imports.checking_missing import check_missing
from casework.front.imports.columns import CHILD
from casework.front.imports.faults import Faults
from casework.front.imports.folder_tables import FolderTables, OfAChild, YearTables, refuse_future
from casework.front.imports.rows import Child, Header, MissingPeriod, Uasc
from casework.front.imports.tables import Table


def check_folder(folder: FolderTables, years: Sequence[YearTables], faults: Faults) -> None:
    """Add every contradiction between rows."""
    _check_authority(folder, faults)
    _check_hosts(folder, faults)
    for tables in years:
        _check_people(folder.children, tables, faults)
        _check_header(tables, faults)
        _check_uasc(folder.children, tables, faults)
        check_care(folder, tables, faults)
    check_missing(years, faults)


# ---- the authority and its neighbours ----


def _check_authority(folder: FolderTables, faults: Faults) -> None:
    table = folder.authority
    if table.is_whole and not table.ids:
        faults.add(table.file, 2, "", "There is no authority here. The second line describes it.")
    for row in table.rows[1:]:
        faults.add(table.file, row.line, "CODE", "One authority at a time: this is the second.")
    if not folder.neighbours.is_whole:
        return
    known = {name.casefold() for name in folder.neighbours.ids}
    for row in table.rows:
        for name in row.adjoining:
            if name.casefold() not in known:
                reason = f"An adjoining authority is not in {folder.neighbours.file}. Add it there."
                faults.add(table.file, row.line, "ADJOINING", reason)
    own = {row.name.casefold() for row in table.rows[:1]}
    for neighbour in folder.neighbours.rows:
        if neighbour.name.casefold() in own:
            faults.add(folder.neighbours.file, neighbour.line, "NAME", "No authority is its own neighbour.")


def _check_hosts(folder: FolderTables, faults: Faults) -> None:
    if not (folder.neighbours.is_whole and folder.authority.rows):
        return
    known = {row.name.casefold() for row in folder.authority.rows}
    known |= {name.casefold() for name in folder.neighbours.ids}
    for home in folder.homes.rows:
        if home.host_authority and home.host_authority.casefold() not in known:
            reason = f"This is neither the authority itself nor one of {folder.neighbours.file}."
            faults.add(folder.homes.file, home.line, "HOST_AUTHORITY", reason)


# ---- who the children are ----


def _check_people(children: Table[Child], tables: YearTables, faults: Faults) -> None:
    _check_listed(tables.header.file, tables.header.rows, children, faults)
    for file, rows in (
        (tables.episodes.file, tables.episodes.rows),
        (tables.uasc.file, tables.uasc.rows),
        (tables.missing.file, tables.missing.rows),
    ):
        _check_listed(file, rows, children, faults)
        _check_listed(file, rows, tables.header, faults)
    by_reference = {child.reference: child for child in children.rows}
    for header in tables.header.rows:
        _check_same_person(tables.header.file, header, by_reference.get(header.reference), faults)
    for uasc in tables.uasc.rows:
        _check_same_person(tables.uasc.file, uasc, by_reference.get(uasc.reference), faults)
    for period in tables.missing.rows:
        _check_same_birth(tables.missing.file, period, by_reference.get(period.reference), faults)


def _check_listed(
    file: str, rows: Iterable[OfAChild], register: Table[Child] | Table[Header], faults: Faults
) -> None:
    """Nobody turns up who is on no list (of the header: 903 check INT04)."""
    if not register.is_whole:
        return
    for row in rows:
        if row.reference not in register.ids:
            faults.add(file, row.line, CHILD, f"Child {row.reference} is not in {register.file}.")


def _check_same_person(file: str, row: Header | Uasc, child: Child | None, faults: Faults) -> None:
    _check_same_birth(file, row, child, faults)
    if child is not None and child.sex != row.sex:
        where = f"children.csv, line {child.line}"
        reason = f"Child {child.reference} has another sex in {where}. Make them the same."
        faults.add(file, row.line, "SEX", reason)


def _check_same_birth(
    file: str, row: Header | Uasc | MissingPeriod, child: Child | None, faults: Faults
) -> None:
    """Another date of birth is somebody else (903 check INT13)."""
    if child is not None and child.born_on != row.born_on:
        reason = (
            f"Child {row.reference} here and child {child.reference} of children.csv, line {child.line}, "
            "have different dates of birth: two children under one ID, or one of the dates is wrong."
        )
        faults.add(file, row.line, "DOB", reason)


def _check_header(tables: YearTables, faults: Faults) -> None:
    table, year = tables.header, tables.year
    for row in table.rows:
        refuse_future(table.file, row.line, "DOB", row.born_on, year, faults)
        refuse_future(table.file, row.line, "MC_DOB", row.mother_child_born_on, year, faults)
        if row.mother_child_born_on is None:
            continue
        if not row.mother:
            faults.add(table.file, row.line, "MC_DOB", "A child’s birth is given, but MOTHER is not 1.")
        elif row.mother_child_born_on <= row.born_on:
            faults.add(table.file, row.line, "MC_DOB", "This is not after her own birth.")
    if not tables.episodes.is_whole:
        return
    for row in table.rows:
        if row.reference not in tables.episodes.ids:
            reason = f"Child {row.reference} has no row in {tables.episodes.file}."
            faults.add(table.file, row.line, CHILD, reason)


def _check_uasc(children: Table[Child], tables: YearTables, faults: Faults) -> None:
    unaccompanied = {child.reference: child.is_unaccompanied for child in children.rows}
    for row in tables.uasc.rows:
        refuse_future(tables.uasc.file, row.line, "DUC", row.duc, tables.year, faults)
        if row.duc is not None and row.duc <= row.born_on:
            faults.add(tables.uasc.file, row.line, "DUC", "This is not after the date of birth.")
        if unaccompanied.get(row.reference) is False:
            reason = f"Child {row.reference} has N under UASC in {children.file}. Make them the same."
            faults.add(tables.uasc.file, row.line, CHILD, reason)
