"""When a line of a rota runs, and which hours nobody has: pure, by the clock on an English wall.

A shift is two moments, worked out for its day, so that the nights on which clocks change have neither a gap
nor a double hour between two people: one's end is worked out as the other's start is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, Protocol

from casework.records.models import Role
from casework.records.office_hours import CLOSES, OPENS, is_staffed
from casework.records.times import LONDON

ONE_DAY: Final = timedelta(days=1)
MIDNIGHT: Final = time(0)
# Who may stand on an authority's rota: whoever answers the telephone, and those who decide.
ROTA_ROLES: Final = (
    Role.SOCIAL_WORKER,
    Role.DUTY_WORKER,
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
)
BY_DAY: Final = frozenset({Role.SOCIAL_WORKER})  # the duty person of a team; every other rota is out of hours


class Weekly(Protocol):
    """What a line of a rota says; a row of the database says it."""

    @property
    def weekday(self) -> int: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends(self) -> time: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...


class Stretch(NamedTuple):
    """From a moment until another, in UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


def on_day(line: Weekly, day: date) -> Stretch | None:
    """The shift that begins on this day, if one does."""
    if day.weekday() != line.weekday or day < line.from_on or (line.until_on and day > line.until_on):
        return None
    last = day if line.ends > line.starts else day + ONE_DAY
    stretch = Stretch(moment(day, line.starts), moment(last, line.ends))
    return stretch if stretch.start < stretch.end else None


def at_moment(line: Weekly, at: datetime) -> Stretch | None:
    """The shift that is running then, begun that day or the day before."""
    today = at.astimezone(LONDON).date()
    found = (on_day(line, day) for day in (today, today - ONE_DAY))
    return next((one for one in found if one and one.holds(at)), None)


def is_valid_on(line: Weekly, day: date) -> bool:
    """Whether the rota that this line is of is in force that day."""
    return line.from_on <= day and (line.until_on is None or day <= line.until_on)


def is_needed(role: str, at: datetime) -> bool:
    """Whether a rota of this role ought to have somebody at that moment."""
    return any(stretch.holds(at) for stretch in needed_on(role, at.astimezone(LONDON).date()))


def needed_on(role: str, day: date) -> list[Stretch]:
    """The hours of a day for which a rota of this role is kept."""
    if not is_staffed(day):
        return [] if role in BY_DAY else [_between(day, MIDNIGHT, MIDNIGHT)]
    if role in BY_DAY:
        return [_between(day, OPENS, CLOSES)]
    return [_between(day, MIDNIGHT, OPENS), _between(day, CLOSES, MIDNIGHT)]


def uncovered(needed: Collection[Stretch], covered: Collection[Stretch]) -> Iterator[Stretch]:
    """What is left of the needed hours when the covered ones are taken out."""
    for start, end in needed:
        for one in sorted(covered):
            if one.end <= start or one.start >= end:
                continue
            if one.start > start:
                yield Stretch(start, one.start)
            start = max(start, one.end)  # what is left of it
        if start < end:
            yield Stretch(start, end)


def without(stretch: Stretch, gone: Collection[Stretch]) -> list[Stretch]:
    """What is left of a shift while somebody is away."""
    return list(uncovered([stretch], gone))


def _between(day: date, start: time, end: time) -> Stretch:
    return Stretch(moment(day, start), moment(day if end > start else day + ONE_DAY, end))


def moment(day: date, at: time) -> datetime:
    """That time on the wall that day, in UTC: the first of two, and an hour later where there is none."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
