"""Last week's looks at records by people who had no part in the case: for those who ask them why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.front.pages.access.access_tabs import access_tabs
from casework.front.pages.access.look_words import kind_words
from casework.front.pages.access.who_looked import roles_of
from casework.front.pages.kit import words
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import authorities_audited_by, children_audited_by
from casework.records.errors import NotAllowed
from casework.records.models import Child, User
from casework.records.standing import standing_of
from casework.records.times import now
from protocols.unexplained import Unexplained, Week, unexplained_looks

LONGEST_BACK: Final = timedelta(weeks=104)


@dataclass(frozen=True)
class Row:
    """One person and one child."""

    looks: Unexplained
    child: Child
    name: str
    role: str
    what: str
    url: str


@require_GET
def of_week(request: HttpRequest) -> HttpResponse:
    """Who looked at whom without a part in the case, in a week; last week, unless another is asked for."""
    user, this_week = person(request), Week.of(now())
    authority_ids = authorities_audited_by(user)
    if not authority_ids:
        raise NotAllowed("This page is for managers and the data-protection contact.")
    week = _week(request.GET.get("week", ""), this_week)
    found = [looks for authority_id in authority_ids for looks in unexplained_looks(authority_id, week)]
    rows = _rows(user, found)
    audit.looked(user, child_ids={row.child.pk for row in rows}, about_kind="unexplained")
    context = {
        "rows": rows,
        "tabs": access_tabs(request, standing_of(user)),
        "people_count": len({row.looks.user_id for row in rows}),
        "week": f"{words.calendar_day(week.monday)} to {words.calendar_day(week.sunday)}",
        "earlier_url": _url(week.before),
        "later_url": _url(week.after) if week != this_week else "",
        "is_running": week == this_week,
    }
    return render(request, "access/unexplained.html", context)


def _week(text: str, this_week: Week) -> Week:
    """The week that holds the day named; last week for none, for nonsense and for the future."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return this_week.before
    asked = Week(day - timedelta(days=day.weekday()))
    is_within = this_week.monday - LONGEST_BACK <= asked.monday <= this_week.monday
    return asked if is_within else this_week.before


def _url(week: Week) -> str:
    return f"{reverse('pages:unexplained')}?week={week.monday.isoformat()}"


def _rows(user: User, found: Sequence[Unexplained]) -> list[Row]:
    """Of children whose audit this person may see; their own looks are for somebody else to ask about."""
    children = children_audited_by(user).in_bulk([looks.child_id for looks in found])
    names = dict(User.objects.filter(pk__in=[looks.user_id for looks in found]).values_list("pk", "name"))
    roles = roles_of(names)
    return [
        Row(
            looks,
            children[looks.child_id],
            names.get(looks.user_id, "Somebody unknown"),
            roles.get(looks.user_id, ""),
            "; ".join(map(kind_words, looks.kinds)),
            _who_looked(looks.child_id, looks.user_id),
        )
        for looks in found
        if looks.child_id in children and looks.user_id != user.pk
    ]


def _who_looked(child_id: UUID, user_id: UUID) -> str:
    return f"{reverse('pages:who-looked', args=[child_id])}?by={user_id}"
