"""Who holds which role for a child at a moment: whom a step is for, and who hears next.

A role is a place on the ladder, not always a membership: `carer` is whoever staffs the child's home, and
`duty_worker` the child's own worker by day and the emergency duty team by night. Answers are people who can
be reached in Casework; an empty one means nobody, and the caller goes to the next rung. Somebody with a
conflict of interest holds no role for that child: they could neither open the record nor do the step. The
police and a host authority are told by phone or by their own systems, so here nobody holds `police` or
`host_authority`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple, Self
from uuid import UUID

from django.db import connection

from casework.records.models import Role, User
from casework.records.office_hours import cover_began, in_office_hours
from casework.records.times import now

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
      AND c.recorded_at <= %(at)s AND (c.ended_at IS NULL OR c.ended_at > %(at)s))
FROM posts p JOIN records_user u ON u.id = p.user_id
WHERE u.is_active AND p.starts_at <= %(at)s AND (p.ends_at IS NULL OR p.ends_at > %(at)s)
ORDER BY u.name, u.id"""


class PostRow(NamedTuple):
    """Somebody in an authority or a home; and the children with whom they have a conflict of interest."""

    place_id: UUID
    role: str
    team_id: UUID | None
    user_id: UUID
    conflicts: Collection[UUID]


class HolderRow(NamedTuple):
    """One person in a role, and the team the role is in, if any."""

    user_id: UUID
    team_id: UUID | None


class Holders:
    """Everybody in these authorities and homes at one moment, read in one query for many episodes."""

    def __init__(self, rows: Iterable[PostRow], *, at: datetime) -> None:
        self._conflicts: dict[UUID, set[UUID]] = defaultdict(set)
        self._posts: dict[tuple[UUID, str], list[HolderRow]] = defaultdict(list)
        self._people: dict[tuple[UUID, UUID | None], HolderRow] = {}
        self._rows, self._at = tuple(rows), at
        for place_id, role, team_id, user_id, conflicts in self._rows:
            for child_id in conflicts:
                self._conflicts[child_id].add(user_id)
            row = HolderRow(user_id, team_id)
            self._posts[place_id, role].append(row)
            self._people[place_id, user_id] = row

    @classmethod
    def load(
        cls, authority_ids: Collection[UUID], home_ids: Collection[UUID], *, at: datetime | None = None
    ) -> Self:
        """The holders at `at`; now, unless told otherwise."""
        moment = at or now()
        places = {"authorities": list(authority_ids), "homes": list(home_ids)}
        with connection.cursor() as cursor:
            cursor.execute(HOLDERS, {**places, "at": moment, "home_role": Role.HOME_STAFF})
            rows = map(PostRow._make, cursor.fetchall())
            return cls(rows, at=moment)

    def kept_from(self, child_id: UUID) -> frozenset[UUID]:
        """The people who have a conflict of interest with this child."""
        return frozenset(self._conflicts.get(child_id, ()))

    def still_has(self, user_id: UUID, since: datetime, authority_id: UUID, child_id: UUID) -> bool:
        """Whether whoever took a case on at `since` has it still: works there, may see the child, and cover
        has not changed since. Worked out each time, so that nobody has to let go of anything.
        """
        is_here = (authority_id, user_id) in self._people and user_id not in self.kept_from(child_id)
        return is_here and since >= cover_began(self._at)

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
        everybody = self._in(authority_id, role)
        if role == Role.TEAM_MANAGER:
            return _of_team(everybody, team_id) or everybody
        return everybody

    def _without(self, people: Collection[UUID]) -> Holders:
        return Holders((row for row in self._rows if row.user_id not in people), at=self._at)

    def _carers(self, home_id: UUID | None) -> tuple[HolderRow, ...]:
        """Staff of the home; where it has none with a sign-in, the managers of its provider."""
        if home_id is None:
            return ()
        return self._in(home_id, Role.HOME_STAFF) or self._in(home_id, *MANAGERS_OF_PROVIDER)

    def _own_workers(
        self, authority_id: UUID, team_id: UUID | None, allocated_worker_id: UUID | None
    ) -> tuple[HolderRow, ...]:
        """The child's allocated worker while they work there; otherwise the social workers of the team."""
        if allocated := self._people.get((authority_id, allocated_worker_id)):
            return (allocated,)
        return _of_team(self._in(authority_id, Role.SOCIAL_WORKER), team_id)

    def _on_duty(
        self, authority_id: UUID, team_id: UUID | None, allocated_worker_id: UUID | None
    ) -> tuple[HolderRow, ...]:
        """By day the child's own worker or team, out of hours the emergency duty team.

        A day on which neither worker nor team is known is the duty team's as well.
        """
        duty_team = self._in(authority_id, Role.DUTY_WORKER)
        if not in_office_hours(self._at):
            return duty_team
        return self._own_workers(authority_id, team_id, allocated_worker_id) or duty_team

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
