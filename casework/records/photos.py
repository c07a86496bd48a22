"""The photographs of a child that count, for lists and pages; and the bytes of one, which no list brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from casework.records.errors import NotFound
from casework.records.models import Child, Photo, PhotoApproval, PhotoContent

POLICE, PUBLIC = PhotoApproval.Audience.POLICE, PhotoApproval.Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Kept:
    """One photograph with the approvals that hold."""

    photo: Photo
    police: PhotoApproval | None
    public: PhotoApproval | None


def photos_of(child: Child) -> list[Kept]:
    """Those that nobody withdrew, the newest first, in two queries."""
    hold = PhotoApproval.objects.filter(ended_at=None).select_related("approved_by")
    rows = Photo.objects.filter(child=child).live().newest_first().select_related("added_by")
    return [_kept(photo) for photo in rows.prefetch_related(Prefetch("approvals", hold, to_attr="hold"))]


def _kept(photo: Photo) -> Kept:
    hold: Sequence[PhotoApproval] = vars(photo)["hold"]
    by_audience = {one.audience: one for one in hold}
    return Kept(photo, by_audience.get(POLICE), by_audience.get(PUBLIC))


def withdrawn_from(child: Child) -> list[Photo]:
    """Those that were withdrawn, the last first: who did it and why, so that none comes back by mistake."""
    rows = Photo.objects.filter(child=child, withdrawn_at__isnull=False)
    return list(rows.select_related("withdrawn_by").order_by("-withdrawn_at"))


def photo_of(child: Child, photo_id: UUID) -> Photo:
    """One that nobody withdrew; `NotFound` for another child's as if it were not there."""
    photo = Photo.objects.filter(child=child, pk=photo_id).live().first()
    if photo is None:
        raise NotFound
    photo.child = child
    return photo


def photo_for_police(child: Child, photo_id: UUID) -> Photo:
    """The same, of those that were approved for the police."""
    photo = Photo.objects.filter(child=child, pk=photo_id).approved_for(POLICE).first()
    if photo is None:
        raise NotFound
    return photo


def for_police(child: Child) -> list[Photo]:
    """What the police may have, the newest first."""
    return list(Photo.objects.filter(child=child).approved_for(POLICE).newest_first())


def content_of(photo: Photo) -> bytes:
    """The JPEG itself."""
    return bytes(PhotoContent.objects.values_list("content", flat=True).get(photo=photo))
