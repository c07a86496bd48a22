"""Which episodes and interviews a person may see; the only way from a person to such a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from casework.records.access import (
    NOBODY,
    Kind,
    any_of,
    children_granted_to,
    children_in_conflict,
    children_open_to,
    children_within,
    of_children_within,
    one_and_whether_open,
    the_only,
)
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound, ReasonNeeded
from casework.records.field_rules import field_rules
from casework.records.models import Placement, Role, User
from casework.records.standing import Moment, Standing, standing_of
from casework.records.times import CaseworkNow, now
from incidents.models import (
    NOT_BACK,
    Action,
    EpisodeShare,
    InterviewState,
    MissingEpisode,
    ReportCopy,
    ReturnInterview,
    State,
)
from incidents.rules import is_settled

IN_HAND: Final = (*NOT_BACK, State.FOLLOW_UP)  # not over yet
UNSETTLED: Final = tuple(state for state in InterviewState if not is_settled(state))
INTERVIEWING: Final = frozenset({Role.RETURN_INTERVIEWER, Role.REVIEWING_OFFICER})
TABLET_AFTER_RETURN: Final = timedelta(hours=1)  # long enough to put the time right

Row = TypeVar("Row", bound=Model)


def episodes_visible_to(user: User, at: datetime | None = None) -> QuerySet[MissingEpisode]:
    """Episodes of the children this person may see at `at`.

    A home's people see one that is not over, those of their own homes, and while it is followed up one that
    ended with the child's coming to them; not what happened somewhere else before. A shared tablet sees only
    what it may still add to. An administrator keeps people and places, and reads no cases.
    """
    return episodes_within(standing_of(user, at), at)


def episodes_within(standing: Standing, at: datetime | None = None) -> QuerySet[MissingEpisode]:
    """The same, for a standing already taken."""
    reasons = of_children_within(outside_homes(standing), at)
    if standing.home_ids:
        lives_there = Q(child__in=children_within(standing, at))
        reasons = any_of(reasons, lives_there & _of_interest_to_a_home(standing, at))
    return MissingEpisode.objects.none() if reasons is NOBODY else MissingEpisode.objects.filter(reasons)


EPISODES: Final = Kind(episodes_within, "child_id", ("child", "authority", "home"))


def episodes_to_list(user: User) -> QuerySet[MissingEpisode]:
    """What stands in somebody's lists: all they may see; for those who only review, their own children."""
    standing = standing_of(user)
    episodes = episodes_within(standing)
    return episodes.filter(child__in=children_open_to(standing)) if standing.only_reviews else episodes


def episode_for(user: User, episode_id: UUID) -> MissingEpisode:
    """The episode, if this person may see it; `NotFound` otherwise, whether or not there is one.

    `ReasonNeeded` when they have no part in the child's case and have not said why they look.
    """
    episode, opens = one_and_whether_open(standing_of(user), EPISODES, episode_id)
    if not opens:
        raise ReasonNeeded(episode.child_id)
    return episode


def has_a_part(standing: Standing, moment: Moment) -> Q:
    """In an absence that is not over everybody has a part but for those who only review: they have their own
    children's, by grant. In an interview, whoever is to hold it; in what was agreed, whoever is to do it.
    """
    own = NOBODY
    if standing.has_work:
        mine = interviews_to_hold(standing.user_id).filter(child=OuterRef("pk"))
        to_do = actions_to_do(standing.user_id).filter(episode__child=OuterRef("pk"))
        own = Q(Exists(mine)) | Q(Exists(to_do))
    if standing.only_reviews:
        return own
    in_hand = MissingEpisode.objects.filter(child=OuterRef("pk"), state__in=IN_HAND)
    return any_of(Q(Exists(in_hand)), own)


def interviews_to_hold(user_id: UUID) -> QuerySet[ReturnInterview]:
    """What is allocated to this person and not settled."""
    return ReturnInterview.objects.filter(allocated_to_id=user_id, state__in=UNSETTLED)


def actions_to_do(user_id: UUID) -> QuerySet[Action]:
    """What was agreed that this person does, and is not done."""
    return Action.objects.filter(owner_id=user_id, state=Action.State.OPEN)


def interviews_visible_to(user: User, at: datetime | None = None) -> QuerySet[ReturnInterview]:
    """Interviews of children whose authority this person works for in a role that reads them, or their own.

    What a child says afterwards is not for the people of the home.
    """
    return interviews_within(standing_of(user, at), at)


def interviews_within(standing: Standing, at: datetime | None = None) -> QuerySet[ReturnInterview]:
    """The same, for a standing already taken."""
    readers = standing.authorities_where(roles_that_may(Act.READ_INTERVIEW))
    theirs = Q(child__authority_id__in=readers) | Q(allocated_to_id=standing.user_id)
    if any(post.role in INTERVIEWING for post in standing.posts):
        theirs |= Q(child__in=children_granted_to(standing, at))
    return ReturnInterview.objects.filter(theirs, child__in=children_within(outside_homes(standing), at))


INTERVIEWS: Final = Kind(interviews_within, "child_id", ("child", "child__authority", "allocated_to"))


def interview_for(user: User, interview_id: UUID) -> ReturnInterview:
    """The interview, if this person may see it; `NotFound` or `ReasonNeeded` otherwise."""
    interview, opens = one_and_whether_open(standing_of(user), INTERVIEWS, interview_id)
    if not opens:
        raise ReasonNeeded(interview.child_id)
    return interview


def actions_visible_to(user: User, at: datetime | None = None) -> QuerySet[Action]:
    """What was agreed: all of it for those who read meetings; for others what they, or their home, are to do.

    A home's shared tablet reads none: a child may be standing beside it.
    """
    standing = standing_of(user, at)
    readers = standing.authorities_where(roles_that_may(Act.READ_MEETINGS))
    theirs = Q(episode__authority_id__in=readers) | Q(owner_id=user.pk)
    if any(post.role == Role.REVIEWING_OFFICER for post in standing.posts):
        theirs |= Q(episode__child__in=children_granted_to(standing, at))
    reasons = theirs & Q(episode__child__in=children_within(outside_homes(standing), at))
    homes = {post.home_id for post in standing.posts if post.home_id and post.role != Role.HOME_TABLET}
    if homes:
        reasons |= Q(owner_home_id__in=homes, episode__in=episodes_within(standing, at))
    return Action.objects.filter(reasons)


def action_for(user: User, episode: MissingEpisode, action_id: UUID) -> Action:
    """The action of an episode already fetched, if this person may see it; `NotFound` otherwise."""
    rows = actions_visible_to(user).filter(episode=episode, pk=action_id)
    return _the_one(rows.select_related("episode__child", "owner", "owner_home", "meeting"))


def outside_homes(standing: Standing) -> Standing:
    """What the person is besides working in homes: authority staff who read cases, or named in a grant."""
    readers = field_rules().kind_of("incidents.MissingEpisode", "reference").shown
    posts = (post for post in standing.posts if post.home_id is None and post.role in readers)
    # A school's contact loses the post that says so here, and no grant is to open what that post keeps shut.
    named = standing.has_grants and not standing.is_school_only
    return replace(standing, posts=tuple(posts), has_grants=named)


def _of_interest_to_a_home(standing: Standing, at: datetime | None) -> Q:
    """Who is not back; and afterwards the absences from these homes, or that ended at one of their doors."""
    not_back = Q(state__in=NOT_BACK)
    came_here = Placement.objects.filter(
        child=OuterRef("child"), home_id__in=standing.home_ids, period__contains=OuterRef("returned_at")
    )
    theirs = Q(home_id__in=standing.home_ids) | Q(Exists(came_here), state=State.FOLLOW_UP)
    if standing.is_tablet:
        just_back = (CaseworkNow() if at is None else at) - TABLET_AFTER_RETURN
        return not_back | theirs & Q(returned_recorded_at__gte=just_back)
    return not_back | theirs


# Those who may not read the record ------------------------------------------------------------------------


def episodes_shared_with(user: User, at: datetime | None = None) -> QuerySet[MissingEpisode]:
    """Episodes that are shared, at `at`, with the police force of this liaison."""
    return MissingEpisode.objects.filter(pk__in=shares_of(user, at).values("episode_id"))


def shared_episode_for(user: User, episode_id: UUID) -> MissingEpisode:
    """The episode, if it is shared with this person's force; `NotFound` otherwise."""
    rows = episodes_shared_with(user).select_related("child", "authority", "home")
    return _the_one(rows.filter(pk=episode_id))


def shares_of(user: User, at: datetime | None = None) -> QuerySet[EpisodeShare]:
    """What is shared, at `at`, with the forces for which this person works, and how far that has come.

    What has been shared since a look began is shared with whoever looks: else the feed, which numbers it in
    that look, would leave it out and go on behind it.
    """
    standing = standing_of(user, at)  # which hears the time besides, so that a look asks for it once
    live = Q(until__isnull=True) | Q(until__gt=at or now())
    shares = EpisodeShare.objects.filter(live, force_id__in=standing.force_ids)
    if at is not None:
        shares = shares.filter(recorded_at__lte=at)
    if all(post.role == Role.POLICE_SYSTEM for post in standing.posts):
        return shares  # a system has no neighbours
    return shares.exclude(episode__child__in=children_in_conflict(user))


def share_for(user: User, episode: MissingEpisode) -> EpisodeShare:
    """With which force of theirs, and since when; `NotFound` when it is not shared with any."""
    theirs = shares_of(user).select_related("force").filter(episode=episode)
    newest = theirs.order_by("-recorded_at").first()  # of two forces', as in `shared_views`
    if newest is None:
        raise NotFound
    return newest


def share_ended_since(user: User, episode: MissingEpisode, at: datetime) -> bool:
    """Whether the episode was shared with this person's force at `at` and is not now."""
    if shares_of(user).filter(episode=episode).exists():
        return False
    return shares_of(user, at).filter(episode=episode).exists()


def episodes_to_tell_of(user: User) -> QuerySet[MissingEpisode]:
    """Episodes of children not back who lived with these people while it lasted, and live elsewhere now.

    Somebody may still ring the old home: it can write, and reads nothing.
    """
    standing = standing_of(user)
    lived_here = Placement.objects.filter(
        child=OuterRef("child"),
        home_id__in=standing.home_ids,
        period__endswith__lte=CaseworkNow(),
        period__endswith__gt=OuterRef("noticed_at"),
    )
    was_theirs = Q(Exists(lived_here)) | Q(home_id__in=standing.home_ids)
    not_back = MissingEpisode.objects.filter(was_theirs, state__in=NOT_BACK)
    elsewhere = not_back.exclude(child__in=children_within(standing))
    return elsewhere.exclude(child__in=children_in_conflict(user))


def episode_to_tell_of(user: User, episode_id: UUID) -> MissingEpisode:
    """The episode, for writing only; `NotFound` otherwise."""
    return _the_one(episodes_to_tell_of(user).filter(pk=episode_id))


def copies_visible_to(user: User) -> QuerySet[ReportCopy]:
    """What one's own homes sent, whether or not the child still lives there. A shared tablet reads none."""
    standing = standing_of(user)
    readers = {post.home_id for post in standing.posts if post.home_id and post.role != Role.HOME_TABLET}
    copies = ReportCopy.objects.filter(home_id__in=readers)
    return copies.exclude(episode__child__in=children_in_conflict(user))


def copy_for(user: User, copy_id: UUID) -> ReportCopy:
    """The home's own copy; `NotFound` otherwise."""
    rows = copies_visible_to(user).select_related("home", "episode", "withdrawal")
    return _the_one(rows.filter(pk=copy_id))


def _the_one(rows: QuerySet[Row]) -> Row:
    row = the_only(rows)
    if row is None:
        raise NotFound
    return row
