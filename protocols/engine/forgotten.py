"""Episodes unseen for a while: a page may have died before its wake, time may have changed a condition."""

import time
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from .reconcile import reconcile

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
    """Every few seconds, bring a few episodes up to date; how many changes that took."""
    global _next_look
    if time.monotonic() < _next_look:
        return 0
    _next_look = time.monotonic() + SECONDS_BETWEEN
    return reconcile_each(_forgotten())


def reconcile_each(episode_ids: Iterable[UUID]) -> int:
    """Bring these up to date, each by itself; how many changes that took."""
    return sum(_reconciled(episode_id) for episode_id in episode_ids)


def _forgotten() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RUN)
        without = [row[0] for row in cursor.fetchall()]
        cursor.execute(LONGEST_UNSEEN)
        return without + [row[0] for row in cursor.fetchall()]


def _reconciled(episode_id: UUID) -> int:
    """One episode that cannot be reconciled must not keep the others from it."""
    try:
        return reconcile(episode_id)
    except Exception as error:
        log.error("reconcile.failed", episode_id=str(episode_id), error=type(error).__name__)
        return 0
