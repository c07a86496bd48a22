"""Whose work it is to review the child's plan: the independent reviewing officer, assigned with a reason."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.access.reader_forms import AssignReviewerForm
from casework.front.pages.access.readers import end_of_day
from casework.front.pages.children.child_asking import child_to, child_url, page_about
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.models import Child
from casework.records.services import grants as services


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Give the child a reviewing officer; the one before them stops being it."""
    child = child_to(Act.ASSIGN_REVIEWER, request, child_id)
    form = AssignReviewerForm.read(request)
    form.offer_rows("officer", services.reviewing_officers_of(child.authority_id))

    def assigned() -> str:
        answers = form.cleaned_data
        services.assign_reviewing_officer(
            by=person(request),
            child=child,
            officer=answers["officer"],
            reason=answers["reason"],
            until=end_of_day(answers["until_on"]),
        )
        return child_url(child)

    return ask(request, form, page_about(request, child, _page(child)), assigned)


def _page(child: Child) -> Ask:
    now_it_is = " and ".join(dict.fromkeys(grant.user.name for grant in services.reviewers_of(child)))
    return Ask(
        f"Assign a reviewing officer to {child.reference}",
        "Assign them",
        child_url(child),
        [
            f"Now it is {now_it_is}, and no longer once you assign somebody else."
            if now_it_is
            else "The record opens to the officer, and the child is on their first page."
        ],
        done="The reviewing officer is assigned.",
    )
