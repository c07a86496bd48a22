"""Now: everybody missing or away; and what people owe and have not done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.front.pages.now.area import hosted_missing
from casework.front.pages.now.board import FILTERS, board_of, rows_of, tiles_of
from casework.front.pages.now.overdue import overdue_now
from casework.records import audit
from casework.records.access import may
from casework.records.acts import Act
from casework.records.standing import standing_of
from casework.records.times import now


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every child not back, what needs a person first at the top. It refreshes itself (`board.js`)."""
    user, standing = person(request), standing_of(person(request))
    if standing.is_provider_only:
        return redirect("pages:home")
    moment = now()
    shown = asked_of_list(request, show=FILTERS).get("show", "all")
    everyone = board_of(user, moment)
    rows = rows_of(everyone.rows, shown)
    audit.looked(user, child_ids=[row.episode.child_id for row in rows], about_kind="board")
    context = {
        "rows": rows,
        "tiles": tiles_of(everyone.rows, shown, reverse("pages:now")),
        "is_filtered": shown != "all",
        "owed": everyone.owed,
        "hosted_missing": hosted_missing(standing),
        "may_report": may(user, Act.REPORT),
        "updated_at": moment,
    }
    return render(request, "now/board.html", context)


@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Steps that have come due and that people have not done: never the clock's fault, always somebody's."""
    asked_of_list(request)
    user, moment = person(request), now()
    late = overdue_now(user, moment)
    shown = (*late.absences, *late.plans)
    audit.looked(user, child_ids={line.child.pk for line in shown}, about_kind="overdue")
    return render(request, "now/overdue.html", {"late": late, "updated_at": moment})
