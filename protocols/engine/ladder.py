"""Ladders: the next rung brought forward when nobody could be told, or put away when nothing is left."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from protocols.messages import StepVerb

from .claim import Claimed

NOBODY: Final = "Nobody holds this role now, so the next one is told at once."
TOLD: Final = "Telling was all there was to do, and it is done."

NOTE_NOBODY: Final = f"""
WITH events AS (
    INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
    SELECT gen_random_uuid(), id, 'nobody', %(reason)s FROM unnest(%(ids)s::uuid[]) AS id)
INSERT INTO records_chronologyentry
    (id, child_id, episode_id, verb, about_kind, about_id, typed_name, payload)
SELECT gen_random_uuid(), coalesce(e.child_id, l.child_id), s.episode_id, '{StepVerb.NOBODY}',
       'step_run', s.id, '', jsonb_build_object('code', p.code, 'rung', s.rung, 'role', s.role)
FROM protocols_steprun s JOIN protocols_step p ON p.id = s.step_id
JOIN protocols_protocolrun r ON r.id = s.run_id
LEFT JOIN incidents_missingepisode e ON e.id = s.episode_id
LEFT JOIN records_placement l ON l.id = r.placement_id
WHERE s.id = ANY(%(ids)s)"""

# The row that waited stays, marked; a copy takes its place, due now. Two statements, because the new row's
# unique key is free only once the old one is marked.
PUT_ASIDE: Final = """
WITH aside AS (
    UPDATE protocols_steprun next
    SET state = 'superseded', superseded_at = casework_now(), reason = %(reason)s,
        lease_token = NULL, lease_until = NULL
    FROM protocols_steprun told
    WHERE told.id = ANY(%(ids)s) AND next.run_id = told.run_id AND next.step_id = told.step_id
      AND next.occurrence = told.occurrence AND next.round = told.round AND next.rung = told.rung + 1
      AND next.superseded_at IS NULL AND next.state = 'waiting' AND next.due_at > casework_now()
    RETURNING next.id),
events AS (
    INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
    SELECT gen_random_uuid(), id, 'superseded', %(reason)s FROM aside)
SELECT id FROM aside"""

DUE_NOW: Final = """
INSERT INTO protocols_steprun (id, run_id, episode_id, step_id, occurrence, round, rung, role, anchor_at,
    due_at, derivation, state, evidence, reason, attempts)
SELECT gen_random_uuid(), run_id, episode_id, step_id, occurrence, round, rung, role, anchor_at,
    casework_now(), derivation || jsonb_build_object('moved', 'nobody', 'due_at', casework_now()),
    'waiting', '{}', '', 0
FROM protocols_steprun WHERE id = ANY(%s)"""

CLOSE: Final = """
WITH closed AS (
    UPDATE protocols_steprun rung SET state = 'not_needed', reason = %(reason)s,
        lease_token = NULL, lease_until = NULL
    FROM protocols_steprun told
    WHERE told.id = ANY(%(ids)s) AND rung.run_id = told.run_id AND rung.step_id = told.step_id
      AND rung.occurrence = told.occurrence AND rung.round = told.round AND rung.rung > 0
      AND rung.superseded_at IS NULL AND rung.state = 'waiting'
    RETURNING rung.id)
INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
SELECT gen_random_uuid(), id, 'not_needed', %(reason)s FROM closed"""


def climb_at_once(unheard: Sequence[Claimed]) -> None:
    """Nobody could be told of these: say so, and make the next rung of each due now."""
    if not unheard:
        return
    told: dict[str, list[UUID] | str] = {"ids": [step.id for step in unheard], "reason": NOBODY}
    with connection.cursor() as cursor:
        cursor.execute(NOTE_NOBODY, told)
        cursor.execute(PUT_ASIDE, told)
        if aside := [row[0] for row in cursor.fetchall()]:
            cursor.execute(DUE_NOW, [aside])


def close_where_told(steps: Iterable[Claimed]) -> None:
    """A step that only tells is done when it has fired: its ladder has nothing to climb for."""
    ids = [step.id for step in steps if step.rung == 0]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(CLOSE, {"ids": ids, "reason": TOLD})
