"""The floor under every protocol: at high risk, E2, T0 and T1 come at once and can't be taken away.

Checked as a truth table over the questions that a step asks, so that no wording of its conditions, however
tangled, can hide an exception.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Final

from protocols.conditions import Question, questions_in, truth
from protocols.rulebook import Anchor, StepRule, Timing

FLOOR: Final[Mapping[str, Anchor]] = {"E2": "E", "T0": "T", "T1": "T"}
# The parents, where a document asks about them in a step of their own and not in T1. Nor may that be delayed.
FLOOR_WHERE_THERE: Final[Mapping[str, Anchor]] = {"T1b": "T"}
AT_RISK: Final[Mapping[Question, str]] = {
    Question("grade_high"): "graded high",
    Question("under_13"): "under 13",
    Question("at_risk_of_trafficking"): "at risk of trafficking or exploitation",
}
HARMLESS_STOPS: Final = {"located", "returned"}
HARMLESS_FACTS: Final = {None, "told_police", "police_settled"}
HARMLESS_TO_PARENTS: Final = {None, "parents_settled"}
MOST_QUESTIONS: Final = 12  # a truth table of 4,096 rows


def broken_promises(steps: Sequence[StepRule]) -> Iterator[tuple[str, str]]:
    """Code and sentence for every way in which these steps fall through the floor."""
    by_code = {step.code: step for step in steps}
    for code, anchor in FLOOR.items():
        if code not in by_code:
            yield code, f"Step {code} is missing. It protects children at high risk and can't be left out."
        else:
            for fault in _faults(by_code[code], anchor):
                yield code, f"Step {code} {fault}"
    for code, anchor in FLOOR_WHERE_THERE.items():
        if code in by_code:
            for fault in _faults(by_code[code], anchor):
                yield code, f"Step {code} {fault}"


def _faults(step: StepRule, anchor: Anchor) -> Iterator[str]:
    if step.anchor != anchor:
        yield f"must count from {anchor}."
    if step.anchor == "T" and not step.each_spell:
        yield "must come again with each missing spell."
    if step.kind != "task":
        yield "must be a task: a person has to do it."
    if not HARMLESS_STOPS.issuperset(step.stops):
        yield "may only stop when the child is located or returned."
    if step.code in FLOOR and step.met_by not in HARMLESS_FACTS:
        yield "may only be met by what was settled with the police."
    if step.code in FLOOR_WHERE_THERE and step.met_by not in HARMLESS_TO_PARENTS:
        yield "may only be met by telling the parents, or deciding not to."
    for risk, words in AT_RISK.items():
        yield from _faults_at_risk(step, risk, words)


def _faults_at_risk(step: StepRule, risk: Question, words: str) -> Iterator[str]:
    at_once = [timing for timing in step.timings if _is_at_once(timing)]
    conditions = [step.applies, *(timing.when for timing in at_once)]
    asked = {question for condition in conditions for question in questions_in(condition)}
    if len(asked) > MOST_QUESTIONS:
        yield f"asks more than {MOST_QUESTIONS} questions; its safety can't be checked."
        return
    worlds = list(_worlds(asked, risk))
    if not all(truth(step.applies, world.__getitem__) for world in worlds):
        yield f"must apply to every child who is {words}."
    if not all(any(truth(timing.when, world.__getitem__) for timing in at_once) for world in worlds):
        yield f"must be due at once for every child who is {words}."


def _is_at_once(timing: Timing) -> bool:
    return timing.calendar == "elapsed" and timing.delay == timedelta(0) and not timing.use_grace


def _worlds(asked: set[Question], risk: Question) -> Iterator[Mapping[Question, bool]]:
    """Every combination of answers to what is asked, in which the risk is there."""
    certain = {question for question in asked | {risk} if _follows(question, risk)}
    open_questions = sorted(asked - certain, key=repr)
    for answers in product((True, False), repeat=len(open_questions)):
        yield dict(zip(open_questions, answers, strict=True)) | dict.fromkeys(certain, True)


def _follows(question: Question, risk: Question) -> bool:
    is_graded = risk.name == "grade_high" and question.name == "grade_at_least"
    return question == risk or is_graded
