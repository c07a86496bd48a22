"""Late, away or missing: the decision, and each time it changes."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.closing_forms import CategoryForm
from casework.front.pages.episodes.episode_frame import Ask, ask
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.times import now
from incidents.services.spells import record_away, record_missing


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Away when we know where the child is, missing when we don't."""
    episode = episode_to(Act.DECIDE_CATEGORY, request, episode_id)
    form = CategoryForm.read(request, now=now())
    page = Ask(
        "Away or missing?",
        "Record the decision",
        ["Late, and expected back: record that on the step itself instead."],
    )

    def decided() -> None:
        said, by = form.cleaned_data, person(request)
        if said["category"] == "missing":
            record_missing(by=by, episode=episode, at=said["at"], reason=said["reason"])
            return
        record_away(
            by=by,
            episode=episode,
            at=said["at"],
            whereabouts=said["whereabouts"],
            spoken_to=said["spoken_to"] == "yes",
            is_free_to_return=said["is_free_to_return"] != "no",
        )

    return ask(request, episode, form, page, decided)
