"""Who holds which role for a child at a moment: whom a step is for, and who hears next.

A role is a place on the ladder, not always a membership: `carer` is whoever staffs the child's home, and
`duty_worker` the child's own worker by day and the emergency duty team by night. Answers are people who can
be reached in Casework; an empty one means nobody, and the caller goes to the next rung. Somebody with a
conflict of interest holds no role for that child: they could neither open the record nor do the step. The
police and a host authority are told by phone or by their own systems, so here nobody holds `police` or
`host_authority`.

Of those who have a role, whoever the rota says is on duty now holds it. A rota with nobody on it now is a gap
that somebody forgot: then all of them do, and pages say so. Who is away is passed over, for the deputy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final, NamedTuple, Self
from uuid import UUID

from django.db import connection

from casework.records import shifts
from casework.records.acts import may_stand_in
from casework.records.models import Role, User
from casework.records.office_hours import HAND_OVER_BEFORE, cover_began, in_office_hours
from casework.records.times import LONDON, now

CARER: Final = "carer"
MANAGERS_OF_PROVIDER: Final = (Role.REGISTERED_MANAGER, Role.ON_CALL_MANAGER)

# The shared tablet is left out: it has no mailbox that anybody watches.
HOLDERS: Final = """
WITH posts AS (
    SELECT m.authority_id AS place_id, m.* FROM records_membership m
    WHERE m.authority_id = ANY(%(authorities)s)
    UNION ALL
    SELECT m.home_id, m.* FROM records_membership m
    WHERE m.home_id = ANY(%(homes)s) AND m.role = %(home_role)s
    UNION ALL
    SELECT h.id, m.* FROM records_home h JOIN records_membership m ON m.provider_id = h.provider_id
    WHERE h.id = ANY(%(homes)s))
SELECT p.place_id, p.role, p.team_id, p.user_id, ARRAY(
    SELECT c.child_id FROM records_conflictofinterest c
    WHERE c.user_id = p.user_id AND c.child_id IS NOT NULL
      AND c.recorded_at <= %(at)s AND (c.ended_at IS NULL OR c.ended_at > %(at)s)),
    l.id IS NOT NULL, l.deputy_id
FROM posts p JOIN records_user u ON u.id = p.user_id
LEFT JOIN records_leave l ON l.user_id = p.user_id AND l.starts_at <= %(at)s AND l.ends_at > %(at)s
WHERE u.is_active AND p.starts_at <= %(at)s AND (p.ends_at IS NULL OR p.ends_at > %(at)s)
ORDER BY u.name, u.id"""

ROTA: Final = """
WITH lines AS (
    SELECT s.authority_id AS place_id, s.* FROM records_rotashift s
    WHERE s.authority_id = ANY(%(authorities)s)
    UNION ALL
    SELECT h.id, s.* FROM records_home h JOIN records_rotashift s ON s.provider_id = h.provider_id
    WHERE h.id = ANY(%(homes)s))
SELECT place_id, role, user_id, weekday, starts, ends, from_on, until_on FROM lines
WHERE from_on <= %(today)s AND (until_on IS NULL OR until_on >= %(yesterday)s)
ORDER BY place_id, role, starts, id"""


class PostRow(NamedTuple):
    """Somebody in an authority or a home; the children with whom they have a conflict of interest; whether
    they are away at that moment, and who stands in for them.
    """

    place_id: UUID
    role: str
    team_id: UUID | None
    user_id: UUID
    conflicts: Collection[UUID]
    is_away: bool
    deputy_id: UUID | None


class RotaRow(NamedTuple):
    """One line of a rota that is in force."""

    place_id: UUID
    role: str
    user_id: UUID
    weekday: int
    starts: time
    ends: time
    from_on: date
    until_on: date | None


class HolderRow(NamedTuple):
    """One person in a role, and the team the role is in, if any."""

    user_id: UUID
    team_id: UUID | None


class Holders:
    """Everybody in these authorities and homes at one moment, read in two queries for many episodes."""

    def __init__(self, rows: Iterable[PostRow], rota: Iterable[RotaRow], *, at: datetime) -> None:
        self._rows, self._rota, self._at = tuple(rows), tuple(rota), at
        self._conflicts: dict[UUID, set[UUID]] = defaultdict(set)
        self._here: dict[tuple[UUID, UUID | None], HolderRow] = {}
        self._deputies: dict[tuple[UUID, UUID], UUID | None] = {}
        for row in self._rows:
            self._take_in(row)
        self._posts: dict[tuple[UUID, str], list[HolderRow]] = defaultdict(list)
        for row in self._rows:
            if row.is_away:
                self._stand(self._posts, row.place_id, row.role, row.user_id, row.team_id)
            else:
                self._posts[row.place_id, row.role].append(HolderRow(row.user_id, row.team_id))
        self._on_rota: dict[tuple[UUID, str], list[HolderRow]] = defaultdict(list)
        for line in self._rota:
            if shifts.at_moment(line, at):
                post = self._here.get((line.place_id, line.user_id))
                team = post.team_id if post else None
                self._stand(self._on_rota, line.place_id, line.role, line.user_id, team)

    def _take_in(self, row: PostRow) -> None:
        for child_id in row.conflicts:
            self._conflicts[child_id].add(row.user_id)
        if row.is_away:
            self._deputies[row.place_id, row.user_id] = row.deputy_id
        elif row.team_id or (row.place_id, row.user_id) not in self._here:
            self._here[row.place_id, row.user_id] = HolderRow(row.user_id, row.team_id)

    def _stand(
        self,
        where: dict[tuple[UUID, str], list[HolderRow]],
        place_id: UUID,
        role: str,
        user_id: UUID,
        team_id: UUID | None,
    ) -> None:
        """Put the person there, or whoever acts for them."""
        acting = self._acting(place_id, role, user_id)
        if acting is not None:
            where[place_id, role].append(HolderRow(acting, team_id))

    def _acting(self, place_id: UUID, role: str, user_id: UUID) -> UUID | None:
        """The person, or the first in the chain of their deputies who is at work; None when nobody is there,
        or nobody there may do the work.
        """
        person: UUID | None = user_id
        asked = set[UUID]()
        while person is not None and person not in asked and (place_id, person) not in self._here:
            asked.add(person)
            person = self._deputies.get((place_id, person))
        if person is None or (place_id, person) not in self._here:
            return None
        roles = self._roles[place_id, person]
        able = role in roles or any(may_stand_in(Role(one), Role(role)) for one in roles)
        return person if able else None

    @cached_property
    def _at_work(self) -> dict[UUID, frozenset[UUID]]:
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for (place_id, _), row in self._here.items():
            found[place_id].add(row.user_id)
        return {place_id: frozenset(people) for place_id, people in found.items()}

    @cached_property
    def _roles(self) -> dict[tuple[UUID, UUID], set[str]]:
        """What each person is in each place."""
        roles: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
        for row in self._rows:
            roles[row.place_id, row.user_id].add(row.role)
        return roles

    @cached_property
    def _rotas(self) -> set[tuple[UUID, str]]:
        """The roles of which a rota is kept, today."""
        today = self._at.astimezone(LONDON).date()
        return {(line.place_id, line.role) for line in self._rota if shifts.is_valid_on(line, today)}

    @classmethod
    def load(
        cls, authority_ids: Collection[UUID], home_ids: Collection[UUID], *, at: datetime | None = None
    ) -> Self:
        """The holders at `at`; now, unless told otherwise."""
        moment = at or now()
        today = moment.astimezone(LONDON).date()
        places = {"authorities": list(authority_ids), "homes": list(home_ids)}
        with connection.cursor() as cursor:
            cursor.execute(HOLDERS, {**places, "at": moment, "home_role": Role.HOME_STAFF})
            rows = [PostRow._make(row) for row in cursor.fetchall()]
            cursor.execute(ROTA, {**places, "today": today, "yesterday": today - timedelta(days=1)})
            return cls(rows, map(RotaRow._make, cursor.fetchall()), at=moment)

    def kept_from(self, child_id: UUID) -> frozenset[UUID]:
        """The people who have a conflict of interest with this child."""
        return frozenset(self._conflicts.get(child_id, ()))

    def can_answer(
        self, user_id: UUID, authority_id: UUID, home_id: UUID | None, child_id: UUID | None = None
    ) -> bool:
        """Whether this very person can act for the child now: works there, not away, may see the record."""
        is_kept = child_id is not None and user_id in self.kept_from(child_id)
        is_here = (authority_id, user_id) in self._here or bool(home_id and (home_id, user_id) in self._here)
        return is_here and not is_kept

    def at_work(self, authority_id: UUID, home_id: UUID | None) -> frozenset[UUID]:
        """Everybody of the authority and the home who is not away."""
        nobody = frozenset[UUID]()
        of_home = self._at_work.get(home_id, nobody) if home_id else nobody
        return self._at_work.get(authority_id, nobody) | of_home

    def still_has(
        self,
        user_id: UUID,
        since: datetime,
        authority_id: UUID,
        team_id: UUID | None = None,
        allocated_worker_id: UUID | None = None,
        *,
        child_id: UUID,
    ) -> bool:
        """Whether whoever took a case on at `since` has it still. Worked out, so that nobody has to let go.

        They have it until their shift ends, if they were on the rota then; else until cover changes. Taken
        over just before a change, by somebody who is on duty after it, it is theirs after it too.
        """
        if not self.can_answer(user_id, authority_id, None, child_id):
            return False
        own = [line for line in self._rota if (line.place_id, line.user_id) == (authority_id, user_id)]
        on_duty = [shift for line in own if (shift := shifts.at_moment(line, since))]
        if on_duty:
            return any(shift.holds(self._at) for shift in on_duty)
        began = cover_began(self._at)
        if since >= began:
            return True
        now_on = self.of(
            Role.DUTY_WORKER, authority_id, None, team_id, allocated_worker_id, child_id=child_id
        )
        return since >= began - HAND_OVER_BEFORE and any(row.user_id == user_id for row in now_on)

    def is_gap(self, role: str, place_id: UUID) -> bool:
        """Whether a rota is kept of who holds the role, for this hour too, and nobody on it is there."""
        is_kept = (place_id, role) in self._rotas
        return is_kept and not self._on_rota.get((place_id, role)) and shifts.is_needed(role, self._at)

    def of(
        self,
        role: str,
        authority_id: UUID,
        home_id: UUID | None = None,
        team_id: UUID | None = None,
        allocated_worker_id: UUID | None = None,
        *,
        child_id: UUID | None = None,
    ) -> tuple[HolderRow, ...]:
        """Each person who holds the role for a child of that authority, home, team and worker, once.

        With a child named, whoever has a conflict of interest is passed over, as if they had no post.
        """
        if child_id is not None and (kept := self.kept_from(child_id)):
            return self._without(kept).of(role, authority_id, home_id, team_id, allocated_worker_id)
        if role == CARER:
            return self._carers(home_id)
        if role == Role.SOCIAL_WORKER:
            return self._own_workers(authority_id, team_id, allocated_worker_id)
        if role == Role.DUTY_WORKER:
            return self._on_duty(authority_id, team_id, allocated_worker_id)
        if role == Role.TEAM_MANAGER:
            return self._on_rota_now(authority_id, role) or self._team_managers(authority_id, team_id)
        return self._holding(authority_id, role)

    def _without(self, people: Collection[UUID]) -> Holders:
        return Holders((row for row in self._rows if row.user_id not in people), self._rota, at=self._at)

    def _carers(self, home_id: UUID | None) -> tuple[HolderRow, ...]:
        """Staff of the home; where it has none with a sign-in, whoever is on call for its provider."""
        if home_id is None:
            return ()
        on_call = self._on_rota_now(home_id, Role.ON_CALL_MANAGER)
        return self._in(home_id, Role.HOME_STAFF) or on_call or self._in(home_id, *MANAGERS_OF_PROVIDER)

    def _own_workers(
        self, authority_id: UUID, team_id: UUID | None, allocated_worker_id: UUID | None
    ) -> tuple[HolderRow, ...]:
        """The child's allocated worker while they work there, or their deputy; otherwise whoever is on duty
        in the team; and where no rota says so, its social workers.
        """
        if allocated := self._here.get((authority_id, allocated_worker_id)):
            return (allocated,)
        role = Role.SOCIAL_WORKER
        if allocated_worker_id and (acting := self._acting(authority_id, role, allocated_worker_id)):
            return (HolderRow(acting, team_id),)
        on_duty = _of_team(self._on_rota_now(authority_id, role), team_id)
        return on_duty or _of_team(self._in(authority_id, role), team_id)

    def _on_duty(
        self, authority_id: UUID, team_id: UUID | None, allocated_worker_id: UUID | None
    ) -> tuple[HolderRow, ...]:
        """By day the child's own worker or team, out of hours the emergency duty team.

        A day on which neither worker nor team is known is the duty team's as well.
        """
        duty_team = self._holding(authority_id, Role.DUTY_WORKER)
        if not in_office_hours(self._at):
            return duty_team
        return self._own_workers(authority_id, team_id, allocated_worker_id) or duty_team

    def _team_managers(self, authority_id: UUID, team_id: UUID | None) -> tuple[HolderRow, ...]:
        everybody = self._in(authority_id, Role.TEAM_MANAGER)
        return _of_team(everybody, team_id) or everybody

    def _holding(self, place_id: UUID, role: str) -> tuple[HolderRow, ...]:
        return self._on_rota_now(place_id, role) or self._in(place_id, role)

    def _on_rota_now(self, place_id: UUID, role: str) -> tuple[HolderRow, ...]:
        return tuple({row.user_id: row for row in self._on_rota.get((place_id, role), ())}.values())

    def _in(self, place_id: UUID, *roles: str) -> tuple[HolderRow, ...]:
        """The people there in any of these roles, each once."""
        rows = (row for role in roles for row in self._posts.get((place_id, role), ()))
        return tuple({row.user_id: row for row in rows}.values())


def who_holds(
    role: str,
    *,
    authority_id: UUID,
    home_id: UUID | None = None,
    team_id: UUID | None = None,
    allocated_worker_id: UUID | None = None,
    child_id: UUID | None = None,
    at: datetime,
) -> list[User]:
    """The people who hold the role for one child at `at`, by name. `Holders` answers for many at once."""
    holders = Holders.load([authority_id], [home_id] if home_id else [], at=at)
    rows = holders.of(role, authority_id, home_id, team_id, allocated_worker_id, child_id=child_id)
    return list(User.objects.filter(pk__in=[row.user_id for row in rows]).order_by("name", "pk"))


def _of_team(rows: Iterable[HolderRow], team_id: UUID | None) -> tuple[HolderRow, ...]:
    return tuple(row for row in rows if team_id is not None and row.team_id == team_id)
