"""From what the files say of a child to the record as it should be. Pure.

- A placement covers [DECOM, DEC), from midnight to midnight in London. A row that changes the legal status
  only (RNE L) goes on with the placement before it; every other one begins a new placement, T and U too: the
  carers are the same, the place is not.
- A legal status is a run of rows with the same code, one at once after the other.
- Where two years' files overlap, an episode ends where the next one begins.
- A period of being missing or away is an absence of its own, but for one: missing until the day on which away
  begins is a child found and not yet back, one absence of two spells.
- The files know no times. A moment is midnight of its day in London; whatever comes after something else of
  the same day, a minute later. Every such time is marked as a guess.
- Open on the 18th birthday, a period ends on it (903 guide): then nobody came back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from casework.front.imports.kept import care_key
from casework.front.imports.merging import ChildRows
from casework.front.imports.rows import CareEpisode, Child, MissingPeriod
from casework.records import code_lists
from casework.records.local_time import WALL

LEGAL_STATUS_ONLY: Final = "L"
GOES_ON: Final = "X1"
A_MINUTE: Final = timedelta(minutes=1)
CATEGORY_OF: Final = {"M": "missing", "A": "away"}
NO_UPN: Final = "UN"  # UN1 to UN5 say why there is no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A child as the registers describe them."""

    reference: str
    first_name: str
    last_name: str
    born_on: date
    sex: str
    ethnicity: str
    upn: str
    is_unaccompanied: bool
    unaccompanied_until: date | None
    team: str
    worker_email: str


@dataclass(frozen=True, slots=True)
class Stay:
    """A placement over [start_on, end_on). `keys` are the rows that it follows from."""

    start_on: date
    end_on: date | None
    urn: str
    place_code: str
    provider_code: str
    reason_ended: str
    keys: tuple[str, ...] = field(compare=False)

    def covers(self, day: date) -> bool:
        return self.start_on <= day and (self.end_on is None or day < self.end_on)


@dataclass(frozen=True, slots=True)
class Status:
    """A legal status over [from_on, until_on)."""

    code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """One row of the Missing file as a spell."""

    key: str
    category: str  # missing, away
    start_on: date
    end_on: date | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Periods that belong to one going away. `stay_from` tells the placement that it began in."""

    periods: tuple[Period, ...]
    stay_from: date | None
    is_of_age: bool  # it ended on the 18th birthday

    @property
    def is_open(self) -> bool:
        return self.periods[-1].ended_at is None


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """One child, as the files together say that the record should be."""

    reference: str
    person: Person | None
    stays: tuple[Stay, ...] = ()
    statuses: tuple[Status, ...] = ()
    absences: tuple[Absence, ...] = ()


def derive(rows: ChildRows) -> ChildRecord:
    """The record of one child."""
    care = _one_after_the_other(rows.care)
    stays = tuple(_stays(care))
    return ChildRecord(
        reference=rows.reference,
        person=_person(rows.child, rows) if rows.child else None,
        stays=stays,
        statuses=tuple(_statuses(care)),
        absences=tuple(_absences(rows, stays)),
    )


def midnight(day: date) -> datetime:
    """When the day begins in London, in UTC."""
    return datetime.combine(day, time(0), WALL).astimezone(UTC)


def _person(child: Child, rows: ChildRows) -> Person:
    header, uasc = rows.header, rows.uasc
    return Person(
        reference=child.reference,
        first_name=child.first_name,
        last_name=child.last_name,
        born_on=child.born_on,
        sex=child.sex,
        ethnicity=header.ethnicity if header else "",
        upn=header.upn if header and not header.upn.startswith(NO_UPN) else "",
        is_unaccompanied=child.is_unaccompanied,
        unaccompanied_until=uasc.duc if uasc else None,
        team=child.team,
        worker_email=child.worker_email.lower(),
    )


# ---- care ----


def _one_after_the_other(care: Sequence[CareEpisode]) -> list[CareEpisode]:
    cut = [
        replace(row, dec=after.decom) if row.dec is None or row.dec > after.decom else row
        for row, after in pairwise(care)
    ]
    return [*cut, *care[-1:]]


def _stays(care: Sequence[CareEpisode]) -> Iterator[Stay]:
    standing: Stay | None = None
    for row in care:
        if standing is not None and standing.end_on == row.decom and row.rne == LEGAL_STATUS_ONLY:
            keys = (*standing.keys, care_key(row))
            standing = replace(standing, end_on=row.dec, reason_ended=_why_ended(row), keys=keys)
            continue
        if standing is not None:
            yield standing
        standing = Stay(
            start_on=row.decom,
            end_on=row.dec,
            urn=row.urn.casefold(),
            place_code=row.place,
            provider_code=row.provider_code,
            reason_ended=_why_ended(row),
            keys=(care_key(row),),
        )
    if standing is not None:
        yield standing


def _why_ended(row: CareEpisode) -> str:
    if row.rec == GOES_ON:
        return code_lists.label(code_lists.REASON_PLACE_CHANGE, row.reason_place_change)
    return code_lists.label(code_lists.REASON_CEASED, row.rec)


def _statuses(care: Sequence[CareEpisode]) -> Iterator[Status]:
    running: Status | None = None
    for row in care:
        if running is not None and running.code == row.ls and running.until_on == row.decom:
            running = replace(running, until_on=row.dec)
            continue
        if running is not None:
            yield running
        running = Status(row.ls, row.decom, row.dec)
    if running is not None:
        yield running


# ---- absences ----


def _absences(rows: ChildRows, stays: Sequence[Stay]) -> Iterator[Absence]:
    over_at: datetime | None = None
    for together in _gone_together(rows.missing):
        periods = tuple(_periods(together, over_at))
        over_at = periods[-1].ended_at
        stay = next((stay for stay in stays if stay.covers(periods[0].start_on)), None)
        last = together[-1][1]
        is_of_age = last.end is not None and last.end == eighteenth_birthday(last.born_on)
        yield Absence(periods, stay.start_on if stay else None, is_of_age)


Keyed = tuple[str, MissingPeriod]


def _gone_together(missing: Iterable[Keyed]) -> Iterator[list[Keyed]]:
    """Each absence's rows: one, or missing and then away from the day the child was found."""
    together: list[Keyed] = []
    for one in missing:
        if together and not (len(together) == 1 and _goes_on_as_away(together[0][1], one[1])):
            yield together
            together = []
        together.append(one)
    if together:
        yield together


def _goes_on_as_away(missing: MissingPeriod, after: MissingPeriod) -> bool:
    return missing.kind == "M" and after.kind == "A" and missing.end == after.start


def _periods(together: Iterable[Keyed], over_at: datetime | None) -> Iterator[Period]:
    """The spells of one absence; `over_at` is when the absence before it was over."""
    earliest = over_at + A_MINUTE if over_at else None
    for key, row in together:
        started_at = _not_before(midnight(row.start), earliest)
        ended_at = _not_before(midnight(row.end), started_at) if row.end else None
        earliest = ended_at
        yield Period(key, CATEGORY_OF[row.kind], row.start, row.end, started_at, ended_at)


def _not_before(at: datetime, earliest: datetime | None) -> datetime:
    return at if earliest is None else max(at, earliest)


def eighteenth_birthday(born_on: date) -> date:
    """The day; 1 March for somebody born on 29 February."""
    try:
        return born_on.replace(year=born_on.year + 18)
    except ValueError:
        return date(born_on.year + 18, 3, 1)
