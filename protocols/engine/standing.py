"""How things stand under the lock: the few facts that decide whether a step may still fire, and who hears.

A step belongs to an episode or, before any, to a placement; `Claimed.subject_id` is the key of both here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import connection

from casework.records.holders import Holders
from incidents.facts import Met, PlacementFacts, SpellFacts, facts_of_placements
from protocols.rulebook import RESPONSIBLE_ROLES
from protocols.starts import Timeline
from protocols.steps import Audience

from .claim import Claimed

_NOTHING_MET: Final[Mapping[str, Met]] = MappingProxyType({})
_NOBODY_TOLD: Final[Mapping[UUID, Sequence[UUID]]] = MappingProxyType({})

# Locked in id order, so that two sweepers never wait for each other in a ring; whatever a page holds is
# skipped, so that no batch ever waits for a page. NO KEY: rows that point at an episode can still be added.
# A child may be moved while missing: the carers are those of the home where the child is placed now.
LOCK_EPISODES: Final = """
SELECT e.id, e.child_id, e.reference, e.authority_id,
       coalesce((SELECT p.home_id FROM records_placement p
                 WHERE p.child_id = e.child_id AND p.withdrawn_at IS NULL
                   AND p.period @> casework_now() LIMIT 1), e.home_id),
       c.team_id, c.allocated_worker_id,
       e.state, e.noticed_at, e.told_police_at, e.located_at, e.returned_at, e.imported_at
FROM incidents_missingepisode e JOIN records_child c ON c.id = e.child_id
WHERE e.id = ANY(%s) ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED"""

# Placements come after episodes, each in the order of ids; whatever a page holds is skipped here as well.
LOCK_PLACEMENTS: Final = """
SELECT p.id, c.reference FROM records_placement p JOIN records_child c ON c.id = p.child_id
WHERE p.id = ANY(%s) ORDER BY p.id FOR NO KEY UPDATE OF p SKIP LOCKED"""

SPELLS: Final = """
SELECT episode_id, ordinal, category, started_at, ended_at FROM incidents_spell
WHERE episode_id = ANY(%s) ORDER BY episode_id, ordinal"""

TOLD_BEFORE: Final = """
SELECT DISTINCT episode_id, told_user_id FROM records_disclosure
WHERE episode_id = ANY(%s) AND told_user_id IS NOT NULL AND how <> 'not_told'"""

STATES_OF_STEPS: Final = """
SELECT run_id, step_id, occurrence, round, state FROM protocols_steprun
WHERE run_id = ANY(%s) AND rung = 0 AND superseded_at IS NULL"""


@dataclass(slots=True)
class Standing:
    """One locked episode. It is a `Timeline`, without what only planning asks."""

    episode_id: UUID
    child_id: UUID
    reference: str
    authority_id: UUID
    home_id: UUID | None
    team_id: UUID | None
    allocated_worker_id: UUID | None
    state: str
    noticed_at: datetime
    told_police_at: datetime | None
    located_at: datetime | None
    returned_at: datetime | None
    imported_at: datetime | None
    spells: tuple[SpellFacts, ...] = ()
    audience: Audience = field(default_factory=lambda: Audience({}))

    @property
    def timeline(self) -> Timeline:
        return self

    @property
    def met(self) -> Mapping[str, Met]:
        """What is already done is settled by reconcile; a step that fires a moment before does no harm."""
        return _NOTHING_MET


@dataclass(slots=True)
class PlacementStanding:
    """One locked placement. Nobody was told of it before, as people are of an absence."""

    timeline: PlacementFacts
    reference: str  # the child's: there is no case yet
    audience: Audience = field(default_factory=lambda: Audience({}))

    @property
    def child_id(self) -> UUID:
        return self.timeline.child_id


Standings = dict[UUID, Standing | PlacementStanding]
Whereabouts = Standing | PlacementFacts  # whose authority, home, team and worker say who holds which role


def lock_free(subjects: Collection[tuple[UUID | None, UUID | None]]) -> set[UUID]:
    """Lock those of the episodes, then of the placements, that nobody else holds; which they are."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_EPISODES, [sorted({episode for episode, _ in subjects if episode})])
        free = {row[0] for row in cursor.fetchall()}
        cursor.execute(LOCK_PLACEMENTS, [sorted({placement for _, placement in subjects if placement})])
        return free | {row[0] for row in cursor.fetchall()}


def lock_standings(steps: Iterable[Claimed]) -> Standings:
    """What these steps belong to, as it is now, locked until the transaction ends; not what others hold."""
    steps = list(steps)
    standings: Standings = {**_lock_episodes({step.episode_id for step in steps if step.episode_id})}
    if placement_ids := {step.placement_id for step in steps if step.placement_id}:
        standings |= _lock_placements(placement_ids)
    return standings


def _lock_placements(placement_ids: Collection[UUID]) -> dict[UUID, PlacementStanding]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PLACEMENTS, [list(placement_ids)])
        references = dict(cursor.fetchall())
    facts = facts_of_placements(references)
    standings = {key: PlacementStanding(facts[key], reference) for key, reference in references.items()}
    audiences = _audiences(facts)
    for key, standing in standings.items():
        standing.audience = audiences[key]
    return standings


def _lock_episodes(episode_ids: Collection[UUID]) -> dict[UUID, Standing]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_EPISODES, [list(episode_ids)])
        standings = {row[0]: Standing(*row) for row in cursor.fetchall()}
        cursor.execute(SPELLS, [list(standings)])
        spells: dict[UUID, list[SpellFacts]] = defaultdict(list)
        for episode_id, *spell in cursor.fetchall():
            spells[episode_id].append(SpellFacts(*spell))
        cursor.execute(TOLD_BEFORE, [list(standings)])
        told: dict[UUID, list[UUID]] = defaultdict(list)
        for episode_id, user_id in cursor.fetchall():
            told[episode_id].append(user_id)
    audiences = _audiences(standings, told)
    for episode_id, standing in standings.items():
        standing.audience = audiences[episode_id]
    for episode_id, stretches in spells.items():
        standings[episode_id].spells = tuple(stretches)
    return standings


def _audiences(
    subjects: Mapping[UUID, Whereabouts], told: Mapping[UUID, Sequence[UUID]] = _NOBODY_TOLD
) -> dict[UUID, Audience]:
    """Ask once who holds what in all these authorities and homes, then sort it out by subject."""
    holders = Holders.load(
        {one.authority_id for one in subjects.values()},
        {one.home_id for one in subjects.values() if one.home_id},
    )
    known: dict[tuple[UUID | frozenset[UUID] | None, ...], dict[str, tuple[UUID, ...]]] = {}
    at_work: dict[tuple[UUID, UUID | None], frozenset[UUID]] = {}
    found = {}
    for key, one in subjects.items():
        kept = holders.kept_from(one.child_id)
        place = (one.authority_id, one.home_id, one.team_id, one.allocated_worker_id, kept)
        if place not in known:
            known[place] = {role: _people(holders, role, one) for role in RESPONSIBLE_ROLES}
        where = (one.authority_id, one.home_id)
        if where not in at_work:
            at_work[where] = holders.at_work(*where)
        heard = sorted(set(told.get(key, ())) - kept)
        found[key] = Audience(known[place], tuple(heard), kept, at_work[where])
    return found


def _people(holders: Holders, role: str, one: Whereabouts) -> tuple[UUID, ...]:
    rows = holders.of(
        role, one.authority_id, one.home_id, one.team_id, one.allocated_worker_id, child_id=one.child_id
    )
    return tuple(row.user_id for row in rows)


StepKey = tuple[UUID, UUID, int, int]


def states_of_steps(run_ids: Iterable[UUID]) -> dict[StepKey, str]:
    """Where each step of these runs stands: what a rung of its ladder needs to know."""
    with connection.cursor() as cursor:
        cursor.execute(STATES_OF_STEPS, [list(run_ids)])
        return {(run, step, occurrence, number): state for run, step, occurrence, number, state in cursor}
