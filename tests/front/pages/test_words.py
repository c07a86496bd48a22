"""Time in words, on ordinary nights and on the two odd ones."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.front.pages.kit import words
from casework.records.local_time import (
    WALL,
    Ambiguous,
    NonExistent,
    clocks_change_on,
    parse_local,
)

NOW = datetime(2026, 11, 19, 23, 12, 8, tzinfo=UTC)
DUE_SCRIPT = Path(__file__).resolve().parents[3] / "static" / "js" / "due.js"


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (utc(2026, 11, 19, 22, 41), "Today 22:41"),
        (utc(2026, 11, 20, 4), "Tomorrow 04:00"),
        (utc(2026, 11, 18, 9, 5), "Yesterday 09:05"),
        (utc(2026, 11, 17, 22, 5), "Tuesday 22:05"),
        (utc(2026, 11, 21, 16), "Saturday 16:00"),
        (utc(2026, 11, 10, 20, 10), "10 November 20:10"),
        (utc(2025, 11, 10, 20, 10), "10 November 2025 20:10"),
        (utc(2026, 7, 1, 21, 10), "1 July 22:10"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, said: str) -> None:
    assert words.moment(at, NOW) == said


@pytest.mark.ac("T16.2")
def test_the_zone_is_named_on_the_two_odd_days_only() -> None:
    assert words.clock_time(utc(2027, 10, 31, 0, 30)) == "01:30 BST"
    assert words.clock_time(utc(2027, 10, 31, 1, 30)) == "01:30 GMT"
    assert words.clock_time(utc(2027, 3, 28, 12)) == "13:00 BST"
    assert words.clock_time(utc(2027, 3, 27, 12)) == "12:00"
    assert words.clock_time(utc(2027, 7, 1, 12)) == "13:00"
    assert words.exactly(utc(2027, 10, 31, 1, 30)) == "Sunday 31 October 2027, 01:30 GMT"


def test_yesterday_is_a_day_of_the_calendar_even_when_it_had_25_hours() -> None:
    just_after_midnight = utc(2027, 11, 1, 0, 5)
    assert words.moment(utc(2027, 10, 30, 23, 5), just_after_midnight) == "Yesterday 00:05 BST"


@pytest.mark.parametrize(
    ("length", "short", "full"),
    [
        (timedelta(seconds=59), "0 min", "less than a minute"),
        (timedelta(minutes=47), "47 min", "47 minutes"),
        (timedelta(hours=1, minutes=32), "1 h 32 min", "1 hour 32 minutes"),
        (timedelta(hours=14), "14 h", "14 hours"),
        (timedelta(days=1, hours=16, minutes=59), "1 day 16 h", "1 day 16 hours"),
        (timedelta(days=2, hours=1), "2 days 1 h", "2 days 1 hour"),
        (timedelta(days=3), "3 days", "3 days"),
    ],
)
def test_lengths(length: timedelta, short: str, full: str) -> None:
    assert (words.span(length), words.span_in_full(length)) == (short, full)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=4), "4 seconds ago"),
        (timedelta(minutes=1, seconds=30), "1 minute ago"),
        (timedelta(hours=2, minutes=59), "2 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(0), "just now"),
        (timedelta(seconds=-3), "just now"),
    ],
)
def test_ago(before: timedelta, said: str) -> None:
    assert words.ago(NOW - before, NOW) == said


DUES = [
    (timedelta(minutes=46, seconds=52), "soon", "Due in 47 min"),
    (timedelta(seconds=1), "soon", "Due in 1 min"),
    (timedelta(hours=1), "soon", "Due in 1 h"),
    (timedelta(hours=1, seconds=1), "later", "Due in 1 h 1 min"),
    (timedelta(days=1, hours=16), "later", "Due in 1 day 16 h"),
    (timedelta(0), "soon", "Due now"),
    (timedelta(seconds=-59), "soon", "Due now"),
    (timedelta(minutes=-1), "late", "Late by 1 min"),
    (timedelta(hours=-1, minutes=-32), "late", "Late by 1 h 32 min"),
    (timedelta(days=-2, hours=-1), "late", "Late by 2 days 1 h"),
]


@pytest.mark.parametrize(("remaining", "state", "text"), DUES)
def test_due(remaining: timedelta, state: str, text: str) -> None:
    assert words.due(NOW + remaining, NOW) == words.Due(state, text)  # type: ignore[arg-type]  # a parametrized str


def test_the_browser_counts_on_in_the_same_words() -> None:
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if node is None:
        pytest.skip("node is not installed")
    lengths = [remaining // timedelta(milliseconds=1) for remaining, _, _ in DUES]
    script = (
        f'import("file://{DUE_SCRIPT}").then(m => console.log(JSON.stringify({lengths}.map(m.dueWords))))'
    )
    answer = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == [{"state": state, "text": text} for _, state, text in DUES]


def test_a_moment_without_a_zone_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        words.clock_time(datetime(2026, 11, 19, 22, 41))  # noqa: DTZ001


# Local time ---------------------------------------------------------------------------------------


@pytest.mark.ac("T16.2")
def test_the_hour_that_never_was_and_the_hour_that_was_twice() -> None:
    with pytest.raises(NonExistent):
        parse_local(date(2027, 3, 28), time(1, 30), "before")
    with pytest.raises(Ambiguous):
        parse_local(date(2027, 10, 31), time(1, 30))
    assert parse_local(date(2027, 10, 31), time(1, 30), "before") == utc(2027, 10, 31, 0, 30)
    assert parse_local(date(2027, 10, 31), time(1, 30), "after") == utc(2027, 10, 31, 1, 30)
    assert parse_local(date(2027, 10, 31), time(2)) == utc(2027, 10, 31, 2)
    assert parse_local(date(2027, 3, 28), time(2)) == utc(2027, 3, 28, 1)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001  # hypothesis wants bounds without a zone
def test_every_moment_survives_being_read_off_the_wall_and_typed_in(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    local = moment.astimezone(WALL)
    assert parse_local(local.date(), local.time(), "after" if local.fold else "before") == moment


def test_two_days_a_year_change_the_clocks() -> None:
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if clocks_change_on(day)] == [date(2027, 3, 28), date(2027, 10, 31)]
