"""Moments and lengths of time as people say them. Pure: whoever calls says what time it is.

`static/js/due.js` goes on counting in the browser with the same sentences.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from casework.records.local_time import WALL, clocks_change_on

SOON = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

DueState = Literal["late", "soon", "later"]


@dataclass(frozen=True)
class Due:
    """A due time in words, and which colour goes with them."""

    state: DueState
    text: str


def wall(at: datetime) -> datetime:
    """The moment on an English wall. One without a zone is a mistake in our code."""
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at.astimezone(WALL)


def clock_time(at: datetime) -> str:
    """22:41, with its zone on the two days a year when that could mean either."""
    local = wall(at)
    return f"{local:%H:%M %Z}" if clocks_change_on(local.date()) else f"{local:%H:%M}"


def clock_seconds(at: datetime) -> str:
    """23:12:08: for what refreshes itself, so that a reader sees that it did."""
    return f"{wall(at):%H:%M:%S}"


def day_name(day: date, today: date) -> str:
    """Today, Yesterday, Tomorrow, Tuesday (within the week), 10 November, 10 November 2025."""
    days = (day - today).days
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get(days)
    if near:
        return near
    if abs(days) < 7:
        return f"{day:%A}"
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"


def moment(at: datetime, now: datetime) -> str:
    """Today 22:41."""
    return f"{day_name(wall(at).date(), wall(now).date())} {clock_time(at)}"


def exactly(at: datetime) -> str:
    """Thursday 19 November 2026, 22:41."""
    local = wall(at)
    return f"{local:%A} {local.day} {local:%B %Y}, {clock_time(at)}"


def calendar_day(day: date) -> str:
    """3 February 2012."""
    return f"{day.day} {day:%B %Y}"


def span(length: timedelta) -> str:
    """12 min, 1 h 32 min, 2 days 1 h. Rounded down: nothing is said to be later than it is."""
    minutes = abs(length) // _MINUTE
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return _plural(days, "day") + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {rest} min" if rest else "")
    return f"{rest} min"


def span_in_full(length: timedelta) -> str:
    """4 hours 57 minutes: for people who meet the words once a year."""
    minutes = abs(length) // _MINUTE
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (0 if days else rest, "minute")]
    return " ".join(_plural(count, unit) for count, unit in parts if count) or "less than a minute"


def ago(at: datetime, now: datetime) -> str:
    """4 seconds ago, 48 minutes ago, 2 hours ago, 6 days ago: one unit, rounded down."""
    seconds = max(0, int((now - at).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            return f"{_plural(seconds // size, unit)} ago"
    return "just now"


def due(at: datetime, now: datetime) -> Due:
    """Late by 1 h 32 min, Due now, Due in 47 min."""
    remaining = at.astimezone(UTC) - now.astimezone(UTC)
    if remaining <= -_MINUTE:
        return Due("late", f"Late by {span(remaining)}")
    if remaining <= timedelta(0):
        return Due("soon", "Due now")
    whole_minutes = -(-remaining // _MINUTE) * _MINUTE  # 52 seconds left are still "in 1 min"
    return Due("soon" if remaining <= SOON else "later", f"Due in {span(whole_minutes)}")


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
