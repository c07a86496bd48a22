"""The rota of an authority or a provider: a week of it, and its lines."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask, ask_to_change
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person
from casework.front.pages.kit.furniture import NavItem
from casework.front.pages.kit.queries import asked_of_list
from casework.front.pages.kit.words import calendar_day, wall
from casework.front.pages.setup.rota_forms import EndShiftForm, ProviderShiftForm, ShiftForm
from casework.front.pages.setup.rota_week import ROLE_ON_ROTA, week_of
from casework.records.access import may
from casework.records.acts import Act
from casework.records.models import LocalAuthority, Provider, Role, RotaShift, User
from casework.records.rotas import (
    authorities_with_rota,
    authority_with_rota_for,
    may_keep_rota,
    provider_with_rota_for,
    providers_with_rota,
    require_rota,
    rota_roles,
    shift_for,
    who_can_stand,
)
from casework.records.services import rotas as services
from casework.records.standing import standing_of
from casework.records.times import now

FURTHEST: Final = 53  # weeks ahead


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The rotas that this person may read; straight to it when that is one, and to leave when it is none."""
    standing = standing_of(person(request))
    places: list[LocalAuthority | Provider] = [
        *authorities_with_rota(standing),
        *providers_with_rota(standing),
    ]
    if not places:
        return redirect("pages:leave")
    if len(places) == 1:
        return redirect(rota_url(places[0]))
    links = [(place.name, rota_url(place)) for place in places]
    return render(request, "setup/rotas.html", {"links": links})


@require_GET
def of_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """A week of an authority's rota, for everybody who works with its cases."""
    return _week(request, authority_with_rota_for(person(request), authority_id))


@require_GET
def of_provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """A week of a provider's on-call managers."""
    return _week(request, provider_with_rota_for(person(request), provider_id))


def _week(request: HttpRequest, place: LocalAuthority | Provider) -> HttpResponse:
    asked = asked_of_list(request, week=None).get("week", "0")
    ahead = min(int(asked[:3]), FURTHEST)
    context = {
        "place": place,
        "tabs": _tabs(request, place),
        "week": week_of(place, ahead, now()),
        "may_keep": may_keep_rota(standing_of(person(request)), place),
        "add_url": _add_url(place),
        "earlier": ahead - 1 if ahead else None,
        "later": ahead + 1 if ahead < FURTHEST else None,
    }
    return render(request, "setup/rota.html", context)


@require_http_methods(["GET", "POST"])
def add_to_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Put somebody on the authority's rota."""
    place = authority_with_rota_for(person(request), authority_id)
    require_rota(person(request), place)
    form = ShiftForm.read(request, initial={"from_on": wall(now()).date()})
    roles = [(role.value, ROLE_ON_ROTA[role]) for role in rota_roles(place)]
    form.offer_choices("role", roles)
    return _add(request, place, form)


@require_http_methods(["GET", "POST"])
def add_to_provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Put somebody on the provider's rota."""
    place = provider_with_rota_for(person(request), provider_id)
    require_rota(person(request), place)
    form = ProviderShiftForm.read(request, initial={"from_on": wall(now()).date()})
    return _add(request, place, form)


def _add(request: HttpRequest, place: LocalAuthority | Provider, form: ProviderShiftForm) -> HttpResponse:
    form.offer_rows("person", _who_may(place), words=lambda one: one.name)
    page = Ask("Add to the rota", "Add it", rota_url(place), caption=place.name, done="It is on the rota.")

    def added() -> str:
        said = form.cleaned_data
        services.add_shifts(
            by=person(request),
            place=place,
            role=said.get("role") or rota_roles(place)[0],
            weekdays=[int(day) for day in said["weekdays"]],
            **{name: said[name] for name in ("person", "starts", "ends", "from_on", "until_on")},
        )
        return page.back_url

    return ask(request, form, page, added)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """What one line of the rota says, and its last day."""
    shift = shift_for(person(request), shift_id)
    place = _place_of(shift)
    require_rota(person(request), place)
    form = EndShiftForm.read(
        request, initial={"version": shift.version, "last_on": shift.until_on or wall(now()).date()}
    )
    page = Ask(
        "End a line of the rota",
        "End it",
        rota_url(place),
        [_in_words(shift)],
        caption=place.name,
        notes=["To change the hours, end this line and add another."],
        done="The rota is changed.",
    )

    def ended() -> str:
        said = form.cleaned_data
        services.end_shift(by=person(request), shift=shift, version=said["version"], last_on=said["last_on"])
        return page.back_url

    def standing() -> dict[str, object]:
        return {"last_on": shift.until_on}

    return ask_to_change(request, form, page, ended, row=shift, standing=standing)


def rota_url(place: LocalAuthority | Provider) -> str:
    kind = "authority" if isinstance(place, LocalAuthority) else "provider"
    return reverse(f"pages:{kind}-rota", args=[place.pk])


def _add_url(place: LocalAuthority | Provider) -> str:
    kind = "authority" if isinstance(place, LocalAuthority) else "provider"
    return reverse(f"pages:{kind}-shift-add", args=[place.pk])


def _tabs(request: HttpRequest, place: LocalAuthority | Provider) -> Sequence[NavItem]:
    """An administrator comes from the set-up, and goes back there."""
    if isinstance(place, Provider) or not may(person(request), Act.SET_UP, authority_id=place.pk):
        return []
    return authority_tabs(request, place)


def _place_of(shift: RotaShift) -> LocalAuthority | Provider:
    place = shift.authority or shift.provider
    if place is None:
        raise TypeError("a shift is of an authority or of a provider")
    return place


def _who_may(place: LocalAuthority | Provider) -> list[User]:
    """Everybody who may stand on the rota in some role, by name."""
    able = {one.pk: one for role in rota_roles(place) for one in who_can_stand(place, role)}
    return sorted(able.values(), key=lambda one: (one.name, str(one.pk)))


def _in_words(shift: RotaShift) -> str:
    """Femi Castell, emergency duty team: each Friday 17:00 to 09:00, from 1 June 2026."""
    until = f" until {calendar_day(shift.until_on)}" if shift.until_on else ""
    role = ROLE_ON_ROTA[Role(shift.role)]
    return (
        f"{shift.user.name}, {role[0].lower()}{role[1:]}: each {shift.get_weekday_display()} "
        f"{shift.starts:%H:%M} to {shift.ends:%H:%M}, from {calendar_day(shift.from_on)}{until}."
    )
