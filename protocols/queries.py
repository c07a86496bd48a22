"""What people ask of the steps: what is owed, by whom, what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.records.access import standing_of
from casework.records.acts import Act, roles_that_may
from casework.records.holders import Holders
from casework.records.models import Placement, User
from casework.records.times import CaseworkNow, now
from incidents.access import episodes_to_list
from incidents.models import MissingEpisode
from protocols.models import ProtocolVersion, StepRun, StepState

Homes = Mapping[UUID, UUID | None]  # by child

OWED: Final = (StepState.WAITING, StepState.FIRED, StepState.FAILED)


def owed_steps_visible_to(user: User) -> QuerySet[StepRun]:
    """Steps that still wait for somebody, soonest due first; ladders are not steps."""
    return (
        StepRun.objects.filter(episode__in=episodes_to_list(user), rung=0, state__in=OWED)
        .select_related(
            "step", "holder", "acknowledged_by", "episode__child", "episode__home", "episode__authority"
        )
        .order_by("due_at", "step__ordinal", "id")
    )


def overdue_steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Steps whose time has come and that no person has met: *Overdue now*; no part of the clock's health."""
    return owed_steps_visible_to(user).filter(due_at__lte=at or now())


def unacknowledged(steps: QuerySet[StepRun], at: datetime) -> QuerySet[StepRun]:
    """Of these, the ones that have come due and that nobody did or, for now, promised."""
    unpromised = Q(acknowledged_at__isnull=True) | Q(acknowledged_until__lte=at)
    return steps.filter(unpromised, state=StepState.FIRED)


def drafts_to_publish(user: User) -> QuerySet[ProtocolVersion]:
    """Editions that somebody else drafted, for whoever may change the protocol there: it takes two."""
    keeping = standing_of(user).authorities_where(roles_that_may(Act.EDIT_PROTOCOL))
    drafts = ProtocolVersion.objects.filter(
        state=ProtocolVersion.State.DRAFT, protocol__authority_id__in=keeping
    )
    return drafts.exclude(drafted_by=user).select_related("protocol__authority", "drafted_by")


def owed_by(user: User, at: datetime | None = None) -> list[StepRun]:
    """The steps that wait for this person: handed to them, theirs by role, or climbed to them.

    What the clock alone does, telling people, is nobody's work. A constant number of queries, however many
    steps there are.
    """
    moment = at or now()
    steps = list(owed_steps_visible_to(user).exclude(step__kind="tell", state=StepState.WAITING))
    if not steps:
        return []
    climbed = _roles_climbed_to(steps)
    episodes = {step.episode for step in steps if step.episode}
    homes = _homes_of(episodes)
    holders = Holders.load(
        {episode.authority_id for episode in episodes}, {home for home in homes.values() if home}, at=moment
    )
    return [step for step in steps if _waits_for(user, step, {step.role, *climbed[step.pk]}, holders, homes)]


def _waits_for(user: User, step: StepRun, roles: Iterable[str], holders: Holders, homes: Homes) -> bool:
    if step.holder_id is not None and _can_answer(step, holders, homes):
        return step.holder_id == user.pk
    return any(user.pk in _holders(role, step.episode, holders, homes) for role in roles)


def _can_answer(step: StepRun, holders: Holders, homes: Homes) -> bool:
    """Whether whoever took the step over still can: left, away, or in a conflict, it is the role's again."""
    episode = step.episode
    if episode is None or step.holder_id is None:
        return False
    return holders.can_answer(step.holder_id, episode.authority_id, homes[episode.child_id], episode.child_id)


def _homes_of(episodes: Iterable[MissingEpisode]) -> Homes:
    """By child, the home that has the carers: where the child is placed now, else was reported from."""
    reported_from = {episode.child_id: episode.home_id for episode in episodes}
    placed = Placement.objects.filter(child__in=reported_from, period__contains=CaseworkNow())
    return reported_from | dict(placed.exclude(home=None).values_list("child_id", "home_id"))


def _holders(role: str, episode: MissingEpisode | None, holders: Holders, homes: Homes) -> set[UUID]:
    if episode is None:
        return set()
    rows = holders.of(
        role,
        authority_id=episode.authority_id,
        home_id=homes[episode.child_id],
        team_id=episode.child.team_id,
        allocated_worker_id=episode.child.allocated_worker_id,
        child_id=episode.child_id,
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
