"""What changed of the episodes that are shared with a force, in order, each once: for the force's own system.

Nobody who writes has to think of it. Whoever reads numbers first what has been committed since the last
reader, one reader of a force at a time: a change that is committed late gets a later number, and is never
passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from casework.records.errors import NotAllowed
from casework.records.models import User
from casework.records.standing import standing_of
from casework.records.verbs import RecordVerb
from incidents.access import shares_of
from incidents.models import SharedEvent
from incidents.verbs import EpisodeVerb

Kind = SharedEvent.Kind

# What a force hears of, by the verb of the chronology. Whatever stands not here is none of its business.
TOLD: Final[dict[StrEnum, Kind]] = {
    EpisodeVerb.CORRECTED: Kind.CHANGED,
    EpisodeVerb.REPORTED_AGAIN: Kind.CHANGED,
    EpisodeVerb.RECORDED_AWAY: Kind.CHANGED,
    EpisodeVerb.RECORDED_MISSING: Kind.CHANGED,
    EpisodeVerb.RETURN_COMPLETED: Kind.CHANGED,
    EpisodeVerb.REOPENED: Kind.CHANGED,
    EpisodeVerb.LOCATED: Kind.LOCATED,
    EpisodeVerb.POLICE_FOUND: Kind.LOCATED,
    EpisodeVerb.FINDING_CONFIRMED: Kind.LOCATED,
    EpisodeVerb.FINDING_REFUSED: Kind.LOCATED,
    EpisodeVerb.RETURNED: Kind.RETURNED,
    **dict.fromkeys(
        (
            EpisodeVerb.SIGNED_OFF,
            EpisodeVerb.FALSE_REPORT,
            EpisodeVerb.TRANSFERRED,
            EpisodeVerb.AGED_OUT,
            EpisodeVerb.DEATH_CONFIRMED,
            EpisodeVerb.JOINED,
        ),
        Kind.CLOSED,
    ),
    EpisodeVerb.RISK_ASSESSED: Kind.GRADE,
    EpisodeVerb.NEWS_ADDED: Kind.NEWS,
    EpisodeVerb.CHILD_SPOKEN_TO: Kind.NEWS,
    EpisodeVerb.POLICE_ANSWERED: Kind.REFERENCE,
    EpisodeVerb.POLICE_REFERENCE_GIVEN: Kind.REFERENCE,
    EpisodeVerb.POLICE_ACKNOWLEDGED: Kind.ACKNOWLEDGED,
    EpisodeVerb.INDICATOR_RECORDED: Kind.CHILD,
    EpisodeVerb.INDICATOR_WITHDRAWN: Kind.CHILD,
    RecordVerb.CHILD_CORRECTED: Kind.CHILD,
    RecordVerb.CHILD_IMPORT_CORRECTED: Kind.CHILD,
    RecordVerb.FACT_RECORDED: Kind.CHILD,
    RecordVerb.FACT_CONFIRMED: Kind.CHILD,
    RecordVerb.FACT_WITHDRAWN: Kind.CHILD,
    RecordVerb.PHOTO_FOR_POLICE: Kind.CHILD,
    RecordVerb.PHOTO_NOT_FOR_POLICE: Kind.CHILD,
}

ONE_READER: Final = "SELECT pg_advisory_xact_lock(hashtextextended('feed of ' || %s, 0))"

# 1. Every share of the force, whether it is live, and which of its two ends was told last.
# 2. What is not numbered yet: beginnings and ends of shares, and what happened in those that are live: to the
#    episode; or to the child, whatever episode it was written down with: a sign of danger is the child's.
# 3. In the order in which it was written down.
NUMBER: Final = """
WITH ends AS (
    SELECT DISTINCT ON (share_id) share_id, kind FROM incidents_sharedevent
    WHERE force_id = %(force)s AND entry_id IS NULL ORDER BY share_id, number DESC
), shares AS (
    SELECT s.id, s.episode_id, e.child_id, s.recorded_at, s.until, ends.kind AS last_end,
        s.until IS NULL OR s.until > casework_now() AS is_live
    FROM incidents_episodeshare s
    JOIN incidents_missingepisode e ON e.id = s.episode_id
    LEFT JOIN ends ON ends.share_id = s.id
    WHERE s.force_id = %(force)s
), told (verb, kind) AS (SELECT * FROM unnest(%(verbs)s::text[], %(kinds)s::text[])
), fresh AS (
    SELECT id, episode_id, 'episode.shared' AS kind, NULL::uuid AS entry_id,
        CASE WHEN last_end IS NULL THEN recorded_at ELSE casework_now() END AS at, 0 AS rank
    FROM shares WHERE is_live AND last_end IS DISTINCT FROM 'episode.shared'
    UNION ALL
    SELECT id, episode_id, 'share.ended', NULL, until, 2
    FROM shares WHERE NOT is_live AND last_end = 'episode.shared'
    UNION ALL
    SELECT shares.id, shares.episode_id, told.kind, c.id, c.recorded_at, 1
    FROM shares
    JOIN records_chronologyentry c ON c.episode_id = shares.episode_id AND c.recorded_at >= shares.recorded_at
    JOIN told ON told.verb = c.verb
    WHERE shares.is_live AND NOT EXISTS (
        SELECT FROM incidents_sharedevent n WHERE n.share_id = shares.id AND n.entry_id = c.id)
    UNION ALL
    SELECT shares.id, shares.episode_id, told.kind, c.id, c.recorded_at, 1
    FROM shares
    JOIN records_chronologyentry c ON c.child_id = shares.child_id AND c.recorded_at >= shares.recorded_at
        AND c.episode_id IS DISTINCT FROM shares.episode_id
    JOIN told ON told.verb = c.verb AND told.kind = 'child.changed'
    WHERE shares.is_live AND NOT EXISTS (
        SELECT FROM incidents_sharedevent n WHERE n.share_id = shares.id AND n.entry_id = c.id)
), before AS (SELECT coalesce(max(number), 0) AS number FROM incidents_sharedevent WHERE force_id = %(force)s)
INSERT INTO incidents_sharedevent (force_id, number, kind, episode_id, share_id, entry_id, happened_at)
SELECT %(force)s, before.number + row_number() OVER (ORDER BY at, rank, entry_id, fresh.id),
    kind, episode_id, fresh.id, entry_id, at
FROM fresh CROSS JOIN before"""


@dataclass(frozen=True, slots=True)
class Event:
    """One change, by its number: what kind, of which episode, when it was written down."""

    number: int
    kind: str
    episode_id: UUID
    happened_at: datetime


def events_after(user: User, number: int, limit: int) -> list[Event]:
    """What comes after that number, the oldest first. `NotAllowed` for whoever is not of just one force.

    Of an episode that is not shared any more only the end is left.
    """
    force_id = _force_of(user)
    _number(force_id)
    rows = _readable(user, force_id).filter(number__gt=number).order_by("number")[:limit]
    return [Event(*row) for row in rows.values_list("number", "kind", "episode_id", "happened_at")]


def number_at(user: User, moment: datetime) -> int:
    """The number after which everything comes that was written down at `moment` or later."""
    force_id = _force_of(user)
    _number(force_id)
    rows = SharedEvent.objects.filter(force_id=force_id)
    first = rows.filter(happened_at__gte=moment).order_by("number").values_list("number", flat=True).first()
    if first is not None:
        return first - 1
    return rows.order_by("-number").values_list("number", flat=True).first() or 0


def _readable(user: User, force_id: UUID) -> QuerySet[SharedEvent]:
    shared = shares_of(user).values("episode_id")
    return SharedEvent.objects.filter(Q(kind=Kind.ENDED) | Q(episode__in=shared), force_id=force_id)


def _force_of(user: User) -> UUID:
    forces = standing_of(user).force_ids
    if len(forces) != 1:
        raise NotAllowed("The feed is for a police force’s own system.", code="not_a_force")
    return next(iter(forces))


@transaction.atomic
def _number(force_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_READER, [str(force_id)])
        cursor.execute(
            NUMBER,
            {
                "force": force_id,
                "verbs": [verb.value for verb in TOLD],
                "kinds": [kind.value for kind in TOLD.values()],
            },
        )
