"""Which police forces read an episode; the authority can end that."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.episodes.step_forms import ReasonForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import NotFound
from incidents.services import sharing


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, episode_id: UUID, share_id: UUID) -> HttpResponse:
    """Because it was the wrong force, say. It reads no more from this instant."""
    episode = episode_to(Act.SHARE_WITH_POLICE, request, episode_id)
    share = episode.shares.select_related("force").filter(pk=share_id).first()
    if share is None:
        raise NotFound
    form = ReasonForm.read(request)
    page = Ask(
        "Stop sharing with a force",
        "Stop sharing",
        [
            f"{share.force.name} reads no more of this episode from now on. What they have read, they have "
            "read: ring them.",
            "Recording the child as missing again does not share it with them again.",
        ],
        is_grave=True,
    )

    def ended() -> None:
        sharing.end_share(by=person(request), share=share, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, ended, then=episode_url(episode, "tellings"))
