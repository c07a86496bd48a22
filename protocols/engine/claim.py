"""Taking hold of due steps: a lease, a token and one more attempt, committed before any work is done.

What killed its process before is looked at in smaller and smaller company, so that one bad step cannot take
the others down with it: fresh steps by whole runs, suspects by 25, old suspects alone.
"""

from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.db import connection

LEASE_SECONDS: Final = 5  # far above a batch's 0.1 s, and above the sweeper's statement timeout
RUNS_AT_ONCE: Final = 250
SUSPECTS_AT_ONCE: Final = 25
ATTEMPTS: Final = 5
PATIENCE: Final = "15 minutes"  # after the first claim; then a person has to look

# The states stand here as literals: only so does the planner see that a partial index will do.
TAKEABLE: Final = """state = 'waiting' AND due_at <= casework_now()
      AND coalesce(next_try_at <= clock_timestamp(), true)
      AND coalesce(lease_until <= clock_timestamp(), true)"""

# Asked only for a step without an episode: it belongs to its run's placement.
PLACEMENT_OF_STEP: Final = """CASE WHEN s.episode_id IS NULL THEN
    (SELECT r.placement_id FROM protocols_protocolrun r WHERE r.id = s.run_id) END"""

LEASE_OF_PICKED: Final = f"""
UPDATE protocols_steprun s
SET attempts = s.attempts + 1, lease_token = %(token)s, next_try_at = NULL,
    lease_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds',
    first_claimed_at = coalesce(s.first_claimed_at, clock_timestamp())
FROM picked WHERE s.id = picked.id
RETURNING s.id, s.run_id, s.episode_id, s.step_id, s.occurrence, s.round, s.rung, s.role, s.holder_id,
          s.attempts, {PLACEMENT_OF_STEP}"""

# Due steps first, then every other due step of the same runs: a run has one sweeper at a time, and its
# episode (or placement) is locked once for all of them. Runs are limited, never a run's steps.
CLAIM_FRESH: Final = f"""
WITH due AS MATERIALIZED (
    SELECT run_id FROM protocols_steprun WHERE attempts = 0 AND {TAKEABLE}
    ORDER BY due_at, id LIMIT {RUNS_AT_ONCE} FOR UPDATE SKIP LOCKED),
runs AS MATERIALIZED (
    SELECT id FROM protocols_protocolrun WHERE id IN (SELECT run_id FROM due)
    FOR NO KEY UPDATE SKIP LOCKED),
picked AS MATERIALIZED (
    SELECT id FROM protocols_steprun
    WHERE run_id IN (SELECT id FROM runs) AND attempts = 0 AND {TAKEABLE}
    FOR UPDATE SKIP LOCKED)
{LEASE_OF_PICKED}"""

CLAIM_SUSPECTS: Final = f"""
WITH picked AS MATERIALIZED (
    SELECT id FROM protocols_steprun
    WHERE attempts = 1 AND first_claimed_at > clock_timestamp() - interval '{PATIENCE}' AND {TAKEABLE}
    ORDER BY due_at, id LIMIT {SUSPECTS_AT_ONCE} FOR UPDATE SKIP LOCKED)
{LEASE_OF_PICKED}"""

CLAIM_ONE_ALONE: Final = f"""
WITH picked AS MATERIALIZED (
    SELECT id FROM protocols_steprun
    WHERE attempts > 1 AND attempts < {ATTEMPTS}
      AND first_claimed_at > clock_timestamp() - interval '{PATIENCE}' AND {TAKEABLE}
    ORDER BY attempts, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
{LEASE_OF_PICKED}"""

CLAIMS: Final = (CLAIM_FRESH, CLAIM_SUSPECTS, CLAIM_ONE_ALONE)


class Claimed(NamedTuple):
    """One step run in this sweeper's hands until the lease ends."""

    id: UUID
    run_id: UUID
    episode_id: UUID | None
    step_id: UUID
    occurrence: int
    round: int
    rung: int
    role: str
    holder_id: UUID | None
    attempts: int
    placement_id: UUID | None

    @property
    def subject_id(self) -> UUID:
        """What it belongs to, and what is locked before it fires: an episode, else a placement."""
        subject_id = self.episode_id or self.placement_id
        if subject_id is None:  # the run's check constraint has it so
            raise TypeError("a step belongs to an episode or a placement")
        return subject_id


class Batch(NamedTuple):
    """Steps claimed together; writes under a token that is no longer theirs are thrown away."""

    token: UUID
    steps: list[Claimed]


def claim(statement: str) -> Batch:
    """Run one of CLAIMS, in its own transaction: from here on the attempt counts, whatever becomes of us."""
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"token": token})
        return Batch(token, [Claimed._make(row) for row in cursor.fetchall()])
