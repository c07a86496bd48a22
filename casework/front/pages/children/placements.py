"""Where a child lives: starting a placement, ending it, moving."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.child_asking import ask_about, child_to, child_url
from casework.front.pages.children.child_bar import not_back_line
from casework.front.pages.children.child_page import placements_shown
from casework.front.pages.children.placement_forms import (
    EndPlacementForm,
    MoveForm,
    PlaceQuestions,
    StartPlacementForm,
)
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person
from casework.records.access import homes_to_place_in
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.models import Child, Home, Placement, User
from casework.records.services import placements as services
from casework.records.standing import standing_of
from casework.records.times import now

WHERE = ("home", "address", "place_code", "provider_code")
WHILE_MISSING = (
    "The child is not back. If the placement ends now, the missing period stays open after the placement it "
    "began in, and rule 575 of the yearly return asks about it. First decide with the home and your manager "
    "whether the place is held, and record that. If the child is found and goes somewhere else, record it as "
    "the return: the child moves with it."
)
SEEN_FROM_THEN = "The home sees the record from the moment the placement starts, and no longer than it lasts."


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Place the child somewhere from a moment on."""
    child = child_to(Act.PLACE_CHILD, request, child_id)
    form = StartPlacementForm.read(request, now=now())
    _offer_homes(form, person(request))
    page = Ask(f"Start a placement for {child.reference}", "Start it", child_url(child), [SEEN_FROM_THEN])

    def started() -> None:
        starts_at = form.cleaned_data["starts_at"]
        place = {name: form.cleaned_data[name] for name in WHERE}
        services.start_placement(by=person(request), child=child, starts_at=starts_at, **place)

    return ask_about(request, child, form, page, started)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """End the present placement and start the next in the same moment."""
    child = child_to(Act.PLACE_CHILD, request, child_id)
    form = MoveForm.read(request, now=now())
    _offer_homes(form, person(request))
    page = Ask(
        f"Move {child.reference}",
        "Move the child",
        child_url(child),
        [SEEN_FROM_THEN],
        notes=_while_missing(person(request), child),
    )

    def moved() -> None:
        at, reason = form.cleaned_data["at"], form.cleaned_data["reason"]
        place = {name: form.cleaned_data[name] for name in WHERE}
        services.move_child(by=person(request), child=child, at=at, reason=reason, **place)

    return ask_about(request, child, form, page, moved)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, child_id: UUID, placement_id: UUID) -> HttpResponse:
    """End a placement; the home stops seeing the child in that instant."""
    child = child_to(Act.PLACE_CHILD, request, child_id)
    placement = _placement_of(person(request), child, placement_id)
    form = EndPlacementForm.read(request, now=now())
    where = placement.home.name if placement.home else "not in a home"
    page = Ask(
        f"End a placement of {child.reference}",
        "End it",
        child_url(child),
        [f"Placement: {where}. An ended placement stays as it is; nobody edits it."],
        notes=_while_missing(person(request), child),
        is_grave=True,
    )

    def ended() -> None:
        ends_at, reason = form.cleaned_data["ends_at"], form.cleaned_data["reason"]
        services.end_placement(by=person(request), placement=placement, ends_at=ends_at, reason=reason)

    return ask_about(request, child, form, page, ended)


def _while_missing(user: User, child: Child) -> list[str]:
    """What an end means for the return while an absence runs, and what to do instead."""
    return [WHILE_MISSING] if not_back_line(user, child) else []


def _placement_of(user: User, child: Child, placement_id: UUID) -> Placement:
    found = placements_shown(standing_of(user), child).filter(pk=placement_id).first()
    if found is None:
        raise NotFound
    return found


def _offer_homes(form: PlaceQuestions, user: User) -> None:
    form.offer_rows("home", homes_to_place_in(user).order_by("name"), _with_provider)


def _with_provider(home: Home) -> str:
    return f"{home.name}, {home.provider.name}"
