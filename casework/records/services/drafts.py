"""What a person has typed so far in a form of several screens: kept on the server, theirs alone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from casework.records.errors import NotFound
from casework.records.models import Draft, User
from casework.records.times import CaseworkNow


def keep(*, user: User, kind: str, answers: Mapping[str, object], draft_id: UUID | None = None) -> Draft:
    """Keep these answers: in a new draft, or in the named one in place of what it held."""
    if draft_id is None:
        return Draft.objects.create(user=user, kind=kind, answers=dict(answers))
    draft = find(user=user, kind=kind, draft_id=draft_id)
    Draft.objects.filter(pk=draft.pk).update(answers=dict(answers), changed_at=CaseworkNow())
    draft.refresh_from_db()
    return draft


def find(*, user: User, kind: str, draft_id: UUID) -> Draft:
    """The person's own draft; somebody else's is NotFound, like one that is not there."""
    draft = kept_by(user, kind).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def kept_by(user: User, kind: str) -> QuerySet[Draft]:
    """The person's drafts of this kind, the latest first."""
    return Draft.objects.filter(user=user, kind=kind).order_by("-changed_at")


def drop(*, user: User, kind: str, draft_id: UUID) -> None:
    """The form was sent, or given up. Safe to repeat."""
    kept_by(user, kind).filter(pk=draft_id).delete()
