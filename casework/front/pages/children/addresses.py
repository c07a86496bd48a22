"""Where a child lives: asked for with a reason, then shown once, for a minute, on one page."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.address_forms import AddressForm
from casework.front.pages.children.child_asking import child_url, page_about
from casework.front.pages.children.child_page import placements_shown
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person, send
from casework.records.access import child_for, may_see_location
from casework.records.errors import NotAllowed, NotFound
from casework.records.models import Child, Placement
from casework.records.services.locations import NOT_SHOWN_TO_YOU, Shown
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.services.locations import show_address

SHOWN_FOR: Final = timedelta(seconds=60)
LOGGED: Final = "Your name, the time and your reason are written down first. Then it is shown for a minute."


@require_http_methods(["GET", "POST"])
def of_placement(request: HttpRequest, child_id: UUID, placement_id: UUID) -> HttpResponse:
    """The address of one placement of a child, past, present or to come."""
    child = _child_to_locate(request, child_id)
    placement = placements_shown(standing_of(person(request)), child).filter(pk=placement_id).first()
    if placement is None:
        raise NotFound
    return ask_for_address(request, child, placement, child_url(child))


def ask_for_address(request: HttpRequest, child: Child, placement: Placement, back_url: str) -> HttpResponse:
    """Ask why; then the address. The same page sent again leads back: it is not shown a second time."""
    placement.child = child
    form, looked = AddressForm.read(request), list[Shown]()

    def look() -> str:
        reason, words = form.cleaned_data["reason"], form.cleaned_data["words"]
        looked.append(show_address(by=person(request), placement=placement, reason=reason, words=words))
        return back_url

    sent = send(request, form, look)
    if looked:
        return _answer(request, child, looked[0], back_url)
    if sent is not None:
        return sent
    where = placement.home.name if placement.home else "not in a home"
    page = Ask(
        f"Show an address of {child.reference}",
        "Show the address",
        back_url,
        [f"Placement: {where}. {LOGGED}"],
    )
    page = page_about(request, child, page)
    return show(request, "ask.html", {"page": page, "identity": page.identity}, form=form)


def _child_to_locate(request: HttpRequest, child_id: UUID) -> Child:
    child = child_for(person(request), child_id)
    refuse_without_location(request, child)
    return child


def refuse_without_location(request: HttpRequest, child: Child) -> None:
    """NotAllowed for those who see the record and not where the child lives."""
    if not may_see_location(person(request), child):
        raise NotAllowed(NOT_SHOWN_TO_YOU)


def _answer(request: HttpRequest, child: Child, shown: Shown, back_url: str) -> HttpResponse:
    if shown.look_up.was_refused:
        return render(request, "access/too_many.html", {"back_url": back_url}, status=429)
    page = page_about(request, child, Ask("", "", back_url))
    context = {
        "child": child,
        "identity": page.identity,
        "lines": shown.lines,
        "until": now() + SHOWN_FOR,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "back_url": back_url,
    }
    return render(request, "children/address.html", context)
