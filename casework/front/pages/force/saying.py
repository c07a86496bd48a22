"""What an officer says: we have it, our reference, our grade, a sighting, a finding. One page each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.force.opened import opened
from casework.front.pages.force.saying_forms import (
    AcknowledgeForm,
    FoundForm,
    PoliceGradeForm,
    PoliceSightingForm,
    ReferenceForm,
)
from casework.front.pages.force.shown import Shown
from casework.front.pages.kit.asking import Ask, ask, ask_to_change
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.records.times import now
from incidents.access import share_for
from incidents.models import MissingEpisode
from incidents.services import force as services
from protocols import engine

ONLY_PROPOSED = (
    "This is a proposal. The home or the authority answers whether it is them, and only they record that the "
    "child is back. Ring them as well."
)


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The button stands on the page of the absence; this is where it leads, and the page for the link."""
    episode, shown = opened(request, episode_id)
    words = ["The home and the authority see that your force has this, and since when."]

    def acknowledged() -> None:
        services.acknowledge(by=person(request), episode=episode)

    page = _page(shown, "We have this", "Acknowledge", "Acknowledged.", paragraphs=words)
    return ask(request, AcknowledgeForm.read(request), page, _and_wake(episode, acknowledged))


@require_http_methods(["GET", "POST"])
def give_reference(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The force's own number. Somebody else may be giving one at this moment: then both are shown."""
    episode, shown = opened(request, episode_id)
    share = share_for(person(request), episode)
    standing = {"reference": share.reference, "version": shown.it.version}
    form = ReferenceForm.read(request, initial=standing)

    def given() -> None:
        said = {name: form.cleaned_data[name] for name in ("reference", "version")}
        services.give_reference(by=person(request), episode=episode, **said)

    page = _page(shown, "Give your reference", "Save the reference", "Reference saved.")
    return ask_to_change(
        request,
        form,
        page,
        _and_wake(episode, given),
        row=share,
        standing=lambda: {"reference": share.reference},
    )


@require_http_methods(["GET", "POST"])
def grade(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Add a grade to the police's history; the authority's own stays beside it."""
    episode, shown = opened(request, episode_id)
    form = PoliceGradeForm.read(request, now=now())

    def graded() -> None:
        services.give_grade(by=person(request), episode=episode, **_said(form))

    note = "The authority reads it at once. When a grade rises to high, its own steps come earlier."
    page = _page(shown, "Grade the risk", "Record the grade", "Grade recorded.", notes=[note])
    return ask(request, form, page, _and_wake(episode, graded))


@require_http_methods(["GET", "POST"])
def report_sighting(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """It locates nobody; the home and the duty team hear of it at once."""
    episode, shown = opened(request, episode_id)
    form = PoliceSightingForm.read(request, now=now())

    def reported() -> None:
        services.report_sighting(by=person(request), episode=episode, **_said(form))

    note = "The home and the duty team are told at once. It does not say that the child is found."
    page = _page(shown, "Somebody saw them", "Save the sighting", "Sighting saved.", notes=[note])
    return ask(request, form, page, _and_wake(episode, reported))


@require_http_methods(["GET", "POST"])
def propose_found(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The child is located by it, never back."""
    episode, shown = opened(request, episode_id)
    form = FoundForm.read(request, now=now())

    def proposed() -> None:
        services.propose_found(by=person(request), episode=episode, **_said(form))

    page = _page(
        shown,
        "We found them",
        "Send the proposal",
        "Sent. The home and the authority answer whether it is them.",
        notes=[ONLY_PROPOSED],
    )
    return ask(request, form, page, _and_wake(episode, proposed))


def shared_url(episode_id: UUID) -> str:
    """The address of the absence's own page."""
    return reverse("pages:shared-detail", args=[episode_id])


def _page(
    shown: Shown,
    title: str,
    submit: str,
    done: str,
    *,
    paragraphs: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Ask:
    return Ask(
        title,
        submit,
        shared_url(shown.id),
        paragraphs=paragraphs,
        caption=f"Absence {shown.it.reference}",
        reference=shown.it.reference,
        notes=notes,
        done=done,
        identity=shown.identity,
    )


def _and_wake(episode: MissingEpisode, act: Callable[[], None]) -> Callable[[], str]:
    """Do it, wake the clock, and go back to the absence."""

    def once() -> str:
        act()
        engine.wake(episode.pk)
        return shared_url(episode.pk)

    return once


def _said(form: GovForm) -> dict[str, Any]:
    """The answers by the service's names."""
    return {name: form.cleaned_data[name] for name in form.questions if name != "form_key"}
