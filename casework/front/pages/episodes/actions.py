"""What somebody agreed to do: added, put right, done, dropped; from the episode or from one's own work."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.action_forms import (
    ActionChangeForm,
    ActionDoneForm,
    ActionDropForm,
    ActionForm,
)
from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.kit.answers import changed_meanwhile, differences
from casework.front.pages.kit.door import person
from casework.records.access import may
from casework.records.acts import Act
from casework.records.errors import Changed
from casework.records.times import now
from incidents.access import action_for
from incidents.models import MissingEpisode
from incidents.services import actions as services


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Something to do that came up outside a meeting."""
    episode = episode_to(Act.RECORD_MEETING, request, episode_id)
    form = ActionForm.read(request, now=now())
    form.offer(services.owners_for(episode))
    note = "A colleague finds it in My work; the home finds it on its page of the report."
    page = Ask("Add an action", "Add the action", notes=[note])

    def added() -> None:
        services.add_actions(by=person(request), episode=episode, actions=[form.agreed])

    return ask(request, episode, form, page, added, then=episode_url(episode, "meetings"))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, episode_id: UUID, action_id: UUID) -> HttpResponse:
    """Other words, another owner, another time; what it said before is kept."""
    episode = episode_to(Act.RECORD_MEETING, request, episode_id)
    action = action_for(person(request), episode, action_id)
    standing = ActionChangeForm.standing(action)
    form = ActionChangeForm.read(request, now=now(), initial={**standing, "version": action.version})
    form.offer(services.owners_for(episode))
    page = Ask("Change the action", "Save", notes=["What it said before is kept."])

    def changed() -> None:
        services.change_action(
            by=person(request), action=action, version=form.cleaned_data["version"], agreed=form.agreed
        )

    try:
        return ask(request, episode, form, page, changed, then=episode_url(episode, "meetings"))
    except Changed:
        action.refresh_from_db()
        words = {name: getattr(action, name) for name in ("what", "owner_words", "due_at")}
        return changed_meanwhile(request, differences(form, words), again_url=request.path)


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, episode_id: UUID, action_id: UUID) -> HttpResponse:
    """Done, and what came of it."""
    episode = episode_to(Act.SETTLE_ACTION, request, episode_id)
    action = action_for(person(request), episode, action_id)
    form = ActionDoneForm.read(request)
    page = Ask("Record what came of it", "Record as done", [action.what])

    def done() -> None:
        services.complete_action(by=person(request), action=action, outcome=form.cleaned_data["outcome"])

    return ask(request, episode, form, page, done, then=_then(request, episode))


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, episode_id: UUID, action_id: UUID) -> HttpResponse:
    """Nobody does it any more, and why."""
    episode = episode_to(Act.RECORD_MEETING, request, episode_id)
    action = action_for(person(request), episode, action_id)
    form = ActionDropForm.read(request)
    page = Ask("Drop the action", "Drop it", [action.what], ["It stays in the record, with your reason."])

    def dropped() -> None:
        services.drop_action(by=person(request), action=action, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, dropped, then=episode_url(episode, "meetings"))


def _then(request: HttpRequest, episode: MissingEpisode) -> str:
    """Back to where this person came from: their own work, the tab, or the page that is theirs."""
    if request.GET.get("from") == "work":
        return reverse("pages:my-work")
    reads = may(person(request), Act.READ_MEETINGS, authority_id=episode.authority_id)
    return episode_url(episode, "meetings" if reads else "detail")
