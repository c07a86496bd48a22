"""An episode's facts or a placement's, as the floor above may read them: plain values, taken in one look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

EXPLOITATION: Final = frozenset({"trafficking", "sexual_exploitation", "criminal_exploitation"})
RING_THEN_RECORD: Final = timedelta(minutes=15)
YOUNG: Final = 13


@dataclass(frozen=True, slots=True)
class SpellFacts:
    """A stretch of the episode in one category; ordinals count the episode's spells from 1."""

    ordinal: int
    category: str  # concern, away, missing
    started_at: datetime
    ended_at: datetime | None
    whereabouts: str = ""  # away: where, with whom, how that is known


@dataclass(frozen=True, slots=True)
class Met:
    """The record already shows that a step's purpose is met: when, by whom, in words for people.

    Of a step that comes round again it settles what was due until then: until `settles`, where that is given
    (a hand-over accepted early, or late, for one change of cover), else until it was done.
    """

    at: datetime
    by_id: UUID | None
    words: str
    settles: datetime | None = None
    lasts: bool = False  # it holds for every spell of being missing, whenever it was done


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What is so of a child and of where they live, whether or not they are missing."""

    authority_id: UUID
    child_id: UUID
    home_id: UUID | None
    team_id: UUID | None
    allocated_worker_id: UUID | None
    born_on: date
    age: int  # whole years: when the absence was noticed, or today
    indicators: frozenset[str]
    is_unaccompanied: bool
    is_out_of_area: bool | None  # None: not known, which is never "no"
    legal_status: str
    home_kind: str
    grace: timedelta  # what the home agreed for a late return
    met: Mapping[str, Met]
    indicators_at: Mapping[str, datetime] = field(default_factory=dict)  # by code: since it was written down

    @property
    def is_at_greater_risk(self) -> bool:
        """Under 13, unaccompanied or exploited: going back to the same place is a manager's decision."""
        return self.age < YOUNG or self.is_at_risk_of_trafficking

    @property
    def is_at_risk_of_trafficking(self) -> bool:
        """Unaccompanied, or with a sign of trafficking or exploitation: condition X of the protocol."""
        return self.is_unaccompanied or not self.indicators.isdisjoint(EXPLOITATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFacts(ChildFacts):
    """Everything that decides which steps an episode needs and when; times are aware, in UTC."""

    episode_id: UUID
    state: str  # open, located, follow_up, closed, late_back, false_report, …: `State`
    noticed_at: datetime
    spells: tuple[SpellFacts, ...]
    told_police_at: datetime | None
    located_at: datetime | None
    returned_at: datetime | None
    imported_at: datetime | None  # brought in from the authority's files; None: recorded here, as it happened
    police_grade: str | None  # no_apparent_risk, low, medium, high
    authority_grade: str | None
    earlier_noticed_at: tuple[datetime, ...]  # this child's earlier episodes with an away or missing spell
    holder_id: UUID | None = None  # said "I've got this" last, whether or not they still have it
    holder_at: datetime | None = None
    harmed: bool = False  # injuries were recorded with the return
    graded_at: Mapping[str, datetime] = field(default_factory=dict)  # police, authority: when it was recorded
    found_by_force: bool = False  # the last finding is what a police force says: somebody answers it
    identity_known_at: datetime | None = None  # when that was answered with yes

    @property
    def is_identity_known(self) -> bool:
        """Whoever was found is the child: those who know the child found them, or said so to the police."""
        return self.identity_known_at is not None or not self.found_by_force


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFacts(ChildFacts):
    """The same for a placement, and for the steps that come before any absence.

    `known_at` is set by whoever plans: when the clock first heard of a placement that had long begun.
    """

    placement_id: UUID
    placed_at: datetime
    ended_at: datetime | None  # once that moment has come
    is_withdrawn: bool  # it was never so
    known_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Nobody need plan for this child in this home any more."""
        return self.is_withdrawn or self.ended_at is not None or self.home_id is None


def call_counts_from(spell: SpellFacts, spells: Sequence[SpellFacts]) -> datetime | None:
    """A call to the police after this moment was about this spell; None when every earlier one was.

    A call made before an earlier missing spell ended was about that one. A call made while it was known where
    the child was did not say that nobody knows; but people ring first and record a few minutes later.
    """
    ends = [
        earlier.ended_at - (RING_THEN_RECORD if earlier.category == "away" else timedelta(0))
        for earlier in spells
        if earlier.ordinal < spell.ordinal and earlier.category != "concern" and earlier.ended_at
    ]
    return max(ends, default=None)
