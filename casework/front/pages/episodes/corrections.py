"""Putting a report right, without losing what it said before."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.correction_forms import CorrectionForm
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.kit.answers import Difference, changed_meanwhile
from casework.front.pages.kit.door import person
from casework.front.pages.kit.words import exactly
from casework.records.acts import Act
from casework.records.errors import Changed
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services.reports import correct_report


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Change what is wrong and say why; what somebody else changed meanwhile is shown, not overwritten."""
    episode = episode_to(Act.CORRECT, request, episode_id)
    form = CorrectionForm.read(request, now=now(), initial=CorrectionForm.standing(episode))
    page = Ask(
        "Correct the report",
        "Save the correction",
        notes=[
            "Due times that count from a corrected time are worked out again; the old ones are kept with why."
        ],
    )

    def corrected() -> None:
        correct_report(
            by=person(request),
            episode=episode,
            version=form.cleaned_data["version"],
            changes=form.changes(episode),
            reason=form.cleaned_data["reason"],
        )

    try:
        return ask(request, episode, form, page, corrected, then=episode_url(episode, "details"))
    except Changed:
        episode.refresh_from_db()
        return changed_meanwhile(request, _both_texts(form, episode), again_url=request.path)


def _both_texts(form: CorrectionForm, episode: MissingEpisode) -> list[Difference]:
    """What this person wrote, and what stands by now, wherever the two differ."""
    changes = form.changes(episode)
    found = [
        Difference(str(form[name].label), _words(value), _words(getattr(episode, name)))
        for name, value in changes.items()
    ]
    return [
        *found,
        Difference(str(form["reason"].label), form.cleaned_data["reason"], "Not part of the record yet."),
    ]


def _words(value: object) -> str:
    return exactly(value) if isinstance(value, datetime) else str(value or "")
