"""Where the child of an episode lives now."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.children.addresses import ask_for_address, refuse_without_location
from casework.front.pages.children.child_bar import current_placement
from casework.front.pages.episodes.allowed import episode_to_read
from casework.front.pages.episodes.episode_frame import episode_url
from casework.records.errors import Conflict


@require_http_methods(["GET", "POST"])
def of_episode(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The address of the present placement, after a reason."""
    episode = episode_to_read(request, episode_id)
    refuse_without_location(request, episode.child)
    placement = current_placement(episode.child)
    if placement is None:
        raise Conflict("No placement is recorded now, so there is no address to show.", code="no_placement")
    return ask_for_address(request, episode.child, placement, episode_url(episode))
