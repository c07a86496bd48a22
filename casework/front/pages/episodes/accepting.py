"""“I’ve got this”: how somebody of the authority takes a case on, at any time or at a change of cover."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.responsible import Names
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm, NarrativeField
from casework.records.acts import Act
from casework.records.office_hours import change_at_hand, cover_ends
from casework.records.standing import Standing
from casework.records.times import LONDON, now
from incidents.access import IN_HAND
from incidents.models import MissingEpisode
from incidents.services import responsibility


class AcceptForm(GovForm):
    """Nothing is asked: one button."""


class HandoverForm(GovForm):
    words = NarrativeField(
        "What was handed over?", rows=3, limit=2000, hint="By whom, and what is to be done next. Optional"
    )


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The button stands on the episode's own page; this is where it leads, and the page for the link."""
    episode = episode_to(Act.ACCEPT_RESPONSIBILITY, request, episode_id)
    until = f"{cover_ends(now()).astimezone(LONDON):%H:%M}"
    words = [
        "Everybody who works on this case sees that you have it, and since when.",
        f"It lasts until the next change of cover, at {until}, or until somebody takes it over.",
    ]

    def accepted() -> None:
        responsibility.accept_responsibility(by=person(request), episode=episode)

    page = Ask("Take this case on", "I’ve got this", words)
    return ask(request, episode, AcceptForm.read(request), page, accepted)


@require_http_methods(["GET", "POST"])
def accept_handover(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """One case at the change of cover that is at hand; the page of all of them is Hand-over."""
    episode = episode_to(Act.ACCEPT_RESPONSIBILITY, request, episode_id)
    at = f"{change_at_hand(now()).astimezone(LONDON):%H:%M}"
    form = HandoverForm.read(request)
    words = ["Read the record and speak to whoever goes off. From then on the child is with you, by name."]
    page = Ask(f"Accept at the change of cover at {at}", "Accept", words)

    def accepted() -> None:
        said = form.cleaned_data["words"]
        responsibility.accept_handover(by=person(request), episode=episode, words=said)

    return ask(request, episode, form, page, accepted)


def accept_form(episode: MissingEpisode, names: Names, standing: Standing) -> AcceptForm | None:
    """The button's form: in a case that is worked on, for whoever may have it and has not."""
    if episode.state not in IN_HAND or names.is_readers:
        return None
    if not may_here(standing, Act.ACCEPT_RESPONSIBILITY, episode):
        return None
    return AcceptForm(auto_id="accept-%s")
