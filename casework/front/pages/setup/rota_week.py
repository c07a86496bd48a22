"""A week of a rota as a page shows it: who is on duty each day as what, and which hours nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from casework.front.pages.kit.words import calendar_day, wall
from casework.records.models import Leave, LocalAuthority, Provider, Role, RotaShift
from casework.records.rotas import leaves_between, lines_of, rota_roles
from casework.records.shifts import (
    MIDNIGHT,
    ONE_DAY,
    Stretch,
    moment,
    needed_on,
    on_day,
    uncovered,
    without,
)

WEEK: Final = timedelta(days=7)
ROLE_ON_ROTA: Final = {
    Role.SOCIAL_WORKER: "Team on duty, by day",
    Role.DUTY_WORKER: "Emergency duty team",
    Role.TEAM_MANAGER: "Duty team manager",
    Role.SERVICE_MANAGER: "Service manager on call",
    Role.HEAD_OF_SERVICE: "Head of service on call",
    Role.ASSISTANT_DIRECTOR: "Assistant director on call",
    Role.DIRECTOR: "Director on call",
    Role.ON_CALL_MANAGER: "On-call manager",
}


@dataclass(frozen=True)
class OnDuty:
    """One person's shift, on the day on which it begins."""

    line: RotaShift
    note: str = ""  # away, and who stands in

    @property
    def hours(self) -> str:
        line = self.line
        if line.starts == line.ends:
            return f"{line.starts:%H:%M}, for 24 hours"
        return f"{line.starts:%H:%M} to {line.ends:%H:%M}"


@dataclass(frozen=True)
class Cell:
    """One role on one day."""

    role: str
    people: Sequence[OnDuty]
    gaps: Sequence[str]


@dataclass(frozen=True)
class Day:
    day: date
    is_today: bool
    cells: Sequence[Cell]

    @property
    def words(self) -> str:
        return f"{self.day:%A} {self.day.day} {self.day:%B}"


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday, and the roles of which a rota is kept in them."""

    monday: date
    roles: Sequence[str]
    days: Sequence[Day]

    @property
    def words(self) -> str:
        return calendar_day(self.monday)

    @property
    def has_gaps(self) -> bool:
        return any(cell.gaps for day in self.days for cell in day.cells)


def week_of(place: LocalAuthority | Provider, weeks_ahead: int, now: datetime) -> Week:
    """The week so many weeks from this one, in two queries."""
    today = wall(now).date()
    monday = today - today.weekday() * ONE_DAY + weeks_ahead * WEEK
    first, last = moment(monday - ONE_DAY, MIDNIGHT), moment(monday + WEEK + ONE_DAY, MIDNIGHT)
    days = [monday + number * ONE_DAY for number in range(7)]
    ever = list(lines_of(place))
    lines = [line for line in ever if any(on_day(line, day) for day in (days[0] - ONE_DAY, *days))]
    leaves = list(leaves_between({line.user_id for line in lines}, first, last))
    kept = {line.role for line in lines}
    roles = [role for role in rota_roles(place) if role in kept]
    began = {role: min(line.from_on for line in ever if line.role == role) for role in kept}
    return Week(
        monday,
        [ROLE_ON_ROTA[role] for role in roles],
        [
            Day(day, day == today, [_cell(role, day, lines, leaves, began[role]) for role in roles])
            for day in days
        ],
    )


def _cell(role: Role, day: date, lines: Sequence[RotaShift], leaves: Sequence[Leave], began: date) -> Cell:
    """Before a rota of the role began nobody was asked to be there."""
    own = [line for line in lines if line.role == role]
    covered = [
        part
        for line in own
        for start in (day - ONE_DAY, day)
        if (shift := on_day(line, start))
        for part in without(shift, [_stretch(one) for one in _leaves_of(line, leaves) if not one.deputy_id])
    ]
    people = [
        OnDuty(line, _note(_leaves_of(line, leaves), shift)) for line in own if (shift := on_day(line, day))
    ]
    gaps = [_hours(gap) for gap in uncovered(needed_on(role, day), covered)] if day >= began else []
    return Cell(ROLE_ON_ROTA[role], people, gaps)


def _leaves_of(line: RotaShift, leaves: Iterable[Leave]) -> list[Leave]:
    return [one for one in leaves if one.user_id == line.user_id]


def _note(leaves: Iterable[Leave], shift: Stretch) -> str:
    """What is not as the rota says: the first leave that touches the shift."""
    for one in leaves:
        if one.starts_at < shift.end and one.ends_at > shift.start:
            return f"away; {one.deputy.name} stands in" if one.deputy else "away"
    return ""


def _stretch(leave: Leave) -> Stretch:
    return Stretch(leave.starts_at, leave.ends_at)


def _hours(gap: Stretch) -> str:
    """ "09:00 to 17:00"; a day's end is 24:00."""
    end = wall(gap.end)
    return f"{wall(gap.start):%H:%M} to {'24:00' if end.time() == MIDNIGHT else f'{end:%H:%M}'}"
