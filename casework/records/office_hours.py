"""When a council's offices are staffed: Monday to Friday, 9 to 5 on an English wall, not on bank holidays."""

from datetime import date, datetime, time
from functools import cache
from typing import Final

import holidays

from casework.records.times import LONDON

OPENS: Final = time(9)
CLOSES: Final = time(17)
SATURDAY: Final = 5


def in_office_hours(moment: datetime) -> bool:
    """Whether a child's own worker can be expected at work; if not, the emergency duty team answers."""
    wall = moment.astimezone(LONDON)
    return (
        wall.weekday() < SATURDAY
        and OPENS <= wall.time() < CLOSES
        and wall.date() not in _bank_holidays(wall.year)
    )


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """England's, and none for a year that nobody has published: then the own worker is asked too often."""
    return frozenset(holidays.country_holidays("UK", subdiv="ENG", years=year))
