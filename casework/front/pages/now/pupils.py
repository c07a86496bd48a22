"""Your pupils: what a school's contact is told, of the children of whom somebody let them hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.records import audit
from casework.records.access import children_told_of
from casework.records.errors import NotAllowed
from casework.records.models import Child, LocalAuthority, Role
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.queries import last_known

LOOKED_BACK: Final = timedelta(days=30)


@dataclass(frozen=True)
class Pupil:
    """All that a school is told: no reference, no home, no reason, nobody's words."""

    name: str
    authority: LocalAuthority
    last: MissingEpisode | None

    @property
    def is_gone(self) -> bool:
        return self.last is not None and self.last.is_open


@require_safe
def pupils(request: HttpRequest) -> HttpResponse:
    """By name: back or not, since when, and whom to ring."""
    asked_of_list(request)
    user, standing = person(request), standing_of(person(request))
    if not standing.authorities_where({Role.SCHOOL_CONTACT}):
        raise NotAllowed("This list is for the contacts of schools.")
    told = children_told_of(standing).select_related("authority")
    children = list(told.order_by("last_name", "first_name", "pk"))
    audit.looked(user, child_ids=[child.pk for child in children], about_kind="pupils")
    return render(request, "now/pupils.html", {"pupils": _pupils(children, now()), "days": LOOKED_BACK.days})


def _pupils(children: Sequence[Child], at: datetime) -> list[Pupil]:
    """Those who are not back first."""
    last = last_known(children, at - LOOKED_BACK)
    found = [Pupil(child.name, child.authority, last.get(child.pk)) for child in children]
    return sorted(found, key=lambda pupil: not pupil.is_gone)
