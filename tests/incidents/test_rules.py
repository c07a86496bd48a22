"""The state machine as domain law has it, and the arithmetic of the interview, without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.records.errors import Conflict, Invalid
from incidents import moments, rules
from incidents.models import Category, InterviewState, State
from incidents.rules import Move, Position

LONDON = ZoneInfo("Europe/London")

# One line a position, one column a move: what the field's rules say, written down a second time.
#   away missing located return sign_off reopen false transfer age_out death join
EXPECTED = """
concern      away missing -        late_back -      -         false_report transferred aged_out died merged
away         -    missing located  follow_up -      -         false_report transferred aged_out died merged
missing      away -       located  follow_up -      -         false_report transferred aged_out died merged
located      away missing -        follow_up -      -         -            transferred aged_out died merged
follow_up    -    -       -        -         closed -         -            transferred aged_out died merged
closed       -    -       -        -         -      follow_up -            transferred aged_out died merged
late_back    -    -       -        -         -      -         -            transferred aged_out died merged
false_report -    -       -        -         -      -         -            -           -        -    -
transferred  -    -       -        -         -      -         -            -           -        -    -
aged_out     -    -       -        -         -      -         -            -           -        -    -
died         -    -       -        -         -      -         -            -           -        -    -
merged       -    -       -        -         -      -         -            -           -        -    -
"""
CASES = [
    (Position(row[0]), move, None if cell == "-" else Position(cell))
    for row in (line.split() for line in EXPECTED.split("\n") if line)
    for move, cell in zip(Move, row[1:], strict=True)
]


def test_the_table_speaks_of_every_position_and_every_move() -> None:
    assert {position for position, _, _ in CASES} == set(Position)
    assert len(CASES) == len(Position) * len(Move)


@pytest.mark.parametrize(("position", "move", "reached"), CASES)
def test_a_move_leads_where_the_table_says_or_is_refused_with_a_sentence(
    position: Position, move: Move, reached: Position | None
) -> None:
    if reached is not None:
        assert rules.follow(move, position) == reached
        return
    with pytest.raises(Conflict) as refusal:
        rules.follow(move, position)
    assert refusal.value.message[0].isupper()
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("position", rules.NOT_BACK)
def test_they_are_back_can_be_said_wherever_the_child_is_not_back(position: Position) -> None:
    assert rules.STATE_OF[rules.follow(Move.RETURN, position)] in (State.FOLLOW_UP, State.LATE_BACK)


def test_a_position_is_the_running_spell_while_open_and_the_state_after() -> None:
    assert rules.position(State.OPEN, Category.AWAY) == Position.AWAY
    assert rules.position(State.LOCATED, None) == Position.LOCATED
    assert all(rules.STATE_OF[position] in State for position in Position)


def test_late_alone_owes_no_interview() -> None:
    assert not rules.owes_interview([Category.CONCERN])
    assert rules.owes_interview([Category.CONCERN, Category.AWAY])
    assert rules.owes_interview([Category.MISSING])


@pytest.mark.ac("T16.1")
@pytest.mark.parametrize(
    ("returned", "due", "zone"),
    [
        (datetime(2027, 3, 26, 12, tzinfo=LONDON), datetime(2027, 3, 29, 13, tzinfo=LONDON), "BST"),
        (datetime(2027, 10, 29, 12, tzinfo=LONDON), datetime(2027, 11, 1, 11, tzinfo=LONDON), "GMT"),
    ],
)
def test_seventy_two_hours_are_elapsed_across_both_clock_changes(
    returned: datetime, due: datetime, zone: str
) -> None:
    due_at = rules.interview_due_at(returned)
    assert due_at == due
    assert due_at.astimezone(LONDON).tzname() == zone
    assert (due_at - returned.astimezone(UTC)).total_seconds() == 259_200


@pytest.mark.parametrize("state", InterviewState)
def test_an_interview_that_was_held_takes_no_other_outcome(state: InterviewState) -> None:
    wanted = [to for to, sources in rules.INTERVIEW_MOVES.items() if state in sources]
    assert (wanted == []) == (state == InterviewState.HELD)
    for to in set(rules.INTERVIEW_MOVES) - set(wanted):
        with pytest.raises(Conflict, match="already has an outcome"):
            rules.refuse_interview_move(state, to)


NOW = datetime(2026, 11, 19, 22, 40, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.ac("B11")
def test_a_time_ahead_of_us_is_refused_and_one_that_a_fast_clock_gave_is_now() -> None:
    with pytest.raises(Invalid, match=r"^That time is in the future\.$"):
        moments.happened("last_seen_at", NOW + timedelta(minutes=10), NOW)
    assert moments.happened("last_seen_at", NOW + timedelta(minutes=4), NOW) == NOW


@pytest.mark.ac("B12")
@pytest.mark.parametrize(
    ("ago", "reason", "code"),
    [
        (timedelta(hours=23), "", None),
        (timedelta(hours=25), "", "late_reason"),
        (timedelta(hours=25), "The phones were down.", None),
        (timedelta(days=31), "The phones were down.", "too_long_ago"),
        (timedelta(days=730), "", "too_long_ago"),
    ],
)
def test_a_report_of_long_ago_needs_its_reason_or_is_refused(
    ago: timedelta, reason: str, code: str | None
) -> None:
    clocks = {"noticed_at": NOW, "last_seen_at": NOW - ago, "left_at": None}
    if code is None:
        known = moments.clocks_of_report(clocks, NOW, reason)
        assert known == {"noticed_at": NOW, "last_seen_at": NOW - ago}
        return
    with pytest.raises(Invalid) as refusal:
        moments.clocks_of_report(clocks, NOW, reason)
    assert refusal.value.code == code


def test_a_clock_time_names_its_day_only_on_another_day() -> None:
    at = datetime(2026, 11, 19, 21, 4, tzinfo=LONDON)
    assert moments.clock_words(at, NOW) == "21:04"
    assert moments.clock_words(at, NOW + timedelta(hours=3)) == "21:04 on 19 November 2026"
