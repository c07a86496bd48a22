"""Whether the clock is on time, asked of the database at the moment of asking. It fails to "unknown".

It speaks of steps that did not fire and messages that were not sent. What fired and people have not met is
*Overdue now*: another count, another colour (`reliability` §3.6). No look-back limit, no ids, no names.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import structlog
from django.db import Error, connection, transaction

log = structlog.get_logger(__name__)

LATE_AFTER: Final = timedelta(seconds=60)
UNSENT_AFTER: Final = timedelta(minutes=5)
SILENT_AFTER: Final = timedelta(seconds=15)
SKEWED_AFTER: Final = timedelta(seconds=5)

State = Literal["ok", "late", "unknown"]

# The states and attempts stand as literals, so that each half has its partial index. A step that was due
# before it was written down, as a late report brings, is late a minute after the clock first heard of it.
ASK: Final = """
WITH late AS (
    SELECT due_at FROM protocols_steprun
    WHERE state = 'waiting' AND attempts = 0 AND due_at < casework_now() - make_interval(secs => %(late)s)
      AND recorded_at < casework_now() - make_interval(secs => %(late)s)
    UNION ALL
    SELECT due_at FROM protocols_steprun
    WHERE state = 'waiting' AND attempts > 0 AND due_at < casework_now() - make_interval(secs => %(late)s)
      AND recorded_at < casework_now() - make_interval(secs => %(late)s)),
unplanned AS (
    SELECT e.id FROM incidents_missingepisode e
    WHERE e.state IN ('open', 'located')
      AND NOT EXISTS (SELECT FROM protocols_protocolrun r WHERE r.episode_id = e.id AND r.stopped_at IS NULL)
      AND e.recorded_at < casework_now() - make_interval(secs => %(late)s))
SELECT casework_now(),
       (SELECT count(*) FROM late) + (SELECT count(*) FROM unplanned),
       (SELECT min(due_at) FROM late),
       (SELECT casework_now() - min(recorded_at) FROM records_notification WHERE state = 'queued'),
       (SELECT clock_timestamp() - at FROM records_heartbeat WHERE name = 'sweep'),
       (SELECT clock_timestamp() - at FROM records_heartbeat WHERE name = 'worker'),
       extract(epoch FROM clock_timestamp())"""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the clock is. `late_count` counts steps that should have fired a minute ago or more."""

    state: State
    now: datetime | None = None
    late_count: int = 0
    oldest_due_at: datetime | None = None
    sweep_age: timedelta | None = None
    outbox_age: timedelta | None = None
    skew: timedelta = timedelta(0)
    is_helper_down: bool = False  # Celery has not swept lately; the standby loop does

    @property
    def checked_at(self) -> datetime | None:
        """When somebody last swept, on the record's clock."""
        return self.now - self.sweep_age if self.now and self.sweep_age is not None else None

    @property
    def why(self) -> tuple[str, ...]:
        """What is wrong, in words for whoever is woken."""
        found = {
            "no sweep for 15 seconds": _over(self.sweep_age, SILENT_AFTER),
            "steps have not fired": self.late_count > 0,
            "messages have not been sent for 5 minutes": _over(self.outbox_age, UNSENT_AFTER),
            "the clocks of service and database differ": abs(self.skew) > SKEWED_AFTER,
        }
        return tuple(words for words, is_so in found.items() if is_so)


UNKNOWN: Final = Reading("unknown")


def reading() -> Reading:
    """Ask the database now. A question that fails is an answer too: unknown, never ok."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ASK, {"late": LATE_AFTER.total_seconds()})
            moment, late, oldest, unsent, swept, worked, epoch = cursor.fetchone()
    except Error as error:
        log.error("watchdog.cannot_ask", error=type(error).__name__)
        return UNKNOWN
    return Reading(
        state=_state(late, unsent, swept),
        now=moment,
        late_count=late,
        oldest_due_at=oldest,
        sweep_age=swept,
        outbox_age=unsent,
        skew=timedelta(seconds=time.time() - float(epoch)),
        is_helper_down=worked is None or worked > SILENT_AFTER,
    )


def _state(late: int, unsent: timedelta | None, swept: timedelta | None) -> State:
    """Nobody swept: unknown, whatever else is so. Then lateness of steps, then of messages."""
    if swept is None or swept > SILENT_AFTER:
        return "unknown"
    return "late" if late or _over(unsent, UNSENT_AFTER) else "ok"


def _over(age: timedelta | None, limit: timedelta) -> bool:
    return age is not None and age > limit
