"""What a person does with a step that has fallen due, or will: each act on a page of its own."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.episodes.step_forms import AcknowledgeForm, DoneForm, HandOverForm, ReasonForm
from casework.front.pages.episodes.step_tellings import StepTellForm, first_words, record, ring_for, whom_of
from casework.front.pages.kit.door import person
from casework.records.access import live_memberships
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound
from casework.records.models import User
from casework.records.times import CaseworkNow, now
from incidents.models import MissingEpisode
from protocols import acts
from protocols.access import step_for
from protocols.clock import explain
from protocols.models import StepRun
from protocols.waivers import waiver_asked_of


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Done, with the evidence that the protocol asks for."""
    step_run, episode = _step_of(request, step_id, Act.COMPLETE_STEP)
    form = DoneForm.read(request, questions=step_run.step.evidence)
    page = Ask(step_run.step.title, "Record as done", [step_run.step.what], [explain(step_run.derivation)])

    def done() -> None:
        acts.complete_step(by=person(request), step_run=step_run, evidence=form.evidence)

    return ask(request, episode, form, page, done, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Met by telling somebody outside: a name, and one press."""
    step_run, episode = _step_of(request, step_id, Act.TELL)
    whom = whom_of(step_run)
    form = StepTellForm.read(request, whom=whom, now=now(), initial=first_words(episode))
    page = Ask(whom.title, "Record it", [step_run.step.what], [explain(step_run.derivation)])

    def told() -> None:
        record(person(request), episode, step_run, form)

    beside = {"ring": ring_for(step_run.step.met_by or "", episode, now())}
    then = _then(request, episode)
    return ask(
        request, episode, form, page, told, then=then, template="episodes/tell_step.html", beside=beside
    )


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """I have it. Nobody further up is told until the promise lapses."""
    step_run, episode = _step_of(request, step_id, Act.ACKNOWLEDGE_STEP)
    form = AcknowledgeForm.read(request)
    promise = "A promise is not the step. When it lapses and the step is not done, the next person is told."
    page = Ask(
        f"Acknowledge: {step_run.step.title}", "I will do it", [promise], [explain(step_run.derivation)]
    )

    def promised() -> None:
        acts.acknowledge_step(by=person(request), step_run=step_run, until=now() + form.promise)

    return ask(request, episode, form, page, promised, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Somebody else does it, by name, and is told so."""
    step_run, episode = _step_of(request, step_id, Act.HAND_OVER_STEP)
    form = HandOverForm.read(request)
    form.offer(_who_can_take_over(episode, person(request)))
    told = "They get a message with the reference of this case. The due time stays as it is."
    page = Ask(f"Hand over: {step_run.step.title}", "Hand over", [told], [explain(step_run.derivation)])

    def handed_over() -> None:
        acts.hand_over_step(by=person(request), step_run=step_run, to=form.cleaned_data["to"])

    return ask(request, episode, form, page, handed_over, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Nobody need do it this time; the reason stays beside the step."""
    step_run, episode = _step_of(request, step_id, Act.WAIVE_STEP)
    form = ReasonForm.read(request)
    kept = "The step stays in the record as waived, with your name and your reason."
    words = [step_run.step.what, kept]
    page = Ask(
        f"Waive: {step_run.step.title}", "Waive this step", words, notes=_asked(step_run), is_grave=True
    )

    def waived() -> None:
        acts.waive_step(by=person(request), step_run=step_run, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, waived, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def ask_to_waive(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Why it need not be done here, for a manager to decide."""
    step_run, episode = _step_of(request, step_id, Act.ASK_WAIVER)
    form = ReasonForm.read(request)
    still = "A manager decides. Until then the step is owed as before, and its ladder goes on."
    page = Ask(f"Ask to waive: {step_run.step.title}", "Ask a manager", [step_run.step.what, still])

    def asked() -> None:
        acts.ask_to_waive(by=person(request), step_run=step_run, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, asked, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Not waived: it is still to be done, and why."""
    step_run, episode = _step_of(request, step_id, Act.WAIVE_STEP)
    form = ReasonForm.read(request)
    page = Ask(
        f"Still to be done: {step_run.step.title}",
        "It is still to be done",
        [step_run.step.what],
        notes=_asked(step_run),
    )

    def kept() -> None:
        acts.keep_step(by=person(request), step_run=step_run, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, kept, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Ticked by mistake: it comes again as a new step, and the old one stays, marked."""
    step_run, episode = _step_of(request, step_id, Act.REOPEN_STEP)
    form = ReasonForm.read(request)
    kept = "What was recorded stays, marked as a mistake. The step is asked for again with its old due time."
    page = Ask(f"Ask again: {step_run.step.title}", "Ask for this step again", [kept])

    def reopened() -> None:
        acts.reopen_step(by=person(request), step_run=step_run, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, reopened, then=_then(request, episode))


def _step_of(request: HttpRequest, step_id: UUID, act: Act) -> tuple[StepRun, MissingEpisode]:
    """The step and its episode, if this person may see them and may do this there."""
    step_run = step_for(person(request), step_id)
    if step_run.episode_id is None:
        raise NotFound
    return step_run, episode_to(act, request, step_run.episode_id)


def _asked(step_run: StepRun) -> list[str]:
    """Who asked for it to be waived, and why; nothing when nobody did."""
    asked = waiver_asked_of(step_run)
    if asked is None:
        return []
    return [f"{asked.actor.name if asked.actor else 'Somebody'} asks: {asked.reason}"]


def _then(request: HttpRequest, episode: MissingEpisode) -> str:
    """Back to the list of one's own work, for those who came from there."""
    return reverse("pages:my-work") if request.GET.get("from") == "work" else episode_url(episode)


def _who_can_take_over(episode: MissingEpisode, giver: User) -> QuerySet[User]:
    """Colleagues in the child's authority whose role may do a step."""
    able = live_memberships(CaseworkNow()).filter(
        user_id=OuterRef("pk"),
        authority_id=episode.authority_id,
        role__in=roles_that_may(Act.COMPLETE_STEP),
    )
    return User.objects.filter(Exists(able), is_active=True).exclude(pk=giver.pk).order_by("name")
