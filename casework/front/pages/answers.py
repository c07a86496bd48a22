"""What a view answers with: a page, a page with its form to mend, or the page for a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework.front.pages.forms import GovForm
from casework.records.errors import Conflict, NotAllowed, NotFound, Refused


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    form: GovForm | None = None,
) -> HttpResponse:
    """The page. With a form that has something to mend the status is 422, and what was typed is in it."""
    status = 422 if form is not None and form.errors else 200
    return render(request, template, {**(context or {}), "form": form}, status=status)


def warn(request: HttpRequest, form: GovForm) -> None:
    """Carry what was accepted but deserves a second look over to the next page."""
    for warning in form.warnings:
        messages.warning(request, warning)


@dataclass(frozen=True)
class Difference:
    """One answer in two versions: what was typed here, and what stands in the record by now."""

    question: str
    yours: str
    theirs: str


def changed_meanwhile(
    request: HttpRequest, differences: Sequence[Difference], *, again_url: str, changed_by: str = ""
) -> HttpResponse:
    """409 with both texts side by side; nothing that was typed is lost."""
    context = {"differences": differences, "again_url": again_url, "changed_by": changed_by}
    return render(request, "changed.html", context, status=409)


def differences(form: GovForm, standing: Mapping[str, object]) -> list[Difference]:
    """The questions of a form whose answer is not what now stands under the same name."""
    found = []
    for name in standing:
        yours, theirs = form[name].value(), standing[name]
        yours, theirs = ("" if one is None else str(one) for one in (yours, theirs))
        if yours != theirs:
            found.append(Difference(str(form[name].label), yours, theirs))
    return found


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for a service's no, where there is no form to show it in."""
    if isinstance(refused, NotFound):
        return render(None, "404.html", status=404)  # the same bytes whoever asks, whatever is there
    template = "refused.html"
    title = {NotAllowed: "You cannot do this", Conflict: "This has already happened"}
    words = next(
        (text for kind, text in title.items() if isinstance(refused, kind)), "This could not be done"
    )
    return render(request, template, {"title": words, "message": refused.message}, status=refused.status)
