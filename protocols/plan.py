"""What an episode or a placement needs, by when and why, from its facts as they are now.

Pure, so it can always be asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Final

from casework.records.office_hours import cover_ends
from incidents.facts import EpisodeFacts, Met
from protocols import clock
from protocols.clock import Derivation
from protocols.conditions import Facts, holds, in_words, known_since
from protocols.rulebook import StepRule, Timing
from protocols.starts import Start, Stop, starts

BEFORE_THIS_SYSTEM: Final = Stop("Before this system.")
SOON_AFTER_MIDNIGHT: Final = time(0, 30)
CAME_ROUND_AGAIN: Final = Stop("Not done before it came round again.")


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


def plan(rules: Sequence[StepRule], facts: Facts, now: datetime) -> tuple[PlannedStep, ...]:
    """Every step that applies, in the order of the rules, with its ladder; past due times stay past."""
    return tuple(
        step
        for rule in rules
        if holds(rule.applies, facts, now)
        for start in starts(rule, facts)
        for step in _steps_from(start, rule, facts, now)
    )


def _steps_from(start: Start, rule: StepRule, facts: Facts, now: datetime) -> Iterator[PlannedStep]:
    first = _earliest(rule, start, facts, now)
    if first is None:
        return
    known_at = _known_at(facts)
    for one in _since_known(_rounds(rule, start, first, now), known_at):
        derivation = _derivation_of_round(first[1], rule, one)
        counted = _here(start, rule, one, known_at)
        yield _rung(counted, rule, one.number, 0, rule.responsible, one.due_at, derivation)
        if counted.stop is CAME_ROUND_AGAIN:  # months of hand-overs need no ladders any more
            continue
        for rung, step_up in enumerate(rule.ladder, start=1):
            climb_at = clock.after(one.due_at, step_up.after)
            climb: Derivation = {
                **derivation,
                "rung_after": clock.duration_to_iso(step_up.after),
                "due_at": climb_at.isoformat(),
            }
            yield _rung(counted, rule, one.number, rung, step_up.role, climb_at, climb)


@dataclass(frozen=True, slots=True)
class Round:
    """One time that a step falls due; `next_at` is the time after it, once that has come too."""

    number: int
    due_at: datetime
    next_at: datetime | None = None


def _here(start: Start, rule: StepRule, one: Round, known_at: datetime | None) -> Start:
    """The start as it counts for one round: what settles it, or why nobody need do it any more."""
    if known_at is not None and one.due_at < known_at:
        return replace(start, stop=BEFORE_THIS_SYSTEM)
    if not rule.comes_round:
        return start
    met = start.met if start.met and _settles(start.met, one) else None
    is_passed_over = met is None and one.next_at is not None
    return replace(start, met=met, stop=CAME_ROUND_AGAIN if is_passed_over else start.stop)


def _settles(met: Met, one: Round) -> bool:
    """What was done late, after the next round had come, was that round's."""
    until = met.settles or met.at
    return one.due_at <= until and (one.next_at is None or until < one.next_at)


# ---- before this system ----


def _known_at(facts: Facts) -> datetime | None:
    """When this came here, of what had begun elsewhere; None for what was recorded as it happened."""
    return facts.imported_at if isinstance(facts, EpisodeFacts) else facts.known_at


def _since_known(rounds: Iterator[Round], known_at: datetime | None) -> Iterator[Round]:
    """Of the rounds that came before that moment, the first alone: it stands for all of them."""
    return (one for one in rounds if not one.number or known_at is None or one.due_at >= known_at)


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


def _rounds(
    rule: StepRule, start: Start, first: tuple[datetime, Derivation], now: datetime
) -> Iterator[Round]:
    """The first due time, and each one after it once the one before has come, until the counting stopped."""
    due_at, derivation = first
    is_at_changes = derivation["calendar"] == "change_of_cover"
    if not (rule.repeat or is_at_changes) or (start.stop is not None and start.stop.at is None):
        yield Round(0, due_at)
        return
    until = now if start.stop is None or start.stop.at is None else min(now, start.stop.at)
    for number in count():
        following = cover_ends(due_at) if is_at_changes else _repeat_of(rule, due_at)
        yield Round(number, due_at, following if following <= until else None)
        if due_at > until:
            return
        due_at = following


def _repeat_of(rule: StepRule, due_at: datetime) -> datetime:
    return clock.after(due_at, rule.repeat or timedelta(0))


def _derivation_of_round(first: Derivation, rule: StepRule, one: Round) -> Derivation:
    if not one.number:
        return first
    later: Derivation = {**first, "round": one.number, "due_at": one.due_at.isoformat()}
    if rule.repeat:
        later["repeat"] = clock.duration_to_iso(rule.repeat)
    return later


# ---- the first due time ----


def _earliest(
    rule: StepRule, start: Start, facts: Facts, now: datetime
) -> tuple[datetime, Derivation] | None:
    """Of the timings whose condition holds, the one that falls due first."""
    since = known_since(rule.applies, facts, now)
    candidates = (
        _timed(rule, timing, start, facts, _later(since, known_since(timing.when, facts, now)))
        for timing in rule.timings
        if holds(timing.when, facts, now)
    )
    return min(candidates, key=lambda candidate: candidate[0], default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _timed(
    rule: StepRule, timing: Timing, start: Start, facts: Facts, known: datetime | None
) -> tuple[datetime, Derivation]:
    """Nothing is due before what makes it due was recorded: nobody is late for what nobody had said."""
    derivation: Derivation = {
        "anchor": rule.anchor,
        "anchor_words": start.words,
        "anchor_at": clock.in_utc(start.at).isoformat(),
        "calendar": timing.calendar,
        "due_at": "",
    }
    if _is_only_a_day(start.at, _known_at(facts)):
        derivation["only_a_day"] = True
    if timing.when is not None:
        derivation["condition"] = in_words(timing.when)
    due_at = _count(timing, start.at, facts, derivation)
    if known is not None and known > due_at:
        due_at = clock.in_utc(known)
        derivation["not_before"] = due_at.isoformat()
    derivation["due_at"] = due_at.isoformat()
    return due_at, derivation


def _is_only_a_day(at: datetime, known_at: datetime | None) -> bool:
    """An import puts what it knows the day of soon after midnight."""
    if known_at is None or at >= known_at:
        return False
    return at.astimezone(clock.LONDON).time() < SOON_AFTER_MIDNIGHT


def _count(timing: Timing, start_at: datetime, facts: Facts, derivation: Derivation) -> datetime:
    """The due time; what it was counted with is written into the derivation."""
    if timing.calendar == "elapsed":
        delay = facts.grace if timing.use_grace else timing.delay
        derivation["delay"] = clock.duration_to_iso(delay)
        if timing.use_grace:
            derivation["grace"] = True
        return clock.after(start_at, delay)
    if timing.calendar == "change_of_cover":
        return cover_ends(start_at)
    if timing.calendar == "age":
        derivation["months"] = timing.months or 0
        return max(clock.at_age(facts.born_on, timing.months or 0), clock.in_utc(start_at))
    return _count_days(timing, start_at, derivation)


def _count_days(timing: Timing, start_at: datetime, derivation: Derivation) -> datetime:
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
