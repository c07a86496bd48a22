"""When a step applies: small named questions about an episode's facts, joined by all, any and not.

A step that counts from a placement asks about the child and the home; of an absence, which is not there,
nothing is so.

A protocol writes `grade_high`, `repeat: {times: 3, days: 90}` or `any: [under_13, not: first_episode]`.
There is no expression language: what a protocol may ask stands in QUESTIONS, one row each.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode

from casework.records.code_lists import LEGAL_STATUS
from casework.records.office_hours import in_office_hours
from incidents.facts import ChildFacts, EpisodeFacts, PlacementFacts
from protocols.clock import LONDON
from protocols.marked import Fields, Misread, Problem, items, list_of, misread, text, whole_number, word_of

Written = str | dict[str, object]
Facts = EpisodeFacts | PlacementFacts


@dataclass(frozen=True, slots=True)
class Question:
    """A named question; its numbers and codes stand in the order that its row in QUESTIONS gives."""

    name: str
    numbers: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Condition = Question | AllOf | AnyOf | Not


# ---- what may be asked ----

GRADES: Final = ("no_apparent_risk", "low", "medium", "high")
CATEGORIES: Final = ("concern", "away", "missing")
LEGAL_STATUSES: Final = tuple(one.code for one in LEGAL_STATUS)
HOME_KINDS: Final = ("children_home", "secure_home", "fostering", "supported", "school", "other")
EXPLOITATION: Final = ("trafficking", "sexual_exploitation", "criminal_exploitation")
OTHER_INDICATORS: Final = (
    "absconder",
    "medical_need",
    "self_harm",
    "threats_or_injury",
    "with_unknown_adult",
)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """How one question is asked, said and written; `words` has a place for each number and for the codes.

    It is asked of an absence (`ask`), or of the child and the home alone (`ask_child`).
    """

    words: str
    ask: Callable[[EpisodeFacts, datetime, Question], bool] | None = None
    ask_child: Callable[[ChildFacts, Question], bool] | None = None
    numbers: Mapping[str, tuple[int, int]] | None = None  # name -> lowest and highest
    codes: tuple[str, ...] | None = None
    one_code: bool = False
    since: Callable[[Facts, Question], datetime | None] | None = None  # None: from the beginning

    def answer(self, facts: Facts, now: datetime, question: Question) -> bool:
        if self.ask_child is not None:
            return self.ask_child(facts, question)
        return self.ask is not None and isinstance(facts, EpisodeFacts) and self.ask(facts, now, question)


def _graded(facts: EpisodeFacts, grade: str) -> bool:
    enough = GRADES[GRADES.index(grade) :]
    return facts.police_grade in enough or facts.authority_grade in enough


def _graded_since(facts: Facts, grade: str) -> datetime | None:
    if not isinstance(facts, EpisodeFacts):
        return None
    enough = GRADES[GRADES.index(grade) :]
    grades = {"police": facts.police_grade, "authority": facts.authority_grade}
    return min((at for by, at in facts.graded_at.items() if grades.get(by) in enough), default=None)


def _indicated_since(facts: Facts, codes: Collection[str]) -> datetime | None:
    return min((at for code, at in facts.indicators_at.items() if code in codes), default=None)


def _at_risk_since(facts: Facts) -> datetime | None:
    return None if facts.is_unaccompanied else _indicated_since(facts, EXPLOITATION)


def _at_risk_of_trafficking(facts: ChildFacts) -> bool:
    return facts.is_at_risk_of_trafficking


def _repeats(facts: EpisodeFacts, times: int, days: int) -> bool:
    """This episode counts as one; days are calendar days back from the day it was noticed."""
    today = facts.noticed_at.astimezone(LONDON).date()
    ages = ((today - at.astimezone(LONDON).date()).days for at in facts.earlier_noticed_at)
    return 1 + sum(0 <= age <= days for age in ages) >= times


def _time_missing(facts: EpisodeFacts, now: datetime) -> timedelta:
    spells = (spell for spell in facts.spells if spell.category == "missing")
    return sum(((spell.ended_at or now) - spell.started_at for spell in spells), timedelta(0))


def _category_since(facts: EpisodeFacts, codes: Collection[str]) -> datetime | None:
    """A step that asks for a category is not owed from before the child was first in it."""
    return min((spell.started_at for spell in facts.spells if spell.category in codes), default=None)


def _category(facts: EpisodeFacts) -> str | None:
    return facts.spells[-1].category if facts.spells else None


QUESTIONS: Final[Mapping[str, QuestionRow]] = {
    "grade_high": QuestionRow(
        "the police or the authority grade the risk high",
        lambda facts, now, q: _graded(facts, "high"),
        since=lambda facts, q: _graded_since(facts, "high"),
    ),
    "grade_at_least": QuestionRow(
        "the police or the authority grade the risk {codes} or higher",
        lambda facts, now, q: _graded(facts, q.codes[0]),
        codes=GRADES,
        one_code=True,
        since=lambda facts, q: _graded_since(facts, q.codes[0]),
    ),
    "under_13": QuestionRow("the child is under 13", ask_child=lambda facts, q: facts.age < 13),
    "at_risk_of_trafficking": QuestionRow(
        "the child is unaccompanied or at risk of trafficking or exploitation",
        ask_child=lambda facts, q: _at_risk_of_trafficking(facts),
        since=lambda facts, q: _at_risk_since(facts),
    ),
    "out_of_area": QuestionRow(  # what isn't known is never taken for "no"
        "the home is outside the authority's area, or that is not known",
        ask_child=lambda facts, q: facts.is_out_of_area is not False,
    ),
    "absconder": QuestionRow(
        "the child is on remand, bail, curfew, a tag or a secure order",
        ask_child=lambda facts, q: "absconder" in facts.indicators,
        since=lambda facts, q: _indicated_since(facts, ("absconder",)),
    ),
    "medical_need": QuestionRow(
        "the child needs medicine or treatment soon",
        ask_child=lambda facts, q: "medical_need" in facts.indicators,
        since=lambda facts, q: _indicated_since(facts, ("medical_need",)),
    ),
    "has_indicator": QuestionRow(
        "there is a concern about {codes}",
        ask_child=lambda facts, q: not facts.indicators.isdisjoint(q.codes),
        codes=(*EXPLOITATION, *OTHER_INDICATORS),
        since=lambda facts, q: _indicated_since(facts, q.codes),
    ),
    "found_by_police": QuestionRow(
        "a police force says that it has found the child", lambda facts, now, q: facts.found_by_force
    ),
    "identity_known": QuestionRow(
        "it is known that whoever was found is the child",
        lambda facts, now, q: facts.is_identity_known,
        since=lambda facts, q: facts.identity_known_at if isinstance(facts, EpisodeFacts) else None,
    ),
    "harmed": QuestionRow("injuries were recorded with the return", lambda facts, now, q: facts.harmed),
    "at_night": QuestionRow(
        "the absence was noticed outside office hours",
        lambda facts, now, q: not in_office_hours(facts.noticed_at),
    ),
    "first_episode": QuestionRow(
        "it is the child's first episode", lambda facts, now, q: not facts.earlier_noticed_at
    ),
    "repeat": QuestionRow(
        "it is at least the child's episode number {times} within {days} days",
        lambda facts, now, q: _repeats(facts, *q.numbers),
        numbers={"times": (2, 100), "days": (1, 3660)},
    ),
    "hours_missing_over": QuestionRow(
        "the child has been missing for more than {hours} hours",
        lambda facts, now, q: _time_missing(facts, now) > timedelta(hours=q.numbers[0]),
        numbers={"hours": (1, 10_000)},
    ),
    "category_is": QuestionRow(
        "the absence is recorded as {codes}",
        lambda facts, now, q: _category(facts) in q.codes,
        codes=CATEGORIES,
    ),
    "legal_status_in": QuestionRow(
        "the child's legal status is {codes}",
        ask_child=lambda facts, q: facts.legal_status in q.codes,
        codes=LEGAL_STATUSES,
    ),
    "home_kind_in": QuestionRow(
        "the kind of home is {codes}",
        ask_child=lambda facts, q: facts.home_kind in q.codes,
        codes=HOME_KINDS,
    ),
}


# ---- asking ----


def holds(condition: Condition | None, facts: Facts, now: datetime) -> bool:
    """Whether the facts answer yes; no condition always holds."""
    return truth(condition, lambda question: QUESTIONS[question.name].answer(facts, now, question))


def truth(condition: Condition | None, answer: Callable[[Question], bool]) -> bool:
    """The condition's truth, given an answer to each of its questions."""
    match condition:
        case None:
            return True
        case AllOf(parts):
            return all(truth(part, answer) for part in parts)
        case AnyOf(parts):
            return any(truth(part, answer) for part in parts)
        case Not(part):
            return not truth(part, answer)
        case Question():
            return answer(condition)


def known_since(condition: Condition | None, facts: Facts, now: datetime) -> datetime | None:
    """When what makes a condition hold was recorded; None when nothing was that could have come later."""
    match condition:
        case AllOf(parts):
            times = [known_since(part, facts, now) for part in parts]
            return max((at for at in times if at), default=None)
        case AnyOf(parts):
            times = [known_since(part, facts, now) for part in parts if holds(part, facts, now)]
            return min((at for at in times if at), default=None) if None not in times else None
        case Question(name) if since := QUESTIONS[name].since:
            return since(facts, condition)
    return None


def questions_in(condition: Condition | None) -> Iterator[Question]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from questions_in(part)
        case Not(part):
            yield from questions_in(part)
        case Question():
            yield condition


# ---- saying ----


@cache
def in_words(condition: Condition) -> str:
    """As a clause that can follow 'because' or 'if'."""
    match condition:
        case AllOf(parts):
            return ", and ".join(_inner_words(part) for part in parts)
        case AnyOf(parts):
            return ", or ".join(_inner_words(part) for part in parts)
        case Not(part):
            return f"it is not the case that {_inner_words(part)}"
        case Question(name, numbers, codes):
            places = dict(zip(QUESTIONS[name].numbers or (), numbers, strict=True))
            spoken = " or ".join(code.replace("_", " ") for code in codes)
            return QUESTIONS[name].words.format(codes=spoken, **places)


def _inner_words(part: Condition) -> str:
    return in_words(part) if isinstance(part, Question) else f"({in_words(part)})"


# ---- reading and writing ----


def read_condition(node: Node) -> Condition:
    """The condition that stands at this node; Misread names the first thing wrong and where."""
    if isinstance(node, ScalarNode):
        return _plain_question(node)
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        raise misread(node, "One condition is needed here: a question, or all, any or not.")
    key, value = node.value[0]
    match text(key):
        case "all":
            return AllOf(_parts(value))
        case "any":
            return AnyOf(_parts(value))
        case "not":
            return Not(read_condition(value))
        case name:
            return _question_with_arguments(name, key, value)


def _parts(node: Node) -> tuple[Condition, ...]:
    parts = tuple(read_condition(item) for item in items(node))
    if len(parts) < 2:
        raise misread(node, "At least two conditions are needed here.")
    return parts


def _plain_question(node: Node) -> Question:
    name = text(node)
    row = _row(name, node)
    if row.numbers is not None or row.codes is not None:
        raise misread(node, f"“{name}” needs to be told more, for example {_example(name)}.")
    return Question(name)


def _question_with_arguments(name: str, key: Node, value: Node) -> Question:
    row = _row(name, key)
    if row.numbers is not None:
        return Question(name, numbers=_numbers(row.numbers, value))
    if row.codes is not None:
        return Question(name, codes=_codes(row, row.codes, value))
    raise misread(value, f"“{name}” stands alone, without a value.")


def _row(name: str, node: Node) -> QuestionRow:
    if name not in QUESTIONS:
        raise misread(node, f"“{name}” is not a condition. Known: {', '.join(QUESTIONS)}.")
    return QUESTIONS[name]


def _numbers(wanted: Mapping[str, tuple[int, int]], node: Node) -> tuple[int, ...]:
    if len(wanted) == 1:
        return tuple(whole_number(*limits)(node) for limits in wanted.values())
    problems: list[Problem] = []
    fields = Fields(node, tuple(wanted), problems)
    numbers = tuple(fields.required(name, whole_number(*limits), 0) for name, limits in wanted.items())
    if problems:
        raise Misread(problems[0])
    return numbers


def _codes(row: QuestionRow, choices: tuple[str, ...], node: Node) -> tuple[str, ...]:
    read = word_of(choices)
    if row.one_code or isinstance(node, ScalarNode):
        return (read(node),)
    codes = list_of(read)(node)
    if not codes:
        raise misread(node, "Name at least one.")
    return codes


def _example(name: str) -> str:
    row = QUESTIONS[name]
    if row.numbers is None:
        return f"“{name}: {(row.codes or ('',))[-1]}”"
    lowest = {number: limits[0] for number, limits in row.numbers.items()}
    return f"“{name}: {lowest}”" if len(lowest) > 1 else f"“{name}: {next(iter(lowest.values()))}”"


def written(condition: Condition) -> Written:
    """The plain structure that `read_condition` reads back to the same condition."""
    match condition:
        case AllOf(parts):
            return {"all": [written(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case Question(name, numbers, codes):
            if numbers:
                named = dict(zip(QUESTIONS[name].numbers or (), numbers, strict=True))
                return {name: named if len(named) > 1 else numbers[0]}
            if codes:
                return {name: list(codes) if len(codes) > 1 else codes[0]}
            return name


def unwritten(structure: object) -> Condition:
    """The condition that `written` turned into this; ValueError for a structure it never makes."""
    match structure:
        case str(name) if name in QUESTIONS:
            return Question(name)
        case {"all": list(parts)}:
            return AllOf(tuple(unwritten(part) for part in parts))
        case {"any": list(parts)}:
            return AnyOf(tuple(unwritten(part) for part in parts))
        case {"not": part}:
            return Not(unwritten(part))
        case dict() if len(structure) == 1:
            ((name, value),) = structure.items()
            return _question_unwritten(str(name), value)
    raise ValueError(f"Not a condition: {structure!r}")


def _question_unwritten(name: str, value: object) -> Question:
    row = QUESTIONS.get(name)
    match value:
        case int() if row is not None:
            return Question(name, numbers=(value,))
        case dict() if row is not None and row.numbers is not None:
            return Question(name, numbers=tuple(int(value[number]) for number in row.numbers))
        case str() if row is not None:
            return Question(name, codes=(value,))
        case list() if row is not None:
            return Question(name, codes=tuple(str(code) for code in value))
    raise ValueError(f"Not a question: {name}")
