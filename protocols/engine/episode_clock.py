"""An episode's clock, run by hand inside a transaction: for a demo's story, a replay, a test of 28 days."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from casework.records.times import pretend_now

from .claim import LEASE_OF_PICKED, TAKEABLE, Batch, Claimed
from .fire import fire
from .reconcile import reconcile

CLAIM_OF_EPISODE: Final = f"""
WITH picked AS MATERIALIZED (
    SELECT id FROM protocols_steprun WHERE episode_id = %(episode)s AND {TAKEABLE} FOR UPDATE)
{LEASE_OF_PICKED}"""

NEXT_DUE: Final = """
SELECT due_at, episode_id FROM protocols_steprun
WHERE episode_id = ANY(%s) AND state = 'waiting' AND due_at > casework_now() ORDER BY due_at, id LIMIT 1"""

AfterEach = Callable[[UUID], object]


def fire_due(episode_id: UUID) -> int:
    """Reconcile one episode and fire what is due of it now, in the caller's transaction; how many settled."""
    settled = 0
    while True:
        reconcile(episode_id)
        token = uuid4()
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_OF_EPISODE, {"episode": episode_id, "token": token})
            steps = [Claimed._make(row) for row in cursor.fetchall()]
        if not steps:
            return settled
        settled += fire(Batch(token, steps)).settled


def live_through(episode_id: UUID, until: datetime) -> int:
    """Let this transaction's clock run to `until`, stopping at each due time to fire what it brings.

    Only a database marked demo or test obeys; see `pretend_now`.
    """
    settled = fire_due(episode_id)
    return settled + live_through_together([episode_id], until) + fire_due(episode_id)


def live_through_together(
    episode_ids: Collection[UUID], until: datetime, after_each: AfterEach | None = None
) -> int:
    """The same for episodes that run side by side: each step fires at its own time, whosever it is.

    What is planned already is lived through; what people do on the way has its own `fire_due`. `after_each`
    is called with the episode at each stop: whoever tells a past says there what became of the messages.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("live_through needs a transaction to end with")
    settled = 0
    while (due := _next_due(episode_ids)) is not None and due[0] <= until:
        due_at, episode_id = due
        pretend_now(due_at)
        settled += fire_due(episode_id)
        if after_each is not None:
            after_each(episode_id)
    pretend_now(until)
    return settled


def _next_due(episode_ids: Collection[UUID]) -> tuple[datetime, UUID] | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, [list(episode_ids)])
        found: tuple[datetime, UUID] | None = cursor.fetchone()
    return found
