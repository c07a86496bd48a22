"""Whose fault it is when a step does not fire: nobody's (give it back), or its own (put it off, give up)."""

from collections.abc import Sequence
from itertools import product
from typing import Final
from uuid import UUID

import structlog
from django.db import connection, transaction

from casework.records.models import Notification
from casework.records.notify import texts
from protocols.messages import STOPPED_BY_RETURN, StepVerb, Template, message_key

from . import ladder
from .claim import ATTEMPTS, LEASE_SECONDS, PATIENCE, PLACEMENT_OF_STEP, Claimed
from .rules import rules_of_steps
from .standing import lock_free, lock_standings

log = structlog.get_logger(__name__)

BACK_OFF_SECONDS: Final = (5, 15, 60, 180)  # after the first failed try, the second, …
PAGE_HOLDS_MILLISECONDS: Final = 100

GIVE_BACK: Final = f"""
UPDATE protocols_steprun
SET attempts = attempts - 1, lease_token = NULL, lease_until = NULL,
    next_try_at = clock_timestamp() + interval '{PAGE_HOLDS_MILLISECONDS} milliseconds'
WHERE id IN (
    SELECT id FROM protocols_steprun
    WHERE id = ANY(%s) AND lease_token = %s AND state = 'waiting'
    FOR UPDATE SKIP LOCKED)"""  # whoever holds the episode may hold its steps: then the lease runs out

RENEW: Final = f"""
UPDATE protocols_steprun SET lease_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
WHERE id = ANY(%s) AND lease_token = %s AND state = 'waiting'"""

PUT_OFF: Final = """
UPDATE protocols_steprun
SET lease_token = NULL, lease_until = NULL, next_try_at = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND lease_token = %s AND state = 'waiting'"""

# The claim gives up, not the handler: a step that kills its process never reaches the handler's `except`.
HOPELESS: Final = f"""
SELECT id, episode_id, {PLACEMENT_OF_STEP} FROM protocols_steprun s
WHERE state = 'waiting' AND attempts > 0
  AND (attempts >= {ATTEMPTS} OR first_claimed_at <= clock_timestamp() - interval '{PATIENCE}')
  AND coalesce(lease_until <= clock_timestamp(), true)
ORDER BY attempts DESC, due_at, id LIMIT 25"""

GIVE_UP: Final = f"""
WITH failed AS (
    UPDATE protocols_steprun
    SET state = 'failed', reason = %(reason)s, lease_token = NULL, lease_until = NULL, next_try_at = NULL
    WHERE id = ANY(%(ids)s) AND state = 'waiting' AND coalesce(lease_until <= clock_timestamp(), true)
    RETURNING id, run_id, episode_id, step_id, occurrence, round, rung, role, holder_id, attempts),
of_whom AS (
    SELECT f.*, coalesce(e.child_id, l.child_id) AS child_id, l.id AS placement_id
    FROM failed f JOIN protocols_protocolrun r ON r.id = f.run_id
    LEFT JOIN incidents_missingepisode e ON e.id = f.episode_id
    LEFT JOIN records_placement l ON l.id = r.placement_id),
events AS (
    INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
    SELECT gen_random_uuid(), id, 'failed', %(reason)s FROM failed),
chronology AS (
    INSERT INTO records_chronologyentry
        (id, child_id, episode_id, verb, about_kind, about_id, typed_name, payload)
    SELECT gen_random_uuid(), f.child_id, f.episode_id, '{StepVerb.FAILED}', 'step_run', f.id, '',
           jsonb_build_object('code', p.code, 'rung', f.rung)
    FROM of_whom f JOIN protocols_step p ON p.id = f.step_id)
SELECT id, run_id, episode_id, step_id, occurrence, round, rung, role, holder_id, attempts, placement_id
FROM of_whom"""

REASON_FAILED: Final = "Casework could not carry this step out. Do it by hand, and ring round."

TELL_OF_FAILURE: Final = f"""
INSERT INTO records_notification (id, key, child_id, episode_id, step_run_id, stops_on_return, recipient_id,
    channel, template, reference, state, attempts, reason)
SELECT gen_random_uuid(), %s, %s, %s, %s, %s, u.id, o.channel, '{Template.STEP_FAILED}', %s, 'queued', 0, ''
FROM records_user u, (SELECT %s) AS o (channel)
WHERE u.id = %s AND (o.channel = '{Notification.Channel.EMAIL}' OR u.phone <> '')
ON CONFLICT (key) DO NOTHING"""


def give_back(token: UUID, steps: Sequence[Claimed]) -> None:
    """A page held their episode or placement, or time ran out: not their fault, so it does not count."""
    if steps:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, [[step.id for step in steps], token])


def renew(token: UUID, steps: Sequence[Claimed]) -> None:
    """Hold on to claimed steps for another lease: the batch took its time to fail."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, [[step.id for step in steps], token])


def put_off(token: UUID, step: Claimed) -> None:
    """The step raised: try again later and later."""
    seconds = BACK_OFF_SECONDS[min(step.attempts, len(BACK_OFF_SECONDS)) - 1]
    with connection.cursor() as cursor:
        cursor.execute(PUT_OFF, [seconds, step.id, token])


@transaction.atomic
def give_up() -> int:
    """Mark as failed what was tried five times, or for a quarter of an hour, and tell the team's manager.

    Telling is work of the kind that may have failed before, so its failure does not undo the mark.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOPELESS)
        hopeless = cursor.fetchall()
        free = lock_free([(episode_id, placement_id) for _, episode_id, placement_id in hopeless])
        ids = [step_id for step_id, *subject in hopeless if not free.isdisjoint(subject)]
        cursor.execute(GIVE_UP, {"ids": ids, "reason": REASON_FAILED})
        failed = [Claimed._make(row) for row in cursor.fetchall()]
    for step in failed:
        log.error("step.failed", step_run_id=str(step.id), attempts=step.attempts)
        try:
            _tell_of_failure(step)
        except Exception as error:
            log.error("step.failure_not_told", step_run_id=str(step.id), error=type(error).__name__)
    return len(failed)


@transaction.atomic
def _tell_of_failure(step: Claimed) -> None:
    """The team's manager hears of it, whoever answers for the step too, and its ladder starts at once."""
    standing = lock_standings([step])[step.subject_id]
    stops = rules_of_steps([step.step_id])[step.step_id].anchor in STOPPED_BY_RETURN
    channels = [Notification.Channel.EMAIL, *([Notification.Channel.SMS] if texts.are_sent() else [])]
    with connection.cursor() as cursor:
        for person, channel in product(standing.audience.of([step.role, "team_manager"]), channels):
            key = message_key(step.id, channel, person, Template.STEP_FAILED)
            about = (key, standing.child_id, step.episode_id, step.id, stops, standing.reference)
            cursor.execute(TELL_OF_FAILURE, (*about, channel, person))
    ladder.climb_at_once([step])
