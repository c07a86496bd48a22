"""A home's first page: report a child, see who is not back, and who lives here now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.pages.kit.door import person
from casework.front.pages.kit.freshness import Freshness, freshness
from casework.front.pages.reports import carers, report_draft
from casework.front.pages.reports.carers import CarerReport
from casework.records.models import Child, ProfileFact
from casework.records.standing import Standing
from casework.records.times import now
from incidents.access import episodes_to_tell_of


@dataclass(frozen=True)
class Resident:
    """A child who lives here now, in one line."""

    child: Child
    name_and_age: str
    home: str
    report: CarerReport | None
    facts_to_check: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The children placed with you now, the button, and the reports that are open."""
    user, moment = person(request), now()
    standing = carers.provider_standing(user)
    children = carers.children_of(standing)
    everything = carers.reports_of(carers.episodes_to_show(user, children, moment), moment)
    reports = [report for report in everything if report.is_open]
    carers.log_list(user, "home", children)
    context = {
        "title": _title(standing),
        "drafts": report_draft.unsent(user, children),
        "reports": reports,
        "back": [report for report in reversed(everything) if not report.is_open],
        "residents": _residents(standing, children, reports, moment),
        "tell_of": episodes_to_tell_of(user),
    }
    return render(request, "home/home.html", context)


def _title(standing: Standing) -> str:
    """Larch House; Larchwood Care, for those who answer for all its homes."""
    return " and ".join(standing.places)


def _residents(
    standing: Standing, children: list[Child], reports: list[CarerReport], moment: datetime
) -> list[Resident]:
    by_child = {report.child.pk: report for report in reports}
    several = len(standing.home_ids) > 1
    ages = {} if standing.is_tablet else _ages_of_facts(children, moment)
    return [
        Resident(
            child,
            carers.name_and_age(child, moment),
            child.placed_now[0].home.name if several else "",  # type: ignore[attr-defined]  # prefetched
            by_child.get(child.pk),
            "" if standing.is_tablet else _facts_words(ages.get(child.pk, [])),
        )
        for child in children
    ]


def _ages_of_facts(children: list[Child], moment: datetime) -> dict[UUID, list[Freshness]]:
    """How long ago each fact of each child's profile was confirmed."""
    rows = ProfileFact.objects.filter(
        child__in=children, replaced_by__isnull=True, withdrawn_at__isnull=True
    ).values_list("child_id", "confirmed_at")
    ages: dict[UUID, list[Freshness]] = {}
    for child_id, confirmed_at in rows:
        ages.setdefault(child_id, []).append(freshness(confirmed_at, moment))
    return ages


def _facts_words(ages: list[Freshness]) -> str:
    """Profile: 2 facts to check."""
    old = sum(age.is_old for age in ages)
    if not ages:
        return "Profile: nothing written yet"
    return f"Profile: {old} fact{'' if old == 1 else 's'} to check" if old else "Profile: up to date"
