"""Protocols as documents: the shipped one, everything that can be wrong with one, and the safety floor."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.records.models import HomeKind, LegalStatusCode
from protocols.conditions import HOME_KINDS, LEGAL_STATUSES, QUESTIONS, AllOf, AnyOf, Condition, Not, Question
from protocols.document import read_document, write_document
from protocols.marked import DocumentError
from protocols.rulebook import (
    ANCHORS,
    FACTS_THAT_MEET,
    RESPONSIBLE_ROLES,
    ProtocolDocument,
    Rung,
    Signatory,
    StepRule,
    Timing,
)
from protocols.safety import FLOOR
from tests.protocols.kits_night import DOCUMENT

DEFAULT = read_document(DOCUMENT)
THE_FLOOR = tuple(step for step in DEFAULT.steps if step.code in FLOOR)


def faults(source: str) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        read_document(source)
    return [str(problem) for problem in refused.value.problems]


def edited(old: str, new: str) -> str:
    assert DOCUMENT.count(old) >= 1
    return DOCUMENT.replace(old, new, 1)


def line_of(words: str) -> int:
    return DOCUMENT[: DOCUMENT.index(words)].count("\n") + 1


# ---- the shipped protocol ----


# Every row of the agreed table; a letter behind a number is a row that two people, or two facts, meet.
ROWS = [
    *("P1", "P2", "E1", "E2", "E3", "E4", "A1", "A2", "A3"),
    *("T0", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9"),
    *("T10", "T11", "T12", "T13", "T14", "T15", "T16", "T17"),
    *("L0", "L1", "L2", "L3", "L4"),
    *("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "I1"),
]


def test_the_default_has_every_row_in_its_order() -> None:
    rows = dict.fromkeys(step.code.rstrip("abcd") for step in DEFAULT.steps)
    assert list(rows) == ROWS
    assert len(DEFAULT.steps) == 59


def test_each_spell_has_its_own_first_steps_and_the_meetings_count_on() -> None:
    again = {step.code for step in DEFAULT.steps if step.anchor == "T" and step.each_spell}
    assert again == {
        *("T0", "T1", "T1b", "T2", "T3", "T4a", "T4b", "T4c", "T4d", "T5", "T6", "T7a", "T8a"),
    }


def test_who_must_act_is_told_on_a_ladder_and_asked_for_evidence() -> None:
    for step in DEFAULT.steps:
        assert step.kind == "tell" or (step.ladder and (step.evidence or step.met_by)), step.code
        assert step.responsible not in {rung.role for rung in step.ladder}, step.code


def test_the_default_says_what_is_binding_and_on_what_ground() -> None:
    basis = {step.code: step.basis for step in DEFAULT.steps}
    assert {code for code, ground in basis.items() if ground == "national_guidance"} == {
        *("P2", "E1", "A1", "T0", "T1", "T1b", "T4a", "T4b", "T4c", "T4d", "T8a", "T8c", "T11", "T17"),
        *("L0a", "L0b", "L0c", "L4", "R1", "R2a", "R2b", "R2c", "R3", "R5"),
    }
    assert all(step.citation for step in DEFAULT.steps)


def test_codes_of_the_record_are_the_codes_a_condition_may_name() -> None:
    assert set(HomeKind.values) == set(HOME_KINDS)
    assert set(LegalStatusCode.values) <= set(LEGAL_STATUSES)


# ---- mistakes, by line and column ----


@pytest.mark.parametrize(
    ("old", "new", "column", "fault"),
    [
        ("    kind: decide", "    knid: decide", 5, "“knid” is not known here."),
        ("    kind: decide", "    kind: maybe", 11, "“maybe” is not one of: task, tell"),
        (
            "      - after: 30 minutes\n        use_grace",
            "      - after: 30 mins\n        use_grace",
            16,
            "duration",
        ),
        (
            "      - after: 10 minutes",
            "      - after: 10 minutes\n        at: 09:00",
            9,
            "Say “after” a duration",
        ),
        ("    responsible: return_interviewer", "    responsible: police", 18, "“police” is not one of"),
        ('        at: "17:00"', "        at: 17:60", 13, "not a time like 09:00"),
        ("      - working_days: 15", "      - working_days: 0", 23, "whole number from 1 to 400"),
        ("  - code: R9", "  - code: R5", 5, "Step R5 stands here twice."),
        ("    met_by: signed_off", "    met_by: sighned_off", 13, "is not one of: told_police"),
        (
            "      - {after: 15 minutes, role: team_manager}",
            "      - {after: 4 minutes, role: team_manager}",
            9,
            "later",
        ),
        ("effective_from: 2026-04-01", "effective_from: 2026-02-30", 17, "not a day like"),
        (
            "          any: [grade_high, under_13, at_risk",
            "          any: [grade_hi, under_13, at_risk",
            17,
            "grade_hi",
        ),
        ("    each_spell: yes", "    each_spell: true", 17, "“true” is not one of: yes, no."),
        (
            "    told: [everyone_told]",
            "    told: [everyone_told]\n    ladder: [{after: 1 hour, role: carer}]",
            13,
            "done when",
        ),
        ("    title: Phone the police", "    title:", 11, "This is empty."),
        ("    title: Phone the police", "    title: &a Phone", 12, "anchors and aliases"),
        ("    title: Phone the police", "    title: !!python/name:os.system x", 12, "Tags are not used"),
        ("    title: Phone the police", "    title: {a: b}", 12, "A text is needed here."),
        ("    anchor: L\n", "    anchor: L\n    repeat: 5 minutes\n", 13, "every 30 minutes at most"),
        ("      - at: change of cover", "      - at: change of guard", 13, "not a time like 09:00"),
        (
            "      - at: change of cover",
            "      - at: change of cover\n    repeat: 8 hours",
            13,
            "each change of cover already",
        ),
        ("at_age: 17 years 9 months", "at_age: 17 years 12 months", 17, "not an age like"),
        ("at_age: 17 years 9 months", "at_age: 17 years 9 months\n        days: 2", 9, "Say “after”"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, column: int, fault: str) -> None:
    found = faults(edited(old, new))
    matching = [problem for problem in found if fault in problem]
    assert len(matching) == 1, found
    assert f", column {column}: " in matching[0]
    assert abs(int(matching[0].split()[1].rstrip(",")) - line_of(old)) <= 2


def test_an_exact_place() -> None:
    source = edited("    kind: decide", "    kind: maybe")
    line = line_of("    kind: decide")
    assert faults(source) == [
        f"line {line}, column 11: “maybe” is not one of: task, tell, decide, meeting, escalate."
    ]


def test_all_mistakes_are_named_in_one_reading() -> None:
    source = edited("    kind: decide", "    kind: maybe").replace("    anchor: L\n", "    anchor: M\n")
    assert [fault.split(": ")[1][:5] for fault in faults(source)] == [
        "“mayb",
        *["“M” i"] * DOCUMENT.count("    anchor: L\n"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "steps",
        "[]",
        "steps: [",
        "a: b\n---\nc: d",
        "name: \x00",
        "steps: " + "[" * 500 + "]" * 500,
        "x" * 500_001,
        "slug: a\nname: b\ncitation: c\neffective_from: 2026-01-01\nsteps: []",
        "{? [a] : b}",
        "steps: [3, {}]",
    ],
)
def test_what_is_not_a_protocol_is_refused_with_a_place(source: str) -> None:
    assert all(fault.startswith("line ") for fault in faults(source))


def test_a_missing_field_points_at_its_step() -> None:
    assert any(
        f"line {line_of('  - code: T0')}, column 5: “anchor” is missing." == fault
        for fault in faults(
            DOCUMENT.replace(
                "    anchor: T\n    each_spell: yes\n    due:\n      - after: 10",
                "    each_spell: yes\n    due:\n      - after: 10",
            )
        )
    )


# ---- the floor: E2, T0 and T1 for a child at high risk ----


def with_step(code: str, **changes: object) -> str:
    steps = tuple(replace(s, **changes) if s.code == code else s for s in DEFAULT.steps)  # type: ignore[arg-type]
    return write_document(replace(DEFAULT, steps=steps))


HIGH_RISK = AnyOf((Question("grade_high"), Question("under_13"), Question("at_risk_of_trafficking")))
AT_ONCE = Timing()
IN_FIVE_MINUTES = Timing(delay=timedelta(minutes=5))


@pytest.mark.parametrize("code", ["E2", "T0", "T1"])
def test_no_variation_removes_the_floor(code: str) -> None:
    without = replace(DEFAULT, steps=tuple(step for step in DEFAULT.steps if step.code != code))
    assert any(f"Step {code} is missing." in fault for fault in faults(write_document(without)))


@pytest.mark.parametrize("code", ["E2", "T0", "T1"])
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"timings": (IN_FIVE_MINUTES,)}, "must be due at once for every child who is graded high"),
        ({"timings": (Timing(use_grace=True),)}, "must be due at once"),
        ({"timings": (Timing(calendar="clock_time", at=time(0)),)}, "must be due at once"),
        (
            {"timings": (IN_FIVE_MINUTES, replace(AT_ONCE, when=AnyOf(HIGH_RISK.parts[:2])))},
            "must be due at once for every child who is at risk of trafficking",
        ),
        ({"applies": Question("under_13")}, "must apply to every child who is graded high"),
        (
            {"applies": AllOf((HIGH_RISK, Question("first_episode")))},
            "must apply to every child who is under 13",
        ),
        ({"applies": AllOf((HIGH_RISK, Not(Question("medical_need"))))}, "must apply to every child"),
        ({"kind": "tell", "ladder": ()}, "must be a task"),
        ({"stops": ("missing",)}, "may only stop"),
        ({"met_by": "authority_graded"}, "may only be met by"),
        ({"anchor": "R"}, "must count from"),
    ],
)
def test_no_variation_delays_or_narrows_the_floor(code: str, changes: dict[str, object], fault: str) -> None:
    assert any(f"Step {code} {fault}" in found for found in faults(with_step(code, **changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"timings": (AT_ONCE,)},
        {"timings": (replace(AT_ONCE, when=HIGH_RISK), replace(AT_ONCE, when=Not(HIGH_RISK)))},
        {"timings": (replace(AT_ONCE, when=Question("first_episode")), replace(AT_ONCE, when=HIGH_RISK))},
        {
            "timings": (
                replace(AT_ONCE, when=Question("grade_at_least", codes=("medium",))),
                replace(AT_ONCE, when=AnyOf(HIGH_RISK.parts[1:])),
            )
        },
        {"applies": AnyOf((HIGH_RISK, Question("out_of_area")))},
        {"ladder": (), "title": "Ring them"},
    ],
)
def test_a_variation_that_keeps_the_floor_is_taken(changes: dict[str, object]) -> None:
    assert read_document(with_step("T0", **changes))


def test_t0_must_come_again_with_each_spell() -> None:
    assert any("each missing spell" in fault for fault in faults(with_step("T0", each_spell=False)))


# ---- there and back ----

words = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), blacklist_characters="\ufeff"),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(bool)
)
durations = st.integers(0, 20_000).map(lambda minutes: timedelta(minutes=minutes))
clock_times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def _question(name: str) -> st.SearchStrategy[Condition]:
    row = QUESTIONS[name]
    numbers = st.tuples(*(st.integers(*limits) for limits in (row.numbers or {}).values()))
    codes = st.lists(
        st.sampled_from(row.codes or ("",)), min_size=1, max_size=1 if row.one_code else 3, unique=True
    ).map(tuple)
    return st.builds(Question, st.just(name), numbers, codes if row.codes else st.just(()))


conditions: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(sorted(QUESTIONS)).flatmap(_question),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
whens = st.none() | conditions
timings = (
    st.builds(Timing, delay=durations, when=whens, use_grace=st.booleans())
    | st.builds(
        Timing,
        calendar=st.just("clock_time"),
        at=clock_times,
        days=st.none() | st.integers(1, 400),
        when=whens,
    )
    | st.builds(
        Timing,
        calendar=st.just("working_days"),
        at=st.none() | clock_times,
        days=st.integers(1, 400),
        when=whens,
    )
    | st.builds(Timing, calendar=st.just("change_of_cover"), when=whens)
    | st.builds(Timing, calendar=st.just("age"), months=st.integers(1, 240), when=whens)
)
ladders = st.lists(
    st.builds(Rung, durations, st.sampled_from(RESPONSIBLE_ROLES)),
    max_size=3,
    unique_by=lambda rung: rung.after,
).map(lambda rungs: tuple(sorted(rungs, key=lambda rung: rung.after)))


def _at_changes(step: StepRule) -> bool:
    return any(timing.calendar == "change_of_cover" for timing in step.timings)


steps = st.builds(
    StepRule,
    code=st.just("A7"),
    title=words,
    what=words,
    kind=st.sampled_from(["task", "decide", "meeting", "escalate"]),
    basis=st.sampled_from(["statutory", "national_guidance", "local"]),
    citation=words,
    anchor=st.sampled_from(ANCHORS),
    responsible=st.sampled_from(RESPONSIBLE_ROLES),
    told=st.lists(st.sampled_from(["police", "everyone_told", "director", "panel"]), unique=True).map(tuple),
    timings=st.lists(timings, min_size=1, max_size=3, unique_by=repr).map(tuple),
    applies=whens,
    stops=st.lists(st.sampled_from(["away", "missing", "located", "returned"]), unique=True).map(tuple),
    met_by=st.none() | st.sampled_from(FACTS_THAT_MEET),
    each_spell=st.booleans(),
    repeat=st.none() | st.integers(30, 9000).map(lambda minutes: timedelta(minutes=minutes)),
    warn=st.none() | st.integers(1, 9000).map(lambda minutes: timedelta(minutes=minutes)),
    evidence=st.lists(words, max_size=3, unique=True).map(tuple),
    ladder=ladders,
).map(lambda step: replace(step, repeat=None) if _at_changes(step) else step)
documents = st.builds(
    ProtocolDocument,
    slug=st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True).filter(str.isascii),
    name=words,
    citation=words,
    effective_from=st.dates(date(1000, 1, 1)),
    signatories=st.lists(st.builds(Signatory, words, words), max_size=2, unique=True).map(tuple),
    steps=steps.map(lambda step: (*THE_FLOOR, step)),
)


@given(documents)
def test_a_document_survives_being_written_and_read(document: ProtocolDocument) -> None:
    assert read_document(write_document(document)) == document


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_never_breaks_the_reader(source: str) -> None:
    with pytest.raises(DocumentError):
        read_document(source)
