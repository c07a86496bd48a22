"""A page that asks one thing: its words, its form, and what happens when the form is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from casework.front.pages.kit.answers import changed_meanwhile, differences, show
from casework.front.pages.kit.cards import Identity, Picture
from casework.front.pages.kit.door import send
from casework.front.pages.kit.forms import GovForm
from casework.records.errors import Changed, Conflict
from casework.records.models.record import EditableRecord


@dataclass(frozen=True)
class Ask:
    """The words around a form. The title names no child: it stays in the history of a shared computer."""

    title: str
    submit: str
    back_url: str
    paragraphs: Sequence[str] = ()
    caption: str = ""
    reference: str = ""  # of what it is about, for the title
    notes: Sequence[str] = ()  # what to know before answering
    done: str = ""  # said on the next page
    is_grave: bool = False
    identity: Identity | None = None
    picture: Picture | None = None  # the one that it is about


def ask(request: HttpRequest, form: GovForm, page: Ask, act: Callable[[], str]) -> HttpResponse:
    """Show the question; when it is answered, do `act` once and go where it says.

    What is there already (409) is said on the form: a reference can be mended, and nothing typed is lost.
    """
    context = {"page": page, "identity": page.identity}
    try:
        sent = send(request, form, act)
    except Changed:
        raise
    except Conflict as conflict:
        form.refuse(conflict)
        return show(request, "ask.html", context, form=form, status=conflict.status)
    if sent is None:
        return show(request, "ask.html", context, form=form)
    if page.done:
        messages.success(request, page.done)
    return sent


def ask_to_change(
    request: HttpRequest,
    form: GovForm,
    page: Ask,
    act: Callable[[], str],
    *,
    row: EditableRecord,
    standing: Callable[[], dict[str, object]],
) -> HttpResponse:
    """The same for a row that somebody else may change meanwhile: then both texts side by side.

    `standing` gives what the row says, by the form's names.
    """
    try:
        return ask(request, form, page, act)
    except Changed:
        row.refresh_from_db()
        return changed_meanwhile(request, differences(form, standing()), again_url=request.path)


def changes_in(form: GovForm, standing: dict[str, object]) -> dict[str, object]:
    """The answers that are not what the row says already."""
    return {name: form.cleaned_data[name] for name in standing if form.cleaned_data[name] != standing[name]}
