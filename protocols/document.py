"""A protocol as a document: YAML in, every mistake named by line and column; YAML out, meaning the same."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from protocols import clock
from protocols.conditions import read_condition, written
from protocols.marked import (
    DocumentError,
    Fields,
    Misread,
    Problem,
    converted,
    items,
    list_of,
    misread,
    problem_at,
    root,
    text_up_to,
    whole_number,
    word_of,
    yes_or_no,
)
from protocols.rulebook import (
    ANCHORS,
    BASES,
    EVERYONE_TOLD,
    FACTS_THAT_MEET,
    KINDS,
    RESPONSIBLE_ROLES,
    ROLES,
    STOP_EVENTS,
    ProtocolDocument,
    Rung,
    Signatory,
    StepRule,
    Timing,
)
from protocols.safety import broken_promises

DEFAULT: Final = Path(__file__).parent / "documents" / "default.yaml"
DOCUMENT_FIELDS: Final = ("slug", "name", "citation", "effective_from", "signatories", "steps")
STEP_FIELDS: Final = (
    "code",
    "title",
    "what",
    "kind",
    "basis",
    "citation",
    "anchor",
    "due",
    "applies",
    "each_spell",
    "stops",
    "met_by",
    "responsible",
    "told",
    "evidence",
    "repeat",
    "warn",
    "ladder",
)
TIMING_FIELDS: Final = ("after", "use_grace", "at", "days", "working_days", "at_age", "when")
CHANGE_OF_COVER: Final = "change of cover"
SHORTEST_REPEAT: Final = timedelta(minutes=30)
NOWHERE: Final = StepRule("", "", "", "task", "local", "", "E", "carer", (), ())


@lru_cache(maxsize=8)
def read_document(source: str) -> ProtocolDocument:
    """The protocol this YAML describes; DocumentError names everything that is wrong with it.

    The same words are the same protocol, so they are read once: fifty steps take half a second.
    """
    problems: list[Problem] = []
    try:
        document = _document(root(source), problems)
    except Misread as refused:
        problems.append(refused.problem)
    if problems:
        raise DocumentError(problems)
    return document


def _document(node: Node, problems: list[Problem]) -> ProtocolDocument:
    fields = Fields(node, DOCUMENT_FIELDS, problems)
    return ProtocolDocument(
        slug=fields.required(
            "slug", converted(_slug, "a short name in small letters, digits and hyphens"), ""
        ),
        name=fields.required("name", text_up_to(200), ""),
        citation=fields.required("citation", text_up_to(500), ""),
        effective_from=fields.required("effective_from", converted(_day, "a day like 2026-11-30"), date.min),
        signatories=fields.optional("signatories", list_of(lambda n: _signatory(n, problems)), ()),
        steps=fields.required("steps", lambda n: _steps(n, problems), ()),
    )


def _signatory(node: Node, problems: list[Problem]) -> Signatory:
    fields = Fields(node, ("name", "position"), problems)
    return Signatory(
        name=fields.required("name", text_up_to(200), ""),
        position=fields.required("position", text_up_to(200), ""),
    )


def _steps(node: Node, problems: list[Problem]) -> tuple[StepRule, ...]:
    found_before = len(problems)
    where: dict[str, Node] = {}
    steps: list[StepRule] = []
    for item in items(node):
        step = _step(item, problems)
        steps.append(step)
        if step.code and step.code in where:
            problems.append(problem_at(item, f"Step {step.code} stands here twice."))
        where.setdefault(step.code, item)
    if len(problems) == found_before:  # a step half read would break promises it keeps
        for code, fault in broken_promises(steps):
            problems.append(problem_at(where.get(code, node), fault))
    return tuple(steps)


# ---- one step ----


def _step(node: Node, problems: list[Problem]) -> StepRule:
    try:
        fields = Fields(node, STEP_FIELDS, problems)
    except Misread as refused:
        problems.append(refused.problem)
        return NOWHERE
    step = StepRule(
        code=fields.required("code", converted(_code, "a letter and a number, like T9 or T8a"), ""),
        title=fields.required("title", text_up_to(200), ""),
        what=fields.required("what", text_up_to(2000), ""),
        kind=fields.required("kind", word_of(KINDS), "task"),
        basis=fields.required("basis", word_of(BASES), "local"),
        citation=fields.required("citation", text_up_to(500), ""),
        anchor=fields.required("anchor", word_of(ANCHORS), "E"),
        responsible=fields.required("responsible", word_of(RESPONSIBLE_ROLES), "carer"),
        told=fields.optional("told", list_of(word_of((*ROLES, EVERYONE_TOLD))), ()),
        timings=fields.required("due", lambda n: _timings(n, problems), ()),
        applies=fields.optional("applies", read_condition, None),
        stops=fields.optional("stops", list_of(word_of(STOP_EVENTS)), ()),
        met_by=fields.optional("met_by", word_of(FACTS_THAT_MEET), None),
        each_spell=fields.optional("each_spell", yes_or_no, False),
        repeat=fields.optional("repeat", _repeat, None),
        warn=fields.optional("warn", _warning, None),
        evidence=fields.optional("evidence", list_of(text_up_to(200)), ()),
        ladder=fields.optional("ladder", lambda n: _ladder(n, problems), ()),
    )
    if step.kind == "tell" and step.ladder:
        problems.append(
            problem_at(
                fields.nodes["ladder"], "What is told is done when it is told, so it has no ladder to climb."
            )
        )
    if step.repeat and any(timing.calendar == "change_of_cover" for timing in step.timings):
        problems.append(problem_at(fields.nodes["repeat"], "It comes at each change of cover already."))
    return step


def _timings(node: Node, problems: list[Problem]) -> tuple[Timing, ...]:
    if isinstance(node, MappingNode):
        return (_timing(node, problems),)
    timings = list_of(lambda item: _timing(item, problems))(node)
    if not timings:
        raise misread(node, "Say when the step is due.")
    return timings


def _timing(node: Node, problems: list[Problem]) -> Timing:
    """One of: after, perhaps with use_grace; at, perhaps with days; working_days, perhaps with at; at_age.

    What comes `at: change of cover` comes at every change.
    """
    fields = Fields(node, TIMING_FIELDS, problems)
    when = fields.optional("when", read_condition, None)
    given = {name for name in TIMING_FIELDS if name in fields and name != "when"}
    if "after" in given and given <= {"after", "use_grace"}:
        delay = fields.required("after", _duration, timedelta(0))
        return Timing(delay=delay, use_grace=fields.optional("use_grace", yes_or_no, False), when=when)
    if given == {"at_age"}:
        return Timing(calendar="age", months=fields.required("at_age", _age, 1), when=when)
    if given == {"at"} and _is_change_of_cover(fields.nodes["at"]):
        return Timing(calendar="change_of_cover", when=when)
    at = fields.optional("at", converted(_clock_time, "a time like 09:00"), None)
    if "working_days" in given and given <= {"working_days", "at"}:
        days = fields.required("working_days", whole_number(1, 400), 1)
        return Timing(calendar="working_days", days=days, at=at, when=when)
    if "at" in given and given <= {"at", "days"}:
        later = fields.optional("days", _days, None)
        return Timing(calendar="clock_time", days=later, at=at, when=when)
    raise misread(
        node, "Say “after” a duration, “at” a time (on a day “days” later), “working_days” or “at_age”."
    )


def _is_change_of_cover(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == CHANGE_OF_COVER


def _ladder(node: Node, problems: list[Problem]) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for item in items(node):
        fields = Fields(item, ("after", "role"), problems)
        after = fields.required("after", _duration, timedelta(0))
        rung = Rung(after, fields.required("role", word_of(RESPONSIBLE_ROLES), "carer"))
        if rungs and rung.after <= rungs[-1].after:
            raise misread(item, "Each rung comes later than the one before it.")
        rungs.append(rung)
    return tuple(rungs)


def _repeat(node: Node) -> timedelta:
    every = _duration(node)
    if every < SHORTEST_REPEAT:
        raise misread(node, f"A step repeats every {clock.duration_words(SHORTEST_REPEAT)} at most.")
    return every


def _warning(node: Node) -> timedelta:
    ahead = _duration(node)
    if not ahead:
        raise misread(node, "A warning comes some time before the step is due.")
    return ahead


# ---- small values ----


def _matching(pattern: str) -> Callable[[str], str]:
    def convert(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(value)
        return value

    return convert


def _day(value: str) -> date:
    return date.fromisoformat(_iso_day(value))


def _clock_time(value: str) -> time:
    return time.fromisoformat(_hour_and_minute(value))


_age = converted(clock.age_from_words, "an age like 17 years 9 months")
_slug = _matching(r"(?=.{1,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_code = _matching(r"[PEATLRI][0-9]{1,2}[a-z]?")
_iso_day = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_hour_and_minute = _matching(r"[0-9]{2}:[0-9]{2}")
_duration = converted(
    clock.duration_from_words, "a duration like “10 minutes”, “1 hour 30 minutes” or “at once”"
)


def _days(node: Node) -> int | None:
    return whole_number(1, 400)(node)


# ---- writing ----


def write_document(document: ProtocolDocument) -> str:
    """YAML that `read_document` reads back to an equal document."""
    structure = _without_empty(
        {
            "slug": document.slug,
            "name": document.name,
            "citation": document.citation,
            "effective_from": document.effective_from.isoformat(),
            "signatories": [{"name": s.name, "position": s.position} for s in document.signatories],
        }
    )
    structure["steps"] = [_written_step(step) for step in document.steps]
    return yaml.safe_dump(structure, sort_keys=False, allow_unicode=True, width=100)


def _written_step(step: StepRule) -> dict[str, object]:
    return _without_empty(
        {
            "code": step.code,
            "title": step.title,
            "what": step.what,
            "kind": step.kind,
            "basis": step.basis,
            "citation": step.citation,
            "anchor": step.anchor,
            "due": [_written_timing(timing) for timing in step.timings],
            "applies": step.applies and written(step.applies),
            "each_spell": "yes" if step.each_spell else None,
            "stops": list(step.stops),
            "met_by": step.met_by,
            "responsible": step.responsible,
            "told": list(step.told),
            "evidence": list(step.evidence),
            "repeat": step.repeat and clock.duration_words(step.repeat),
            "warn": step.warn and clock.duration_words(step.warn),
            "ladder": [{"after": clock.duration_words(r.after), "role": r.role} for r in step.ladder],
        }
    )


def _written_timing(timing: Timing) -> dict[str, object]:
    if timing.calendar == "elapsed":
        counted: dict[str, object] = {
            "after": clock.duration_words(timing.delay),
            "use_grace": "yes" if timing.use_grace else None,
        }
    elif timing.calendar == "change_of_cover":
        counted = {"at": CHANGE_OF_COVER}
    elif timing.calendar == "age":
        counted = {"at_age": clock.age_words(timing.months or 0)}
    else:
        days_field = "working_days" if timing.calendar == "working_days" else "days"
        counted = {days_field: timing.days, "at": timing.at and f"{timing.at:%H:%M}"}
    return _without_empty({**counted, "when": timing.when and written(timing.when)})


def _without_empty(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, [], ())}
