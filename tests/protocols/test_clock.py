"""Due times on ordinary days, over weekends and on the two odd nights of the year."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import clock
from protocols.clock import LONDON, Derivation


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.ac("T16.1")
@pytest.mark.parametrize(
    ("returned", "due"),
    [
        ("2027-03-26T12:00+00:00", "2027-03-29T13:00+01:00"),
        ("2027-10-29T12:00+01:00", "2027-11-01T11:00+00:00"),
        ("2026-11-20T02:00+00:00", "2026-11-23T02:00+00:00"),
    ],
)
def test_72_hours_are_elapsed_hours(returned: str, due: str) -> None:
    at = datetime.fromisoformat(returned)
    assert clock.after(at, timedelta(hours=72)) == utc(due)
    assert (clock.after(at, timedelta(hours=72)) - at).total_seconds() == 259_200


@pytest.mark.ac("T16.1")
def test_adding_hours_to_a_london_time_is_the_trap_we_avoid() -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=LONDON)
    trapped = friday + timedelta(hours=72)
    assert trapped.astimezone(UTC) - friday.astimezone(UTC) == timedelta(hours=71)
    assert clock.after(friday, timedelta(hours=72)) - trapped.astimezone(UTC) == timedelta(hours=1)


@pytest.mark.ac("T16.2")
@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2027, 3, 28), time(1, 30), "2027-03-28T01:00+00:00"),  # skipped: the first that exists
        (date(2027, 3, 28), time(0, 59), "2027-03-28T00:59+00:00"),
        (date(2027, 3, 28), time(2, 0), "2027-03-28T01:00+00:00"),
        (date(2027, 10, 31), time(1, 30), "2027-10-31T00:30+00:00"),  # repeated: the earlier
        (date(2027, 10, 31), time(2, 0), "2027-10-31T02:00+00:00"),
        (date(2027, 7, 1), time(9, 0), "2027-07-01T08:00+00:00"),
    ],
)
def test_a_clock_time_on_a_day(day: date, at: time, moment: str) -> None:
    assert clock.local_moment(day, at) == utc(moment)


@pytest.mark.parametrize(
    ("anchor", "days", "due"),
    [
        ("2026-11-19T22:40+00:00", None, "2026-11-20T09:00+00:00"),
        ("2026-11-20T08:59+00:00", None, "2026-11-20T09:00+00:00"),
        ("2026-11-20T09:00+00:00", None, "2026-11-21T09:00+00:00"),
        ("2026-11-20T08:00+00:00", 1, "2026-11-21T09:00+00:00"),
        ("2027-03-27T22:40+00:00", 1, "2027-03-28T09:00+01:00"),
    ],
)
def test_the_next_nine_in_the_morning(anchor: str, days: int | None, due: str) -> None:
    assert clock.next_clock_time(utc(anchor), time(9), days) == utc(due)


@pytest.mark.ac("T16.3")
@pytest.mark.parametrize(
    ("anchor", "days", "due"),
    [
        ("2026-11-19T22:40+00:00", 1, "2026-11-20T09:00+00:00"),  # Thursday night to Friday
        ("2026-11-20T22:40+00:00", 1, "2026-11-23T09:00+00:00"),  # Friday night to Monday
        ("2027-03-25T22:40+00:00", 1, "2027-03-30T09:00+01:00"),  # over Easter, and the clocks change
        ("2026-12-24T22:40+00:00", 1, "2026-12-29T09:00+00:00"),  # Boxing Day is kept on Monday 28
        ("2026-11-20T02:00+00:00", 15, "2026-12-11T09:00+00:00"),
        ("2026-07-31T23:30+00:00", 1, "2026-08-03T09:00+01:00"),  # Saturday already, in London
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(anchor: str, days: int, due: str) -> None:
    assert clock.working_days_after(utc(anchor), days, time(9)) == (utc(due), ())


@pytest.mark.ac("T16.3")
def test_a_year_without_a_bank_holiday_table_falls_on_the_earlier_date() -> None:
    maundy_thursday = utc("2027-03-25T12:00+00:00")
    moment, unknown = clock.working_days_after(maundy_thursday, 1, time(9), known=lambda year: None)
    assert moment == utc("2027-03-26T09:00+00:00")
    assert moment < clock.working_days_after(maundy_thursday, 1, time(9))[0]
    assert unknown == (2027,)


def test_working_days_without_a_time_keep_the_anchors_own() -> None:
    assert clock.working_days_after(utc("2026-11-20T15:20+00:00"), 1)[0] == utc("2026-11-23T15:20+00:00")


@given(st.datetimes(), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_naive_time_is_refused(moment: datetime, delay: timedelta) -> None:
    with pytest.raises(ValueError, match="without its zone"):
        clock.after(moment, delay)


moments = st.integers(1_577_836_800, 2_208_988_800).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(moments, st.integers(1, 60), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_days_never_come_before_their_anchor_and_are_never_naive(at: datetime, days: int, by: time) -> None:
    by_day = clock.next_clock_time(at, by, days)
    by_working_day, _ = clock.working_days_after(at, days, by)
    assert at < clock.next_clock_time(at, by) <= by_working_day
    assert by_day <= by_working_day
    assert by_working_day.tzinfo is by_day.tzinfo is UTC
    assert by_working_day.astimezone(LONDON).weekday() < 5


@given(st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds)))
def test_durations_survive_being_written(delay: timedelta) -> None:
    assert clock.duration_from_words(clock.duration_words(delay)) == delay
    assert clock.duration_from_iso(clock.duration_to_iso(delay)) == delay


@pytest.mark.parametrize(
    "words", ["", "1h", "60 minutes", "1 hours", "soon", "-5 minutes", "5 minutes 1 hour"]
)
def test_a_duration_written_otherwise_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="Not a duration"):
        clock.duration_from_words(words)


# ---- the sentence ----


def derived(anchor_words: str, anchor_at: str, due_at: str, **counted: object) -> Derivation:
    found: Derivation = {
        "anchor": "T",
        "anchor_words": anchor_words,
        "anchor_at": anchor_at,
        "calendar": "elapsed",
        "due_at": due_at,
    }
    return {**found, **counted}  # type: ignore[typeddict-item]  # each case adds what its calendar needs


@pytest.mark.parametrize(
    ("derivation", "sentence"),
    [
        (
            derived("recorded missing", "2026-11-19T18:40+00:00", "2026-11-19T19:40+00:00", delay="PT1H"),
            "Recorded missing 18:40 + 1 hour = 19:40",
        ),
        (
            derived("recorded missing", "2026-11-19T22:40+00:00", "2026-11-19T22:40+00:00", delay="PT0S"),
            "Recorded missing 22:40, at once",
        ),
        (
            derived("recorded missing", "2026-11-19T22:40+00:00", "2026-11-20T22:40+00:00", delay="PT24H"),
            "Recorded missing Thu 19 Nov 22:40 + 24 hours = Fri 20 Nov 22:40",
        ),
        (
            derived("returned", "2027-03-26T12:00+00:00", "2027-03-29T12:00+00:00", delay="PT72H"),
            "Returned Fri 26 Mar 12:00 GMT + 72 hours = Mon 29 Mar 13:00 BST",
        ),
        (
            derived("recorded missing", "2027-10-31T00:30+00:00", "2027-10-31T01:30+00:00", delay="PT1H"),
            "Recorded missing 01:30 BST + 1 hour = 01:30 GMT",
        ),
        (
            derived(
                "noticed absent",
                "2026-07-01T20:00+00:00",
                "2026-07-01T20:45+00:00",
                delay="PT45M",
                grace=True,
            ),
            "Noticed absent 21:00 + 45 minutes agreed for coming back late = 21:45",
        ),
        (
            derived(
                "recorded missing",
                "2026-11-19T22:40+00:00",
                "2026-11-19T22:45+00:00",
                delay="PT0S",
                condition="the child is 12",
                rung_after="PT5M",
            ),
            "Recorded missing 22:40, at once, not done 5 minutes later = 22:45 (because the child is 12)",
        ),
        (
            derived(
                "returned",
                "2026-11-20T02:00+00:00",
                "2026-12-11T17:00+00:00",
                calendar="working_days",
                days=15,
                at="17:00",
            ),
            "Returned Fri 20 Nov 02:00 + 15 working days at 17:00 = Fri 11 Dec 17:00",
        ),
        (
            derived(
                "located",
                "2026-11-19T10:00+00:00",
                "2026-11-19T18:00+00:00",
                delay="PT4H",
                repeat="PT2H",
                round=2,
            ),
            "Located 10:00 + 4 hours + 2 × 2 hours = 18:00",
        ),
    ],
)
def test_a_due_time_explains_itself(derivation: Derivation, sentence: str) -> None:
    assert clock.explain(derivation) == sentence
