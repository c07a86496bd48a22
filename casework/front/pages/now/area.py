"""Placed in our area: children of other authorities who live here, for whoever answers the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.pages.kit.door import person
from casework.front.pages.kit.identity import age_at
from casework.front.pages.kit.queries import page_asked
from casework.records import audit
from casework.records.access import children_hosted_for
from casework.records.errors import NotAllowed
from casework.records.models import Child, LocalAuthority, Placement, Role
from casework.records.standing import DECIDERS, Standing, standing_of
from casework.records.times import CaseworkNow, now
from incidents.queries import children_not_back

A_PAGE: Final = 50
SHOWN_TO: Final = frozenset({Role.DUTY_WORKER, *DECIDERS})


@dataclass(frozen=True)
class Guest:
    """All that a host authority is told of a child: no history, no danger, nobody's words."""

    name: str
    age: int
    home: str
    authority: LocalAuthority
    is_missing: bool


@require_safe
def hosted(request: HttpRequest) -> HttpResponse:
    """Who lives here, who is responsible and how to ring them, and who is not back."""
    user, standing = person(request), standing_of(person(request))
    if not standing.authorities_where(SHOWN_TO):
        raise NotAllowed("This list is for whoever is on duty, and for managers.")
    children = children_hosted_for(standing).select_related("authority")
    pages = Paginator(children.order_by("last_name", "first_name", "pk"), A_PAGE)
    shown = pages.get_page(page_asked(request))
    audit.looked(user, child_ids=[child.pk for child in shown.object_list], about_kind="hosted")
    guests = _guests(list(shown.object_list), now())
    return render(request, "now/area.html", {"guests": guests, "shown": shown})


def hosted_missing(standing: Standing) -> int:
    """How many children of other authorities, placed here, are not back: for those who see that list."""
    if not standing.authorities_where(SHOWN_TO):
        return 0
    return len(children_not_back(children_hosted_for(standing)))


def _guests(children: Sequence[Child], at: datetime) -> list[Guest]:
    here = Placement.objects.filter(child__in=children, period__contains=CaseworkNow())
    homes = dict(here.values_list("child_id", "home__name"))
    missing = children_not_back(children)
    return [
        Guest(child.name, age_at(child, at), homes.get(child.pk, ""), child.authority, child.pk in missing)
        for child in children
    ]
