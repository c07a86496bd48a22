"""Setting up: the authority, its neighbours, its police force, its teams; and providers of homes."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask, ask_to_change, changes_in
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person
from casework.front.pages.setup.keeping import (
    authorities_kept,
    authority_to_keep,
    providers_run,
)
from casework.front.pages.setup.organisation_forms import (
    ChangeAuthorityForm,
    NeighbourForm,
    PoliceForceForm,
    ProviderForm,
    RegisterAuthorityForm,
    TeamForm,
)
from casework.front.pages.setup.organisation_rows import authority_rows
from casework.records.access import require
from casework.records.acts import Act
from casework.records.clients import expiring
from casework.records.errors import NotAllowed
from casework.records.models import LocalAuthority, PoliceForce, User
from casework.records.services import organisations as services
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, now


@require_GET
def setup(request: HttpRequest) -> HttpResponse:
    """What this person keeps; straight to it when that is one organisation."""
    standing = standing_of(person(request))
    authorities, providers = list(authorities_kept(standing)), list(providers_run(standing))
    if not authorities and not providers:
        raise NotAllowed("Your role here does not allow this. Ask an administrator.")
    links = [(one.name, _page_of(one)) for one in authorities]
    links += [(one.name, reverse("pages:provider-detail", args=[one.pk])) for one in providers]
    return redirect(links[0][1]) if len(links) == 1 else render(request, "setup/setup.html", {"links": links})


@require_GET
def detail(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """The authority's own details, its neighbours and its teams."""
    authority = authority_to_keep(request, authority_id)
    context = {
        "authority": authority,
        "tabs": authority_tabs(request, authority),
        "rows": authority_rows(authority),
        "neighbours": authority.neighbours.select_related("other").order_by("other__name"),
        "teams": authority.teams.order_by("name"),
        "ending": expiring(now()).filter(force_id=authority.police_force_id).order_by("expires_at"),
    }
    return render(request, "setup/authority.html", context)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Another authority: one that works here, or a neighbour that is a name and a number to ring."""
    require(person(request), Act.SET_UP)
    form = RegisterAuthorityForm.read(request)
    form.offer_rows("police_force", PoliceForce.objects.order_by("name"))
    page = Ask("Add an authority", "Add it", reverse("pages:setup"), done="The authority is here.")

    def registered() -> str:
        answers = {name: form.cleaned_data[name] for name in (*_ASKED, "is_tenant")}
        services.register_authority(by=person(request), **answers)
        return page.back_url

    return ask(request, form, page, registered)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """The authority's name, code, force or duty numbers."""
    authority = authority_to_keep(request, authority_id)
    rows = {"police_force": authority.police_force_id}
    rows["data_protection_contact"] = authority.data_protection_contact_id
    initial = {**_details(authority), **rows}
    form = ChangeAuthorityForm.read(request, initial={**initial, "version": authority.version})
    form.offer_rows("police_force", PoliceForce.objects.order_by("name"))
    form.offer_rows("data_protection_contact", _people_of(authority))
    page = Ask(f"Change {authority.name}", "Save", _page_of(authority), done="Saved.")

    def changed() -> str:
        if changes := changes_in(form, _details(authority)):
            version = form.cleaned_data["version"]
            services.change_authority(
                by=person(request), authority=authority, version=version, changes=changes
            )
        return page.back_url

    return ask_to_change(request, form, page, changed, row=authority, standing=lambda: _details(authority))


@require_http_methods(["GET", "POST"])
def add_neighbour(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """What this authority knows of another: whether they adjoin, and whom to ring."""
    authority = authority_to_keep(request, authority_id)
    form = NeighbourForm.read(request)
    known = authority.neighbours.values("other_id")
    others = LocalAuthority.objects.exclude(pk=authority.pk).exclude(pk__in=known)
    form.offer_rows("other", others.order_by("name"))
    page = Ask(
        f"Add a neighbour of {authority.name}",
        "Add it",
        _page_of(authority),
        ["It is not in the list? Add the authority first."],
    )

    def added() -> str:
        answers = {name: form.cleaned_data[name] for name in form.questions if name != "form_key"}
        services.register_neighbour(by=person(request), authority=authority, **answers)
        return page.back_url

    return ask(request, form, page, added)


@require_http_methods(["GET", "POST"])
def add_team(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """A team of the authority."""
    authority = authority_to_keep(request, authority_id)
    form = TeamForm.read(request)
    page = Ask(f"Add a team to {authority.name}", "Add it", _page_of(authority))

    def added() -> str:
        answers = {name: form.cleaned_data[name] for name in ("name", "kind", "phone")}
        services.register_team(by=person(request), authority=authority, **answers)
        return page.back_url

    return ask(request, form, page, added)


@require_http_methods(["GET", "POST"])
def add_police_force(request: HttpRequest) -> HttpResponse:
    """A police force, which authorities and homes then name as theirs."""
    require(person(request), Act.SET_UP)
    form = PoliceForceForm.read(request)
    page = Ask("Add a police force", "Add it", reverse("pages:setup"), done="The police force is here.")

    def added() -> str:
        name, phone = form.cleaned_data["name"], form.cleaned_data["control_room_phone"]
        services.register_police_force(by=person(request), name=name, control_room_phone=phone)
        return page.back_url

    return ask(request, form, page, added)


@require_http_methods(["GET", "POST"])
def add_provider(request: HttpRequest) -> HttpResponse:
    """A provider of homes."""
    require(person(request), Act.SET_UP)
    form = ProviderForm.read(request)
    page = Ask("Add a provider", "Add it", reverse("pages:setup"))

    def added() -> str:
        name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
        provider = services.register_provider(by=person(request), name=name, phone=phone)
        return reverse("pages:provider-detail", args=[provider.pk])

    return ask(request, form, page, added)


_ASKED = ("name", "code", "police_force", "duty_phone", "out_of_hours_phone", "duty_email")


def _details(authority: LocalAuthority) -> dict[str, object]:
    return {name: getattr(authority, name) for name in (*_ASKED, "data_protection_contact")}


def _people_of(authority: LocalAuthority) -> QuerySet[User]:
    posts = live_memberships(CaseworkNow()).filter(authority=authority)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")


def _page_of(authority: LocalAuthority) -> str:
    return reverse("pages:authority-detail", args=[authority.pk])
