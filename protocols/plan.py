"""What an episode needs, by when and why, from its facts as they are now; pure, so it can always be asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final

from incidents.facts import EpisodeFacts, Met
from protocols import clock
from protocols.clock import Derivation
from protocols.conditions import holds, in_words
from protocols.rulebook import StepRule, Timing
from protocols.starts import Start, Stop, starts

BEFORE_THIS_SYSTEM: Final = Stop("Before this system.")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One row that ought to exist: the step itself (rung 0) or a rung of its ladder.

    `occurrence` is the spell's ordinal for steps that come with each spell, else 1; `round` counts repeats
    from 0. `stopped` says why nobody need do it any more; `met`, that the record shows it done.
    """

    code: str
    occurrence: int
    round: int
    rung: int
    role: str
    due_at: datetime
    warn_at: datetime | None
    anchor_at: datetime
    derivation: Derivation
    stopped: str | None
    met: Met | None

    @property
    def key(self) -> tuple[str, int, int, int]:
        return self.code, self.occurrence, self.round, self.rung


def plan(rules: Sequence[StepRule], facts: EpisodeFacts, now: datetime) -> tuple[PlannedStep, ...]:
    """Every step that applies, in the order of the rules, with its ladder; past due times stay past."""
    return tuple(
        step
        for rule in rules
        if holds(rule.applies, facts, now)
        for start in starts(rule, facts)
        for step in _steps_from(start, rule, facts, now)
    )


def _steps_from(start: Start, rule: StepRule, facts: EpisodeFacts, now: datetime) -> Iterator[PlannedStep]:
    first = _earliest(rule, start, facts, now)
    if first is None:
        return
    rounds = enumerate(_rounds(rule, start, first[0], now))
    for number, due_at in _since_import(rounds, facts.imported_at):
        derivation = _repeated(first[1], rule, number, due_at)
        counted = _here(start, due_at, facts.imported_at)
        yield _rung(counted, rule, number, 0, rule.responsible, due_at, derivation)
        for rung, step_up in enumerate(rule.ladder, start=1):
            climb_at = clock.after(due_at, step_up.after)
            climb: Derivation = {
                **derivation,
                "rung_after": clock.duration_to_iso(step_up.after),
                "due_at": climb_at.isoformat(),
            }
            yield _rung(counted, rule, number, rung, step_up.role, climb_at, climb)


# ---- before this system ----


def _since_import(
    rounds: Iterator[tuple[int, datetime]], imported_at: datetime | None
) -> Iterator[tuple[int, datetime]]:
    """Of the rounds that came before the absence was imported, the first alone: it stands for all of them."""
    return (
        (number, due_at)
        for number, due_at in rounds
        if not number or imported_at is None or due_at >= imported_at
    )


def _here(start: Start, due_at: datetime, imported_at: datetime | None) -> Start:
    """The start as it counts for one round: what was due before the import is not asked of anybody here."""
    if imported_at is None or due_at >= imported_at:
        return start
    return replace(start, stop=BEFORE_THIS_SYSTEM)


def _rung(
    start: Start, rule: StepRule, number: int, rung: int, role: str, due_at: datetime, derivation: Derivation
) -> PlannedStep:
    return PlannedStep(
        code=rule.code,
        occurrence=start.occurrence,
        round=number,
        rung=rung,
        role=role,
        due_at=due_at,
        warn_at=_warn_at(start, rule, due_at) if rung == 0 else None,
        anchor_at=clock.in_utc(start.at),
        derivation=derivation,
        stopped=start.stop.words if start.stop else None,
        met=start.met,
    )


def _warn_at(start: Start, rule: StepRule, due_at: datetime) -> datetime | None:
    """A warning before the step's own beginning would warn of nothing."""
    if rule.warn is None:
        return None
    at = due_at - rule.warn
    return at if at > start.at else None


# ---- rounds ----


def _rounds(rule: StepRule, start: Start, due_at: datetime, now: datetime) -> Iterator[datetime]:
    """The first due time, and each repeat once the one before it has come, until the counting stopped."""
    yield due_at
    if not rule.repeat or (start.stop is not None and start.stop.at is None):
        return
    until = now if start.stop is None or start.stop.at is None else min(now, start.stop.at)
    while due_at <= until:
        due_at = clock.after(due_at, rule.repeat)
        yield due_at


def _repeated(first: Derivation, rule: StepRule, number: int, due_at: datetime) -> Derivation:
    if not rule.repeat or not number:
        return first
    repeat = clock.duration_to_iso(rule.repeat)
    return {**first, "repeat": repeat, "round": number, "due_at": due_at.isoformat()}


# ---- the first due time ----


def _earliest(
    rule: StepRule, start: Start, facts: EpisodeFacts, now: datetime
) -> tuple[datetime, Derivation] | None:
    """Of the timings whose condition holds, the one that falls due first."""
    candidates = (_timed(rule, t, start, facts) for t in rule.timings if holds(t.when, facts, now))
    return min(candidates, key=lambda candidate: candidate[0], default=None)


def _timed(rule: StepRule, timing: Timing, start: Start, facts: EpisodeFacts) -> tuple[datetime, Derivation]:
    derivation: Derivation = {
        "anchor": rule.anchor,
        "anchor_words": start.words,
        "anchor_at": clock.in_utc(start.at).isoformat(),
        "calendar": timing.calendar,
        "due_at": "",
    }
    if timing.when is not None:
        derivation["condition"] = in_words(timing.when)
    due_at = _count(timing, start.at, facts, derivation)
    derivation["due_at"] = due_at.isoformat()
    return due_at, derivation


def _count(timing: Timing, start_at: datetime, facts: EpisodeFacts, derivation: Derivation) -> datetime:
    """The due time; what it was counted with is written into the derivation."""
    if timing.calendar == "elapsed":
        delay = facts.grace if timing.use_grace else timing.delay
        derivation["delay"] = clock.duration_to_iso(delay)
        if timing.use_grace:
            derivation["grace"] = True
        return clock.after(start_at, delay)
    if timing.at is not None:
        derivation["at"] = f"{timing.at:%H:%M}"
    if timing.days is not None:
        derivation["days"] = timing.days
    if timing.calendar == "clock_time":
        return clock.next_clock_time(start_at, timing.at or time(0), timing.days)
    due_at, unknown_years = clock.working_days_after(start_at, timing.days or 1, timing.at)
    if unknown_years:
        derivation["holidays_unknown"] = list(unknown_years)
    return due_at
