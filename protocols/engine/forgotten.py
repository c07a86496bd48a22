"""Episodes and placements unseen for a while: a page may have died before its wake, time changes facts."""

import time
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from .claim import Claimed
from .reconcile import reconcile, reconcile_placement
from .unplanned import forgotten_placements

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

_next_look = 0.0


def reconcile_forgotten() -> int:
    """Every few seconds, bring a few episodes and placements up to date; how many changes that took."""
    global _next_look
    if time.monotonic() < _next_look:
        return 0
    _next_look = time.monotonic() + SECONDS_BETWEEN
    return reconcile_each(_forgotten()) + reconcile_each(forgotten_placements(), reconcile_placement)


def reconcile_stale(steps: Iterable[Claimed]) -> int:
    """Plan again for what these steps belong to; how many changes that took."""
    steps = list(steps)
    episodes = {step.episode_id for step in steps if step.episode_id}
    placements = {step.placement_id for step in steps if step.placement_id}
    return reconcile_each(episodes) + reconcile_each(placements, reconcile_placement)


def reconcile_each(ids: Iterable[UUID], how: Callable[[UUID], int] = reconcile) -> int:
    """Bring these up to date, each by itself; how many changes that took."""
    return sum(_reconciled(one, how) for one in ids)


def _forgotten() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RUN)
        without = [row[0] for row in cursor.fetchall()]
        cursor.execute(LONGEST_UNSEEN)
        return without + [row[0] for row in cursor.fetchall()]


def _reconciled(one: UUID, how: Callable[[UUID], int]) -> int:
    """One that cannot be reconciled must not keep the others from it."""
    try:
        return how(one)
    except Exception as error:
        log.error("reconcile.failed", subject_id=str(one), error=type(error).__name__)
        return 0
