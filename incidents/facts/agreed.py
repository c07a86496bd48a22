"""Meetings held and decisions made, as facts that meet a step: none that came before what it counts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet, Value

from casework.records.questions import KEY, OfMany
from incidents.models import (
    Category,
    Decision,
    DecisionKind,
    DecisionOutcome,
    LegalKind,
    LegalStage,
    Meeting,
    MeetingKind,
    MissingEpisode,
)
from incidents.moments import to_the_minute

from .values import Met, SpellFacts

# By the fact's name: from which moment it counts (T: first recorded missing, M: last recorded missing,
# A: last recorded as away, L: located, R: back); then what has to be there, each by any one of its kinds.
FACTS: Final[Mapping[str, tuple[str, Sequence[Collection[str]]]]] = {
    "joint_plan_made": ("M", [{MeetingKind.JOINT_PLAN}]),
    "strategy_held": ("T", [{MeetingKind.STRATEGY}]),
    "agencies_met": ("T", [{MeetingKind.STRATEGY, MeetingKind.MULTI_AGENCY}]),
    "placement_settled": ("T", [{MeetingKind.PLACEMENT}, {DecisionKind.PLACEMENT}]),
    "long_term_review_held": ("T", [{MeetingKind.REVIEW}]),
    "met_after_return": ("R", [{MeetingKind.AFTER_RETURN, MeetingKind.STRATEGY}]),
    "away_decided": ("A", [{DecisionKind.AWAY}]),
    "still_away_decided": ("A", [{DecisionKind.STILL_AWAY}]),
    "need_to_know_decided": ("M", [{DecisionKind.NEED_TO_KNOW}]),
    "law_and_publicity_decided": ("T", [{DecisionKind.LAW}, {DecisionKind.PUBLICITY}]),
    "ofsted_decided": ("T", [{DecisionKind.OFSTED}]),
    "going_back_decided": ("L", [{DecisionKind.GOING_BACK}]),
    "early_review_decided": ("R", [{DecisionKind.EARLY_REVIEW}]),
}
# Of what comes round again the last one counts, for a round that falls due until so long after it.
COMES_ROUND: Final = {"long_term_review_held": timedelta(days=7)}
MEETING, DECISION, LAW = "meeting", "decision", "law"  # what a row of the one query is
# Deciding that the child is missing meets nothing: recording it does.
NOT_ENOUGH: Final = frozenset({DecisionOutcome.MISSING})


@dataclass(frozen=True, slots=True)
class _Agreed:
    """One meeting or decision. No two kinds have the same name."""

    kind: str
    at: datetime
    by_id: UUID
    words: str


Found = dict[UUID, list[_Agreed]]  # by episode, in the order in which they came


def add_agreed(
    met: Mapping[UUID, dict[str, Met]],
    rows: Sequence[MissingEpisode],
    spells: Mapping[UUID, Sequence[SpellFacts]],
) -> None:
    """Add to what is met: of each fact the first that counts. One query, however many episodes."""
    found: Found = defaultdict(list)
    ids = [row.pk for row in rows]
    for key, one in sorted(_agreed(ids), key=lambda pair: pair[1].at):
        found[key].append(one)
    for row in rows:
        if row.pk in found:
            since = _since(row, spells[row.pk])
            for name, (anchor, needed) in FACTS.items():
                early = COMES_ROUND.get(name)
                agreed = found[row.pk] if early is None else found[row.pk][::-1]
                fact = _first_of_each(agreed, since.get(anchor), needed)
                if fact:
                    met[row.pk][name] = replace(fact, settles=fact.at + early) if early else fact


def _first_of_each(
    agreed: Sequence[_Agreed], since: datetime | None, needed: Sequence[Collection[str]]
) -> Met | None:
    """Met once the last of what is needed was there; people type times to the minute."""
    if since is None:
        return None
    counted = [one for one in agreed if one.at >= to_the_minute(since)]
    firsts = [next((one for one in counted if one.kind in kinds), None) for kinds in needed]
    there = [one for one in firsts if one]
    if len(there) < len(needed):
        return None
    last = max(there, key=lambda one: one.at)
    return Met(last.at, last.by_id, ". ".join(one.words for one in there))


def _since(row: MissingEpisode, spells: Sequence[SpellFacts]) -> dict[str, datetime]:
    """The moments from which they count, as far as they have come."""
    missing = [one.started_at for one in spells if one.category == Category.MISSING]
    away = [one.started_at for one in spells if one.category == Category.AWAY]
    since = {"L": row.located_at, "R": row.returned_at}
    if missing:
        since["M"] = missing[-1]
        since["T"] = next((at for at in missing if row.returned_at and at >= row.returned_at), missing[0])
    if away:
        since["A"] = away[-1]
    return {anchor: at for anchor, at in since.items() if at is not None}


def _all_three() -> QuerySet[Any, tuple[Any, ...]]:
    """Meetings, decisions and the law, in one query."""
    held = Meeting.objects.filter(episode=KEY).annotate(of=Value(MEETING), answer=Value(""))
    decided = Decision.objects.filter(episode=KEY).exclude(outcome__in=NOT_ENOUGH)
    decided = decided.annotate(of=Value(DECISION), answer=F("outcome"))
    law = LegalStage.objects.filter(tool__episode=KEY, place=1)
    law = law.annotate(of=Value(LAW), answer=F("stage"))
    return held.values_list("of", "episode_id", "kind", "answer", "held_at", "recorded_by_id").union(
        decided.values_list("of", "episode_id", "kind", "answer", "decided_at", "recorded_by_id"),
        law.values_list("of", "tool__episode_id", "tool__kind", "answer", "at", "recorded_by_id"),
        all=True,
    )


_ALL_THREE: Final = OfMany(_all_three)


def _agreed(ids: Collection[UUID]) -> Iterator[tuple[UUID, _Agreed]]:
    for of, key, kind, answer, at, by_id in _ALL_THREE.rows(ids):
        yield key, _Agreed(DecisionKind.LAW if of == LAW else kind, at, by_id, _words(of, kind, answer))


def _words(of: str, kind: str, answer: str) -> str:
    """Strategy discussion held; Decided: no publicity; Recovery order: refused."""
    match of:
        case "meeting":
            return f"{MeetingKind(kind).label} held"
        case "decision":
            return f"Decided: {str(DecisionOutcome(answer).label).lower()}"
        case _:  # whoever used a legal tool, or was refused one, has decided about the law
            return f"{LegalKind(kind).label}: {str(LegalStage.Stage(answer).label).lower()}"
