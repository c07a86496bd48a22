"""People: inviting into a role, ending a role, suspending."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person
from casework.front.pages.setup.keeping import (
    authority_to_keep,
    home_to_staff,
    provider_to_staff,
)
from casework.front.pages.setup.people_forms import (
    EndForm,
    InviteForm,
    InviteToAuthorityForm,
    InviteToHomeForm,
    InviteToProviderForm,
    SendAllForm,
    SendInvitationForm,
    WhyForm,
)
from casework.front.pages.setup.people_rows import post_rows
from casework.records.access import membership_for
from casework.records.errors import NotFound
from casework.records.models import Membership, Role
from casework.records.services import people as services

ONE_LINK = "They get an e-mail with a link that works once. It says nothing about any child."


@require_GET
def of_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Everybody with a role in the authority, and the liaison of its police force."""
    authority = authority_to_keep(request, authority_id)
    force = authority.police_force
    posts = post_rows(person(request), authority=authority)
    context = {
        "authority": authority,
        "tabs": authority_tabs(request, authority),
        "posts": posts,
        "waiting": len({row.post.user_id for row in posts if row.may_be_invited}),
        "police": post_rows(person(request), police_force=force) if force else [],
    }
    return render(request, "setup/people.html", context)


@require_http_methods(["GET", "POST"])
def invite_to_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    authority = authority_to_keep(request, authority_id)
    form = InviteToAuthorityForm.read(request)
    form.offer_rows("team", authority.teams.order_by("name"))
    page = _invitation_to(authority.name, reverse("pages:authority-people", args=[authority.pk]))
    return _invite(request, form, page, partial(services.invite, authority=authority))


@require_http_methods(["GET", "POST"])
def invite_police(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """The officer of the authority's force who sees what is granted to them."""
    authority = authority_to_keep(request, authority_id)
    force = authority.police_force
    if force is None:
        raise NotFound
    page = _invitation_to(force.name, reverse("pages:authority-people", args=[authority.pk]))
    give = partial(services.invite, police_force=force, role=Role.POLICE_LIAISON)
    return _invite(request, InviteForm.read(request), page, give)


@require_http_methods(["GET", "POST"])
def invite_to_home(request: HttpRequest, home_id: UUID) -> HttpResponse:
    home = home_to_staff(request, home_id)
    page = _invitation_to(home.name, reverse("pages:home-detail", args=[home.pk]))
    return _invite(request, InviteToHomeForm.read(request), page, partial(services.invite, home=home))


@require_http_methods(["GET", "POST"])
def invite_to_provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    provider = provider_to_staff(request, provider_id)
    page = _invitation_to(provider.name, reverse("pages:provider-detail", args=[provider.pk]))
    give = partial(services.invite, provider=provider)
    return _invite(request, InviteToProviderForm.read(request), page, give)


@require_http_methods(["GET", "POST"])
def send_invitation(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Invite somebody whom the authority's files named by their address only."""
    post = membership_for(person(request), membership_id)
    form = SendInvitationForm.read(request, initial={"name": post.user.name})
    page = _invitation_to(post.user.email, place_url(post))

    def invited() -> str:
        services.send_invitation(by=person(request), membership=post, name=form.cleaned_data["name"])
        return page.back_url

    return ask(request, form, page, invited)


@require_http_methods(["GET", "POST"])
def send_all_invitations(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Invite all of them at once, under the names that were made of their addresses."""
    authority = authority_to_keep(request, authority_id)
    back_url = reverse("pages:authority-people", args=[authority.pk])
    words = [
        "Everybody who came with your files and has not been invited yet gets their invitation now.",
        ONE_LINK,
        "Their names are made of their addresses. To write a name yourself, invite that person first.",
    ]
    page = Ask("Invite everybody", "Invite them", back_url, words, done="The invitations are on their way.")

    def invited() -> str:
        services.send_all_invitations(by=person(request), authority=authority)
        return page.back_url

    return ask(request, SendAllForm.read(request), page, invited)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End one role of one person, from this moment."""
    post = membership_for(person(request), membership_id)
    form = EndForm.read(request)
    page = Ask(
        "End a role",
        "End it",
        place_url(post),
        [f"{post.user.name}: {post.get_role_display()}. What this role let them see is closed at once."],
        done="The role has ended.",
        is_grave=True,
    )

    def ended() -> str:
        reason = form.cleaned_data["reason"]
        services.end_membership(by=person(request), membership=post, reason=reason)
        return page.back_url

    return ask(request, form, page, ended)


@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Stop a person's sign-in everywhere. Their roles stay, for the day they are restored."""
    post = membership_for(person(request), membership_id)
    form = WhyForm.read(request)
    words = f"{post.user.name} is signed out everywhere at once, and cannot sign in until restored."
    page = Ask("Suspend a person", "Suspend", place_url(post), [words], is_grave=True)

    def suspended() -> str:
        services.suspend(by=person(request), user=post.user, reason=form.cleaned_data["reason"])
        return page.back_url

    return ask(request, form, page, suspended)


@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Let a suspended person sign in again."""
    post = membership_for(person(request), membership_id)
    form = WhyForm.read(request)
    words = f"{post.user.name} can sign in again, with the roles that have not ended."
    page = Ask("Restore a person", "Restore", place_url(post), [words])

    def restored() -> str:
        services.restore(by=person(request), user=post.user, reason=form.cleaned_data["reason"])
        return page.back_url

    return ask(request, form, page, restored)


def place_url(post: Membership) -> str:
    """The page of the organisation that a role is in."""
    for page, key in (("home", post.home_id), ("provider", post.provider_id)):
        if key:
            return reverse(f"pages:{page}-detail", args=[key])
    if post.authority_id:
        return reverse("pages:authority-people", args=[post.authority_id])
    return reverse("pages:setup")


def _invitation_to(place: str, back_url: str) -> Ask:
    done = "The invitation is on its way."
    return Ask("Invite a person", "Invite", back_url, [ONE_LINK], caption=place, done=done)


def _invite(
    request: HttpRequest, form: InviteForm, page: Ask, give: Callable[..., Membership]
) -> HttpResponse:
    """Give a role; `give` knows where, the form says who, and which role if there are several."""

    def invited() -> str:
        answers = {name: form.cleaned_data[name] for name in form.questions if name != "form_key"}
        give(by=person(request), **answers)
        return page.back_url

    return ask(request, form, page, invited)
