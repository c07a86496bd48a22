"""An authority's files as they would have stood on an earlier day: what began later is not there yet.

The demo's files end in November 2026. Read on a day before that, they must not tell of the days to come.
"""

from dataclasses import replace
from datetime import date

from casework.front.imports.rows import CareEpisode, Folder, Header, MissingPeriod, Uasc, YearFiles
from casework.records.return_years import ReturnYear


def as_it_stood(folder: Folder, day: date) -> Folder:
    """The folder on that day; on a day after everything in it, the folder itself.

    Rows that start later are left out, and with them the children and years of which nothing is left; ends
    that lie ahead are blank again.
    """
    years = [_year(year, day) for year in folder.years if ReturnYear(year.year).first_day <= day]
    known = {row.reference for year in years for row in year.header}
    children = tuple(child for child in folder.children if child.reference in known)
    return replace(folder, children=children, years=tuple(years))


def _year(files: YearFiles, day: date) -> YearFiles:
    episodes = tuple(_care(row, day) for row in files.episodes if row.decom <= day)
    looked_after = {row.reference for row in episodes}
    return replace(
        files,
        header=tuple(_header(row, day) for row in files.header if row.reference in looked_after),
        episodes=episodes,
        uasc=tuple(_uasc(row, day) for row in files.uasc if row.reference in looked_after),
        missing=tuple(_missing(row, day) for row in files.missing if row.start <= day),
    )


def _header(row: Header, day: date) -> Header:
    born_on = row.mother_child_born_on
    return row if born_on is None or born_on <= day else replace(row, mother=False, mother_child_born_on=None)


def _care(row: CareEpisode, day: date) -> CareEpisode:
    """Why an episode ends is not known before it has ended."""
    if row.dec is None or row.dec <= day:
        return row
    return replace(row, dec=None, rec="", reason_place_change="")


def _uasc(row: Uasc, day: date) -> Uasc:
    return row if row.duc is None or row.duc <= day else replace(row, duc=None)


def _missing(row: MissingPeriod, day: date) -> MissingPeriod:
    return row if row.end is None or row.end <= day else replace(row, end=None)
