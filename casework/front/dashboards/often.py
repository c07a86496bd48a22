"""Children going missing often: why each is on the list, since when, and what has been tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.dashboards.scope import Scope
from casework.front.pages.kit.identity import age_on, ordinal
from casework.front.pages.kit.words import calendar_day, wall
from casework.records import audit
from casework.records.access import children_within
from casework.records.models import Child, Role
from casework.records.standing import DECIDERS
from incidents.access import UNSETTLED
from incidents.models import NOT_BACK, InterviewState
from incidents.repeats import LOOKED_BACK, Reached, absences_by_child, gone_often, reached
from protocols.models import StepRun, StepState

A_PAGE: Final = 50
WATCHING: Final = DECIDERS | {Role.COORDINATOR}


@dataclass(frozen=True)
class Tried:
    """What the record shows of these weeks."""

    offered: int = 0
    held: int = 0
    declined: int = 0
    owed: int = 0
    meetings: int = 0

    @property
    def lines(self) -> list[str]:
        """Interviews first, then meetings; what was not done is said as well."""
        talks = f"{_many(self.offered, 'interview')} offered, {self.held} held"
        talks += f", {self.declined} declined" if self.declined else ""
        talks += f", {self.owed} still owed" if self.owed else ""
        return [talks, f"{_many(self.meetings, 'meeting')} held" if self.meetings else "No meeting recorded"]


@dataclass(frozen=True)
class Often:
    """One child on the list."""

    child: Child
    age: int
    why: Reached
    absences: Sequence[datetime]
    is_gone: bool
    tried: Tried = field(default_factory=Tried)

    @property
    def reason(self) -> str:
        """6 times in 90 days."""
        return f"{self.why.times} times in {self.why.tier.days} days"

    @property
    def since(self) -> str:
        """The 3rd time, on 12 November 2026."""
        return (
            f"since the {ordinal(self.why.tier.times)} time, on {calendar_day(wall(self.why.since).date())}"
        )


@require_safe
def often(request: HttpRequest) -> HttpResponse:
    """Those who meet one of the tiers, the most often first."""
    scope = Scope.read(request, roles=WATCHING, page=None)
    shown = Paginator(gone_often(scope.episodes, scope.at), A_PAGE).get_page(scope.asked.get("page"))
    rows = _rows(scope, [row["child_id"] for row in shown.object_list])
    audit.looked(scope.user, child_ids=[row.child.pk for row in rows], about_kind="often")
    context = {"scope": scope, "shown": shown, "rows": rows, "keep": scope.keep, "days": LOOKED_BACK.days}
    return render(request, "dashboards/often.html", context)


def _rows(scope: Scope, ids: Sequence[UUID]) -> list[Often]:
    """In the order given; the number of queries does not grow with them."""
    named = children_within(scope.standing).filter(pk__in=ids).select_related("allocated_worker", "team")
    children = {child.pk: child for child in named}
    absences = absences_by_child(scope.episodes, ids, scope.at)
    gone = set(scope.episodes.filter(child__in=ids, state__in=NOT_BACK).values_list("child_id", flat=True))
    tried, today = _tried(scope, ids), wall(scope.at).date()
    return [
        _row(children[pk], why, absences[pk], tried.get(pk), today, is_gone=pk in gone)
        for pk in ids
        if pk in children and (why := reached(absences[pk], scope.at))
    ]


def _row(
    child: Child,
    why: Reached,
    absences: Sequence[datetime],
    tried: Tried | None,
    today: date,
    *,
    is_gone: bool,
) -> Often:
    return Often(child, age_on(child.born_on, today), why, sorted(absences), is_gone, tried or Tried())


def _tried(scope: Scope, ids: Collection[UUID]) -> dict[UUID, Tried]:
    since = scope.at - LOOKED_BACK
    talks = scope.interviews.filter(child__in=ids, due_at__gt=since).order_by().values("child_id")
    counted = talks.annotate(
        offered=Count("pk", filter=Q(offered_at__isnull=False)),
        held=Count("pk", filter=Q(state=InterviewState.HELD)),
        declined=Count("pk", filter=Q(state=InterviewState.DECLINED)),
        owed=Count("pk", filter=Q(state__in=UNSETTLED)),
    )
    done = StepRun.objects.filter(
        episode__in=scope.episodes.filter(child__in=ids),
        step__kind="meeting",
        state=StepState.DONE,
        done_at__gt=since,
    )
    meetings = dict(done.order_by().values_list("episode__child_id").annotate(Count("pk")))
    by_child = {row["child_id"]: row for row in counted}
    return {
        pk: Tried(row["offered"], row["held"], row["declined"], row["owed"], meetings.get(pk, 0))
        if (row := by_child.get(pk))
        else Tried(meetings=meetings.get(pk, 0))
        for pk in ids
    }


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
