"""One sweep: everything due now, fired or put off; safe at any time, twice, and beside other sweeps."""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import connection

from casework.records.heartbeats import beat

from . import blame
from .birthdays import end_at_18_now_and_then
from .claim import CLAIMS, claim
from .fire import Fired, fire
from .forgotten import reconcile_forgotten, reconcile_stale
from .version import ENGINE, NewerEngine

SECONDS_A_SWEEP: Final = 10  # then the heartbeat is due; what is left is next

# What a sweep asks before it claims anything: mostly the answer is "nothing", and that must cost nothing.
# Each asks for the first row of an index: EXISTS would leave the planner free to read the table instead.
LOOK: Final = """
SELECT (SELECT number FROM protocols_engineversion),
       coalesce((SELECT min(due_at) FROM protocols_steprun WHERE state = 'waiting' AND attempts = 0)
                <= casework_now(), false),
       (SELECT count(*) > 0 FROM (
            SELECT FROM protocols_steprun
            WHERE state = 'waiting' AND attempts > 0 AND coalesce(next_try_at <= clock_timestamp(), true)
              AND coalesce(lease_until <= clock_timestamp(), true)
            ORDER BY attempts, due_at, id LIMIT 1) AS suspects),
       (SELECT min(due_at) FROM protocols_steprun
        WHERE state = 'waiting' AND attempts = 0 AND due_at > casework_now()) - casework_now()"""


class Look(NamedTuple):
    """The engine the database wants, whether anything can be claimed, and how long until something can."""

    engine: int | None
    fresh_due: bool
    suspects_due: bool
    next_due_in: timedelta | None


@dataclass(slots=True)
class SweepReport:
    """What a sweep did, and when the next step falls due (None: none waits)."""

    fired: Fired = field(default_factory=Fired)
    failed: int = 0
    reconciled: int = 0
    next_due_in: timedelta | None = None
    is_finished: bool = True  # False: something is still due, in other hands or for the next sweep

    @property
    def settled(self) -> int:
        return self.fired.settled


def sweep_once() -> SweepReport:
    """Fire what is due.

    1. Look whether anything is; a newer engine's database is refused with NewerEngine.
    2. Claim fresh steps by run, suspects by 25, old suspects alone; fire each batch; until none is left.
    3. Give up on what failed five times, so that a person is told.
    4. End the absence of whoever turned 18 meanwhile; plan again where something repeats or lapsed, and for
       a few runs nobody has looked at for a while.
    5. Leave a heartbeat.
    """
    report, started = SweepReport(), time.monotonic()
    while (seen := look()).fresh_due or seen.suspects_due:
        claimed = _claim_and_fire(report)
        if not claimed:
            report.is_finished = False  # another sweeper has them in hand: look again soon
            break
        if time.monotonic() - started > SECONDS_A_SWEEP:
            report.is_finished = False
            break
    end_at_18_now_and_then()
    report.reconciled = reconcile_stale(report.fired.stale) + reconcile_forgotten()
    report.next_due_in = seen.next_due_in
    beat("sweep")
    return report


def look() -> Look:
    """See whether there is work, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        seen = Look._make(cursor.fetchone())
    if seen.engine is not None and seen.engine > ENGINE:
        raise NewerEngine(seen.engine)
    return seen


def _claim_and_fire(report: SweepReport) -> int:
    """One round over the three classes; how many steps it claimed or gave up."""
    claimed = 0
    for statement in CLAIMS:
        batch = claim(statement)
        if batch.steps:
            claimed += len(batch.steps)
            report.fired += fire(batch)
    failed = blame.give_up()
    report.failed += failed
    return claimed + failed
