"""The copies that homes keep of what they sent; the authority can take one back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.episodes.step_forms import ReasonForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import NotFound
from incidents.models import MissingEpisode, ReportCopy
from incidents.services.keeping import withdraw_copy


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, episode_id: UUID, copy_id: UUID) -> HttpResponse:
    """Because it names somebody whom the home must not go on naming, say."""
    episode = episode_to(Act.WITHDRAW_COPY, request, episode_id)
    copy = _copy_of(episode, copy_id)
    form = ReasonForm.read(request)
    page = Ask(
        f"Take a copy back from {copy.home.name}",
        "Take it back",
        ["The home sees that there was a copy, and your reason, and reads the copy no more."],
        is_grave=True,
    )

    def withdrawn() -> None:
        withdraw_copy(by=person(request), copy=copy, reason=form.cleaned_data["reason"])

    return ask(request, episode, form, page, withdrawn, then=episode_url(episode, "tellings"))


def _copy_of(episode: MissingEpisode, copy_id: UUID) -> ReportCopy:
    found = episode.copies.select_related("home").filter(pk=copy_id).first()
    if found is None:
        raise NotFound
    return found
