"""What one person grants another on one child: with a reason, and with an end."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

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
    *, by: User, child: Child, to: User, reason: str, until: datetime | None = None
) -> ChildGrant:
    """Let a person see one child's record until a moment: an interviewer, a named reader."""
    require_for(by, Act.GRANT_ACCESS, child)
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    if until is not None and until <= now():
        raise Invalid("Give an end in the future.", field="until")
    may_view = Permission.objects.get(content_type__app_label="records", codename="view_child")
    grant = add(
        ChildGrant(
            user=to, content_object=child, permission=may_view, reason=reason, granted_by=by, until=until
        )
    )
    _note(grant, RecordVerb.GRANT_GIVEN, by, reason)
    return grant


@transaction.atomic
def end_grant(*, by: User, grant: ChildGrant, reason: str = "") -> ChildGrant:
    """Take a grant back from this moment. The row stays, with its end."""
    require_for(by, Act.GRANT_ACCESS, grant.content_object)
    moment = now()
    live = ChildGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=moment), pk=grant.pk)
    if not live.update(until=moment):
        raise Conflict("This access has already ended.", code="grant_ended")
    grant.refresh_from_db()
    _note(grant, RecordVerb.GRANT_ENDED, by, reason)
    return grant


def _note(grant: ChildGrant, verb: RecordVerb, by: User, reason: str) -> None:
    child = grant.content_object
    record(child=child, verb=verb, actor=by, about_kind="grant", about_id=grant.pk)
    audit.changed(by, about_kind="grant", about_id=grant.pk, authority_id=child.authority_id, reason=reason)
