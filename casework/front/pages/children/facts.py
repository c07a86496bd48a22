"""A child's facts: recording one, saying that it is still true, putting a newer one in its place."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from casework.front.pages.children.child_asking import ask_about, child_to, child_url
from casework.front.pages.children.child_page import live_facts
from casework.front.pages.children.fact_forms import FactForm, NewerFactForm, StillTrueForm, WithdrawFactForm
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person, send
from casework.records.acts import Act
from casework.records.errors import Invalid, NotFound
from casework.records.models import Child, FactKind, ProfileFact
from casework.records.services import profile as services

CHANGED_MEANWHILE = "That fact was changed or withdrawn meanwhile. Look at the record again."


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Write down a fact. The link of an empty kind comes with that kind chosen."""
    child = child_to(Act.RECORD_FACT, request, child_id)
    kind = request.GET.get("kind", "")
    form = FactForm.read(request, initial={"kind": kind if kind in FactKind.values else ""})
    page = Ask(f"Add a fact about {child.reference}", "Add it", child_url(child))

    def recorded() -> None:
        answers = {name: form.cleaned_data[name] for name in ("kind", "words", "source")}
        services.record_fact(by=person(request), child=child, **answers)

    return ask_about(request, child, form, page, recorded)


@require_POST
def confirm(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Still true: the fact is fresh again. One press, and back to the same place."""
    child = child_to(Act.RECORD_FACT, request, child_id)
    form = StillTrueForm.read(request)
    form.offer_rows("fact", live_facts(child))

    def confirmed() -> str:
        fact: ProfileFact = form.cleaned_data["fact"]
        services.confirm_fact(by=person(request), fact=fact)
        return f"{child_url(child)}#fact-{fact.pk}"

    sent = send(request, form, confirmed)
    if sent is None:
        raise Invalid(" ".join(str(error) for error in form.non_field_errors()) or CHANGED_MEANWHILE)
    return sent


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, child_id: UUID, fact_id: UUID) -> HttpResponse:
    """Put a newer fact in an older one's place. The older keeps its words in the history."""
    child = child_to(Act.RECORD_FACT, request, child_id)
    fact = _fact_of(child, fact_id)
    form = NewerFactForm.read(request, initial={"words": fact.words, "source": fact.source})
    title = f"Change a fact about {child.reference}"
    page = Ask(title, "Save", child_url(child), caption=str(fact.get_kind_display()))

    def changed() -> None:
        words, source = form.cleaned_data["words"], form.cleaned_data["source"]
        services.record_fact(
            by=person(request), child=child, kind=fact.kind, words=words, source=source, replaces=fact
        )

    return ask_about(request, child, form, page, changed)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, child_id: UUID, fact_id: UUID) -> HttpResponse:
    """Say that a fact no longer holds."""
    child = child_to(Act.RECORD_FACT, request, child_id)
    fact = _fact_of(child, fact_id)
    form = WithdrawFactForm.read(request)
    title = f"Withdraw a fact about {child.reference}"
    page = Ask(
        title, "Withdraw it", child_url(child), caption=str(fact.get_kind_display()), notes=[fact.words]
    )

    def withdrawn() -> None:
        services.withdraw_fact(by=person(request), fact=fact, reason=form.cleaned_data["reason"])

    return ask_about(request, child, form, page, withdrawn)


def _fact_of(child: Child, fact_id: UUID) -> ProfileFact:
    fact = child.facts.filter(pk=fact_id).first()
    if fact is None:
        raise NotFound
    return fact
