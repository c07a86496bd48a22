"""What was heard while the child is gone, the newest first; and a force in whose area they were seen."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to, episode_to_read
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.heard_forms import ShareSightingForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.standing import standing_of
from incidents.queries import news_of
from incidents.services import sharing
from incidents.shared import CLOSED, stands


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Sightings, words with the child, enquirers. None of them says where the child is."""
    episode = episode_to_read(request, episode_id)
    standing = standing_of(person(request))
    context = {
        **frame_of(request, episode),
        "heard": news_of(episode),
        "reading": set(sharing.live_shares(episode).values_list("force_id", flat=True)),
        "may_add": may_here(standing, Act.ADD_NEWS, episode),
        "may_share": stands(episode) != CLOSED and may_here(standing, Act.SHARE_WITH_POLICE, episode),
    }
    return render(request, "episodes/heard.html", context)


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, episode_id: UUID, news_id: UUID) -> HttpResponse:
    """Let the force in whose area they were seen read the episode."""
    episode = episode_to(Act.SHARE_WITH_POLICE, request, episode_id)
    seen = episode.news.filter(pk=news_id).select_related("force").first()
    if seen is None or seen.force is None:
        raise NotFound
    force = seen.force
    why = f"Seen in their area: {seen.where or seen.words}"[:300].strip()
    form = ShareSightingForm.read(request, initial={"reason": why})
    page = Ask(
        "Share with the force of that area",
        "Share it",
        [
            f"From then on {force.name} can read this episode, until it is closed or somebody ends it.",
            "Ring them too.",
        ],
    )

    def shared() -> None:
        reason = form.cleaned_data["reason"]
        sharing.share_episode(by=person(request), episode=episode, force=force, reason=reason)

    return ask(request, episode, form, page, shared, then=episode_url(episode, "heard"))
