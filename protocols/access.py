"""Which steps a person may see: those of the episodes they may see. Nothing else decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from casework.records.errors import NotFound
from casework.records.models import User
from incidents.access import episodes_visible_to
from protocols.models import StepRun


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
