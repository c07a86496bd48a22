"""The systems of the authority's police force: let in, given a new secret, changed, renewed, revoked.

A secret is in one answer of the service and nowhere else: not in an address, not in the session. Whoever
leaves that page without it makes another.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.asking import Ask, ask, ask_to_change
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person
from casework.front.pages.kit.words import wall
from casework.front.pages.setup.keeping import authorities_kept, authority_to_keep
from casework.front.pages.setup.police_client_forms import (
    ChangePoliceClientForm,
    EndSecretForm,
    MakePoliceClientForm,
    NewSecretForm,
    PoliceClientQuestions,
    RenewPoliceClientForm,
    RevokePoliceClientForm,
)
from casework.front.pages.setup.police_client_rows import client_rows, last_day_of, state_of, summary_of
from casework.records.clients import (
    LONGEST_VALID,
    TWO,
    client_for,
    clients_visible_to,
    days_of,
    is_silent,
    secret_for,
    secrets_of,
)
from casework.records.errors import NotFound
from casework.records.models import LocalAuthority, PoliceClient
from casework.records.services import police_clients as services
from casework.records.standing import standing_of
from casework.records.times import LONDON, now
from incidents.feed_readers import how_far, is_behind

A_WEEK: Final = 7
SHOWN_BEFORE: Final = (
    "This page was sent before. The secret was shown then, and is shown once only. If nobody noted it, make "
    "a new one."
)


@require_GET
def of_authority(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """The systems of its force, whoever let them in."""
    authority = authority_to_keep(request, authority_id)
    clients = list(clients_visible_to(person(request)).filter(force_id=authority.police_force_id))
    context = {
        "authority": authority,
        "force": authority.police_force,
        "tabs": authority_tabs(request, authority),
        "rows": client_rows(clients, how_far(clients), now()),
    }
    return render(request, "setup/police_clients.html", context)


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Let in a system of the authority's force. The answer has its secret."""
    authority = authority_to_keep(request, authority_id)
    force = authority.police_force
    if force is None:
        raise NotFound
    start = {"calls_a_minute": 60, "ends_on": _last_day()}
    form = MakePoliceClientForm.read(request, initial=start, now=now())
    page = Ask("Let a system in", "Let it in", _list_of(authority), caption=force.name)
    fresh: list[tuple[PoliceClient, str]] = []

    def made() -> str:
        answers = _answers(form)
        ends = _end_of(form.cleaned_data["ends_on"])
        fresh.append(services.make_client(by=person(request), force=force, expires_at=ends, **answers))
        return _page_of(fresh[0][0])

    return _shown_once(request, ask(request, form, page, made), fresh)


@require_GET
def detail(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """What it may do, how it calls, its secrets."""
    client = client_for(person(request), client_id)
    secrets = secrets_of(client)
    live = [one for one in secrets if one.ends_at is None]
    far = how_far([client])[client.pk]
    context = {
        "client": client,
        "back_url": _back_from(request, client),
        "rows": summary_of(client, far, now()),
        "state": state_of(client, now()),
        "is_silent": is_silent(client, now()),
        "is_behind": is_behind(client, far, now()),
        "live": live,
        "ended": [one for one in secrets if one.ends_at is not None],
        "may_have_another": len(live) < TWO,
        "days": days_of(client, A_WEEK),
    }
    return render(request, "setup/police_client.html", context)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """What it is called, what it may do, from where and how often."""
    client = client_for(person(request), client_id)
    form = ChangePoliceClientForm.read(request, initial={**_details(client), "version": client.version})
    page = Ask(
        "Change what a police system may do",
        "Save",
        _page_of(client),
        ["It holds from the system’s next call on."],
        caption=_whose(client),
        done="Saved.",
    )

    def changed() -> str:
        version = form.cleaned_data["version"]
        services.change_client(by=person(request), client=client, version=version, **_answers(form))
        return page.back_url

    return ask_to_change(request, form, page, changed, row=client, standing=lambda: _details(client))


@require_http_methods(["GET", "POST"])
def new_secret(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A second secret beside the first, so that the force can change over without a gap."""
    client = client_for(person(request), client_id)
    page = Ask(
        "Make a new secret",
        "Make it",
        _page_of(client),
        [
            "The secret that is in use goes on working. Give the force the new one, and end the old one when "
            "their system uses the new.",
            "The new secret is shown once, on the next page.",
        ],
        caption=_whose(client),
    )
    fresh: list[tuple[PoliceClient, str]] = []

    def made() -> str:
        fresh.append((client, services.add_secret(by=person(request), client=client)))
        return page.back_url

    return _shown_once(request, ask(request, NewSecretForm.read(request), page, made), fresh)


@require_http_methods(["GET", "POST"])
def end_secret(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """The old one, once the new one is in use; or one that somebody has seen who should not."""
    secret = secret_for(person(request), secret_id)
    page = Ask(
        "End a secret",
        "End it",
        _page_of(secret.client),
        ["It stops working at once. The system asks for a token with its other secret, and goes on."],
        caption=_whose(secret.client),
        done="The secret has ended.",
        is_grave=True,
    )

    def ended() -> str:
        services.end_secret(by=person(request), secret=secret)
        return page.back_url

    return ask(request, EndSecretForm.read(request), page, ended)


@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Until a later day: somebody looks at each system at least every ninety days."""
    client = client_for(person(request), client_id)
    start = {"ends_on": _last_day(), "version": client.version}
    form = RenewPoliceClientForm.read(request, initial=start, now=now())
    page = Ask(
        "Let it call for longer",
        "Save",
        _page_of(client),
        [f"Does {client.force.name} still use this system, from these networks, for all that it may do?"],
        caption=_whose(client),
        done="Saved.",
    )

    def renewed() -> str:
        ends, version = _end_of(form.cleaned_data["ends_on"]), form.cleaned_data["version"]
        services.renew_client(by=person(request), client=client, version=version, expires_at=ends)
        return page.back_url

    def standing() -> dict[str, object]:
        return {"ends_on": last_day_of(client)}

    return ask_to_change(request, form, page, renewed, row=client, standing=standing)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Shut it out for good."""
    client = client_for(person(request), client_id)
    form = RevokePoliceClientForm.read(request)
    page = Ask(
        "Revoke a police system",
        "Revoke it",
        _page_of(client),
        [
            "Are you sure? Its next call is refused, and so is every one after it. This cannot be taken "
            "back: to let the system in again, make a new one.",
            f"Until then {client.force.name} has to be told by telephone.",
        ],
        caption=_whose(client),
        done="The system is shut out.",
        is_grave=True,
    )

    def revoked() -> str:
        services.revoke_client(by=person(request), client=client, reason=form.cleaned_data["reason"])
        return page.back_url

    return ask(request, form, page, revoked)


def _shown_once(
    request: HttpRequest, answer: HttpResponse, fresh: list[tuple[PoliceClient, str]]
) -> HttpResponse:
    """The page with the secret, instead of the way to the next page; the same form sent again has none."""
    if fresh:
        client, secret = fresh[0]
        context = {"client": client, "secret": secret, "page_url": _page_of(client)}
        return render(request, "setup/police_secret.html", context)
    if answer.status_code == 302:
        messages.warning(request, SHOWN_BEFORE)
    return answer


def _answers(form: PoliceClientQuestions) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "scopes", "networks", "calls_a_minute")}


def _details(client: PoliceClient) -> dict[str, object]:
    names = ("name", "scopes", "networks", "calls_a_minute")
    return {name: getattr(client, name) for name in names}


def _whose(client: PoliceClient) -> str:
    return f"{client.name}, {client.force.name}"


def _last_day() -> date:
    """The last whole day of the ninety."""
    return (wall(now() + LONGEST_VALID) - timedelta(days=1)).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), LONDON)


def _page_of(client: PoliceClient) -> str:
    return reverse("pages:police-client-detail", args=[client.pk])


def _list_of(authority: LocalAuthority) -> str:
    return reverse("pages:authority-police-clients", args=[authority.pk])


def _back_from(request: HttpRequest, client: PoliceClient) -> str:
    """The list of this person's authority whose force it is."""
    authorities = authorities_kept(standing_of(person(request)))
    return _list_of(authorities.filter(police_force_id=client.force_id)[0])
