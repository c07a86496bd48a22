"""Episodes and placements unseen for a while: a page may have died before its wake, time changes facts.

A country has many more placements than absences, and their steps are due in days, not minutes: they are
looked at a few at a time, so that no sweep is ever slow by them.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from .claim import Claimed
from .reconcile import plans_placements, reconcile, reconcile_placement

log = structlog.get_logger(__name__)

SECONDS_BETWEEN: Final = 5.0
AT_ONCE: Final = 25

# No run yet, or one that was settled before the episode was opened again.
WITHOUT_RUN: Final = f"""
SELECT e.id FROM incidents_missingepisode e
WHERE e.state IN ('open', 'located', 'follow_up')
  AND NOT EXISTS (SELECT FROM protocols_protocolrun r WHERE r.episode_id = e.id AND r.stopped_at IS NULL
                    AND r.settled_at IS NULL)
LIMIT {AT_ONCE}"""

# Marked as looked at before it is: whatever fails then has its turn again in a minute, not at once for ever.
LONGEST_UNSEEN: Final = f"""
UPDATE protocols_protocolrun SET reconciled_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM protocols_protocolrun
    WHERE settled_at IS NULL AND stopped_at IS NULL AND episode_id IS NOT NULL
      AND coalesce(reconciled_at < clock_timestamp() - interval '60 seconds', true)
    ORDER BY reconciled_at NULLS FIRST LIMIT {AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
RETURNING episode_id"""

PLACEMENTS_PASSED: Final = 500  # in each look, of all there are: 100,000 take a quarter of an hour
PLACEMENTS_AT_ONCE: Final = 10

# The next placements of today in the order of their ids, and whether each has a run that goes on. What is to
# end on a known day had its run before that day was known.
PASS_BY: Final = f"""
SELECT p.id, c.authority_id, EXISTS (
    SELECT FROM protocols_protocolrun r
    WHERE r.placement_id = p.id AND r.stopped_at IS NULL AND r.settled_at IS NULL)
FROM records_placement p JOIN records_child c ON c.id = p.child_id
WHERE p.id > %s AND p.withdrawn_at IS NULL AND p.home_id IS NOT NULL AND upper_inf(p.period)
ORDER BY p.id LIMIT {PLACEMENTS_PASSED}"""

PLACEMENTS_LONGEST_UNSEEN: Final = f"""
UPDATE protocols_protocolrun SET reconciled_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM protocols_protocolrun
    WHERE settled_at IS NULL AND stopped_at IS NULL AND placement_id IS NOT NULL
      AND coalesce(reconciled_at < clock_timestamp() - interval '1 hour', true)
    ORDER BY reconciled_at NULLS FIRST LIMIT {PLACEMENTS_AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
RETURNING placement_id"""

# A placement that has ended since somebody last looked, whose steps people still see.
PLACEMENTS_TO_LOOK_AT: Final = """
SELECT p.id FROM records_placement p
WHERE p.child_id = %s AND (
    EXISTS (SELECT FROM protocols_protocolrun r
            WHERE r.placement_id = p.id AND r.stopped_at IS NULL AND r.settled_at IS NULL)
    OR (p.withdrawn_at IS NULL AND p.home_id IS NOT NULL
        AND coalesce(upper(p.period) > casework_now(), true)))
ORDER BY p.id"""

FIRST_ID: Final = UUID(int=0)

_next_look = 0.0
_passed = FIRST_ID  # the last placement that this process has passed by


def reconcile_forgotten() -> int:
    """Every few seconds, bring a few episodes and placements up to date; how many changes that took."""
    global _next_look
    if time.monotonic() < _next_look:
        return 0
    _next_look = time.monotonic() + SECONDS_BETWEEN
    return reconcile_each(_forgotten()) + reconcile_each(_forgotten_placements(), reconcile_placement)


def reconcile_stale(steps: Iterable[Claimed]) -> int:
    """Plan again for what these steps belong to; how many changes that took."""
    steps = list(steps)
    episodes = {step.episode_id for step in steps if step.episode_id}
    placements = {step.placement_id for step in steps if step.placement_id}
    return reconcile_each(episodes) + reconcile_each(placements, reconcile_placement)


def reconcile_each(ids: Iterable[UUID], how: Callable[[UUID], int] = reconcile) -> int:
    """Bring these up to date, each by itself; how many changes that took."""
    return sum(_reconciled(one, how) for one in ids)


def placements_to_look_at(child_id: UUID) -> list[UUID]:
    """Those of the child's placements for which something may be planned, or is."""
    with connection.cursor() as cursor:
        cursor.execute(PLACEMENTS_TO_LOOK_AT, [child_id])
        return [row[0] for row in cursor.fetchall()]


def _forgotten() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RUN)
        without = [row[0] for row in cursor.fetchall()]
        cursor.execute(LONGEST_UNSEEN)
        return without + [row[0] for row in cursor.fetchall()]


def _forgotten_placements() -> list[UUID]:
    """The next few without a run, and those that nobody has looked at for longest."""
    with connection.cursor() as cursor:
        cursor.execute(PLACEMENTS_LONGEST_UNSEEN)
        unseen = [row[0] for row in cursor.fetchall()]
    return [*_next_without_run(), *unseen]


def _next_without_run() -> list[UUID]:
    """Go on from where this process was, and at the end from the beginning again."""
    global _passed
    with connection.cursor() as cursor:
        cursor.execute(PASS_BY, [_passed])
        passed = cursor.fetchall()
    authorities = {authority_id for _, authority_id, has_run in passed if not has_run}
    planning = {authority_id for authority_id in authorities if plans_placements(authority_id)}
    without = [key for key, authority_id, has_run in passed if not has_run and authority_id in planning]
    if len(without) > PLACEMENTS_AT_ONCE:
        without = without[:PLACEMENTS_AT_ONCE]
        _passed = without[-1]
    else:
        _passed = passed[-1][0] if len(passed) == PLACEMENTS_PASSED else FIRST_ID
    return without


def _reconciled(one: UUID, how: Callable[[UUID], int]) -> int:
    """One that cannot be reconciled must not keep the others from it."""
    try:
        return how(one)
    except Exception as error:
        log.error("reconcile.failed", subject_id=str(one), error=type(error).__name__)
        return 0
