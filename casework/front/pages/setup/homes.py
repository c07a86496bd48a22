"""Homes and their providers, as those see them who set them up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask, ask_to_change, changes_in
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person
from casework.front.pages.setup.home_forms import ChangeHomeForm, HomeQuestions, RegisterHomeForm
from casework.front.pages.setup.keeping import (
    authority_to_keep,
    home_to_keep,
    home_to_staff,
    provider_to_staff,
)
from casework.front.pages.setup.organisation_rows import home_rows
from casework.front.pages.setup.people_rows import post_rows
from casework.records.access import homes_visible_to, may
from casework.records.acts import Act
from casework.records.models import Home, LocalAuthority, PoliceForce, Provider
from casework.records.services import organisations as services
from casework.records.standing import standing_of


@require_GET
def of_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """The homes whose details this authority keeps, and every provider."""
    authority = authority_to_keep(request, authority_id)
    context = {
        "authority": authority,
        "tabs": authority_tabs(request, authority),
        "homes": authority.kept_homes.select_related("provider", "host_authority").order_by("name"),
        "providers": Provider.objects.order_by("name"),
    }
    return render(request, "setup/homes.html", context)


@require_GET
def detail(request: HttpRequest, home_id: UUID) -> HttpResponse:
    """A home's details, and the people with a role in it."""
    home = home_to_staff(request, home_id)
    may_change = home.kept_by_id is not None and may(
        person(request), Act.SET_UP, authority_id=home.kept_by_id
    )
    context = {
        "home": home,
        "rows": home_rows(home),
        "posts": post_rows(person(request), home=home),
        "may_change": may_change,
    }
    return render(request, "setup/home.html", context)


@require_GET
def of_provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """A provider, its homes and the people who answer for all of them."""
    provider = provider_to_staff(request, provider_id)
    homes = homes_visible_to(person(request)).filter(provider=provider).order_by("name")
    context = {
        "provider": provider,
        "homes": homes,
        "posts": post_rows(person(request), provider=provider),
        "runs_it": provider.pk in standing_of(person(request)).provider_ids,
    }
    return render(request, "setup/provider.html", context)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Add a home whose details this authority keeps, wherever it stands."""
    authority = authority_to_keep(request, authority_id)
    start = {"grace": Home._meta.get_field("grace").default, "host_authority": authority.pk}
    form = RegisterHomeForm.read(request, initial={**start, "police_force": authority.police_force_id})
    _offer(form)
    form.offer_rows("provider", Provider.objects.order_by("name"))
    page = Ask("Add a home", "Add it", reverse("pages:authority-homes", args=[authority.pk]))

    def registered() -> str:
        answers = {name: form.cleaned_data[name] for name in (*_ASKED, "provider")}
        home = services.register_home(by=person(request), kept_by=authority, **answers)
        return _page_of(home)

    return ask(request, form, page, registered)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, home_id: UUID) -> HttpResponse:
    """Change a home's details."""
    home = home_to_keep(request, home_id)
    chosen = {"host_authority": home.host_authority_id, "police_force": home.police_force_id}
    form = ChangeHomeForm.read(request, initial={**_details(home), **chosen, "version": home.version})
    _offer(form)
    page = Ask(f"Change {home.name}", "Save", _page_of(home), done="Saved.")

    def changed() -> str:
        if changes := _as_kept(changes_in(form, _details(home)) | _moved_to(form)):
            version = form.cleaned_data["version"]
            services.change_home(by=person(request), home=home, version=version, changes=changes)
        return page.back_url

    return ask_to_change(request, form, page, changed, row=home, standing=lambda: _details(home))


_ASKED = tuple(name for name in HomeQuestions.base_fields if name != "form_key")
_WHERE = ("address", "postcode")


def _details(home: Home) -> dict[str, object]:
    """What the page shows of the home, by the names of the form: not where it is."""
    return {name: getattr(home, name) for name in _ASKED if name not in _WHERE} | {"urn": home.urn or ""}


def _moved_to(form: ChangeHomeForm) -> dict[str, object]:
    return {name: form.cleaned_data[name] for name in _WHERE if form.cleaned_data[name]}


def _as_kept(changes: dict[str, object]) -> dict[str, object]:
    """An empty URN is none: two homes may have none, but not the same."""
    return changes | {"urn": changes["urn"] or None} if "urn" in changes else changes


def _offer(form: HomeQuestions) -> None:
    form.offer_rows("host_authority", LocalAuthority.objects.order_by("name"))
    form.offer_rows("police_force", PoliceForce.objects.order_by("name"))


def _page_of(home: Home) -> str:
    return reverse("pages:home-detail", args=[home.pk])
