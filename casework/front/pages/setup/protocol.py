"""The rule book, to read: the edition in force as sentences down a time line, and those before it."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.front.pages.kit.door import person
from casework.front.pages.setup.protocol_words import BASES, parts_of
from casework.records.access import authorities_of, children_visible_to, require
from casework.records.acts import Act
from casework.records.models import LocalAuthority, User
from casework.records.times import now
from protocols.access import version_for
from protocols.models import ProtocolVersion
from protocols.publishing import current_version_for, roles_nobody_holds, rules_of


@require_GET
def in_force(request: HttpRequest) -> HttpResponse:
    """The edition in force; a list when this person works with children of several authorities."""
    require(person(request), Act.READ_PROTOCOL)
    editions = [(one, current_version_for(one.pk, now())) for one in _authorities_of(person(request))]
    links = [(one.name, reverse("pages:protocol-version", args=[edition.pk])) for one, edition in editions]
    if len({url for _, url in links}) == 1:
        return redirect(links[0][1])
    return render(request, "protocols/protocols.html", {"links": links})


@require_GET
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One edition: what would happen, when, and where nothing would, because nobody holds the role."""
    edition = version_for(person(request), version_id)
    require(person(request), Act.READ_PROTOCOL)
    steps = rules_of(edition.pk)
    authority = edition.protocol.authority
    is_in_force = edition.state == ProtocolVersion.State.PUBLISHED
    unheld = roles_nobody_holds(steps, authority) if authority and is_in_force else frozenset()
    context = {
        "edition": edition,
        "parts": parts_of(steps, unheld),
        "count": len(steps),
        "gaps": [step.code for step in steps if step.responsible in unheld],
        "editions": _others(edition),
        "bases": BASES.values(),
    }
    return render(request, "protocols/version.html", context)


@require_GET
def document(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The edition as it was written, to keep or to start the next one from."""
    edition = version_for(person(request), version_id)
    require(person(request), Act.READ_PROTOCOL)
    name = f"{edition.protocol.slug}-version-{edition.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(edition.document, content_type="application/yaml; charset=utf-8", headers=headers)


def _authorities_of(user: User) -> list[LocalAuthority]:
    """Those the person works for; for the people of homes, those whose children live with them."""
    theirs = Q(pk__in=authorities_of(user)) | Q(pk__in=children_visible_to(user).values("authority_id"))
    return list(LocalAuthority.objects.filter(theirs).order_by("name"))


def _others(edition: ProtocolVersion) -> list[ProtocolVersion]:
    return list(edition.protocol.versions.exclude(state=ProtocolVersion.State.DRAFT).order_by("-number"))
