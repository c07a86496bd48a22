"""What people ask of the steps: what is owed, by whom, what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from casework.records.holders import Holders
from casework.records.models import User
from casework.records.times import now
from incidents.models import MissingEpisode
from protocols.access import steps_visible_to
from protocols.models import StepRun, StepState

OWED: Final = (StepState.WAITING, StepState.FIRED, StepState.FAILED)


def owed_steps_visible_to(user: User) -> QuerySet[StepRun]:
    """Steps that still wait for somebody, soonest due first; ladders are not steps."""
    return (
        steps_visible_to(user)
        .filter(rung=0, state__in=OWED)
        .select_related("step", "holder", "acknowledged_by", "episode__child", "episode__home")
        .order_by("due_at", "step__ordinal", "id")
    )


def overdue_steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Steps whose time has come and that no person has met: *Overdue now*; no part of the clock's health."""
    return owed_steps_visible_to(user).filter(due_at__lte=at or now())


def owed_by(user: User, at: datetime | None = None) -> list[StepRun]:
    """The steps that wait for this person: handed to them, theirs by role, or climbed to them.

    A constant number of queries, however many steps there are.
    """
    moment = at or now()
    steps = list(owed_steps_visible_to(user))
    if not steps:
        return []
    climbed = _roles_climbed_to(steps)
    episodes = {step.episode for step in steps if step.episode}
    holders = Holders.load(
        {episode.authority_id for episode in episodes},
        {episode.home_id for episode in episodes if episode.home_id},
        at=moment,
    )
    return [step for step in steps if _waits_for(user, step, {step.role, *climbed[step.pk]}, holders)]


def _waits_for(user: User, step: StepRun, roles: Iterable[str], holders: Holders) -> bool:
    if step.holder_id is not None:
        return step.holder_id == user.pk
    return any(user.pk in _holders(role, step.episode, holders) for role in roles)


def _holders(role: str, episode: MissingEpisode | None, holders: Holders) -> set[UUID]:
    if episode is None:
        return set()
    rows = holders.of(
        role,
        authority_id=episode.authority_id,
        home_id=episode.home_id,
        team_id=episode.child.team_id,
        allocated_worker_id=episode.child.allocated_worker_id,
    )
    return {row.user_id for row in rows}


def _roles_climbed_to(steps: Iterable[StepRun]) -> dict[UUID, set[str]]:
    """For each step, the roles of those rungs of its ladder that have been told already."""
    by_place = {(step.run_id, step.step_id, step.occurrence, step.round): step.pk for step in steps}
    rungs = StepRun.objects.filter(
        run_id__in={place[0] for place in by_place}, rung__gt=0, state=StepState.FIRED
    ).values_list("run_id", "step_id", "occurrence", "round", "role")
    found: dict[UUID, set[str]] = defaultdict(set)
    for run_id, step_id, occurrence, round_number, role in rungs:
        if (pk := by_place.get((run_id, step_id, occurrence, round_number))) is not None:
            found[pk].add(role)
    return found
