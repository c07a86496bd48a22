"""A record in which somebody has no part: they are asked why, and then it opens for an hour."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.child_asking import child_url
from casework.front.pages.children.reason_forms import ReasonForm
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import child_named_to
from casework.records.models import Child
from casework.records.services.reasons import give_reason


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Name, reference and worker, as in the list; and the question."""
    child, opens = child_named_to(person(request), child_id)
    form, wanted = ReasonForm.read(request), _wanted(request, child)
    audit.looked(person(request), child=child, about_kind="reason", about_id=child.pk)
    if opens:
        return redirect(wanted)  # nobody is asked twice, nor who has a part in the case

    def given() -> str:
        give_reason(by=person(request), child=child, **_said(form))
        return wanted

    return ask(request, form, _page(child), given)


def _page(child: Child) -> Ask:
    worker = f"works with {child.allocated_worker.name}" if child.allocated_worker else "has no social worker"
    return Ask(
        f"Why do you need {child.reference}?",
        "Open the record",
        "/children/",
        [
            f"{child.name} {worker}. You are not their worker or on their team, and they are not missing.",
            "The record opens for an hour. That you looked, and why, stays with it.",
        ],
    )


def _said(form: ReasonForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("kind", "words")}


def _wanted(request: HttpRequest, child: Child) -> str:
    """The page that was asked for first, if it is one of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else child_url(child)
