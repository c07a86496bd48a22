"""Missing periods: the return's rules 567 to 581 and 586, as far as they can be asked of the files."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from casework.front.imports.faults import Faults
from casework.front.imports.folder_tables import YearTables, by_child, refuse_future
from casework.front.imports.rows import CareEpisode, MissingPeriod
from casework.records.return_years import ReturnYear

Care = Mapping[str, Sequence[CareEpisode]]


def check_missing(years: Sequence[YearTables], faults: Faults) -> None:
    """Every year's periods, in themselves, within care, and over from one year into the next."""
    care = _care_of(years)
    known = min((tables.year.first_day for tables in years), default=date.max)
    for tables in years:
        _check_year(tables, care, known, faults)
    for before, after in pairwise(years):
        _check_carried_over(before, after, faults)


def _check_year(tables: YearTables, care: Care, known: date, faults: Faults) -> None:
    """Before the day `known` the files say nothing of care."""
    file, year = tables.missing.file, tables.year
    for row in tables.missing.rows:
        _check_period(file, row, year, faults)
        if row.reference in care:
            _check_within_care(file, row, year, care[row.reference], known, faults)
    for periods in by_child(tables.missing.rows):
        _check_one_at_a_time(file, periods, faults)


def _check_period(file: str, row: MissingPeriod, year: ReturnYear, faults: Faults) -> None:
    refuse_future(file, row.line, "MIS_START", row.start, year, faults)
    refuse_future(file, row.line, "MIS_END", row.end, year, faults)
    if row.start <= row.born_on:
        faults.add(file, row.line, "MIS_START", "This is not after the date of birth (rule 586).")
    if row.end is None:
        return
    if row.end < row.start:
        faults.add(file, row.line, "MIS_END", "This is before MIS_START (rule 567).")
    elif row.end < year.first_day:
        faults.add(
            file, row.line, "MIS_END", f"This is before {year.label} began (rule 571). Take the row out."
        )


def _check_within_care(
    file: str, row: MissingPeriod, year: ReturnYear, stays: Sequence[CareEpisode], known: date, faults: Faults
) -> None:
    if row.start >= known and not any(stay.decom <= row.start < _end_of(stay) for stay in stays):
        reason = "The child was in no care episode on this day (rule 581)."
        faults.add(file, row.line, "MIS_START", reason)
    elif row.end is None:
        if not any(stay.decom <= year.last_day < _end_of(stay) for stay in stays):
            reason = "This is blank, but the child is no longer looked after (rule 577). Say when it ended."
            faults.add(file, row.line, "MIS_END", reason)
    elif not any(stay.decom <= row.end <= _end_of(stay) for stay in stays):
        faults.add(file, row.line, "MIS_END", "The child was in no care episode on this day (rule 578).")


def _check_one_at_a_time(file: str, periods: Sequence[MissingPeriod], faults: Faults) -> None:
    """Rule 574. A period may begin on the day the one before it ends."""
    for one, after in pairwise(periods):
        if one.end is None:
            reason = f"The period of line {one.line} has no end, and this one begins after it (rule 574)."
        elif after.start < one.end:
            reason = f"This is before the period of line {one.line} ends (rule 574)."
        else:
            continue
        faults.add(file, after.line, "MIS_START", reason)


def _check_carried_over(before: YearTables, after: YearTables, faults: Faults) -> None:
    """Rule 576: what was open on 31 March goes on in the next year's file."""
    if after.year.year != before.year.year + 1 or not after.missing.is_whole:
        return
    there = {(row.reference, row.kind, row.start) for row in after.missing.rows}
    for row in before.missing.rows:
        goes_on = (row.reference, row.kind, row.start) in there or row.reference in after.missing.refused
        if row.end is None and not goes_on:
            reason = f"This is blank, and {after.missing.file} has no such period (rule 576)."
            faults.add(before.missing.file, row.line, "MIS_END", reason)


def _care_of(years: Sequence[YearTables]) -> dict[str, list[CareEpisode]]:
    """When each child was looked after, by the newest file that has the episode.

    A child with an episode that was refused is left out, and everyone once a row may be lost.
    """
    if not all(tables.episodes.is_whole for tables in years):
        return {}
    newest = {
        (row.reference, row.decom): row for tables in years for row in tables.episodes.rows
    }  # the years come in order: a later one takes the place
    refused = {reference for tables in years for reference in tables.episodes.refused}
    care: dict[str, list[CareEpisode]] = {}
    for row in newest.values():
        if row.reference not in refused:
            care.setdefault(row.reference, []).append(row)
    return care


def _end_of(stay: CareEpisode) -> date:
    return stay.dec or date.max
