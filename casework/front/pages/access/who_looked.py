"""Who looked at a child's record, by person and by time. Looking here is a look as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.front.pages.access.look_words import look_words
from casework.front.pages.kit.cards import Badge, Identity
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import child_audited_for, children_visible_to
from casework.records.lookers import Before, Look, Looker, lookers_of, looks_at
from casework.records.models import Child, Membership

A_PAGE: Final = 50


@dataclass(frozen=True)
class PersonRow:
    """One person, what they are here, and the address of their looks alone."""

    looker: Looker
    role: str
    url: str


@dataclass(frozen=True)
class LookRow:
    """One look in a sentence."""

    look: Look
    words: str


@require_GET
def of_child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Everybody who was shown this child, and each time; of one person only, when one is chosen."""
    user = person(request)
    child = child_audited_for(user, child_id)
    chosen, before = _chosen(request.GET.get("by", "")), Before.read(request.GET.get("before", ""))
    audit.looked(user, child=child, about_kind="who_looked", about_id=child.pk)  # first: it is a look too
    people = _people(child, lookers_of(child.pk))
    looks = looks_at(child.pk, before=before, by=chosen, limit=A_PAGE + 1)
    shown = looks[:A_PAGE]
    context = {
        "child": child,
        "identity": _identity(child, is_open=children_visible_to(user).filter(pk=child.pk).exists()),
        "people": people if before is None and chosen is None else [],
        "chosen": next((row for row in people if chosen and row.looker.user_id == chosen), None),
        "looks": [LookRow(look, look_words(look.kind, look.fields)) for look in shown],
        "is_first": before is None,
        "earlier_url": _url(child, by=chosen, before=shown[-1]) if len(looks) > A_PAGE else "",
        "newest_url": _url(child, by=chosen),
        "all_url": _url(child),
    }
    return render(request, "access/who_looked.html", context)


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _url(child: Child, *, by: UUID | None = None, before: Look | None = None) -> str:
    asked = {"by": by, "before": Before(before.at, before.id) if before else None}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('pages:who-looked', args=[child.pk])}{'?' if query else ''}{query}"


def _identity(child: Child, *, is_open: bool) -> Identity:
    """Who it is about and no more: this page opens without the record."""
    url = reverse("pages:child-detail", args=[child.pk]) if is_open else ""
    facts = [child.team.name] if child.team else []
    badges = [Badge("Restricted record")] if child.is_restricted else []
    return Identity(child.name, None, child.reference, url, facts, badges)


def _people(child: Child, lookers: Sequence[Looker]) -> list[PersonRow]:
    roles = roles_of(one.user_id for one in lookers if one.user_id)
    return [
        PersonRow(
            one,
            roles.get(one.user_id, "") if one.user_id else "",
            _url(child, by=one.user_id) if one.user_id else "",
        )
        for one in lookers
    ]


def roles_of(user_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """What each person is or last was, and where: Social worker, Exampleshire."""
    posts = Membership.objects.filter(user_id__in=set(user_ids)).order_by("ends_at", "starts_at")
    rows = posts.select_related("authority", "home", "provider", "police_force")
    return {post.user_id: f"{post.get_role_display()}, {_place(post)}" for post in rows}


def _place(post: Membership) -> str:
    organisation = post.authority or post.home or post.provider or post.police_force
    return organisation.name if organisation else ""
