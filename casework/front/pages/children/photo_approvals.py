"""For whom a photograph is approved: the police, or the public. The same page takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.child_asking import ask_about, child_to
from casework.front.pages.children.photo_cards import list_url, picture_of, taken_of
from casework.front.pages.children.photo_forms import NO_LONGER, ForPoliceForm, ForPublicForm, ReasonForm
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.records.models import Child, Photo, PhotoApproval
from casework.records.photos import photo_of
from casework.records.services import photos as services

Audience = PhotoApproval.Audience


@dataclass(frozen=True)
class _For:
    """The words around an approval, by whom it is for."""

    whom: str
    form: type[GovForm]
    what_follows: str


_FOR: Final = {
    Audience.POLICE: _For(
        "the police",
        ForPoliceForm,
        "Every police force with which an absence of this child is shared is shown it, on its pages and by "
        "its own system.",
    ),
    Audience.PUBLIC: _For(
        "the public",
        ForPublicForm,
        "Nothing is published by this. It says that whoever publishes, with the police, may take this one.",
    ),
}


@require_http_methods(["GET", "POST"])
def for_police(request: HttpRequest, child_id: UUID, photo_id: UUID) -> HttpResponse:
    """Let the police have it, or take that back."""
    return _decide(request, child_id, photo_id, Audience.POLICE)


@require_http_methods(["GET", "POST"])
def for_public(request: HttpRequest, child_id: UUID, photo_id: UUID) -> HttpResponse:
    """The same for the public."""
    return _decide(request, child_id, photo_id, Audience.PUBLIC)


def _decide(request: HttpRequest, child_id: UUID, photo_id: UUID, audience: Audience) -> HttpResponse:
    child = child_to(services.ACT_OF[audience], request, child_id)
    photo = photo_of(child, photo_id)
    is_approved = photo.approvals.filter(audience=audience, ended_at=None).exists()
    return (_take_back if is_approved else _approve)(request, child, photo, audience)


def _approve(request: HttpRequest, child: Child, photo: Photo, audience: Audience) -> HttpResponse:
    words, form = _FOR[audience], _FOR[audience].form.read(request)
    title = f"Approve a photograph of {child.reference} for {words.whom}"

    def approved() -> None:
        said = form.cleaned_data["words"]
        services.approve_photo(by=person(request), photo=photo, audience=audience, words=said)

    return ask_about(request, child, form, _page(photo, title, "Approve it", words.what_follows), approved)


def _take_back(request: HttpRequest, child: Child, photo: Photo, audience: Audience) -> HttpResponse:
    form = ReasonForm.read(request)
    title = f"A photograph of {child.reference}: no longer for {_FOR[audience].whom}"

    def taken_back() -> None:
        why = form.cleaned_data["reason"]
        services.take_back_approval(by=person(request), photo=photo, audience=audience, reason=why)

    return ask_about(request, child, form, _page(photo, title, "Take it back", NO_LONGER), taken_back)


def _page(photo: Photo, title: str, submit: str, words: str) -> Ask:
    """With the photograph itself, so that nobody approves another than they mean."""
    back_url, taken = list_url(photo.child), taken_of(photo)
    return Ask(title, submit, back_url, [words], caption=taken, picture=picture_of(photo))
