"""Looks at children's records by people who had no part in the case at that moment: the weekly list.

`access` asks, before it opens a record, whether its reader has a part: their own child or their team's, an
absence that is not over, a shift, something to do, a grant, an emergency, a reason given. Here the same is
asked again of what has happened, each at the moment of the look, from the facts and not from what the page
decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from casework.records.access import authorities_audited_by
from casework.records.heartbeats import age_of, beat
from casework.records.local_time import WALL
from casework.records.models import AUTHORITY_ROLES, LocalAuthority, User
from casework.records.notify import outbox
from casework.records.standing import SENIOR_ROLES, live_memberships
from casework.records.times import CaseworkNow, now
from incidents.verbs import EpisodeVerb

# Whose child it was then is read from the child's history; before it begins, from its first row.
LOOKS: Final = """
SELECT l.actor_id, l.child_id, count(*), min(l.at), max(l.at), array_agg(DISTINCT l.about_kind)
FROM records_auditentry l
CROSS JOIN LATERAL (
    SELECT v.allocated_worker_id, v.team_id FROM records_childevent v WHERE v.pgh_obj_id = l.child_id
    ORDER BY v.pgh_created_at > l.at, abs(extract(epoch FROM l.at - v.pgh_created_at)), v.pgh_id DESC
    LIMIT 1) whose
WHERE l.authority_id = %(authority)s AND l.at >= %(since)s AND l.at < %(until)s
  AND l.action IN ('read', 'export') AND l.child_id IS NOT NULL AND NOT l.about_kind = ANY(%(about_looks)s)
  AND EXISTS (
    SELECT FROM records_membership m
    WHERE m.user_id = l.actor_id AND m.authority_id = l.authority_id AND m.role = ANY(%(staff)s)
      AND m.starts_at <= l.at AND (m.ends_at IS NULL OR m.ends_at > l.at))
  AND whose.allocated_worker_id IS DISTINCT FROM l.actor_id
  AND NOT EXISTS (
    SELECT FROM records_membership m
    WHERE m.user_id = l.actor_id AND m.starts_at <= l.at AND (m.ends_at IS NULL OR m.ends_at > l.at)
      AND (m.team_id = whose.team_id OR (m.role = 'duty_worker' AND m.authority_id = l.authority_id)))
  AND NOT EXISTS (
    SELECT FROM incidents_missingepisode e
    WHERE e.child_id = l.child_id AND e.recorded_at <= l.at + %(just_before)s * interval '1 second'
      AND (e.state IN ('open', 'located', 'follow_up') OR l.at <= coalesce(
        (SELECT max(c.recorded_at) FROM records_chronologyentry c
         WHERE c.episode_id = e.id AND c.verb = ANY(%(endings)s)),
        e.returned_recorded_at, e.recorded_at)))
  AND NOT EXISTS (
    SELECT FROM incidents_returninterview i
    WHERE i.child_id = l.child_id AND i.allocated_to_id = l.actor_id AND i.recorded_at <= l.at)
  AND NOT EXISTS (
    SELECT FROM incidents_action a JOIN incidents_missingepisode e ON e.id = a.episode_id
    WHERE e.child_id = l.child_id AND a.owner_id = l.actor_id AND a.recorded_at <= l.at
      AND (a.settled_at IS NULL OR a.settled_at >= l.at))
  AND NOT EXISTS (
    SELECT FROM protocols_steprun s JOIN incidents_missingepisode e ON e.id = s.episode_id
    WHERE e.child_id = l.child_id AND s.holder_id = l.actor_id AND s.recorded_at <= l.at
      AND (s.done_at IS NULL OR s.done_at >= l.at))
  AND NOT EXISTS (
    SELECT FROM protocols_steprun s JOIN protocols_protocolrun r ON r.id = s.run_id
    JOIN records_placement p ON p.id = r.placement_id
    WHERE p.child_id = l.child_id AND s.holder_id = l.actor_id AND s.recorded_at <= l.at
      AND (s.done_at IS NULL OR s.done_at >= l.at))
  AND NOT EXISTS (
    SELECT FROM records_childgrant g
    WHERE g.content_object_id = l.child_id AND g.user_id = l.actor_id AND g.granted_at <= l.at
      AND (g.until IS NULL OR g.until > l.at))
  AND NOT EXISTS (
    SELECT FROM records_brokenglass b
    WHERE b.child_id = l.child_id AND b.user_id = l.actor_id AND b.recorded_at <= l.at AND b.until > l.at)
  AND NOT EXISTS (
    SELECT FROM records_reasongiven w
    WHERE w.child_id = l.child_id AND w.user_id = l.actor_id AND w.session = l.session
      AND w.recorded_at <= l.at AND w.until > l.at)
GROUP BY l.actor_id, l.child_id ORDER BY count(*) DESC, max(l.at) DESC"""

# Looking after the audit is not looking at the child; nor is saying why, just before.
ABOUT_LOOKS: Final = ("who_looked", "reason")
TOLD: Final = "told of unexplained looks"
TELL_AT: Final = time(7)  # on Monday, before people start
ENDINGS: Final = (
    EpisodeVerb.SIGNED_OFF.value,
    EpisodeVerb.FALSE_REPORT.value,
    EpisodeVerb.TRANSFERRED.value,
    EpisodeVerb.AGED_OUT.value,
    EpisodeVerb.DEATH_CONFIRMED.value,
    EpisodeVerb.JOINED.value,
)
JUST_BEFORE: Final = timedelta(hours=1)  # whoever takes a report opens the record before there is an absence


@dataclass(frozen=True, slots=True)
class Unexplained:
    """One person's looks at one child in a week, with nothing on record that explains them."""

    user_id: UUID
    child_id: UUID
    times: int
    first_at: datetime
    last_at: datetime
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday, midnight, to the next, by the clock on the wall."""

    monday: date

    @classmethod
    def of(cls, moment: datetime) -> Week:
        day = moment.astimezone(WALL).date()
        return cls(day - timedelta(days=day.weekday()))

    @property
    def before(self) -> Week:
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self) -> Week:
        return Week(self.monday + timedelta(days=7))

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.monday, time(), WALL)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def unexplained_looks(authority_id: UUID, week: Week) -> list[Unexplained]:
    """Who of the authority's own people looked at whose record without a part in the case.

    People of a home and of the police see nothing but what is theirs at that moment: they are not asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKS,
            {
                "authority": authority_id,
                "since": week.begins_at,
                "until": week.after.begins_at,
                "about_looks": list(ABOUT_LOOKS),
                "staff": [role.value for role in AUTHORITY_ROLES],
                "just_before": int(JUST_BEFORE.total_seconds()),
                "endings": list(ENDINGS),
            },
        )
        return [Unexplained(*row) for row in cursor.fetchall()]


# Telling ---------------------------------------------------------------------------------------------


@transaction.atomic
def tell_of_last_week() -> int:
    """Owe those who answer for the whole authority a message, if there is anything to check; how many.

    To be rung at any time: nothing happens until Monday at seven, nor when this week was told already.
    """
    moment = now()
    this_week = Week.of(moment)
    since_monday = moment - datetime.combine(this_week.monday, TELL_AT, WALL)
    told_ago = age_of(TOLD)
    if since_monday < timedelta(0) or (told_ago is not None and told_ago <= since_monday):
        return 0
    told = 0
    for authority in LocalAuthority.objects.filter(is_tenant=True):
        if unexplained_looks(authority.pk, this_week.before):
            told += _tell(authority, this_week.before)
    beat(TOLD)
    return told


def _tell(authority: LocalAuthority, week: Week) -> int:
    """One message each, without a name. A week is told once, whatever happens to our own note of it."""
    readers = _readers(authority)
    for user in readers:
        outbox.queue(
            key=f"looks-{week.monday:%Y%m%d}-{authority.pk.hex[:12]}-{user.pk.hex[:12]}",
            recipient_id=user.pk,
            template="unexplained_looks",
        )
    return len(readers)


def _readers(authority: LocalAuthority) -> list[User]:
    """Those who answer for every child, and the data-protection contact; if the list opens to them."""
    seniors = live_memberships(CaseworkNow()).filter(authority=authority, role__in=SENIOR_ROLES)
    wanted = Q(pk__in=seniors.values("user_id")) | Q(pk=authority.data_protection_contact_id)
    people = User.objects.filter(wanted, is_active=True)
    return [user for user in people if authority.pk in authorities_audited_by(user)]
