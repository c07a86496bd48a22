"""The end of an episode: signed off, opened again, or a mistake from the start."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.closing_forms import FalseReportForm, ReopenForm, SignOffForm
from casework.front.pages.episodes.episode_frame import Ask, ask
from casework.front.pages.kit.answers import Difference, changed_meanwhile
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import Changed
from incidents.models import MissingEpisode
from incidents.services import closing as services


@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A manager signs that everything is settled."""
    episode = episode_to(Act.SIGN_OFF, request, episode_id)
    form = SignOffForm.read(request, initial={"version": episode.version})
    page = Ask("Sign the episode off", "Sign off", _checks(episode))

    def signed() -> None:
        said = {name: form.cleaned_data[name] for name in ("version", "words")}
        services.sign_off_episode(by=person(request), episode=episode, **said)

    try:
        return ask(request, episode, form, page, signed)
    except Changed:
        kept = Difference(
            str(form["words"].label), form["words"].value(), "Not signed off. The episode itself has changed."
        )
        return changed_meanwhile(request, [kept], again_url=request.path)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """To add to what is closed. Never for a new absence."""
    episode = episode_to(Act.REOPEN, request, episode_id)
    form = ReopenForm.read(request)
    page = Ask(
        "Open the episode again",
        "Open again",
        notes=["If the child has gone again, make a new report instead."],
    )

    def reopened() -> None:
        services.reopen_episode(by=person(request), episode=episode, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, reopened)


@require_http_methods(["GET", "POST"])
def call_false(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The child was never gone."""
    episode = episode_to(Act.CALL_FALSE, request, episode_id)
    form = FalseReportForm.read(request)
    page = Ask(
        "The report was mistaken",
        "Record as mistaken",
        ["Only when the child was never gone. What waits is stopped; the report stays in the record."],
        is_grave=True,
    )

    def called() -> None:
        services.record_false_report(by=person(request), episode=episode, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, called)


def _checks(episode: MissingEpisode) -> list[str]:
    """How the interview stands: the thing most often forgotten."""
    interviews = episode.interviews.order_by("due_at")
    return [f"Return interview: {one.get_state_display().lower()}." for one in interviews]
