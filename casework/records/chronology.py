"""The story of a child, written as it happens: one entry for each thing done, by whom."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casework.records.models import Child, ChronologyEntry, User


def record(
    *,
    child: Child,
    verb: StrEnum,
    actor: User | None,
    episode_id: UUID | None = None,
    about_kind: str = "",
    about_id: UUID | None = None,
    occurred_at: datetime | None = None,
    payload: Mapping[str, object] | None = None,
    typed_name: str = "",
) -> ChronologyEntry:
    """Add an entry, in the transaction of the thing itself. `actor` is None when the system did it."""
    entry = ChronologyEntry(
        child=child,
        verb=verb.value,
        actor=actor,
        episode_id=episode_id,
        about_kind=about_kind,
        about_id=about_id,
        payload=dict(payload or {}),
        typed_name=typed_name,
    )
    if occurred_at is not None:  # otherwise the database's own clock says when
        entry.occurred_at = occurred_at
    entry.save(force_insert=True)
    return entry
