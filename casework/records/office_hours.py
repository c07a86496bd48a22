"""When a council's offices are staffed: Monday to Friday, 9 to 5 on an English wall, not on bank holidays."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

import holidays

from casework.records.times import LONDON

OPENS: Final = time(9)
CLOSES: Final = time(17)
HAND_OVER_BEFORE: Final = timedelta(minutes=30)  # people meet at a change, some of them a little early
SATURDAY: Final = 5
CHANGES_OF_COVER: Final = (OPENS, CLOSES)  # every day, weekends and bank holidays too


def in_office_hours(moment: datetime) -> bool:
    """Whether a child's own worker can be expected at work; if not, the emergency duty team answers."""
    wall = moment.astimezone(LONDON)
    return OPENS <= wall.time() < CLOSES and is_staffed(wall.date())


def end_of_next_working_day(moment: datetime) -> datetime:
    """When the offices close on the first working day after this one: a whole working day to do something."""
    day = moment.astimezone(LONDON).date() + timedelta(days=1)
    while not is_staffed(day):
        day += timedelta(days=1)
    return datetime.combine(day, CLOSES, tzinfo=LONDON)


def cover_began(moment: datetime) -> datetime:
    """The last change of cover, at this moment or before it; in UTC."""
    today = moment.astimezone(LONDON).date()
    days = (today, today - timedelta(days=1))
    changes = (_change(day, at) for day in days for at in reversed(CHANGES_OF_COVER))
    return next(change for change in changes if change <= moment)


def change_at_hand(moment: datetime) -> datetime:
    """The change of cover at which people hand over just now: the last one, or the next when it is near."""
    coming = cover_ends(moment)
    return coming if coming - moment <= HAND_OVER_BEFORE else cover_began(moment)


def cover_ends(moment: datetime) -> datetime:
    """The next change of cover after this moment; in UTC."""
    today = moment.astimezone(LONDON).date()
    days = (today, today + timedelta(days=1))
    changes = (_change(day, at) for day in days for at in CHANGES_OF_COVER)
    return next(change for change in changes if change > moment)


def _change(day: date, at: time) -> datetime:
    """Clocks change at night, so that a change of cover happens once and always."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def is_staffed(day: date) -> bool:
    """Whether the offices open at all that day."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """England's, and none for a year that nobody has published: then the own worker is asked too often."""
    return frozenset(holidays.country_holidays("UK", subdiv="ENG", years=year))
