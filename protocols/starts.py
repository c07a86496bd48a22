"""Where a rule starts to count in an episode or a placement, and what ends the counting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from incidents.facts import Met, PlacementFacts, SpellFacts, call_counts_from
from protocols.rulebook import StepRule, StopEvent

BACK: Final = "The child is back."
AWAY: Final = "The child was recorded as away."
MISSING: Final = "The child was recorded missing."
LOCATED: Final = "The child was located."
MISSING_AGAIN: Final = "The child went missing again."
PLACEMENT_ENDED: Final = "The placement has ended."
NEVER_PLACED: Final = "The child was never placed there."
NO_HOME: Final = "The child is not placed in a home."
NOT_AWAY_ANY_MORE: Final = "The child is no longer recorded as away."

ENDING_STATES: Final = {
    "closed": "The episode was closed.",
    "late_back": "The child came back late, and was never away or missing.",
    "false_report": "The report was mistaken.",
    "transferred": "Another authority has taken over.",
    "aged_out": "The child turned 18.",
    "died": "The child has died.",
    "merged": "The report was joined to another one.",
}
# In these the last spell ended with the episode itself, not because the child was found.
ENDED_OTHERWISE: Final = frozenset({"false_report", "transferred", "aged_out", "died", "merged"})
CATEGORY_OF_ANCHOR: Final = {"A": "away", "T": "missing"}


class Timeline(Protocol):
    """The facts that start and stop a count. `EpisodeFacts` has them; a firing engine needs no more."""

    @property
    def state(self) -> str: ...
    @property
    def noticed_at(self) -> datetime: ...
    @property
    def spells(self) -> tuple[SpellFacts, ...]: ...
    @property
    def told_police_at(self) -> datetime | None: ...
    @property
    def located_at(self) -> datetime | None: ...
    @property
    def returned_at(self) -> datetime | None: ...
    @property
    def imported_at(self) -> datetime | None: ...
    @property
    def met(self) -> Mapping[str, Met]: ...


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the counting ended, and when, where the facts tell."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """One moment that a rule counts from; `stop` and `met` say why nothing may be left to do."""

    occurrence: int
    at: datetime
    words: str
    stop: Stop | None = None
    met: Met | None = None


def starts(rule: StepRule, facts: Timeline | PlacementFacts) -> Iterator[Start]:
    """Every moment this rule counts from: one, one a spell, or none yet."""
    if isinstance(facts, PlacementFacts):
        if rule.anchor == "P":
            yield _placed_start(rule, facts)
        return
    match rule.anchor:
        case "P":  # counted from a placement, which an episode is not
            return
        case "E":
            yield _start(rule, facts, 1, facts.noticed_at, "noticed absent", _back(facts))
        case "A" | "T":
            yield from _spell_starts(rule, facts)
        case "L":
            yield from _located_start(rule, facts)
        case "R":
            if facts.returned_at is not None and _away_or_missing(facts):
                yield _start(rule, facts, 1, facts.returned_at, "returned", None)
        case "I":
            if facts.imported_at is not None:
                yield _start(rule, facts, 1, facts.imported_at, "imported", _back(facts))


def _start(
    rule: StepRule, facts: Timeline, occurrence: int, at: datetime, words: str, ended: Stop | None
) -> Start:
    """What happened first ended it; a state that ended the episode counts only when nothing else did."""
    ends = [
        stop for stop in (ended, *(_stop_event(event, facts) for event in rule.stops)) if stop is not None
    ]
    stop = min(ends, key=lambda end: end.at or at, default=None) or _ending(rule, facts)
    return Start(occurrence, at, words, stop, facts.met.get(rule.met_by or ""))


# ---- placed ----


def _placed_start(rule: StepRule, facts: PlacementFacts) -> Start:
    met = facts.met.get(rule.met_by or "")
    return Start(1, facts.placed_at, "placed", _placement_over(facts), met)


def _placement_over(facts: PlacementFacts) -> Stop | None:
    if facts.is_withdrawn:
        return Stop(NEVER_PLACED)
    if facts.ended_at is not None:
        return Stop(PLACEMENT_ENDED, facts.ended_at)
    return Stop(NO_HOME) if facts.home_id is None else None


# ---- away and missing: a start for each spell, or one for the first ----


def _spell_starts(rule: StepRule, facts: Timeline) -> Iterator[Start]:
    spells = _spells(facts, CATEGORY_OF_ANCHOR[rule.anchor])
    if not spells:
        return
    if rule.each_spell:
        for spell in spells:
            yield _start_of_spell(rule, facts, spell)
        return
    first = _first_since_back(spells, facts)
    at, words = _spell_anchor(first, facts)
    yield _start(rule, facts, 1, at, words, _spell_stop(spells[-1], facts))


def _start_of_spell(rule: StepRule, facts: Timeline, spell: SpellFacts) -> Start:
    at, words = _spell_anchor(spell, facts)
    start = _start(rule, facts, spell.ordinal, at, words, _spell_stop(spell, facts))
    if start.met is None or start.met.lasts or _belongs(start.met.at, spell, facts):
        return start
    return Start(start.occurrence, start.at, start.words, start.stop)


def _spell_anchor(spell: SpellFacts, facts: Timeline) -> tuple[datetime, str]:
    """Recorded missing, or the police told if earlier: whichever began the clock of this very spell."""
    if spell.category == "away":
        return spell.started_at, "recorded as away"
    told = facts.told_police_at
    if told is not None and told < spell.started_at and _belongs(told, spell, facts):
        return told, "police told"
    return spell.started_at, "recorded missing"


def _belongs(at: datetime, spell: SpellFacts, facts: Timeline) -> bool:
    """What was done in an earlier spell, or after this one ended, says nothing about this one."""
    opened = call_counts_from(spell, facts.spells)
    return (opened is None or at > opened) and (spell.ended_at is None or at <= spell.ended_at)


def _first_since_back(spells: tuple[SpellFacts, ...], facts: Timeline) -> SpellFacts:
    back = facts.returned_at
    return next((s for s in spells if back is not None and s.started_at >= back), spells[0])


def _spell_stop(spell: SpellFacts, facts: Timeline) -> Stop | None:
    back = facts.returned_at
    if back is not None and back >= spell.started_at and (spell.ended_at is None or spell.ended_at >= back):
        return Stop(BACK, back)
    if spell.ended_at is None:
        return None
    following = next((s for s in facts.spells if s.ordinal > spell.ordinal), None)
    if following is not None and following.started_at <= spell.ended_at:
        return Stop(AWAY if following.category == "away" else MISSING, spell.ended_at)
    was_found = facts.located_at is not None and facts.located_at >= spell.started_at
    if following is None and facts.state in ENDED_OTHERWISE and not was_found:
        return Stop(ENDING_STATES[facts.state], spell.ended_at)
    return Stop(LOCATED if spell.category == "missing" else NOT_AWAY_ANY_MORE, spell.ended_at)


# ---- located ----


def _located_start(rule: StepRule, facts: Timeline) -> Iterator[Start]:
    """Nothing to ask about where the child is when being found and coming back were one moment."""
    at, back = facts.located_at, facts.returned_at
    if at is None or (back is not None and back <= at):
        return
    ordinals = [s.ordinal for s in _away_or_missing(facts) if s.started_at <= at]
    again = next((s for s in _spells(facts, "missing") if s.started_at > at), None)
    ended = Stop(MISSING_AGAIN, again.started_at) if again else _back(facts)
    occurrence = max(ordinals, default=1) if rule.each_spell else 1
    yield _start(rule, facts, occurrence, at, "located", ended)


# ---- what ends the counting ----


def _stop_event(event: StopEvent, facts: Timeline) -> Stop | None:
    match event:
        case "away" | "missing":
            spell = next(iter(_spells(facts, event)), None)
            return Stop(AWAY if event == "away" else MISSING, spell.started_at) if spell else None
        case "located":
            return Stop(LOCATED, facts.located_at) if facts.located_at else None
        case "returned":
            return _back(facts)


def _ending(rule: StepRule, facts: Timeline) -> Stop | None:
    """A file that is closed within the hour does not keep people from being told that the child is back."""
    if rule.kind == "tell" and facts.state == "closed":
        return None
    words = ENDING_STATES.get(facts.state)
    return Stop(words) if words else None


def _back(facts: Timeline) -> Stop | None:
    return Stop(BACK, facts.returned_at) if facts.returned_at else None


def _spells(facts: Timeline, category: str) -> tuple[SpellFacts, ...]:
    return tuple(spell for spell in facts.spells if spell.category == category)


def _away_or_missing(facts: Timeline) -> tuple[SpellFacts, ...]:
    return tuple(spell for spell in facts.spells if spell.category != "concern")
