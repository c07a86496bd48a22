"""Writing down what came of a batch: state, event, chronology and outbox in one statement, or none of it."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection
from psycopg2.extras import Json

from casework.records.models import Notification
from protocols.messages import STOPPED_BY_RETURN, StepVerb, goes_by_text, message_key
from protocols.rulebook import StepRule
from protocols.steps import Fires, Lapses, Telling

from .claim import Claimed
from .standing import PlacementStanding, Standing

# Only a row that is still waiting under our token moves; whatever follows is written for those alone.
# The clock is read here, after the locks: a step never fires before its time, not even by the database's.
WRITE: Final = f"""
WITH decided AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(children)s::uuid[],
                         %(payloads)s::jsonb[])
        AS d (id, state, reason, child_id, payload)),
written AS (
    UPDATE protocols_steprun s
    SET state = d.state, reason = d.reason, lease_token = NULL, lease_until = NULL, next_try_at = NULL,
        fired_at = CASE WHEN d.state <> 'not_needed' THEN casework_now() END,
        done_at = CASE WHEN d.state = 'done' THEN casework_now() END
    FROM decided d
    WHERE s.id = d.id AND s.state = 'waiting' AND s.lease_token = %(token)s AND s.due_at <= casework_now()
    RETURNING s.id, s.episode_id, s.due_at, d.state, d.reason, d.child_id, d.payload),
events AS (
    INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
    SELECT gen_random_uuid(), id, CASE state WHEN 'not_needed' THEN state ELSE 'fired' END, reason
    FROM written),
chronology AS (
    INSERT INTO records_chronologyentry
        (id, child_id, episode_id, verb, about_kind, about_id, typed_name, payload)
    SELECT gen_random_uuid(), child_id, episode_id, '{StepVerb.FIRED}', 'step_run', id, '', payload
    FROM written WHERE state <> 'not_needed'),
outbox AS (
    INSERT INTO records_notification (id, key, child_id, episode_id, step_run_id, stops_on_return,
        recipient_id, channel, template, reference, state, attempts, reason)
    SELECT gen_random_uuid(), o.key, w.child_id, w.episode_id, w.id, o.stops, o.recipient_id,
           o.channel, o.template, o.reference, 'queued', 0, ''
    FROM unnest(%(owed_by)s::uuid[], %(keys)s::text[], %(recipients)s::uuid[], %(channels)s::text[],
                %(templates)s::text[], %(references)s::text[], %(stops)s::boolean[])
        AS o (step_run_id, key, recipient_id, channel, template, reference, stops)
    JOIN written w ON w.id = o.step_run_id
    LEFT JOIN records_user u ON o.channel = '{Notification.Channel.SMS}' AND u.id = o.recipient_id
    WHERE o.channel = '{Notification.Channel.EMAIL}' OR u.phone <> ''
    ON CONFLICT (key) DO NOTHING)
SELECT id FROM written"""


@dataclass(slots=True)
class Decisions:
    """What has been decided in one batch, column by column, as the statement takes it.

    `by_day` is whether the offices are staffed; None where nobody is sent text messages.
    """

    token: UUID
    by_day: bool | None = None
    ids: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    payloads: list[Json] = field(default_factory=list)
    owed_by: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    stops: list[bool] = field(default_factory=list)

    def add(
        self, step: Claimed, rule: StepRule, standing: Standing | PlacementStanding, outcome: Fires | Lapses
    ) -> None:
        """Take in one decision."""
        self.ids.append(str(step.id))
        self.children.append(str(standing.child_id))
        if isinstance(outcome, Lapses):
            self._state("not_needed", outcome.reason, {})
            return
        told = len(outcome.tellings)
        facts: dict[str, str | int] = {
            "code": rule.code,
            "rung": step.rung,
            "round": step.round,
            "role": step.role,
            "told": told,
        }
        self._state("done" if outcome.is_done else "fired", "", facts)
        for telling in outcome.tellings:
            self._owe(step, rule, standing.reference, telling, Notification.Channel.EMAIL)
            if self._is_texted(rule, telling):
                self._owe(step, rule, standing.reference, telling, Notification.Channel.SMS)

    def _is_texted(self, rule: StepRule, telling: Telling) -> bool:
        if self.by_day is None:
            return False
        return goes_by_text(telling.template, rule.anchor, rule.shortest_delay, by_day=self.by_day)

    def _owe(self, step: Claimed, rule: StepRule, reference: str, telling: Telling, channel: str) -> None:
        self.owed_by.append(str(step.id))
        self.recipients.append(str(telling.recipient_id))
        self.channels.append(channel)
        self.templates.append(telling.template)
        self.references.append(reference)
        self.stops.append(rule.anchor in STOPPED_BY_RETURN)
        self.keys.append(message_key(step.id, channel, telling.recipient_id, telling.template))

    def _state(self, state: str, reason: str, payload: dict[str, str | int]) -> None:
        self.states.append(state)
        self.reasons.append(reason)
        self.payloads.append(Json(payload))

    def write(self) -> set[UUID]:
        """Write it all; the ids of the rows that were still ours."""
        if not self.ids:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {name: getattr(self, name) for name in self.__slots__})
            return {row[0] for row in cursor.fetchall()}
