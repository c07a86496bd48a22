"""Which steps a person may see: of the episodes they may see, and of where the children they see live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.records.access import (
    NOBODY,
    Kind,
    authorities_of,
    children_visible_to,
    children_within,
    first_and_whether_open,
)
from casework.records.errors import NotFound, ReasonNeeded
from casework.records.models import Child, Placement, User
from casework.records.standing import Moment, Standing, standing_of
from incidents.access import episodes_within, outside_homes
from incidents.models import MissingEpisode
from incidents.queries import not_back_episode_of
from protocols.models import ProtocolVersion, StepRun, StepState

IN_HAND: Final = (StepState.WAITING, StepState.FIRED)


def plan_steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Every step that counts from a placement, of the children whose cases this person reads.

    Apart from those of episodes: one question about both would read the whole table.
    """
    return plan_steps_within(standing_of(user, at), at)


def plan_steps_within(standing: Standing, at: datetime | None = None) -> QuerySet[StepRun]:
    """The same, for a standing already taken. A home has those of the children who live there now."""
    theirs = Q(run__placement__child__in=children_within(outside_homes(standing), at))
    if standing.home_ids and not standing.is_tablet:
        lives_there = Q(run__placement__home_id__in=standing.home_ids)
        theirs |= lives_there & Q(run__placement__child__in=children_within(standing, at))
    return StepRun.objects.filter(theirs, episode=None)


def step_for(user: User, step_run_id: UUID) -> StepRun:
    """The step, if this person may see it; NotFound otherwise. Rungs of a ladder are nobody's to open."""
    standing = standing_of(user)
    for kind in (OF_EPISODES, OF_PLACEMENTS):
        if found := first_and_whether_open(standing, kind, step_run_id):
            break
    else:
        raise NotFound
    step_run, opens = found
    if not opens:
        raise ReasonNeeded(child_of(step_run).pk)
    return step_run


def _of_episodes(standing: Standing) -> QuerySet[StepRun]:
    return StepRun.objects.filter(episode__in=episodes_within(standing), rung=0)


def _of_placements(standing: Standing) -> QuerySet[StepRun]:
    return plan_steps_within(standing).filter(rung=0)


SHOWN_WITH: Final = ("step", "run__placement__child", "episode__child", "holder", "done_by")
OF_EPISODES: Final = Kind(_of_episodes, "episode__child_id", SHOWN_WITH)
OF_PLACEMENTS: Final = Kind(_of_placements, "run__placement__child_id", SHOWN_WITH)


def child_of(step_run: StepRun) -> Child:
    """Whom a step is about: the child of its episode, or of the placement that its run plans for."""
    if step_run.episode is not None:
        return step_run.episode.child
    return placement_of(step_run).child


def placement_of(step_run: StepRun) -> Placement:
    """Of a step without an episode, the placement that its run plans for."""
    placement = step_run.run.placement
    if placement is None:  # the run's check constraint has it so
        raise TypeError("a step without an episode belongs to a placement")
    return placement


def has_a_part(standing: Standing, moment: Moment) -> Q:
    """Whoever was given a step that is still owed."""
    if not standing.has_work:
        return NOBODY
    mine = steps_to_do(standing.user_id)
    of_episode = mine.filter(episode__child=OuterRef("pk"))
    return Q(Exists(of_episode)) | Q(Exists(mine.filter(run__placement__child=OuterRef("pk"))))


def steps_to_do(user_id: UUID) -> QuerySet[StepRun]:
    """The steps in this person's hands that are still owed."""
    return StepRun.objects.filter(holder_id=user_id, state__in=IN_HAND)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the ids of an address are about."""

    child: Child
    episode: MissingEpisode | None


def subject_of(ids: Mapping[str, UUID | str]) -> Subject | None:
    """The child and episode behind an address, asked for nobody in particular: never to be shown.

    It serves to keep what somebody was writing when they lost sight of the record.
    """
    episodes = MissingEpisode.objects.select_related("child")
    if "step_id" in ids and "episode_id" not in ids:
        if planned := Child.objects.filter(placements__runs__step_runs__pk=ids["step_id"]).first():
            return Subject(planned, not_back_episode_of(planned))
        episode = episodes.filter(step_runs__pk=ids["step_id"]).first()
    elif "interview_id" in ids:
        episode = episodes.filter(interviews__pk=ids["interview_id"]).order_by("-noticed_at").first()
    elif "episode_id" in ids:
        episode = episodes.filter(pk=ids["episode_id"]).first()
    elif "child_id" in ids:
        child = Child.objects.filter(pk=ids["child_id"]).first()
        return Subject(child, not_back_episode_of(child)) if child else None
    else:
        return None
    return Subject(episode.child, episode) if episode else None


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
