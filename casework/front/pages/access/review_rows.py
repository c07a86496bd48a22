"""What waits for a manager's review, and what a reader may know of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from casework.records.access import children_answered_for
from casework.records.models import AddressLookUp, BrokenGlass, User
from casework.records.oversight import glasses_to_review, glasses_visible_to, stopped_look_ups_visible_to
from casework.records.standing import standing_of

LOOKING_BACK: Final = timedelta(days=90)
MOST: Final = 100


@dataclass(frozen=True)
class GlassRow:
    """One record that was opened. Its reference and the reason are for those who answer for the child."""

    glass: BrokenGlass
    is_late: bool
    is_theirs: bool
    may_review: bool
    sees_child: bool


@dataclass(frozen=True)
class Reviews:
    """The page: what waits, what was said of the rest, and look-ups that were stopped."""

    waiting: Sequence[GlassRow]
    reviewed: Sequence[GlassRow]
    stopped: Sequence[AddressLookUp]


def reviews_for(user: User, at: datetime) -> Reviews:
    rows = glasses_visible_to(user).select_related("user", "child", "authority", "reviewed_by")
    waiting = rows.filter(reviewed_at=None).order_by("recorded_at")
    reviewed = rows.filter(reviewed_at__gt=at - LOOKING_BACK).order_by("-reviewed_at")[:MOST]
    stopped = stopped_look_ups_visible_to(user).filter(recorded_at__gt=at - LOOKING_BACK)
    return Reviews(
        waiting=_rows(user, list(waiting), at),
        reviewed=_rows(user, list(reviewed), at),
        stopped=list(stopped.select_related("user").order_by("-recorded_at")[:MOST]),
    )


def _rows(user: User, glasses: Sequence[BrokenGlass], at: datetime) -> list[GlassRow]:
    children = [one.child_id for one in glasses]
    answered = children_answered_for(standing_of(user)).filter(pk__in=children)
    seen = set(answered.values_list("pk", flat=True))
    mine_to_review = set(glasses_to_review(user).values_list("pk", flat=True))
    return [
        GlassRow(
            glass=one,
            is_late=one.reviewed_at is None and one.review_due_at <= at,
            is_theirs=one.user_id == user.pk,
            may_review=one.pk in mine_to_review,
            sees_child=one.child_id in seen,
        )
        for one in glasses
    ]
