"""The files of the folder, column by column: how each cell is read and which field of which row it fills."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from casework.front.imports import cells
from casework.front.imports.cells import Reader, optional, required
from casework.front.imports.days import Wrong, day
from casework.front.imports.rows import (
    Authority,
    CareEpisode,
    Child,
    Header,
    Home,
    MissingPeriod,
    Neighbour,
    Row,
    Uasc,
)
from casework.records import code_lists

R = TypeVar("R", bound=Row)

CHILD: Final = "CHILD"
YES_NO: Final = cells.one_of({"Y": True, "N": False})


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is the file's word, `field` the row's. `read` is given no blank space around the cell."""

    heading: str
    field: str
    read: Reader


@dataclass(frozen=True, slots=True)
class Layout(Generic[R]):
    """One kind of file. `identity` names the headings whose cells together may stand in one row only."""

    name: str
    make: Callable[..., R]
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)


def must(heading: str, field: str, read: Reader) -> Column:
    return Column(heading, field, required(read))


def may(heading: str, field: str, read: Reader, blank: object = "") -> Column:
    return Column(heading, field, optional(read, blank))


def _sector(cell: str, year: int) -> object:
    """The provider code of whoever runs a home; parents run none."""
    if cell == "PR0":
        raise Wrong("PR0 is for children who live with their parents, not for a home.")
    return _newest(code_lists.PROVIDER)(cell, year)


def _newest(codes: code_lists.CodeList) -> Reader:
    """For files of no return year: today's codes."""
    read = cells.code(codes)
    return lambda cell, year: read(cell, code_lists.NEWEST_SETS)


AUTHORITY: Final = Layout(
    "authority.csv",
    Authority,
    (
        must("CODE", "code", cells.short_code),
        must("NAME", "name", cells.text(200)),
        must("POLICE_FORCE", "police_force", cells.text(200)),
        may("ADJOINING", "adjoining", cells.names, blank=()),
        must("DUTY_PHONE", "duty_phone", cells.phone),
        may("OUT_OF_HOURS_PHONE", "out_of_hours_phone", cells.phone),
        may("EMAIL", "email", cells.email),
    ),
)
NEIGHBOURS: Final = Layout(
    "neighbours.csv",
    Neighbour,
    (
        must("NAME", "name", cells.text(200)),
        may("POLICE_FORCE", "police_force", cells.text(200)),
        may("DUTY_PHONE", "duty_phone", cells.phone),
        may("OUT_OF_HOURS_PHONE", "out_of_hours_phone", cells.phone),
        may("EMAIL", "email", cells.email),
    ),
    identity=("NAME",),
)
HOMES: Final = Layout(
    "homes.csv",
    Home,
    (
        must("URN", "urn", cells.known_urn),
        must("NAME", "name", cells.text(200)),
        must("PROVIDER", "provider", cells.text(200)),
        must("PLACE", "place", cells.code_of_any_year(code_lists.PLACE)),
        must("SECTOR", "sector", _sector),
        may("CAPACITY", "capacity", cells.whole_number, blank=None),
        may("HOST_AUTHORITY", "host_authority", cells.text(200)),
        may("POLICE_FORCE", "police_force", cells.text(200)),
        may("EMAIL", "email", cells.email),
        may("PHONE", "phone", cells.phone),
    ),
    identity=("URN",),
)
CHILDREN: Final = Layout(
    "children.csv",
    Child,
    (
        must(CHILD, "reference", cells.reference),
        must("FIRST_NAME", "first_name", cells.text(100)),
        must("LAST_NAME", "last_name", cells.text(100)),
        must("DOB", "born_on", day),
        must("SEX", "sex", _newest(code_lists.SEX)),
        must("UASC", "is_unaccompanied", YES_NO),
        may("TEAM", "team", cells.text(120)),
        may("SOCIAL_WORKER_EMAIL", "worker_email", cells.email),
    ),
    identity=(CHILD,),
)
HEADER: Final = Layout(
    "header.csv",
    Header,
    (
        must(CHILD, "reference", cells.reference),
        must("SEX", "sex", cells.sex),
        must("DOB", "born_on", day),
        must("ETHNIC", "ethnicity", cells.code(code_lists.ETHNICITY)),
        may("UPN", "upn", cells.upn),
        may("MOTHER", "mother", cells.one_of({"1": True, "0": False}), blank=None),
        may("MC_DOB", "mother_child_born_on", day, blank=None),
    ),
    identity=(CHILD,),
)
EPISODES: Final = Layout(
    "episodes.csv",
    CareEpisode,
    (
        must(CHILD, "reference", cells.reference),
        must("DECOM", "decom", day),
        must("RNE", "rne", cells.code(code_lists.REASON_NEW_EPISODE)),
        must("LS", "ls", cells.code(code_lists.LEGAL_STATUS)),
        must("CIN", "cin", cells.code(code_lists.NEED)),
        must("PLACE", "place", cells.code(code_lists.PLACE)),
        may("PLACE_PROVIDER", "provider_code", cells.code(code_lists.PROVIDER)),
        may("DEC", "dec", day, blank=None),
        may("REC", "rec", cells.code(code_lists.REASON_CEASED)),
        may("REASON_PLACE_CHANGE", "reason_place_change", cells.code(code_lists.REASON_PLACE_CHANGE)),
        may("HOME_POST", "home_post", cells.postcode),
        may("PL_POST", "pl_post", cells.postcode),
        may("URN", "urn", cells.urn),
    ),
    identity=(CHILD, "DECOM"),
)
UASC: Final = Layout(
    "uasc.csv",
    Uasc,
    (
        must(CHILD, "reference", cells.reference),
        must("SEX", "sex", cells.sex),
        must("DOB", "born_on", day),
        may("DUC", "duc", day, blank=None),
    ),
    identity=(CHILD,),
)
# No identity: a child may be missing twice on one day, and the two rows then say the same.
MISSING: Final = Layout(
    "missing.csv",
    MissingPeriod,
    (
        must(CHILD, "reference", cells.reference),
        must("DOB", "born_on", day),
        must("MISSING", "kind", cells.one_of({"M": "M", "A": "A"})),
        must("MIS_START", "start", day),
        may("MIS_END", "end", day, blank=None),
    ),
)

OF_THE_FOLDER: Final = (AUTHORITY.name, NEIGHBOURS.name, HOMES.name, CHILDREN.name)
OF_A_YEAR: Final = (HEADER.name, EPISODES.name, UASC.name, MISSING.name)
