"""When something falls due, and the sentence that says why: pure arithmetic, no database, no 'now'.

Hours are elapsed time, so they are added in UTC: a London time plus `timedelta(hours=72)` is 71 or 73 hours
when the clocks change. Days and working days belong to the local calendar, so they are counted there and
turned into a moment last.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal, NotRequired, TypedDict
from zoneinfo import ZoneInfo

import holidays

from casework.records.office_hours import OPENS

LONDON: Final = ZoneInfo("Europe/London")
ONE_DAY: Final = timedelta(days=1)
ONE_MINUTE: Final = timedelta(minutes=1)
YEAR_IS_SAID_AFTER: Final = timedelta(days=300)
AT_ONCE: Final = "at once"

BankHolidays = Callable[[int], frozenset[date] | None]


class Derivation(TypedDict):
    """A due time's own arithmetic, JSON as it stands: moments in ISO 8601 with offset, durations as PT1H."""

    anchor: str
    anchor_words: str
    anchor_at: str
    calendar: Literal["elapsed", "clock_time", "working_days", "change_of_cover", "age"]
    due_at: str
    delay: NotRequired[str]
    at: NotRequired[str]
    days: NotRequired[int]
    months: NotRequired[int]
    only_a_day: NotRequired[bool]  # the files that the anchor comes from had no times
    not_before: NotRequired[str]  # when what makes it due was recorded: later than the count alone says
    grace: NotRequired[bool]
    condition: NotRequired[str]
    repeat: NotRequired[str]
    round: NotRequired[int]
    rung_after: NotRequired[str]
    holidays_unknown: NotRequired[list[int]]


# ---- moments ----


def after(anchor_at: datetime, delay: timedelta) -> datetime:
    """`delay` of elapsed time later, in UTC."""
    return in_utc(anchor_at) + delay


def next_clock_time(anchor_at: datetime, at: time, days: int | None = None) -> datetime:
    """The first local `at` later than the anchor; with `days`, that of so many calendar days later."""
    day = in_utc(anchor_at).astimezone(LONDON).date()
    if days is not None:
        return local_moment(day + days * ONE_DAY, at)
    today = local_moment(day, at)
    return today if today > anchor_at else local_moment(day + ONE_DAY, at)


def working_days_after(
    anchor_at: datetime, days: int, at: time | None = None, *, known: BankHolidays | None = None
) -> tuple[datetime, tuple[int, ...]]:
    """The moment `days` working days later, and the years whose bank holidays nobody has published.

    In such a year only weekends are left out, so that the answer errs towards the earlier date, never the
    later (reliability of the clock comes before a day off).
    """
    known = known or bank_holidays
    start = in_utc(anchor_at).astimezone(LONDON)
    day, left, unknown = start.date(), days, set[int]()
    while left > 0:
        day += ONE_DAY
        free = known(day.year)
        if free is None:
            unknown.add(day.year)
        if day.weekday() < 5 and day not in (free or ()):
            left -= 1
    return local_moment(day, at or start.time()), tuple(sorted(unknown))


def at_age(born_on: date, months: int) -> datetime:
    """When the offices open on the day the child is so many months old; a short month's last day will do."""
    years, month = divmod(born_on.year * 12 + born_on.month - 1 + months, 12)
    first = date(years, month + 1, 1)
    day = first + (born_on.day - 1) * ONE_DAY
    return local_moment(day if day.month == first.month else day.replace(day=1) - ONE_DAY, OPENS)


def local_moment(day: date, at: time) -> datetime:
    """That time on that day in London, in UTC.

    A time the spring change skipped becomes the first one that exists; a time the autumn change repeats
    is taken at its earlier occurrence.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    moment = wall.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) == wall:
        return moment
    wall = wall.replace(second=0, microsecond=0)
    while True:
        wall += ONE_MINUTE
        moment = wall.replace(tzinfo=LONDON).astimezone(UTC)
        if moment.astimezone(LONDON).replace(tzinfo=None) == wall:
            return moment


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive time is refused, because nobody can say which hour it means."""
    if moment.tzinfo is None:
        raise ValueError(f"A time without its zone: {moment.isoformat()}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


@cache
def bank_holidays(year: int) -> frozenset[date] | None:
    """England's bank holidays of that year, or None where the table has no such year."""
    table = holidays.country_holidays("UK", subdiv="ENG", years=year)
    return frozenset(table) or None


# ---- durations ----

UNITS: Final = {"hour": 3600, "minute": 60, "second": 1}
COUNTED_UNIT: Final = re.compile(r"(\d{1,6}) (hour|minute|second)s?")
COUNTED_AGE: Final = re.compile(r"(?:(\d{1,2}) years?)? ?(?:(\d{1,2}) months?)?")
ISO_DURATION: Final = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?")


def duration_words(delay: timedelta) -> str:
    """'at once', '10 minutes', '1 hour 30 minutes', '72 hours'."""
    counts = zip(_split(delay), UNITS, strict=True)
    return " ".join(_counted(number, unit) for number, unit in counts if number) or AT_ONCE


def duration_from_words(words: str) -> timedelta:
    """The duration that `duration_words` writes exactly so; ValueError for anything else."""
    found = COUNTED_UNIT.findall(words)
    delay = timedelta(seconds=sum(int(number) * UNITS[unit] for number, unit in found))
    if duration_words(delay) != words:
        raise ValueError(f"Not a duration: {words}")
    return delay


@cache
def duration_to_iso(delay: timedelta) -> str:
    """'PT72H', 'PT1H30M'; hours are never turned into days, which need not have 24 of them."""
    counts = zip(_split(delay), "HMS", strict=True)
    return "PT" + ("".join(f"{number}{letter}" for number, letter in counts if number) or "0S")


def duration_from_iso(text: str) -> timedelta:
    """The duration that `duration_to_iso` writes so; ValueError for anything else."""
    found = ISO_DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(f"Not a duration: {text}")
    hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def age_words(months: int) -> str:
    """'17 years 9 months'."""
    years, left = divmod(months, 12)
    counts = ((years, "year"), (left, "month"))
    return " ".join(_counted(number, noun) for number, noun in counts if number)


def age_from_words(words: str) -> int:
    """The months that `age_words` writes exactly so; ValueError for anything else."""
    found = COUNTED_AGE.fullmatch(words)
    years, months = (int(number or 0) for number in found.groups()) if found else (0, 0)
    if not words or age_words(years * 12 + months) != words:
        raise ValueError(f"Not an age: {words}")
    return years * 12 + months


def _split(delay: timedelta) -> tuple[int, int, int]:
    if delay < timedelta(0):
        raise ValueError(f"A duration before its beginning: {delay}")
    minutes, seconds = divmod(int(delay.total_seconds()), 60)
    return minutes // 60, minutes % 60, seconds


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# ---- the sentence ----


def explain(derivation: Derivation) -> str:
    """'Recorded missing 18:40 + 1 hour = 19:40', days named when the two differ, zones when they matter."""
    anchor_at = datetime.fromisoformat(derivation["anchor_at"]).astimezone(LONDON)
    due_at = datetime.fromisoformat(derivation["due_at"]).astimezone(LONDON)
    sum_words = _sum_words(derivation)
    began = _anchor_words(derivation, anchor_at, due_at)
    opening = f"{derivation['anchor_words'].capitalize()} {began}{sum_words}"
    answer = "" if sum_words == f", {AT_ONCE}" else f" = {_moment_words(due_at, beside=anchor_at)}"
    return opening + answer + _remarks(derivation)


def _anchor_words(derivation: Derivation, anchor_at: datetime, due_at: datetime) -> str:
    if derivation.get("only_a_day"):
        return f"{anchor_at:%a} {anchor_at.day} {anchor_at:%b}"
    return _moment_words(anchor_at, beside=due_at)


def _sum_words(derivation: Derivation) -> str:
    words = _counting_words(derivation)
    if "not_before" in derivation:
        words += ", not before it was known to be needed"
    if derivation.get("round") and "repeat" in derivation:
        repeat = duration_words(duration_from_iso(derivation["repeat"]))
        words += f" + {derivation['round']} × {repeat}"
    if "rung_after" in derivation:
        late_by = duration_from_iso(derivation["rung_after"])
        words += f", not done {duration_words(late_by)} later" if late_by else ", not done"
    return words


def _counting_words(derivation: Derivation) -> str:
    if derivation["calendar"] == "working_days":
        by = f" at {derivation['at']}" if "at" in derivation else ""
        return f" + {_counted(derivation['days'], 'working day')}{by}"
    if derivation["calendar"] == "clock_time":
        if "days" in derivation:
            return f" + {_counted(derivation['days'], 'day')} at {derivation['at']}"
        return f", the next {derivation['at']}"
    if derivation["calendar"] == "change_of_cover":
        return f", change of cover {derivation.get('round', 0) + 1} after it"
    if derivation["calendar"] == "age":
        return f", the child is {age_words(derivation['months'])} old"
    delay = duration_from_iso(derivation["delay"])
    if not delay:
        return f", {AT_ONCE}"
    return f" + {duration_words(delay)}" + (" agreed for coming back late" if derivation.get("grace") else "")


def _remarks(derivation: Derivation) -> str:
    remarks = [f"because {derivation['condition']}"] if "condition" in derivation else []
    if "holidays_unknown" in derivation:
        years = ", ".join(str(year) for year in derivation["holidays_unknown"])
        remarks.append(f"bank holidays of {years} not known, so not left out")
    return f" ({'; '.join(remarks)})" if remarks else ""


def _moment_words(moment: datetime, *, beside: datetime) -> str:
    words = f"{moment:%H:%M}"
    if moment.date() != beside.date():
        year = f" {moment.year}" if abs(moment - beside) > YEAR_IS_SAID_AFTER else ""
        words = f"{moment:%a} {moment.day} {moment:%b}{year} {words}"
    if moment.utcoffset() != beside.utcoffset() or _clocks_change_on(moment.date()):
        words += f" {moment.tzname()}"
    return words


def _clocks_change_on(day: date) -> bool:
    noon_before, noon = (datetime.combine(d, time(12), LONDON) for d in (day - ONE_DAY, day))
    return noon_before.utcoffset() != noon.utcoffset()
