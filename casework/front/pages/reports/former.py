"""A home where the child lived before, while the child is still missing: it can write, and reads nothing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.reports import carers
from casework.front.pages.reports.carer_forms import InformationForm
from casework.records.models import Home, User
from incidents.access import episode_to_tell_of
from incidents.models import MissingEpisode
from incidents.services.keeping import add_information
from protocols import engine


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Only the reference stands on the page."""
    user = person(request)
    episode = episode_to_tell_of(user, episode_id)
    form = InformationForm.read(request, is_tablet=carers.is_tablet(user))

    def told() -> str:
        home, words = _home_of(user, episode), form.cleaned_data["words"]
        add_information(by=user, episode=episode, home=home, words=words, typed_name=form.signature)
        engine.wake(episode.pk)
        return reverse("pages:home")

    if sent := send(request, form, told):
        messages.success(request, "Sent. Children’s services will look at it.")
        return sent
    return show(request, "reports/information.html", {"reference": episode.reference}, form=form)


def _home_of(user: User, episode: MissingEpisode) -> Home:
    """The reader's home where the child was when it began, or the first in which the child lived."""
    homes = carers.homes_of(carers.provider_standing(user))
    return next((home for home in homes if home.pk == episode.home_id), homes[0])
