"""A report as its home reads and writes it: where it stands, what is owed, and a page for each of those."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casework.front.pages.children.child_asking import wake_all
from casework.front.pages.episodes import step_tellings
from casework.front.pages.episodes.action_forms import ActionDoneForm
from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.decisions import form_for, said
from casework.front.pages.episodes.episode_frame import Ask
from casework.front.pages.episodes.risk_forms import IndicatorForm
from casework.front.pages.episodes.step_forms import DoneForm
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import GovForm
from casework.front.pages.reports import carers
from casework.front.pages.reports.carer_forms import (
    AwayForm,
    ChallengeForm,
    MissingForm,
    PoliceAnswerForm,
    ToldForm,
)
from casework.front.pages.reports.carer_page import page_of
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.models import Disclosure
from casework.records.services import telling
from casework.records.times import now
from incidents import deciding
from incidents.access import action_for, episode_for
from incidents.models import DecisionKind, MissingEpisode, PoliceAnswer
from incidents.services import police, risk, spells
from incidents.services.actions import complete_action
from incidents.services.decisions import record_decision
from protocols import acts, engine
from protocols.access import step_for


@require_safe
def detail(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Where it stands and what to do next; what was reported, below, for those who may read it."""
    episode = episode_for(person(request), episode_id)
    return render(request, "reports/detail.html", {"page": page_of(request, episode)})


@require_http_methods(["GET", "POST"])
def police_answer(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What the police said: taken, refused, or seen as less dangerous than we think."""
    episode = episode_to(Act.RECORD_POLICE_ANSWER, request, episode_id)
    form = PoliceAnswerForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))

    def record() -> None:
        answers = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
        police.record_police_answer(by=person(request), episode=episode, **answers)

    return _ask(request, episode, form, Ask("Your call to the police", "Save"), record)


@require_http_methods(["GET", "POST"])
def challenge(request: HttpRequest, episode_id: UUID, answer_id: UUID) -> HttpResponse:
    """The challenge to a refusal or a low grade."""
    episode = episode_to(Act.CHALLENGE_POLICE, request, episode_id)
    answer = PoliceAnswer.objects.filter(episode=episode, pk=answer_id).first()
    if answer is None:
        raise NotFound
    form = ChallengeForm.read(request, now=now())

    def record() -> None:
        answers = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
        police.record_challenge(by=person(request), answer=answer, **answers)

    ask = Ask(
        "Your challenge to the police",
        "Save",
        ["Ask for the duty inspector. Say why this child is in more danger than they think, and who agrees."],
    )
    return _ask(request, episode, form, ask, record)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, episode_id: UUID, step_id: UUID) -> HttpResponse:
    """A step of the home's, with what the protocol wants to know about it."""
    episode = episode_to(Act.COMPLETE_STEP, request, episode_id)
    step_run = step_for(person(request), step_id)
    if step_run.episode_id != episode.pk:
        raise NotFound
    form = DoneForm.read(request, questions=step_run.step.evidence)

    def record() -> None:
        acts.complete_step(by=person(request), step_run=step_run, evidence=form.evidence)

    return _ask(
        request, episode, form, Ask(step_run.step.title, "Record as done", [step_run.step.what]), record
    )


@require_http_methods(["GET", "POST"])
def tell_for_step(request: HttpRequest, episode_id: UUID, step_id: UUID) -> HttpResponse:
    """A step of the home's that is met by telling somebody: the parents, or the duty team by phone."""
    episode = episode_to(Act.TELL, request, episode_id)
    step_run = step_for(person(request), step_id)
    if step_run.episode_id != episode.pk:
        raise NotFound
    whom = step_tellings.whom_of(step_run)
    first = step_tellings.first_words(episode)
    form = step_tellings.StepTellForm.read(request, whom=whom, now=now(), initial=first)
    ring = step_tellings.ring_for(step_run.step.met_by or "", episode, now())

    def record() -> None:
        step_tellings.record(person(request), episode, step_run, form)

    page = Ask(whom.title, "Save", [step_run.step.what])
    return _ask(request, episode, form, page, record, template="reports/tell_step.html", ring=ring)


@require_http_methods(["GET", "POST"])
def missing(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """From late, away or located to missing."""
    episode = episode_to(Act.DECIDE_CATEGORY, request, episode_id)
    form = MissingForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))

    def record() -> None:
        spells.record_missing(
            by=person(request),
            episode=episode,
            at=form.cleaned_data["at"],
            reason=form.cleaned_data["reason"],
            typed_name=form.signature,
        )

    ask = Ask(
        "Record as missing", "Record as missing", ["We do not know where they are any more."], is_grave=True
    )
    return _ask(request, episode, form, ask, record)


@require_http_methods(["GET", "POST"])
def away(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """We know where they are, and they do not come back."""
    episode = episode_to(Act.DECIDE_CATEGORY, request, episode_id)
    form = AwayForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))

    def record() -> None:
        spells.record_away(
            by=person(request),
            episode=episode,
            at=form.cleaned_data["at"],
            whereabouts=form.cleaned_data["whereabouts"],
            spoken_to=form.cleaned_data["spoken_to"] == "yes",
            typed_name=form.signature,
        )

    return _ask(request, episode, form, Ask("We know where they are", "Record where they are"), record)


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Somebody outside who was told of it, or who should not be."""
    episode = episode_to(Act.TELL, request, episode_id)
    form = ToldForm.read(request)
    ask = Ask(
        "Who you told", "Save", ["Parents too. If telling them could put the child at risk, say so here."]
    )
    return _ask(request, episode, form, ask, lambda: _tell(request, episode, form))


@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, episode_id: UUID, action_id: UUID) -> HttpResponse:
    """What the authority asked this home to do, and what came of it."""
    episode = episode_to(Act.SETTLE_ACTION, request, episode_id)
    agreed = action_for(person(request), episode, action_id)
    form = ActionDoneForm.read(request)

    def record() -> None:
        complete_action(by=person(request), action=agreed, outcome=form.cleaned_data["outcome"])

    return _ask(request, episode, form, Ask("Record what came of it", "Save", [agreed.what]), record)


@require_http_methods(["GET", "POST"])
def ofsted(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The provider's own decision, by its manager."""
    episode = episode_to(Act.DECIDE_OFSTED, request, episode_id)
    form = form_for(request, DecisionKind.OFSTED)
    question = deciding.QUESTIONS[DecisionKind.OFSTED]

    def record() -> None:
        record_decision(by=person(request), episode=episode, kind=DecisionKind.OFSTED, **said(form))

    return _ask(request, episode, form, Ask(question.asks, "Record the decision", [question.basis]), record)


@require_http_methods(["GET", "POST"])
def danger(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A sign of danger that somebody in the home saw: the steps come earlier at once."""
    episode = episode_to(Act.RECORD_INDICATOR, request, episode_id)
    form = IndicatorForm.read(request, now=now())
    ask = Ask(
        "A sign of danger",
        "Add it",
        ["Whatever makes you think that the child is in more danger. It counts at once."],
    )

    def record() -> None:
        risk.record_indicator(by=person(request), child=episode.child, episode=episode, **form.said)
        wake_all(episode.child)

    return _ask(request, episode, form, ask, record)


def _tell(request: HttpRequest, episode: MissingEpisode, form: ToldForm) -> None:
    by, child, said = person(request), episode.child, form.cleaned_data
    if said["how"] == Disclosure.How.NOT_TOLD:
        telling.decide_not_to_tell(
            by=by,
            child=child,
            episode_id=episode.pk,
            audience=said["audience"],
            told_name=said["told_name"],
            told_of=step_tellings.of_now(episode),
            reason=said["reason"],
        )
        return
    telling.tell(
        by=by,
        child=child,
        episode_id=episode.pk,
        audience=said["audience"],
        told_name=said["told_name"],
        how=said["how"],
        what=said["what"],
        told_of=step_tellings.of_now(episode),
        purpose=step_tellings.PURPOSE,
    )


def _ask(
    request: HttpRequest,
    episode: MissingEpisode,
    form: GovForm,
    ask: Ask,
    act: Callable[[], None],
    *,
    template: str = "reports/ask.html",
    **beside: object,
) -> HttpResponse:
    """Do it once, wake the clock and go back to the report; or show the page with what to mend."""

    def once() -> str:
        act()
        engine.wake(episode.pk)
        return reverse("pages:report-detail", args=[episode.pk])

    sent = send(request, form, once)
    if sent is not None:
        messages.success(request, "Saved.")
        return sent
    context = {"page": page_of(request, episode), "ask": ask, **beside}
    return show(request, template, context, form=form)
