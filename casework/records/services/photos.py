"""Photographs of a child: added, approved for the police or for the public, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.local_time import WALL
from casework.records.models import Child, Photo, PhotoApproval, PhotoContent, User
from casework.records.pictures import Picture
from casework.records.services.rows import add
from casework.records.times import now
from casework.records.verbs import RecordVerb

Audience = PhotoApproval.Audience
MOST: Final = 10  # that count, of one child
FULL: Final = f"There are {MOST} photographs already. Withdraw one that is of no use, then add this one."
ACT_OF: Final = {Audience.POLICE: Act.APPROVE_PHOTO, Audience.PUBLIC: Act.PUBLISH_PHOTO}
_APPROVED: Final = {
    Audience.POLICE: RecordVerb.PHOTO_FOR_POLICE,
    Audience.PUBLIC: RecordVerb.PHOTO_FOR_PUBLIC,
}
_TAKEN_BACK: Final = {
    Audience.POLICE: RecordVerb.PHOTO_NOT_FOR_POLICE,
    Audience.PUBLIC: RecordVerb.PHOTO_NOT_FOR_PUBLIC,
}


@transaction.atomic
def add_photo(
    *,
    by: User,
    child: Child,
    picture: Picture,
    source: str,
    taken_on: date | None = None,
    is_rough: bool = False,
    typed_name: str = "",
    for_police: bool = False,
) -> Photo:
    """Keep a picture that `pictures` drew anew. `for_police`: it is approved for them in the same breath."""
    child = _held(child)
    require_for(by, Act.ADD_PHOTO, child)
    if for_police:
        require_for(by, Act.APPROVE_PHOTO, child)
    if not source.strip():
        raise Invalid("Enter who took it or where it is from.", field="source")
    if taken_on is not None and taken_on > now().astimezone(WALL).date():
        raise Invalid("That day is in the future.", field="taken_on")
    _refuse_what_is_too_much(child, picture)
    photo = add(
        Photo(
            child=child,
            taken_on=taken_on,
            is_rough=is_rough and taken_on is not None,
            source=source.strip(),
            width=picture.width,
            height=picture.height,
            digest=picture.digest,
            added_by=by,
            typed_name=typed_name,
        )
    )
    add(PhotoContent(photo=photo, content=picture.content))
    _tell_the_story(photo, RecordVerb.PHOTO_ADDED, by, typed_name=typed_name)
    if for_police:
        _approve(photo, Audience.POLICE, by, "")
    return photo


def _held(child: Child) -> Child:
    """One adds after the other, so that two who send at once do not both find a place."""
    return Child.objects.select_for_update(no_key=True).get(pk=child.pk)


def _refuse_what_is_too_much(child: Child, picture: Picture) -> None:
    live = Photo.objects.filter(child=child).live()
    if live.filter(digest=picture.digest).exists():
        raise Invalid("This photograph is there already.", code="exists", field="photo")
    if live.count() >= MOST:
        raise Invalid(FULL, code="too_many", field="photo")


@transaction.atomic
def approve_photo(*, by: User, photo: Photo, audience: str, words: str = "") -> PhotoApproval:
    """Let the police have it, or the public; for the public with the reason, and who agreed."""
    whom = _audience(audience)
    require_for(by, ACT_OF[whom], photo.child)
    if whom is Audience.PUBLIC and not words.strip():
        raise Invalid("Enter why, and who agreed.", field="words")
    photo = _live(photo)
    if _approval(photo, whom) is not None:
        raise Conflict("Somebody has approved it already.", code="photo_approved")
    return _approve(photo, whom, by, words.strip())


def _approve(photo: Photo, whom: Audience, by: User, words: str) -> PhotoApproval:
    approval = add(PhotoApproval(photo=photo, audience=whom, words=words, approved_by=by))
    _tell_the_story(photo, _APPROVED[whom], by)
    return approval


@transaction.atomic
def take_back_approval(*, by: User, photo: Photo, audience: str, reason: str) -> PhotoApproval:
    """They may not have it any more. What they have copied is theirs to destroy: somebody has to ring."""
    whom = _audience(audience)
    require_for(by, ACT_OF[whom], photo.child)
    _required(reason)
    photo = _live(photo)
    approval = _approval(photo, whom)
    if approval is None:
        raise Conflict("It is not approved, or somebody took that back already.", code="photo_not_approved")
    return _take_back(approval, by, reason.strip())


@transaction.atomic
def withdraw_photo(*, by: User, photo: Photo, reason: str) -> Photo:
    """It is shown to nobody any more, and no approval of it is left. The row stays, and says why."""
    require_for(by, Act.WITHDRAW_PHOTO, photo.child)
    _required(reason)
    photo = _live(photo)
    for approval in PhotoApproval.objects.filter(photo=photo, ended_at=None).select_for_update():
        _take_back(approval, by, reason.strip())
    photo.withdrawn_at, photo.withdrawn_by, photo.withdrawn_reason = now(), by, reason.strip()
    photo.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _tell_the_story(photo, RecordVerb.PHOTO_WITHDRAWN, by)
    return photo


def _take_back(approval: PhotoApproval, by: User, reason: str) -> PhotoApproval:
    approval.ended_at, approval.ended_by, approval.ended_reason = now(), by, reason
    approval.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    _tell_the_story(approval.photo, _TAKEN_BACK[Audience(approval.audience)], by)
    return approval


def _audience(audience: str) -> Audience:
    if audience not in Audience.values:
        raise Invalid("Choose one from the list.", field="audience")
    return Audience(audience)


def _required(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Enter why.", field="reason")


def _approval(photo: Photo, whom: Audience) -> PhotoApproval | None:
    return PhotoApproval.objects.filter(photo=photo, audience=whom, ended_at=None).first()


def _live(photo: Photo) -> Photo:
    """The photograph, locked: whatever is approved, taken back or withdrawn comes one after the other."""
    rows = Photo.objects.select_related("child").select_for_update(no_key=True, of=("self",))
    photo = rows.get(pk=photo.pk)
    if photo.withdrawn_at is not None:
        raise Conflict("Somebody has already withdrawn this photograph.", code="photo_withdrawn")
    return photo


def _tell_the_story(photo: Photo, verb: RecordVerb, by: User, *, typed_name: str = "") -> None:
    record(
        child=photo.child,
        verb=verb,
        actor=by,
        about_kind="photo",
        about_id=photo.pk,
        typed_name=typed_name,
    )
