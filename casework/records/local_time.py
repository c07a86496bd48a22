"""What a clock on an English wall means. Pure: no database, no "now".

Twice a year the wall lies: one hour in March never happens, one in October happens twice.
"""

from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

WALL = ZoneInfo("Europe/London")

Which = Literal["before", "after"]  # the clocks went back: the first time round, or the second


class NonExistent(ValueError):
    """The clocks went forward over this time."""


class Ambiguous(ValueError):
    """The clocks went back, so this time happened twice. Ask which."""


def parse_local(day: date, clock: time, which: Which | None = None) -> datetime:
    """The moment, in UTC. `which` is only listened to in the hour that happened twice."""
    wall = datetime.combine(day, clock, tzinfo=WALL)
    first, second = wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first == second:
        return first
    if first.astimezone(WALL).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NonExistent
    if which is None:
        raise Ambiguous
    return first if which == "before" else second


def clocks_change_on(day: date) -> bool:
    """Whether this local day has 23 or 25 hours, so that a bare clock time on it may mislead."""
    first = datetime.combine(day, time.min, tzinfo=WALL)
    last = datetime.combine(day, time.max, tzinfo=WALL)
    return first.utcoffset() != last.utcoffset()


def eighteenth_birthday(born_on: date) -> date:
    """The day; 1 March for somebody born on 29 February."""
    try:
        return born_on.replace(year=born_on.year + 18)
    except ValueError:
        return date(born_on.year + 18, 3, 1)
