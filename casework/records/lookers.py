"""Who looked at a child's record: read from the audit, person by person and look by look.

A look is a row of the audit that names the child alone, or among the children of a list. Each half has an
index of its own; asked in one condition the database would walk the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

_LOOKS: Final = "action IN ('read', 'export')"
LOOKERS: Final = f"""
WITH looks AS (
    SELECT actor_id, on_behalf_of, at, false AS in_list FROM records_auditentry
    WHERE child_id = %(child)s AND {_LOOKS}
    UNION ALL
    SELECT actor_id, on_behalf_of, at, true FROM records_auditentry
    WHERE child_ids @> ARRAY[%(child)s] AND {_LOOKS})
SELECT l.actor_id, coalesce(u.name, nullif(l.on_behalf_of, ''), 'Somebody unknown'), u.email,
       count(*) FILTER (WHERE NOT in_list), count(*) FILTER (WHERE in_list), min(at), max(at)
FROM looks l LEFT JOIN records_user u ON u.id = l.actor_id
GROUP BY l.actor_id, l.on_behalf_of, u.name, u.email
ORDER BY count(*) FILTER (WHERE NOT in_list) DESC, max(at) DESC"""  # noqa: S608  # a constant of this module

_COLUMNS: Final = "id, at, actor_id, on_behalf_of, action, about_kind, fields, reason"
_EARLIER: Final = (
    "AND (%(at)s IS NULL OR (at, id) < (%(at)s, %(id)s)) AND (%(by)s IS NULL OR actor_id = %(by)s)"
)
_NEWEST: Final = "ORDER BY at DESC, id DESC LIMIT %(limit)s"
LOOKS: Final = f"""
SELECT l.*, coalesce(u.name, nullif(l.on_behalf_of, ''), 'Somebody unknown') FROM (
    (SELECT {_COLUMNS}, false AS in_list FROM records_auditentry
     WHERE child_id = %(child)s AND {_LOOKS} {_EARLIER} {_NEWEST})
    UNION ALL
    (SELECT {_COLUMNS}, true FROM records_auditentry
     WHERE child_ids @> ARRAY[%(child)s] AND {_LOOKS} {_EARLIER} {_NEWEST})) l
LEFT JOIN records_user u ON u.id = l.actor_id
{_NEWEST}"""  # noqa: S608  # constants of this module


@dataclass(frozen=True, slots=True)
class Looker:
    """One person, and how often: opened the record, and saw the child in a list."""

    user_id: UUID | None
    name: str
    email: str | None
    opened: int
    listed: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One look, and what was shown."""

    id: UUID
    at: datetime
    user_id: UUID | None
    name: str
    is_export: bool
    kind: str
    fields: Sequence[str]
    reason: str
    in_list: bool


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of looks begins: just before this one. (Moments alone may be alike.)"""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Before | None:
        """The place that a link names; None when it names none."""
        at, _, identity = text.partition("~")
        try:
            place = cls(datetime.fromisoformat(at), UUID(identity))
        except ValueError:
            return None
        return place if place.at.tzinfo else None


def lookers_of(child_id: UUID) -> list[Looker]:
    """Everybody who was shown the child, most often first."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKERS, {"child": child_id})
        return [Looker(*row) for row in cursor.fetchall()]


def looks_at(
    child_id: UUID, *, before: Before | None = None, by: UUID | None = None, limit: int = 50
) -> list[Look]:
    """Looks at the child, newest first, from a place on; everybody's, or one person's."""
    place = {"at": before.at if before else None, "id": before.id if before else None}
    with connection.cursor() as cursor:
        cursor.execute(LOOKS, {"child": child_id, "by": by, "limit": limit, **place})
        rows = cursor.fetchall()
    return [
        Look(id_, at, user_id, name, action == "export", kind, fields, reason, in_list)
        for id_, at, user_id, _, action, kind, fields, reason, in_list, name in rows
    ]
