"""Which steps a person may see, those of the episodes they may see; and which editions of a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.records.access import (
    Moment,
    Standing,
    authorities_of,
    children_visible_to,
    one_and_whether_open,
    standing_of,
)
from casework.records.errors import NotFound, ReasonNeeded
from casework.records.models import Child, User
from incidents.access import episodes_within
from incidents.models import MissingEpisode
from incidents.queries import not_back_episode_of
from protocols.models import ProtocolVersion, StepRun, StepState

IN_HAND: Final = (StepState.WAITING, StepState.FIRED)


def step_for(user: User, step_run_id: UUID) -> StepRun:
    """The step, if this person may see it; NotFound otherwise. Rungs of a ladder are nobody's to open."""
    standing = standing_of(user)
    steps = StepRun.objects.filter(episode__in=episodes_within(standing), pk=step_run_id, rung=0)
    rows = steps.select_related("step", "run", "episode__child", "holder", "done_by")
    found, opens = one_and_whether_open(standing, rows, "episode__child_id")
    if found.episode is not None and not opens:
        raise ReasonNeeded(found.episode.child_id)
    return found


def has_a_part(standing: Standing, moment: Moment) -> Q:
    """Whoever was given a step that is still owed."""
    mine = StepRun.objects.filter(
        episode__child=OuterRef("pk"), holder_id=standing.user_id, state__in=IN_HAND
    )
    return Q(Exists(mine))


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
