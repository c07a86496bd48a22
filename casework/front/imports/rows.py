"""The rows of an authority's folder, as they were meant: typed, clean, and each knowing its line.

`reading` makes them and nothing else does. A text that the file left blank is "" here, a date None.
The names of the columns are the SSDA903 return's; the names of the fields are ours.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["M", "A"]  # missing, or away from placement without authorisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`line` is where the row begins in its file, the heading being line 1. Equal rows say the same."""

    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Authority(Row):
    code: str
    name: str
    police_force: str
    adjoining: tuple[str, ...]
    duty_phone: str
    out_of_hours_phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Neighbour(Row):
    """An authority next door, in this authority's words: not a tenant because of them."""

    name: str
    police_force: str
    duty_phone: str
    out_of_hours_phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Home(Row):
    """`sector` is the provider code (PR1-PR5) of the home, not of the provider that runs it."""

    urn: str
    name: str
    provider: str
    place: str
    sector: str
    capacity: int | None
    host_authority: str
    police_force: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Child(Row):
    """`sex` is M, F or U (not known)."""

    reference: str
    first_name: str
    last_name: str
    born_on: date
    sex: str
    is_unaccompanied: bool
    team: str
    worker_email: str


@dataclass(frozen=True, slots=True)
class Header(Row):
    """`mother` is whether she is one: asked of girls only, and not always answered."""

    reference: str
    sex: str
    born_on: date
    ethnicity: str
    upn: str
    mother: bool | None
    mother_child_born_on: date | None


@dataclass(frozen=True, slots=True)
class CareEpisode(Row):
    """One line of `episodes.csv`, over [decom, dec). `urn` is "" for the return's XXXXXXX: not known."""

    reference: str
    decom: date
    rne: str
    ls: str
    cin: str
    place: str
    provider_code: str
    dec: date | None
    rec: str
    reason_place_change: str
    home_post: str
    pl_post: str
    urn: str


@dataclass(frozen=True, slots=True)
class Uasc(Row):
    """`duc` is the day from which the child no longer counts as unaccompanied."""

    reference: str
    sex: str
    born_on: date
    duc: date | None


@dataclass(frozen=True, slots=True)
class MissingPeriod(Row):
    """`end` is the day found (M) or the day back (A); None while it lasts."""

    reference: str
    born_on: date
    kind: Kind
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class YearFiles:
    """The four files of one return year. `year` 2025 is 2025-26."""

    year: int
    header: tuple[Header, ...]
    episodes: tuple[CareEpisode, ...]
    uasc: tuple[Uasc, ...]
    missing: tuple[MissingPeriod, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """All that an authority handed over, its years in order."""

    authority: Authority
    neighbours: tuple[Neighbour, ...]
    homes: tuple[Home, ...]
    children: tuple[Child, ...]
    years: tuple[YearFiles, ...]
