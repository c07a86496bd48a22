"""What a view answers with: a page, a page with its form to mend, or the page for a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib import messages
from django.db.models import Model
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework.front.pages.kit import words
from casework.front.pages.kit.forms import ChoiceField, GovForm
from casework.records.errors import Conflict, NotAllowed, NotFound, Refused, TooMany, Unavailable


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    form: GovForm | None = None,
    status: int = 422,
) -> HttpResponse:
    """The page. With a form that has something to mend the status is 422, and what was typed is in it."""
    mend = form is not None and bool(form.errors)
    return render(request, template, {**(context or {}), "form": form}, status=status if mend else 200)


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
    """The questions whose answer is not what now stands under the same name, as people read both."""
    found = []
    for name, theirs in standing.items():
        given = form.cleaned_data if form.is_bound and not form.errors else {}
        yours = said(form.fields[name], given.get(name, form[name].value()))
        if yours != said(form.fields[name], theirs):
            found.append(Difference(str(form[name].label), yours, said(form.fields[name], theirs)))
    return found


def said(field: Field, answer: object) -> str:
    """An answer in words: the label of a choice, yes or no for a tick, a day as 3 February 2012."""
    match answer:
        case None:
            return ""
        case bool():
            return "Yes" if answer else "No"
        case Model():
            return str(answer)
        case list():
            return "; ".join(said(field, one) for one in answer)
        case datetime():
            return words.exactly(answer)
        case date():
            return words.calendar_day(answer)
        case time():
            return f"{answer:%H:%M}"
    labels = {one.value: one.label for one in field.choices} if isinstance(field, ChoiceField) else {}
    return labels.get(str(answer), str(answer))


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for a service's no, where there is no form to show it in."""
    if refused.status == NotFound.status:
        return render(None, "404.html", status=404)  # the same bytes whoever asks, whatever is there
    template = "refused.html"
    title = {
        NotAllowed: "You cannot do this",
        Conflict: "This has already happened",
        TooMany: "Too many times",
        Unavailable: "Not just now",
    }
    words = next(
        (text for kind, text in title.items() if isinstance(refused, kind)), "This could not be done"
    )
    return render(request, template, {"title": words, "message": refused.message}, status=refused.status)
