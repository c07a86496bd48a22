"""The police's own talk with a child who is back, as the authority hears of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.episodes.heard_forms import PreventionForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.times import now
from incidents.services.prevention import record_prevention


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Held, not held, or asked for again."""
    episode = episode_to(Act.RECORD_PREVENTION, request, episode_id)
    form = PreventionForm.read(request, now=now())
    page = Ask(
        "The police’s talk after the return",
        "Record it",
        ["The police call it a prevention interview. It does not stand in for the return interview."],
    )

    def recorded() -> None:
        asked = ("outcome", "happened_at", "officer", "words")
        said = {name: form.cleaned_data[name] for name in asked}
        record_prevention(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, recorded, then=episode_url(episode, "police"))
