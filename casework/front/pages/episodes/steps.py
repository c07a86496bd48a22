"""What a person does with a step that has fallen due, or will: each act on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.child_asking import ask_about, child_to, child_url
from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask
from casework.front.pages.episodes.step_forms import AcknowledgeForm, DoneForm, HandOverForm, ReasonForm
from casework.front.pages.episodes.step_tellings import StepTellForm, first_words, record, ring_for, whom_of
from casework.front.pages.kit.asking import Ask as AskAboutChild
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound
from casework.records.models import Child, User
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow, now
from incidents.models import MissingEpisode
from protocols import acts
from protocols.access import child_of, step_for
from protocols.clock import explain
from protocols.models import StepRun
from protocols.waivers import waiver_asked_of


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Done, with the evidence that the protocol asks for."""
    about = _step_of(request, step_id, Act.COMPLETE_STEP)
    form = DoneForm.read(request, questions=about.row.step.evidence)
    page = Ask(about.row.step.title, "Record as done", [about.row.step.what], [explain(about.row.derivation)])

    def done() -> None:
        acts.complete_step(by=person(request), step_run=about.row, evidence=form.evidence)

    return _ask(request, about, form, page, done)


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Met by telling somebody outside: a name, and one press."""
    about = _step_of(request, step_id, Act.TELL)
    step_run, episode = about.row, about.episode
    if episode is None:
        raise NotFound
    whom = whom_of(step_run)
    form = StepTellForm.read(request, whom=whom, now=now(), initial=first_words(episode))
    page = Ask(whom.title, "Record it", [step_run.step.what], [explain(step_run.derivation)])

    def told() -> None:
        record(person(request), episode, step_run, form)

    beside = {"ring": ring_for(step_run.step.met_by or "", episode, now())}
    then, template = _then(request), "episodes/tell_step.html"
    return ask(request, episode, form, page, told, then=then, template=template, beside=beside)


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """I have it. Nobody further up is told until the promise lapses."""
    about = _step_of(request, step_id, Act.ACKNOWLEDGE_STEP)
    form = AcknowledgeForm.read(request)
    promise = "A promise is not the step. When it lapses and the step is not done, the next person is told."
    page = Ask(
        f"Acknowledge: {about.row.step.title}", "I will do it", [promise], [explain(about.row.derivation)]
    )

    def promised() -> None:
        acts.acknowledge_step(by=person(request), step_run=about.row, until=now() + form.promise)

    return _ask(request, about, form, page, promised)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Somebody else does it, by name, and is told so."""
    about = _step_of(request, step_id, Act.HAND_OVER_STEP)
    form = HandOverForm.read(request)
    form.offer(_who_can_take_over(about.child, person(request)))
    told = "They get a message with the reference of this case. The due time stays as it is."
    page = Ask(f"Hand over: {about.row.step.title}", "Hand over", [told], [explain(about.row.derivation)])

    def handed_over() -> None:
        acts.hand_over_step(by=person(request), step_run=about.row, to=form.cleaned_data["to"])

    return _ask(request, about, form, page, handed_over)


@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Nobody need do it this time; the reason stays beside the step."""
    about = _step_of(request, step_id, Act.WAIVE_STEP)
    form = ReasonForm.read(request)
    kept = "The step stays in the record as waived, with your name and your reason."
    words = [about.row.step.what, kept]
    page = Ask(
        f"Waive: {about.row.step.title}", "Waive this step", words, notes=_asked(about.row), is_grave=True
    )

    def waived() -> None:
        acts.waive_step(by=person(request), step_run=about.row, reason=form.cleaned_data["reason"])

    return _ask(request, about, form, page, waived)


@require_http_methods(["GET", "POST"])
def ask_to_waive(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Why it need not be done here, for a manager to decide."""
    about = _step_of(request, step_id, Act.ASK_WAIVER)
    form = ReasonForm.read(request)
    still = "A manager decides. Until then the step is owed as before, and its ladder goes on."
    page = Ask(f"Ask to waive: {about.row.step.title}", "Ask a manager", [about.row.step.what, still])

    def asked() -> None:
        acts.ask_to_waive(by=person(request), step_run=about.row, reason=form.cleaned_data["reason"])

    return _ask(request, about, form, page, asked)


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Not waived: it is still to be done, and why."""
    about = _step_of(request, step_id, Act.WAIVE_STEP)
    form = ReasonForm.read(request)
    page = Ask(
        f"Still to be done: {about.row.step.title}",
        "It is still to be done",
        [about.row.step.what],
        notes=_asked(about.row),
    )

    def kept() -> None:
        acts.keep_step(by=person(request), step_run=about.row, reason=form.cleaned_data["reason"])

    return _ask(request, about, form, page, kept)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Ticked by mistake: it comes again as a new step, and the old one stays, marked."""
    about = _step_of(request, step_id, Act.REOPEN_STEP)
    form = ReasonForm.read(request)
    kept = "What was recorded stays, marked as a mistake. The step is asked for again with its old due time."
    page = Ask(f"Ask again: {about.row.step.title}", "Ask for this step again", [kept])

    def reopened() -> None:
        acts.reopen_step(by=person(request), step_run=about.row, reason=form.cleaned_data["reason"])

    return _ask(request, about, form, page, reopened)


@dataclass(frozen=True)
class _Step:
    """A step and whose it is: of an episode or, before any, of where the child lives."""

    row: StepRun
    child: Child
    episode: MissingEpisode | None


def _step_of(request: HttpRequest, step_id: UUID, act: Act) -> _Step:
    """The step, if this person may see it and may do this there."""
    row = step_for(person(request), step_id)
    if row.episode_id is None:
        return _Step(row, child_to(act, request, child_of(row).pk), None)
    episode = episode_to(act, request, row.episode_id)
    return _Step(row, episode.child, episode)


def _asked(step_run: StepRun) -> list[str]:
    """Who asked for it to be waived, and why; nothing when nobody did."""
    asked = waiver_asked_of(step_run)
    if asked is None:
        return []
    return [f"{asked.actor.name if asked.actor else 'Somebody'} asks: {asked.reason}"]


def _ask(
    request: HttpRequest, about: _Step, form: GovForm, page: Ask, act: Callable[[], None]
) -> HttpResponse:
    """Ask it on a page of the episode or of the child; then back there, or to the list it was asked from."""
    then = _then(request)
    if about.episode is not None:
        return ask(request, about.episode, form, page, act, then=then)
    plain = AskAboutChild(
        f"{page.title}, {about.child.reference}",
        page.submit,
        then or child_url(about.child),
        page.paragraphs,
        notes=page.notes,
        is_grave=page.is_grave,
    )
    return ask_about(request, about.child, form, plain, act)


def _then(request: HttpRequest) -> str:
    """Back to the list of one's own work, for those who came from there."""
    return reverse("pages:my-work") if request.GET.get("from") == "work" else ""


def _who_can_take_over(child: Child, giver: User) -> QuerySet[User]:
    """Colleagues in the child's authority whose role may do a step."""
    able = live_memberships(CaseworkNow()).filter(
        user_id=OuterRef("pk"),
        authority_id=child.authority_id,
        role__in=roles_that_may(Act.COMPLETE_STEP),
    )
    return User.objects.filter(Exists(able), is_active=True).exclude(pk=giver.pk).order_by("name")
