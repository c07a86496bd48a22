"""One episode's clock, run by hand inside a transaction: for a demo's story, a replay, a test of 28 days."""

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
SELECT min(due_at) FROM protocols_steprun
WHERE episode_id = %s AND state = 'waiting' AND due_at > casework_now()"""


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
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("live_through needs a transaction to end with")
    settled = fire_due(episode_id)
    while (due_at := _next_due(episode_id)) is not None and due_at <= until:
        pretend_now(due_at)
        settled += fire_due(episode_id)
    pretend_now(until)
    return settled + fire_due(episode_id)


def _next_due(episode_id: UUID) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, [episode_id])
        moment: datetime | None = cursor.fetchone()[0]
    return moment
