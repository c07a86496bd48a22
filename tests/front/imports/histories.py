"""Invented children's histories, and the return's files that an authority would have made of them each year.

A history is what happened; the file of a year has what of it lay in that year, and leaves an end blank that
came after 31 March, as the return asks. So there is one right record, in whatever order years are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from casework.front.imports.rows import (
    Authority,
    CareEpisode,
    Child,
    Folder,
    Header,
    Home,
    Kind,
    MissingPeriod,
    YearFiles,
)
from casework.records.return_years import ReturnYear

FIRST_YEAR, LAST_DAY = ReturnYear(2023), date(2026, 9, 30)
URNS = ("SC1000001", "SC1000002")


@dataclass(frozen=True)
class Stay:
    """One episode of care: until the next begins, or until care ended."""

    start: date
    rne: str
    ls: str
    place: str
    urn: str


@dataclass(frozen=True)
class Gone:
    kind: Kind
    start: date
    end: date | None


@dataclass(frozen=True)
class History:
    """What happened to one child."""

    reference: str
    stays: tuple[Stay, ...]
    care_ended: date | None
    gone: tuple[Gone, ...] = field(default=())

    @property
    def born_on(self) -> date:
        return date(2012, 6, 1)


@st.composite
def histories(draw: st.DrawFn, reference: str) -> History:
    """A child in care for a while, now here, now there, gone now and then, and perhaps still."""
    day = FIRST_YEAR.first_day + timedelta(days=draw(st.integers(-200, 500)))
    stays: list[Stay] = []
    for number in range(draw(st.integers(1, 5))):
        rne = "S" if not number else draw(st.sampled_from("LPTBU"))
        place = stays[-1].place if rne == "L" else draw(st.sampled_from(["K2", "U6", "P1"]))
        urn = stays[-1].urn if rne == "L" else "" if place == "P1" else draw(st.sampled_from(URNS))
        stays.append(Stay(day, rne, draw(st.sampled_from(["C2", "V2"])), place, urn))
        day += timedelta(days=draw(st.integers(1, 400)))
    stays = [stay for stay in stays if stay.start <= LAST_DAY]
    care_ended = draw(st.none() | st.just(day))
    if care_ended is not None and care_ended > LAST_DAY:
        care_ended = None
    until = care_ended or LAST_DAY
    return History(reference, tuple(stays), care_ended, tuple(draw(_absences(stays[0].start, until))))


@st.composite
def _absences(draw: st.DrawFn, start: date, until: date) -> list[Gone]:
    gone: list[Gone] = []
    day = start
    for _ in range(draw(st.integers(0, 6))):
        begin = day + timedelta(days=draw(st.sampled_from([0, 0, 1, 40, 250])))
        end = begin + timedelta(days=draw(st.sampled_from([0, 0, 1, 9, 120])))
        if end > until:
            break
        gone.append(Gone(draw(st.sampled_from(["M", "A"])), begin, end))
        day = end
    if gone and until == LAST_DAY and draw(st.booleans()):
        gone.append(Gone("M", max(day, LAST_DAY - timedelta(days=20)), None))
    return gone


# ---- their files ----


def folder_of(children: Sequence[History], years: Iterable[int]) -> Folder:
    """What the authority hands over: its registers, and the files of these years."""
    return Folder(
        Authority(
            line=2,
            code="EXS",
            name="Exampleshire",
            police_force="Exampleshire Constabulary",
            adjoining=(),
            duty_phone="01632 960001",
            out_of_hours_phone="",
            email="",
        ),
        (),
        tuple(_home(urn, line) for line, urn in enumerate(URNS, start=2)),
        tuple(_child(one, line) for line, one in enumerate(children, start=2)),
        tuple(year_files(children, ReturnYear(year)) for year in sorted(years)),
    )


def years_of(children: Iterable[History]) -> range:
    return range(FIRST_YEAR.year, ReturnYear.of(LAST_DAY).year + 1)


def year_files(children: Sequence[History], year: ReturnYear) -> YearFiles:
    episodes = [row for one in children for row in _care_in(one, year)]
    here = {row.reference for row in episodes}
    return YearFiles(
        year.year,
        tuple(_header(one) for one in children if one.reference in here),
        tuple(episodes),
        (),
        tuple(row for one in children for row in _missing_in(one, year)),
    )


def _care_in(one: History, year: ReturnYear) -> Iterable[CareEpisode]:
    ends = [*(stay.start for stay in one.stays[1:]), one.care_ended]
    for number, (stay, ended) in enumerate(zip(one.stays, ends, strict=True)):
        if stay.start > year.last_day or (ended is not None and ended < year.first_day):
            continue
        is_over = ended is not None and ended <= year.last_day
        is_last = number == len(one.stays) - 1
        yield CareEpisode(
            line=2,
            reference=one.reference,
            decom=stay.start,
            rne=stay.rne,
            ls=stay.ls,
            cin="N1",
            place=stay.place,
            provider_code="PR0" if stay.place == "P1" else "PR4",
            dec=ended if is_over else None,
            rec=("E8" if is_last else "X1") if is_over else "",
            reason_place_change="",
            home_post="",
            pl_post="",
            urn=stay.urn,
        )


def _missing_in(one: History, year: ReturnYear) -> Iterable[MissingPeriod]:
    for gone in one.gone:
        if gone.start > year.last_day or (gone.end is not None and gone.end < year.first_day):
            continue
        is_over = gone.end is not None and gone.end <= year.last_day
        yield MissingPeriod(
            line=2,
            reference=one.reference,
            born_on=one.born_on,
            kind=gone.kind,
            start=gone.start,
            end=gone.end if is_over else None,
        )


def _header(one: History) -> Header:
    return Header(
        line=2,
        reference=one.reference,
        sex="F",
        born_on=one.born_on,
        ethnicity="WBRI",
        upn="",
        mother=None,
        mother_child_born_on=None,
    )


def _child(one: History, line: int) -> Child:
    return Child(
        line=line,
        reference=one.reference,
        first_name="Vik",
        last_name="West",
        born_on=one.born_on,
        sex="F",
        is_unaccompanied=False,
        team="Team North",
        worker_email="amina.rahal@exampleshire.example",
    )


def _home(urn: str, line: int) -> Home:
    return Home(
        line=line,
        urn=urn,
        name=f"House {urn[-1]}",
        provider="Larchwood Care",
        place="K2",
        sector="PR4",
        capacity=5,
        host_authority="Exampleshire",
        police_force="Exampleshire Constabulary",
        email="",
        phone="",
    )
