"""Which steps a person may see, those of the episodes they may see; and which editions of a protocol."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.records.access import authorities_of, children_visible_to
from casework.records.errors import NotFound
from casework.records.models import User
from incidents.access import episodes_visible_to
from protocols.models import ProtocolVersion, StepRun


def steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Every step of every episode this person may see, ladders included."""
    return StepRun.objects.filter(episode__in=episodes_visible_to(user, at))


def step_for(user: User, step_run_id: UUID) -> StepRun:
    """The step, if this person may see it; NotFound otherwise. Rungs of a ladder are nobody's to open."""
    steps = steps_visible_to(user).filter(pk=step_run_id, rung=0)
    found = steps.select_related("step", "run", "episode__child", "holder", "done_by").first()
    if found is None:
        raise NotFound
    return found


def versions_visible_to(user: User) -> QuerySet[ProtocolVersion]:
    """Editions in force now or once: the shipped ones, one's authority's, and those of one's children."""
    theirs = Q(protocol__authority__in=authorities_of(user))
    theirs |= Q(protocol__authority__in=children_visible_to(user).values("authority_id"))
    published = ProtocolVersion.objects.exclude(state=ProtocolVersion.State.DRAFT)
    return published.filter(theirs | Q(protocol__authority=None))


def version_for(user: User, version_id: UUID) -> ProtocolVersion:
    """The edition, if this person may read it; NotFound otherwise."""
    found = (
        versions_visible_to(user).select_related("protocol__authority", "published_by").filter(pk=version_id)
    )
    edition = found.first()
    if edition is None:
        raise NotFound
    return edition
