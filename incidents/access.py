"""Which episodes and interviews a person may see; the only way from a person to such a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from casework.records.access import Standing, children_within, standing_of
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound
from casework.records.models import User
from casework.records.times import now
from incidents.models import NOT_BACK, MissingEpisode, ReturnInterview

TABLET_AFTER_RETURN: Final = timedelta(hours=1)  # long enough to put the time right

Row = TypeVar("Row", bound=Model)


def episodes_visible_to(user: User, at: datetime | None = None) -> QuerySet[MissingEpisode]:
    """Episodes of the children this person may see at `at`.

    A home's people see one that is not over, and those of their own homes; not what happened somewhere else
    before. A shared tablet sees only what it may still add to.
    """
    standing = standing_of(user, at)
    reasons = Q(child__in=children_within(_outside_homes(standing), at))
    if standing.home_ids:
        lives_there = Q(child__in=children_within(standing, at))
        reasons |= lives_there & _of_interest_to_a_home(standing, at)
    return MissingEpisode.objects.filter(reasons)


def episode_for(user: User, episode_id: UUID) -> MissingEpisode:
    """The episode, if this person may see it; `NotFound` otherwise, whether or not there is one."""
    rows = episodes_visible_to(user).select_related("child", "authority", "home")
    return _the_one(rows.filter(pk=episode_id))


def interviews_visible_to(user: User, at: datetime | None = None) -> QuerySet[ReturnInterview]:
    """Interviews of children whose authority this person works for in a role that reads them, or their own.

    What a child says afterwards is not for the people of the home.
    """
    standing = standing_of(user, at)
    readers = standing.authorities_where(roles_that_may(Act.READ_INTERVIEW))
    return ReturnInterview.objects.filter(
        Q(child__authority_id__in=readers) | Q(allocated_to_id=user.pk),
        child__in=children_within(_outside_homes(standing), at),
    )


def interview_for(user: User, interview_id: UUID) -> ReturnInterview:
    """The interview, if this person may see it; `NotFound` otherwise."""
    rows = interviews_visible_to(user).select_related("child", "child__authority", "allocated_to")
    return _the_one(rows.filter(pk=interview_id))


def _outside_homes(standing: Standing) -> Standing:
    """What the person is besides working in homes: authority staff, or named in a grant."""
    return Standing(standing.user_id, tuple(post for post in standing.posts if post.home_id is None))


def _of_interest_to_a_home(standing: Standing, at: datetime | None) -> Q:
    not_back = Q(state__in=NOT_BACK)
    if standing.is_tablet:
        just_back = (at or now()) - TABLET_AFTER_RETURN
        return not_back | Q(home_id__in=standing.home_ids, returned_recorded_at__gte=just_back)
    return not_back | Q(home_id__in=standing.home_ids)


def _the_one(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
