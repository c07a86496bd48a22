"""An edition's lines as rows, and back as the values that the planner reads."""

from collections.abc import Iterator, Sequence
from typing import cast

from casework.records.copying import copy_in
from protocols.conditions import Condition, Written, unwritten, written
from protocols.models import ProtocolVersion, Rung, Step, StepTiming
from protocols.rulebook import Anchor, Basis, Calendar, Kind, StepRule, StopEvent
from protocols.rulebook import Rung as RungRule
from protocols.rulebook import Timing as TimingRule


def write_lines(version: ProtocolVersion, rules: Sequence[StepRule]) -> None:
    """One row a step, with its timings and its ladder; written once, when the edition is published."""
    steps = [_step_row(version, ordinal, rule) for ordinal, rule in enumerate(rules, start=1)]
    copy_in(steps)
    pairs = list(zip(steps, rules, strict=True))
    copy_in(row for step, rule in pairs for row in _timing_rows(step, rule))
    copy_in(
        Rung(step=step, ordinal=ordinal, after=rung.after, role=rung.role)
        for step, rule in pairs
        for ordinal, rung in enumerate(rule.ladder, start=1)
    )


def read_lines(version: ProtocolVersion) -> tuple[StepRule, ...]:
    """The rules that `write_lines` was given, in their order."""
    steps = version.steps.order_by("ordinal").prefetch_related("timings", "ladder")
    return tuple(_rule(step) for step in steps)


def _step_row(version: ProtocolVersion, ordinal: int, rule: StepRule) -> Step:
    return Step(
        version=version,
        ordinal=ordinal,
        code=rule.code,
        title=rule.title,
        what=rule.what,
        kind=rule.kind,
        basis=rule.basis,
        citation=rule.citation,
        anchor=rule.anchor,
        responsible=rule.responsible,
        told=list(rule.told),
        applies=_condition_column(rule.applies),
        stops=list(rule.stops),
        met_by=rule.met_by or "",
        each_spell=rule.each_spell,
        repeat=rule.repeat,
        warn=rule.warn,
        evidence=list(rule.evidence),
    )


def _timing_rows(step: Step, rule: StepRule) -> Iterator[StepTiming]:
    for ordinal, timing in enumerate(rule.timings, start=1):
        yield StepTiming(
            step=step,
            ordinal=ordinal,
            delay=timing.delay,
            calendar=timing.calendar,
            at=timing.at,
            days=timing.days,
            months=timing.months,
            when=_condition_column(timing.when),
            use_grace=timing.use_grace,
        )


def _rule(step: Step) -> StepRule:
    """The row as the planner reads it; only what the document's reader had taken was ever written."""
    return StepRule(
        code=step.code,
        title=step.title,
        what=step.what,
        kind=cast("Kind", step.kind),
        basis=cast("Basis", step.basis),
        citation=step.citation,
        anchor=cast("Anchor", step.anchor),
        responsible=step.responsible,
        told=tuple(step.told),
        timings=tuple(_timing(row) for row in sorted(step.timings.all(), key=lambda row: row.ordinal)),
        applies=_condition(step.applies),
        stops=tuple(cast("StopEvent", event) for event in step.stops),
        met_by=step.met_by or None,
        each_spell=step.each_spell,
        repeat=step.repeat,
        warn=step.warn,
        evidence=tuple(step.evidence),
        ladder=tuple(
            RungRule(row.after, row.role) for row in sorted(step.ladder.all(), key=lambda row: row.ordinal)
        ),
    )


def _timing(row: StepTiming) -> TimingRule:
    return TimingRule(
        delay=row.delay,
        calendar=cast("Calendar", row.calendar),
        at=row.at,
        days=row.days,
        months=row.months,
        when=_condition(row.when),
        use_grace=row.use_grace,
    )


def _condition_column(condition: Condition | None) -> Written | None:
    return None if condition is None else written(condition)


def _condition(column: object) -> Condition | None:
    return None if column is None else unwritten(column)
