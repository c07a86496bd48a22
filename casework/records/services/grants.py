"""What one person grants another on one child: with a reason, and with an end."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet

from casework.records import audit
from casework.records.access import HEAR_OF_ABSENCE, require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.local_time import WALL
from casework.records.models import Child, ChildGrant, Role, User
from casework.records.services.rows import add
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb

SEE: Final = "view_child"
SEE_ADDRESS: Final = "view_location"


@transaction.atomic
def grant_access(
    *,
    by: User,
    child: Child,
    to: User,
    reason: str,
    until: datetime | None = None,
    with_address: bool = False,
) -> ChildGrant:
    """Let a person see one child's record until a moment: an interviewer, a named reader.

    A school's contact is let hear whether the child is back, until a day, and sees no record. `with_address`:
    the others may also be shown where the child lives, after a reason.
    """
    require_for(by, Act.GRANT_ACCESS, child)
    if standing_of(to).is_school_only:
        if until is None:
            raise Invalid("A school is told until a day. Give it.", code="required", field="until_on")
        return _give(by, child, to, reason, until, HEAR_OF_ABSENCE)
    return _give(by, child, to, reason, until, SEE, *([SEE_ADDRESS] if with_address else []))


@transaction.atomic
def assign_reviewing_officer(
    *, by: User, child: Child, officer: User, reason: str, until: datetime | None = None
) -> ChildGrant:
    """Give the child an independent reviewing officer, until a day or the 18th birthday.

    A child has one: the grant of whoever was it before ends.
    """
    require_for(by, Act.ASSIGN_REVIEWER, child)
    if not reviewing_officers_of(child.authority_id).filter(pk=officer.pk).exists():
        raise Invalid("Choose a reviewing officer of the child’s authority.", field="officer")
    if _live(officer, child, SEE).exists():
        raise Conflict("They are the child’s reviewing officer already.", code="granted")
    for before in reviewers_of(child):
        _end(before, by, "Another reviewing officer was assigned.")
    adult_at = eighteenth_birthday(child)
    return _give(by, child, officer, reason, until or (adult_at if adult_at > now() else None), SEE)


def reviewing_officers_of(authority_id: UUID) -> QuerySet[User]:
    """The independent reviewing officers of an authority, by name."""
    posts = live_memberships(CaseworkNow()).filter(authority_id=authority_id, role=Role.REVIEWING_OFFICER)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")


def reviewers_of(child: Child) -> list[ChildGrant]:
    """The live grants of the child's reviewing officers; one, unless a manager named more."""
    live = ChildGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=CaseworkNow()),
        content_object=child,
        permission__codename=SEE,
        user__in=reviewing_officers_of(child.authority_id),
    )
    return list(live.select_related("user", "content_object").order_by("granted_at"))


def live_grants_of(user: User) -> QuerySet[ChildGrant]:
    """The records that were opened to this person and still are."""
    live = Q(until__isnull=True) | Q(until__gt=CaseworkNow())
    return ChildGrant.objects.filter(live, user=user, permission__codename=SEE)


def eighteenth_birthday(child: Child) -> datetime:
    """Its first moment, on an English wall; of somebody born on 29 February, 1 March."""
    year, leaps = child.born_on.year + 18, (child.born_on.month, child.born_on.day) == (2, 29)
    day = date(year, 3, 1) if leaps else child.born_on.replace(year=year)
    return datetime.combine(day, time(0), tzinfo=WALL)


@transaction.atomic
def end_grant(*, by: User, grant: ChildGrant, reason: str = "") -> ChildGrant:
    """Take a grant back from this moment, and the address with it. The rows stay, with their end."""
    require_for(by, Act.GRANT_ACCESS, grant.content_object)
    return _end(grant, by, reason)


def _give(
    by: User, child: Child, to: User, reason: str, until: datetime | None, sight: str, *more: str
) -> ChildGrant:
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    if until is not None and until <= now():
        raise Invalid("Give an end in the future.", field="until")
    if _live(to, child, sight).exists():
        raise Conflict("This person has access already. End that first.", code="granted")
    granted = {"user": to, "content_object": child, "reason": reason, "granted_by": by, "until": until}
    with audit.because(by, reason):
        grant = add(ChildGrant(permission=_permission(sight), **granted))
        for codename in more:
            add(ChildGrant(permission=_permission(codename), **granted))
    _note(grant, RecordVerb.GRANT_GIVEN, by)
    return grant


def _end(grant: ChildGrant, by: User, reason: str) -> ChildGrant:
    moment = now()
    live = _live(grant.user, grant.content_object, SEE, SEE_ADDRESS, HEAR_OF_ABSENCE)
    with audit.because(by, reason):
        ended = live.filter(pk=grant.pk).update(until=moment)
        live.update(until=moment)
    if not ended:
        raise Conflict("This access has already ended.", code="grant_ended")
    grant.refresh_from_db()
    _note(grant, RecordVerb.GRANT_ENDED, by)
    return grant


def _live(user: User, child: Child, *permissions: str) -> QuerySet[ChildGrant]:
    return ChildGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now()),
        user=user,
        content_object=child,
        permission__codename__in=permissions,
    )


def _permission(codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label="records", codename=codename)


def _note(grant: ChildGrant, verb: RecordVerb, by: User) -> None:
    record(child=grant.content_object, verb=verb, actor=by, about_kind="grant", about_id=grant.pk)
