"""Which emergencies, stopped look-ups and conflicts of interest a person may see, and what these close."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from casework.records.access import children_answered_for
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotAllowed, NotFound
from casework.records.models import AddressLookUp, BrokenGlass, ConflictOfInterest, LocalAuthority, User
from casework.records.standing import Standing, standing_of
from casework.records.times import CaseworkNow

Row = TypeVar("Row", bound=Model)


def glasses_visible_to(user: User) -> QuerySet[BrokenGlass]:
    """Emergencies of children this manager answers for; all of an authority for its contact; one's own."""
    standing = standing_of(user)
    return BrokenGlass.objects.filter(
        Q(authority_id__in=_reviewing(standing), child__in=children_answered_for(standing))
        | Q(authority__data_protection_contact=user)
        | Q(user=user)
    )


def glasses_to_review(user: User) -> QuerySet[BrokenGlass]:
    """Those that wait for a manager, and that this one may review: never one's own."""
    standing = standing_of(user)
    waiting = BrokenGlass.objects.filter(
        authority_id__in=_reviewing(standing), child__in=children_answered_for(standing), reviewed_at=None
    )
    return waiting.exclude(user=user)


def glass_for(user: User, glass_id: UUID) -> BrokenGlass:
    """One emergency of a child this manager answers for; one's own too, which is there but not to review."""
    standing = standing_of(user)
    rows = BrokenGlass.objects.filter(
        authority_id__in=_reviewing(standing), child__in=children_answered_for(standing)
    )
    return _the_one(rows.select_related("user", "child", "child__authority").filter(pk=glass_id))


def stopped_look_ups_visible_to(user: User) -> QuerySet[AddressLookUp]:
    """Addresses that were one too many: for the managers of the child's authority, and for its contact."""
    standing = standing_of(user)
    return AddressLookUp.objects.filter(
        Q(child__authority_id__in=_reviewing(standing)) | Q(child__authority__data_protection_contact=user),
        was_refused=True,
    ).exclude(user=user)


def conflicts_visible_to(user: User) -> QuerySet[ConflictOfInterest]:
    """Those that a manager keeps: of children they answer for, and those whose child nobody has found yet."""
    standing = standing_of(user)
    keeping = standing.authorities_where(roles_that_may(Act.RECORD_CONFLICT))
    found = Q(child__in=children_answered_for(standing)) | Q(child__isnull=True)
    return ConflictOfInterest.objects.filter(found, authority_id__in=keeping).exclude(user=user)


def conflict_for(user: User, conflict_id: UUID) -> ConflictOfInterest:
    """One of those; NotFound otherwise, one's own too: somebody else keeps it."""
    return _the_one(conflicts_visible_to(user).select_related("user", "child").filter(pk=conflict_id))


def refuse_whole_files(user: User, authority: LocalAuthority) -> None:
    """NotAllowed for somebody with a conflict of interest here, who is to meet that child in no file either.

    Whether the child is in the file is not said; nor whether words that one declared fit any child.
    """
    if ConflictOfInterest.objects.filter(user=user, authority=authority, ended_at=None).exists():
        raise NotAllowed(
            "You have a conflict of interest here, so files with every child are not for you. Ask a "
            "colleague to do this.",
            code="conflict_of_interest",
        )


def emergencies_of(user: User) -> dict[UUID, datetime]:
    """The children whose record this person has open in an emergency, and until when."""
    opened = BrokenGlass.objects.filter(user=user, until__gt=CaseworkNow())
    return dict(opened.values_list("child_id", "until"))


def is_data_protection_contact(user: User) -> bool:
    return LocalAuthority.objects.filter(data_protection_contact=user).exists()


def _reviewing(standing: Standing) -> frozenset[UUID]:
    return standing.authorities_where(roles_that_may(Act.REVIEW_GLASS))


def _the_one(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
