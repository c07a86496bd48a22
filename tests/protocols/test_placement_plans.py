"""What a placement needs, from its facts alone: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from incidents.facts import PlacementFacts
from protocols.clock import explain
from protocols.conditions import Question, holds
from protocols.plan import PlannedStep, plan
from tests.protocols.kits_night import KIT_MISSING, london
from tests.protocols.placed import RULES

MONDAY = london(16, 11)
QUARTER = timedelta(days=91)
BEFORE = "Before this system."

KIT_PLACED = PlacementFacts(
    placement_id=UUID(int=7),
    authority_id=UUID(int=2),
    child_id=UUID(int=3),
    home_id=UUID(int=4),
    team_id=UUID(int=5),
    allocated_worker_id=UUID(int=6),
    placed_at=MONDAY,
    ended_at=None,
    is_withdrawn=False,
    born_on=date(2012, 5, 1),
    age=14,
    indicators=frozenset(),
    is_unaccompanied=False,
    is_out_of_area=False,
    legal_status="C2",
    home_kind="children_home",
    grace=timedelta(minutes=30),
    met={},
)


def steps(facts: PlacementFacts, after: timedelta = timedelta(0)) -> dict[tuple[str, int], PlannedStep]:
    """The plan by code and round, without ladders."""
    return {(s.code, s.round): s for s in plan(RULES, facts, MONDAY + after) if not s.rung}


def signed(at_hours: float, facts: PlacementFacts = KIT_PLACED) -> PlacementFacts:
    at = MONDAY + timedelta(hours=at_hours)
    return replace(facts, indicators=frozenset({"trafficking"}), indicators_at={"trafficking": at})


def test_the_plan_is_due_five_working_days_after_the_move_and_says_why() -> None:
    p1 = steps(KIT_PLACED)["P1", 0]
    assert p1.due_at == london(23, 17)
    assert explain(p1.derivation) == ("Placed Mon 16 Nov 11:00 + 5 working days at 17:00 = Mon 23 Nov 17:00")


def test_the_review_comes_when_the_one_before_it_has_come_due() -> None:
    assert set(steps(KIT_PLACED, timedelta(days=7))) == {("P1", 0)}
    assert steps(KIT_PLACED, timedelta(days=8))["P1", 1].due_at == london(23, 17) + QUARTER


def test_only_a_child_at_risk_of_trafficking_has_the_second_plan_and_at_once() -> None:
    assert ("P2", 0) not in steps(KIT_PLACED)
    assert steps(replace(KIT_PLACED, is_unaccompanied=True))["P2", 0].due_at == MONDAY
    assert steps(signed(-1000))["P2", 0].due_at == MONDAY


def test_a_sign_recorded_later_asks_for_its_step_from_then() -> None:
    p2 = steps(signed(500), timedelta(hours=501))["P2", 0]
    assert p2.due_at == MONDAY + timedelta(hours=500)
    assert p2.anchor_at == MONDAY


def test_what_was_due_before_the_clock_heard_of_it_is_asked_of_nobody_and_the_next_review_is() -> None:
    known_at = MONDAY + timedelta(days=400)
    imported = replace(KIT_PLACED, known_at=known_at, is_unaccompanied=True)
    found = steps(imported, timedelta(days=400))
    assert {key: step.stopped for key, step in found.items()} == {
        ("P1", 0): BEFORE,
        ("P1", 5): None,
        ("P2", 0): BEFORE,
    }
    assert found["P1", 5].due_at == london(23, 17) + 5 * QUARTER  # counted from the true start
    late = replace(signed(401 * 24), known_at=known_at)
    assert steps(late, timedelta(days=402))["P2", 0].stopped is None


def test_a_placement_that_is_over_needs_nothing() -> None:
    for over, words in (
        (replace(KIT_PLACED, ended_at=MONDAY + timedelta(days=2)), "The placement has ended."),
        (replace(KIT_PLACED, is_withdrawn=True), "The child was never placed there."),
        (replace(KIT_PLACED, home_id=None), "The child is not placed in a home."),
    ):
        assert over.is_over
        assert steps(over, timedelta(days=3))["P1", 0].stopped == words


def test_an_episode_has_no_step_of_a_placement_nor_the_other_way_round() -> None:
    of_episode = {step.code[0] for step in plan(RULES, KIT_MISSING, KIT_MISSING.noticed_at)}
    assert "E" in of_episode
    assert "P" not in of_episode
    assert {key[0][0] for key in steps(KIT_PLACED)} == {"P"}


def test_nothing_of_an_absence_is_so_of_a_placement() -> None:
    for asked in (Question("grade_high"), Question("first_episode"), Question("hours_missing_over", (1,))):
        assert not holds(asked, KIT_PLACED, MONDAY)
    assert holds(Question("home_kind_in", codes=("children_home",)), KIT_PLACED, MONDAY)
