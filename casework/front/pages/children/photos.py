"""A child's photographs: looked at, added, withdrawn."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.images import jpeg
from casework.front.pages.children.child_asking import ask_about, child_to, child_url
from casework.front.pages.children.child_bar import child_bar, not_back_line, sees
from casework.front.pages.children.child_page import acts_on, episode_url
from casework.front.pages.children.photo_cards import (
    list_url,
    named,
    photographs_for,
    picture_of,
    taken_of,
)
from casework.front.pages.children.photo_forms import NO_LONGER, PhotoForm, ReasonForm
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import child_for
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import Child, Photo, User
from casework.records.photos import content_of, photo_of, withdrawn_from
from casework.records.services import photos as services
from casework.records.standing import standing_of
from casework.records.times import now

NOT_SHOWN: Final = (
    "You are not shown photographs. On the shared tablet, sign in with your own name; or ask whoever works "
    "with the child."
)
KEPT: Final = "The photograph is kept."
KEPT_BY_TABLET: Final = f"{KEPT} Somebody signed in with their own name approves it for the police."


@require_GET
def overview(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """All of them, each with what it is approved for and what may be done with it."""
    user, child = person(request), _child_with_photos(request, child_id)
    standing, absence = standing_of(user), not_back_line(user, child)
    photographs = photographs_for(standing, child)
    audit.looked(user, child=child, about_kind="photos", about_id=child.pk, fields=named(photographs))
    context = {
        "child": child,
        "identity": child_bar(child, now(), absence, reader=standing, url=child_url(child)),
        "back_url": child_url(child),
        "cards": photographs.cards if photographs else [],
        "withdrawn": withdrawn_from(child),
        "may": acts_on(standing, child),
    }
    return render(request, "children/photos.html", context)


@require_GET
def image(request: HttpRequest, child_id: UUID, photo_id: UUID) -> HttpResponse:
    """The photograph itself. It belongs to the look at the page around it; without one it is its own."""
    child = _child_with_photos(request, child_id)
    photo = photo_of(child, photo_id)
    if not audit.has_just_looked(person(request), child, "photo"):
        audit.looked(person(request), child=child, about_kind="photo", about_id=photo.pk, fields=["photo"])
    return jpeg(content_of(photo), photo.digest)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Take one with the phone, or choose one. A shared tablet adds it and is shown none."""
    user, child = person(request), child_to(Act.ADD_PHOTO, request, child_id)
    standing = standing_of(user)
    may_approve = Act.APPROVE_PHOTO in acts_on(standing, child)
    form = PhotoForm.of(request, may_approve=may_approve, now=now(), is_tablet=standing.is_tablet)
    page = Ask(
        f"Add a photograph of {child.reference}",
        "Add it",
        _back_on_tablet(user, child) if standing.is_tablet else list_url(child),
        ["It is made smaller. Where and when a phone says that it was taken is left out of it."],
        done=KEPT if may_approve else KEPT_BY_TABLET,
    )

    def added() -> None:
        services.add_photo(by=user, child=child, **form.said)

    return ask_about(request, child, form, page, added)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, child_id: UUID, photo_id: UUID) -> HttpResponse:
    """It is somebody else, or of no use: nobody is shown it any more."""
    child = child_to(Act.WITHDRAW_PHOTO, request, child_id)
    photo, form = photo_of(child, photo_id), ReasonForm.read(request)
    page = Ask(
        f"Withdraw a photograph of {child.reference}",
        "Withdraw it",
        list_url(child),
        ["Nobody is shown it any more, the police included.", NO_LONGER],
        caption=taken_of(photo),
        picture=picture_of(photo),
    )

    def withdrawn() -> None:
        services.withdraw_photo(by=person(request), photo=photo, reason=form.cleaned_data["reason"])

    return ask_about(request, child, form, page, withdrawn)


def _back_on_tablet(user: User, child: Child) -> str:
    """The report, while there is one: whoever adds a photograph then is in a hurry."""
    absence = not_back_line(user, child)
    return episode_url(standing_of(user), absence.episode) if absence else reverse("pages:home")


def _child_with_photos(request: HttpRequest, child_id: UUID) -> Child:
    child = child_for(person(request), child_id)
    if not sees(standing_of(person(request)), child, Photo, "source"):
        raise NotAllowed(NOT_SHOWN)
    return child
