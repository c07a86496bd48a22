"""Kit's night, planned: what is due when, why, and what need not be done any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.facts import EpisodeFacts, Met
from protocols.clock import LONDON, explain
from protocols.conditions import Condition, Question
from protocols.plan import CAME_ROUND_AGAIN, plan
from protocols.rulebook import Rung, StepRule, Timing
from tests.protocols.kits_night import (
    KIT_MISSING,
    KIT_NOT_HOME_YET,
    KIT_TRAFFICKED,
    NIGHT,
    RULES,
    back_at,
    due,
    london,
    planned,
    spell,
)

MINUTE, HOUR, ONE_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TIERS = {"R10a", "R10b", "R10c", "R10d"}


def codes(facts: EpisodeFacts) -> set[str]:
    return {code for code, _, _ in planned(facts)}


def rule(code: str) -> StepRule:
    return next(rule for rule in RULES if rule.code == code)


# ---- the night of 22:40 ----


def test_a_trafficked_child_reported_missing_at_2240_without_a_call_to_the_police() -> None:
    steps = planned(KIT_TRAFFICKED)
    phone_police = [(steps["T0", 1, rung].due_at - NIGHT, steps["T0", 1, rung].role) for rung in (0, 1, 2)]
    assert phone_police == [
        (0 * MINUTE, "carer"),
        (5 * MINUTE, "duty_worker"),
        (15 * MINUTE, "team_manager"),
    ]
    assert {code for code, occurrence, rung in steps if rung == 0} == {
        *("E1", "E2", "E3", "E4", "T0", "T1", "T1b", "T3", "T4a", "T4b", "T4c", "T4d"),
        *("T7a", "T7b", "T8a", "T8b", "T8c", "T9", "T10a", "T11", "T12", "T13", "T14", "T15", "T16", "T17"),
    }
    assert due(KIT_TRAFFICKED, "T4a") == NIGHT + HOUR
    assert due(KIT_TRAFFICKED, "T4b") == london(20, 2, 40)  # the same night, not the next day
    assert due(KIT_TRAFFICKED, "T9") == NIGHT + 12 * HOUR


def test_a_referral_of_years_ago_meets_every_spell_and_a_call_only_its_own() -> None:
    ended = replace(KIT_TRAFFICKED.spells[0], ended_at=NIGHT + HOUR)
    again = replace(ended, ordinal=2, started_at=NIGHT + 3 * HOUR, ended_at=None)
    long_ago = Met(london(1, 9), None, "Referred already", lasts=True)
    told = Met(NIGHT + HOUR / 2, None, "The Home Office was told: missing")
    facts = replace(
        KIT_TRAFFICKED, spells=(ended, again), met={"nrm_referred": long_ago, "home_office_told": told}
    )
    steps = planned(facts)
    assert [steps["T4c", spell, 0].met for spell in (1, 2)] == [long_ago, long_ago]
    assert [steps["T4b", spell, 0].met for spell in (1, 2)] == [told, None]


def test_without_any_risk_there_are_ten_minutes_to_phone_and_a_day_to_meet() -> None:
    assert due(KIT_MISSING, "T0") == NIGHT + 10 * MINUTE
    assert due(KIT_MISSING, "T1") == NIGHT
    assert due(KIT_MISSING, "T3") == NIGHT + HOUR
    assert due(KIT_MISSING, "T9") == NIGHT + 24 * HOUR
    assert not {"E2", "T2", "T4a", "T4b", "T4c", "T4d", "T5", "T6", "T10b"} & codes(KIT_MISSING)


@pytest.mark.parametrize(
    "facts",
    [
        replace(KIT_MISSING, police_grade="high"),
        replace(KIT_MISSING, police_grade="low", authority_grade="high"),
        replace(KIT_MISSING, age=12),
        replace(KIT_MISSING, is_unaccompanied=True),
    ],
)
def test_each_high_risk_brings_the_call_and_the_meeting_forward(facts: EpisodeFacts) -> None:
    assert due(facts, "E2") == due(facts, "T0") == NIGHT
    assert due(facts, "T9") == NIGHT + 12 * HOUR


def test_kit_walks_in_at_two_and_only_what_follows_a_return_is_left() -> None:
    steps = planned(back_at(KIT_TRAFFICKED, london(20, 2)))
    assert {code for (code, _, _), step in steps.items() if not step.stopped} == {
        *("R1", "R2a", "R2b", "R2c", "R3", "R4", "R5", "R6", "R7", "R9")
    }
    assert {step.stopped for (code, _, _), step in steps.items() if code == "T9"} == {"The child is back."}
    assert steps["E3", 1, 0].stopped == "The child was recorded missing."  # what came first ended it
    assert not {"L0a", "L1", "L2"} & {code for code, _, _ in steps}
    assert steps["R2a", 1, 0].due_at == london(20, 3)
    assert steps["R4", 1, 0].due_at == london(21, 2)
    assert steps["R5", 1, 0].due_at == london(23, 2)
    assert steps["R9", 1, 0].due_at == london(11, 17, month=12)


# ---- noticed absent ----


def test_the_decision_waits_for_the_grace_that_the_home_agreed() -> None:
    assert due(KIT_NOT_HOME_YET, "E3") == NIGHT + 30 * MINUTE
    later = replace(KIT_NOT_HOME_YET, grace=HOUR)
    assert due(later, "E3") == NIGHT + HOUR
    assert explain(planned(later)["E3", 1, 0].derivation) == (
        "Noticed absent 22:40 + 1 hour agreed for coming back late = 23:40"
    )


def test_the_decision_is_not_needed_once_it_shows_in_the_record() -> None:
    assert planned(KIT_NOT_HOME_YET)["E3", 1, 0].stopped is None
    assert planned(KIT_MISSING)["E3", 1, 0].stopped == "The child was recorded missing."
    away = replace(KIT_MISSING, spells=(spell("away"),))
    assert planned(away)["E3", 1, 0].stopped == "The child was recorded as away."


def test_a_late_return_stops_everything_and_owes_no_interview() -> None:
    steps = planned(back_at(KIT_NOT_HOME_YET, london(19, 23)))
    assert {code for code, _, _ in steps} == {"E1", "E3"}
    assert all(step.stopped == "The child is back." for step in steps.values())


# ---- missing: each spell has its own T ----


def test_the_police_told_before_the_decision_start_the_clock() -> None:
    told = london(19, 22, 20)
    concern = spell("concern", london(19, 22), NIGHT)
    facts = replace(KIT_MISSING, told_police_at=told, spells=(concern, spell("missing", ordinal=2)))
    step = planned(facts)["T3", 2, 0]
    assert (step.anchor_at, step.due_at) == (told, told + HOUR)
    assert explain(step.derivation) == "Police told 22:20 + 1 hour = 23:20"


def test_the_police_told_after_the_decision_do_not_delay_it() -> None:
    assert due(replace(KIT_MISSING, told_police_at=NIGHT + HOUR), "T3") == NIGHT + HOUR


def test_gone_again_brings_the_first_steps_again_and_lets_the_meeting_count_on() -> None:
    found, gone = NIGHT + HOUR, NIGHT + 3 * HOUR
    first = spell("missing", NIGHT, found)
    facts = replace(
        KIT_MISSING,
        spells=(first, spell("missing", gone, ordinal=2)),
        located_at=found,
        told_police_at=NIGHT,
        met={"police_settled": Met(NIGHT, None, "Police reference recorded")},
    )
    steps = planned(facts)
    assert (steps["T0", 1, 0].stopped, steps["T0", 2, 0].stopped) == ("The child was located.", None)
    assert steps["T0", 1, 0].met is not None
    assert steps["T0", 2, 0].met is None  # the first call says nothing about the second night
    assert steps["T0", 2, 0].anchor_at == gone  # nor does the time of it
    assert (steps["T9", 1, 0].due_at, steps["T9", 1, 0].stopped) == (NIGHT + 24 * HOUR, None)
    assert steps["L1", 1, 0].stopped == "The child went missing again."


def test_found_but_staying_away_ends_missing_and_says_so() -> None:
    found = NIGHT + HOUR
    facts = replace(
        KIT_MISSING,
        spells=(spell("missing", NIGHT, found), spell("away", found, ordinal=2)),
        located_at=found,
    )
    assert planned(facts)["T1", 1, 0].stopped == "The child was recorded as away."
    assert planned(facts)["L1", 2, 0].stopped is None


def test_what_the_record_already_shows_is_met_with_its_whole_ladder() -> None:
    settled = Met(NIGHT, None, "Police reference 4411 recorded")
    steps = planned(replace(KIT_MISSING, met={"police_settled": settled}))
    assert [steps["T0", 1, rung].met for rung in (0, 1, 2)] == [settled] * 3
    assert steps["T1", 1, 0].met is None


# ---- located and returned ----


def test_located_is_not_returned() -> None:
    found = NIGHT + 2 * HOUR
    facts = replace(KIT_MISSING, spells=(spell("missing", NIGHT, found),), located_at=found, state="located")
    assert (due(facts, "L1"), due(facts, "L2")) == (found + 30 * MINUTE, found + HOUR)
    assert planned(facts)["T3", 1, 0].stopped == "The child was located."
    assert not {"R2a", "R4", "R5", "R9"} & codes(facts)
    back = replace(facts, returned_at=found + HOUR, state="follow_up")
    assert planned(back)["L1", 1, 0].stopped == "The child is back."
    assert due(back, "R5") == found + 73 * HOUR


@pytest.mark.ac("T16.1")
def test_the_interview_is_due_after_72_elapsed_hours_across_the_clock_change() -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=LONDON)
    facts = back_at(
        replace(KIT_MISSING, noticed_at=friday - 3 * HOUR, spells=(spell("missing", friday),)), friday
    )
    step = planned(facts)["R5", 1, 0]
    assert step.due_at == datetime(2027, 3, 29, 13, tzinfo=LONDON)
    assert explain(step.derivation) == "Returned Fri 26 Mar 12:00 GMT + 72 hours = Mon 29 Mar 13:00 BST"


@pytest.mark.parametrize(
    ("state", "words"),
    [("closed", "The episode was closed."), ("false_report", "The report was mistaken.")],
)
def test_an_ended_episode_stops_what_is_left(state: str, words: str) -> None:
    facts = replace(back_at(KIT_MISSING, london(20, 2)), state=state)
    assert planned(facts)["R9", 1, 0].stopped == words


def test_a_file_closed_at_once_still_tells_everybody_that_the_child_is_back() -> None:
    facts = replace(back_at(KIT_MISSING, london(20, 2)), state="closed")
    assert planned(facts)["R2a", 1, 0].stopped is None


@pytest.mark.ac("T16.4")
def test_a_backdated_report_keeps_due_times_in_the_past() -> None:
    steps = planned(KIT_MISSING, now=NIGHT + 26 * HOUR)
    assert steps["T9", 1, 0].due_at == NIGHT + 24 * HOUR
    assert steps["T9", 1, 0].stopped is None


# ---- rounds, warnings, ladders ----

EVERY_FOUR_HOURS = replace(
    rule("L1"), timings=(Timing(delay=4 * HOUR),), repeat=4 * HOUR, ladder=(Rung(HOUR, "team_manager"),)
)
LOCATED = replace(
    KIT_MISSING, spells=(spell("missing", NIGHT, NIGHT + HOUR),), located_at=NIGHT + HOUR, state="located"
)


@pytest.mark.parametrize(("hours", "rounds"), [(0, 1), (4, 1), (5, 2), (8, 2), (9, 3), (17, 5)])
def test_the_next_round_is_planned_when_the_last_has_come(hours: int, rounds: int) -> None:
    steps = [s for s in plan([EVERY_FOUR_HOURS], LOCATED, NIGHT + hours * HOUR) if s.rung == 0]
    assert [s.due_at for s in steps] == [NIGHT + HOUR + 4 * HOUR * n for n in range(1, rounds + 1)]
    assert [s.round for s in steps] == list(range(rounds))


def test_rounds_end_with_what_they_count_and_explain_themselves() -> None:
    back = replace(LOCATED, returned_at=NIGHT + 6 * HOUR, state="follow_up")
    steps = plan([EVERY_FOUR_HOURS], back, NIGHT + 90 * HOUR)
    assert [(s.round, s.rung) for s in steps] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(s.stopped == "The child is back." for s in steps)
    assert explain(steps[3].derivation) == (
        "Located Thu 19 Nov 23:40 + 4 hours + 1 × 4 hours, not done 1 hour later = Fri 20 Nov 08:40"
    )


def test_a_round_that_was_not_done_gives_way_to_the_next_one() -> None:
    """So that a child who is away for days shows one check to make, and not thirty."""
    rounds = [s for s in plan([EVERY_FOUR_HOURS], LOCATED, NIGHT + 14 * HOUR) if s.rung == 0]
    assert [(s.due_at - NIGHT, s.stopped) for s in rounds] == [
        (5 * HOUR, CAME_ROUND_AGAIN.words),
        (9 * HOUR, CAME_ROUND_AGAIN.words),
        (13 * HOUR, None),
        (17 * HOUR, None),
    ]


def test_what_the_record_shows_settles_the_rounds_that_were_due_by_then() -> None:
    rule_met = replace(EVERY_FOUR_HOURS, met_by="authority_graded")

    def met_at(met: Met) -> list[bool]:
        facts = replace(LOCATED, met={"authority_graded": met})
        return [s.met is not None for s in plan([rule_met], facts, NIGHT + 14 * HOUR) if s.rung == 0]

    late = Met(NIGHT + 13.5 * HOUR, None, "Checked")
    assert met_at(late) == [False, False, True, False]
    early = Met(NIGHT + 12.5 * HOUR, None, "Checked")
    assert met_at(early) == [False, True, False, False]  # it was late for that one
    assert met_at(replace(early, settles=NIGHT + 13 * HOUR)) == [False, False, True, False]


def test_each_change_of_cover_until_the_child_is_found_weekends_too() -> None:
    friday = london(20, 8, 59)
    facts = replace(KIT_MISSING, noticed_at=friday, spells=(spell("missing", friday),))
    hand_over = [s for s in plan([rule("T7b")], facts, london(21, 12)) if s.rung == 0]
    assert [s.due_at for s in hand_over] == [london(20, 9), london(20, 17), london(21, 9), london(21, 17)]
    assert [s.round for s in hand_over] == [0, 1, 2, 3]
    assert explain(hand_over[2].derivation) == (
        "Recorded missing Fri 20 Nov 08:59, change of cover 3 after it = Sat 21 Nov 09:00"
    )


def test_the_change_of_cover_is_by_the_wall_clock_when_the_clocks_change() -> None:
    saturday = london(24, 22, month=10)
    facts = replace(KIT_MISSING, noticed_at=saturday, spells=(spell("missing", saturday),))
    first, second = (s.due_at for s in plan([rule("T7b")], facts, london(25, 12, month=10)) if s.rung == 0)
    assert (first, second) == (london(25, 9, month=10), london(25, 17, month=10))
    assert first - saturday == 12 * HOUR  # eleven hours on the wall, and one twice


@pytest.mark.parametrize(
    ("born_on", "due_on"),
    [
        (date(2012, 3, 2), datetime(2029, 12, 2, 9, tzinfo=UTC)),
        (date(2011, 5, 31), datetime(2029, 2, 28, 9, tzinfo=UTC)),
        (date(2009, 6, 20), datetime(2027, 3, 20, 9, tzinfo=UTC)),
    ],
)
def test_the_eighteenth_birthday_is_planned_for_in_the_morning(born_on: date, due_on: datetime) -> None:
    assert due(replace(KIT_MISSING, born_on=born_on), "T17") == due_on


def test_who_is_nearly_eighteen_is_planned_for_at_once() -> None:
    assert due(replace(KIT_MISSING, born_on=date(2008, 12, 24)), "T17") == NIGHT


def test_nothing_is_due_before_what_makes_it_due_was_known() -> None:
    """Graded high after forty minutes: the assistant director is not forty minutes late."""
    graded = replace(KIT_MISSING, authority_grade="high", graded_at={"authority": NIGHT + 40 * MINUTE})
    assert due(graded, "T2") == NIGHT + 40 * MINUTE
    assert explain(planned(graded)["T2", 1, 0].derivation) == (
        "Recorded missing 22:40, at once, not before it was known to be needed = 23:20"
    )
    assert due(graded, "T0") == NIGHT + 10 * MINUTE  # earlier than the grade, and no reason to wait for it
    assert due(graded, "T6") == NIGHT + 2 * HOUR  # counted from the report, not from the grade
    known_before = replace(graded, graded_at={"authority": NIGHT - HOUR})
    assert due(known_before, "T2") == due(known_before, "T0") == NIGHT
    flagged = replace(KIT_TRAFFICKED, indicators_at={"trafficking": NIGHT + 5 * HOUR})
    assert due(flagged, "T4a") == NIGHT + 5 * HOUR


@pytest.mark.parametrize(
    ("earlier", "tiers"),
    [(0, set()), (1, {"R10a"}), (2, {"R10a", "R10b"}), (5, {"R10a", "R10b", "R10c"}), (9, TIERS)],
)
def test_who_goes_again_and_again_is_brought_to_higher_offices(earlier: int, tiers: set[str]) -> None:
    before = tuple(NIGHT - (20 + 5 * n) * ONE_DAY for n in range(earlier))
    facts = replace(back_at(KIT_MISSING, london(20, 2)), earlier_noticed_at=before)
    assert TIERS & codes(facts) == tiers


def test_the_warning_comes_before_the_due_time_and_never_before_the_beginning() -> None:
    assert planned(KIT_MISSING)["T9", 1, 0].warn_at == NIGHT + 20 * HOUR
    assert planned(KIT_MISSING)["T9", 1, 1].warn_at is None
    hasty = replace(rule("T9"), warn=25 * HOUR)
    assert planned(KIT_MISSING, rules=(hasty,))["T9", 1, 0].warn_at is None


# ---- for all facts ----

moments = st.integers(1_790_000_000, 1_800_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
questions = st.sampled_from(["grade_high", "under_13", "at_risk_of_trafficking", "first_episode"]).map(
    Question
)
conditions: st.SearchStrategy[Condition | None] = st.none() | questions
timings = st.builds(
    Timing,
    delay=st.integers(0, 6000).map(lambda minutes: timedelta(minutes=minutes)),
    when=conditions,
    use_grace=st.booleans(),
) | st.builds(
    Timing, calendar=st.sampled_from(["clock_time", "working_days"]), days=st.integers(1, 9), when=conditions
)


@st.composite
def episodes(draw: st.DrawFn) -> EpisodeFacts:
    noticed = draw(moments)
    ticks = sorted(draw(st.lists(st.integers(0, 9000), min_size=2, max_size=6, unique=True)))
    times = [noticed + timedelta(minutes=tick) for tick in ticks]
    spells = tuple(
        spell(draw(st.sampled_from(["concern", "away", "missing"])), begin, end, ordinal=n)
        for n, (begin, end) in enumerate(zip(times, [*times[1:], None], strict=True), start=1)
    )
    facts = replace(
        KIT_MISSING,
        noticed_at=noticed,
        spells=spells,
        told_police_at=draw(st.none() | st.sampled_from(times)),
        located_at=draw(st.none() | st.sampled_from(times)),
        police_grade=draw(st.sampled_from([None, "low", "high"])),
        age=draw(st.integers(9, 17)),
    )
    return back_at(facts, times[-1] + HOUR) if draw(st.booleans()) else facts


@given(episodes(), moments)
def test_every_planned_step_is_unique_aware_and_explained(facts: EpisodeFacts, now: datetime) -> None:
    steps = plan(RULES, facts, now)
    assert len({step.key for step in steps}) == len(steps)
    for step in steps:
        assert step.due_at.utcoffset() == step.anchor_at.utcoffset() == timedelta(0)
        assert step.anchor_at <= step.due_at
        assert datetime.fromisoformat(step.derivation["due_at"]) == step.due_at
        assert explain(step.derivation)


@given(episodes(), st.lists(timings, min_size=1, max_size=4), timings)
def test_one_more_timing_never_moves_a_step_later(
    facts: EpisodeFacts, some: list[Timing], one_more: Timing
) -> None:
    fewer = replace(rule("T3"), timings=tuple(some))
    more = replace(fewer, timings=(*some, one_more))
    after = {step.key: step.due_at for step in plan([more], facts, NIGHT)}
    for step in plan([fewer], facts, NIGHT):
        assert after[step.key] <= step.due_at


@given(episodes())
def test_a_rising_grade_never_moves_a_step_later_or_away(facts: EpisodeFacts) -> None:
    raised = {s.key: s.due_at for s in plan(RULES, replace(facts, police_grade="high"), NIGHT)}
    for step in plan(RULES, facts, NIGHT):
        assert raised[step.key] <= step.due_at
