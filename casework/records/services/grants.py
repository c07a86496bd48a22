"""What one person grants another on one child: with a reason, and with an end."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet

from casework.records import audit
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.models import Child, ChildGrant, User
from casework.records.services.rows import add
from casework.records.times import now
from casework.records.verbs import RecordVerb


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

    `with_address`: they may also be shown where the child lives, after a reason.
    """
    require_for(by, Act.GRANT_ACCESS, child)
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    if until is not None and until <= now():
        raise Invalid("Give an end in the future.", field="until")
    if _live(to, child, "view_child").exists():
        raise Conflict("This person has access already. End that first.", code="granted")
    granted = {"user": to, "content_object": child, "reason": reason, "granted_by": by, "until": until}
    with audit.because(by, reason):
        grant = add(ChildGrant(permission=_permission("view_child"), **granted))
        if with_address:
            add(ChildGrant(permission=_permission("view_location"), **granted))
    _note(grant, RecordVerb.GRANT_GIVEN, by)
    return grant


@transaction.atomic
def end_grant(*, by: User, grant: ChildGrant, reason: str = "") -> ChildGrant:
    """Take a grant back from this moment, and the address with it. The rows stay, with their end."""
    require_for(by, Act.GRANT_ACCESS, grant.content_object)
    moment = now()
    live = _live(grant.user, grant.content_object, "view_child", "view_location")
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
