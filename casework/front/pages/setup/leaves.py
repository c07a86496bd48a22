"""Who is away from when until when, and who stands in: one's own, and for managers that of their people."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.front.pages.setup.rota_forms import BackForm, LeaveForm
from casework.records.errors import NotAllowed
from casework.records.models import User
from casework.records.rotas import (
    is_missed,
    leave_for,
    leaves_visible_to,
    people_managed,
    people_whose_leave,
    possible_deputies,
)
from casework.records.services import rotas as services
from casework.records.standing import standing_of
from casework.records.times import now


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is still to come or runs now; what is over is history."""
    asked_of_list(request)
    user = _somebody_who_works_here(request)
    rows = list(leaves_visible_to(user).filter(ends_at__gt=now()).order_by("starts_at", "user__name"))
    rows = [row for row in rows if row.ends_at > row.starts_at]
    context = {
        "own": [row for row in rows if row.user_id == user.pk],
        "others": [row for row in rows if row.user_id != user.pk],
        "manages": people_managed(standing_of(user)).exclude(pk=user.pk).exists(),
    }
    return render(request, "setup/leaves.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Oneself, or somebody one manages; with a deputy or without."""
    user = _somebody_who_works_here(request)
    people = people_whose_leave(user)
    form = LeaveForm.read(request, initial={"person": user.pk})
    form.offer_rows("person", people, words=lambda one: f"{one.name} (you)" if one == user else one.name)
    form.offer_rows("deputy", possible_deputies(standing_of(user)), words=lambda one: one.name)
    page = Ask(
        "Somebody is away",
        "Record it",
        reverse("pages:leave"),
        ["Nobody is asked why. While they are away no step waits for them: whoever stands in has it."],
        done="Recorded.",
    )

    def recorded() -> str:
        services.record_leave(
            by=user,
            **{name: form.cleaned_data[name] for name in ("person", "starts_on", "ends_on", "deputy")},
        )
        return page.back_url

    return ask(request, form, page, recorded)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Back sooner than was said, or not away after all."""
    leave = leave_for(person(request), leave_id)
    words = f"{leave.user.name} counts as at work again from this moment."
    page = Ask("Back at work", "They are back", reverse("pages:leave"), [words], done="Back at work.")

    def ended() -> str:
        services.end_leave(by=person(request), leave=leave)
        return page.back_url

    return ask(request, BackForm.read(request), page, ended)


def _somebody_who_works_here(request: HttpRequest) -> User:
    user = person(request)
    standing = standing_of(user)
    if standing.is_tablet:
        raise NotAllowed("Sign in with your own name to say when you are away.")
    if not is_missed(standing):
        raise NotAllowed("Nothing waits here for you, so that nobody has to stand in for you.")
    return user
