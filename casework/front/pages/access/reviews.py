"""For those who look at the lookers: emergencies to review, and look-ups that were stopped."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.access.access_tabs import access_tabs
from casework.front.pages.access.emergency_forms import ReviewForm
from casework.front.pages.access.review_rows import reviews_for
from casework.front.pages.children.child_asking import page_about
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.front.pages.kit.words import moment
from casework.records import audit
from casework.records.access import require
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import BrokenGlass
from casework.records.oversight import glass_for, is_data_protection_contact
from casework.records.services import emergencies as services
from casework.records.standing import standing_of
from casework.records.times import now


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What waits for a review, the oldest first; what was reviewed; which look-ups were stopped."""
    user, standing = person(request), standing_of(person(request))
    is_reviewer = standing.may(Act.REVIEW_GLASS) or is_data_protection_contact(user)
    if not is_reviewer and not standing.may(Act.BREAK_GLASS):
        raise NotAllowed("This page is for managers and the data-protection contact.")
    reviews = reviews_for(user, now())
    seen = [row.glass.child_id for row in (*reviews.waiting, *reviews.reviewed) if row.sees_child]
    audit.looked(user, child_ids=set(seen), about_kind="emergencies")
    context = {
        "reviews": reviews,
        "is_reviewer": is_reviewer,
        "tabs": access_tabs(request, standing),
        "may_break_glass": standing.may(Act.BREAK_GLASS),
    }
    return render(request, "access/reviews.html", context)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """Say whether it was justified. Whoever opened the record does not review it."""
    glass = glass_for(person(request), glass_id)
    require(person(request), Act.REVIEW_GLASS, authority_id=glass.authority_id)
    if glass.user == person(request):
        raise NotAllowed("Another manager has to review this.", code="not_oneself")
    form = ReviewForm.read(request)

    def reviewed() -> str:
        outcome, words = form.cleaned_data["outcome"], form.cleaned_data["words"]
        services.review_glass(by=person(request), glass=glass, outcome=outcome, words=words)
        return reverse("pages:reviews")

    return ask(request, form, page_about(request, glass.child, _about(glass)), reviewed)


def _about(glass: BrokenGlass) -> Ask:
    opened = moment(glass.recorded_at, now())
    return Ask(
        f"Review an emergency, {glass.child.reference}",
        "Record the review",
        reverse("pages:reviews"),
        [f"Opened by {glass.user.name}. {opened}, for 60 minutes."],
        notes=[f"{glass.get_category_display()}. {glass.reason}"],
        done="The review is recorded.",
    )
