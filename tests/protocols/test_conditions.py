"""What a protocol may ask of the facts, and how it is written."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import yaml

from incidents.facts import EpisodeFacts
from protocols.conditions import (
    QUESTIONS,
    Condition,
    holds,
    in_words,
    known_since,
    read_condition,
    unwritten,
    written,
)
from protocols.marked import Misread, root
from tests.protocols.kits_night import KIT_MISSING, KIT_TRAFFICKED, NIGHT, london, spell


def condition(source: str) -> Condition:
    return read_condition(root(source))


def answer(source: str, facts: EpisodeFacts) -> bool:
    return holds(condition(source), facts, NIGHT + timedelta(hours=3))


YES_AND_NO = [
    ("grade_high", replace(KIT_MISSING, police_grade="high"), replace(KIT_MISSING, authority_grade="medium")),
    ("grade_high", replace(KIT_MISSING, police_grade="low", authority_grade="high"), KIT_MISSING),
    (
        "grade_at_least: medium",
        replace(KIT_MISSING, authority_grade="medium"),
        replace(KIT_MISSING, police_grade="low"),
    ),
    ("under_13", replace(KIT_MISSING, age=12), replace(KIT_MISSING, age=13)),
    (
        "at_risk_of_trafficking",
        replace(KIT_MISSING, indicators=frozenset({"criminal_exploitation"})),
        replace(KIT_MISSING, indicators=frozenset({"self_harm"})),
    ),
    ("at_risk_of_trafficking", replace(KIT_MISSING, is_unaccompanied=True), KIT_MISSING),
    ("out_of_area", replace(KIT_MISSING, is_out_of_area=None), replace(KIT_MISSING, is_out_of_area=False)),
    ("absconder", replace(KIT_MISSING, indicators=frozenset({"absconder"})), KIT_MISSING),
    ("medical_need", replace(KIT_MISSING, indicators=frozenset({"medical_need"})), KIT_MISSING),
    (
        "has_indicator: [self_harm, threats_or_injury]",
        replace(KIT_MISSING, indicators=frozenset({"threats_or_injury"})),
        replace(KIT_MISSING, indicators=frozenset({"medical_need"})),
    ),
    ("harmed", replace(KIT_MISSING, harmed=True), KIT_MISSING),
    ("found_by_police", replace(KIT_MISSING, found_by_force=True), KIT_MISSING),
    ("identity_known", KIT_MISSING, replace(KIT_MISSING, found_by_force=True)),
    (
        "identity_known",
        replace(KIT_MISSING, found_by_force=True, identity_known_at=NIGHT),
        replace(KIT_MISSING, found_by_force=True),
    ),
    ("at_night", KIT_MISSING, replace(KIT_MISSING, noticed_at=london(19, 10))),
    (
        "at_night",
        replace(KIT_MISSING, noticed_at=london(21, 10)),
        replace(KIT_MISSING, noticed_at=london(20, 10)),
    ),
    ("first_episode", KIT_MISSING, replace(KIT_MISSING, earlier_noticed_at=(london(1, 20),))),
    (
        "repeat: {times: 3, days: 42}",
        replace(KIT_MISSING, earlier_noticed_at=(london(8, 23, 59, month=10), london(1, 20))),
        replace(KIT_MISSING, earlier_noticed_at=(london(7, 23, 59, month=10), london(1, 20))),
    ),
    (
        "hours_missing_over: 2",
        KIT_MISSING,
        replace(KIT_MISSING, spells=(spell("missing", NIGHT, NIGHT + timedelta(hours=2)),)),
    ),
    (
        "category_is: [away, missing]",
        KIT_MISSING,
        replace(KIT_MISSING, spells=(spell("concern"),)),
    ),
    ("legal_status_in: [C1, C2]", KIT_MISSING, replace(KIT_MISSING, legal_status="V2")),
    ("home_kind_in: children_home", KIT_MISSING, replace(KIT_MISSING, home_kind="fostering")),
    (
        "all: [under_13, not: grade_high]",
        replace(KIT_MISSING, age=12),
        replace(KIT_MISSING, age=12, police_grade="high"),
    ),
    ("any: [under_13, grade_high]", replace(KIT_MISSING, police_grade="high"), KIT_MISSING),
]


@pytest.mark.parametrize(("source", "yes", "no"), YES_AND_NO)
def test_each_question_can_be_answered_both_ways(source: str, yes: EpisodeFacts, no: EpisodeFacts) -> None:
    assert answer(source, yes)
    assert not answer(source, no)


def test_a_condition_is_known_since_what_makes_it_hold_was_recorded() -> None:
    later, later_still = NIGHT + timedelta(hours=1), NIGHT + timedelta(hours=2)
    facts = replace(
        KIT_TRAFFICKED,
        police_grade="high",
        authority_grade="high",
        graded_at={"police": later_still, "authority": later},
        indicators_at={"trafficking": later_still},
    )

    def since(source: str, facts: EpisodeFacts = facts) -> datetime | None:
        return known_since(condition(source), facts, NIGHT)

    assert since("grade_high") == later  # whichever came first
    assert since("at_risk_of_trafficking") == later_still
    assert since("at_risk_of_trafficking", replace(facts, is_unaccompanied=True)) is None
    assert since("any: [grade_high, at_risk_of_trafficking]") == later
    assert since("any: [grade_high, at_night]") is None  # it held from the beginning
    assert since("all: [grade_high, at_risk_of_trafficking, at_night]") == later_still
    assert since("not: under_13") is None
    assert since("grade_high", replace(facts, authority_grade="low")) == later_still


def test_every_question_has_been_asked() -> None:
    asked = " ".join(source for source, _, _ in YES_AND_NO)
    assert [name for name in QUESTIONS if name not in asked] == []


@pytest.mark.parametrize("source", [source for source, _, _ in YES_AND_NO])
def test_a_condition_survives_being_written(source: str) -> None:
    asked = condition(source)
    assert condition(yaml.safe_dump(written(asked))) == asked
    assert unwritten(json.loads(json.dumps(written(asked)))) == asked


@pytest.mark.parametrize(
    "structure", ["under_12", {"under_12": 1}, {}, {"all": "x"}, 3, None, {"a": 1, "b": 2}]
)
def test_a_row_that_is_not_a_condition_is_refused(structure: object) -> None:
    with pytest.raises(ValueError, match="Not a"):
        unwritten(structure)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("under_13", "the child is under 13"),
        (
            "any: [under_13, medical_need]",
            "the child is under 13, or the child needs medicine or treatment soon",
        ),
        ("not: under_13", "it is not the case that the child is under 13"),
        ("repeat: {times: 3, days: 90}", "it is at least the child's episode number 3 within 90 days"),
        ("legal_status_in: [C1, V2]", "the child's legal status is C1 or V2"),
    ],
)
def test_a_condition_can_be_said(source: str, words: str) -> None:
    assert in_words(condition(source)) == words


@pytest.mark.parametrize(
    ("source", "where", "fault"),
    [
        ("under_12", (1, 1), "“under_12” is not a condition"),
        ("any:\n  - under_13\n  - grade_hi", (3, 5), "“grade_hi” is not a condition"),
        ("any: [under_13]", (1, 6), "At least two"),
        ("repeat", (1, 1), "needs to be told more"),
        ("repeat: {times: 3}", (1, 9), "“days” is missing"),
        ("repeat: {times: 1, days: 9}", (1, 17), "whole number from 2"),
        ("repeat: {times: 2, days: ٣}", (1, 26), "whole number"),
        ("under_13: yes", (1, 11), "stands alone"),
        ("grade_at_least: [low, high]", (1, 17), "A text is needed"),
        ("legal_status_in: [C2, C2]", (1, 23), "twice"),
        ("{under_13: , grade_high: }", (1, 1), "One condition"),
        ("__import__: os", (1, 1), "is not a condition"),
    ],
)
def test_what_cannot_be_asked_is_named_with_its_place(
    source: str, where: tuple[int, int], fault: str
) -> None:
    with pytest.raises(Misread) as refused:
        condition(source)
    problem = refused.value.problem
    assert (problem.line, problem.column) == where
    assert fault in problem.message
