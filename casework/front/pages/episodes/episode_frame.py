"""What stands around every page of one episode, and the page that asks one thing about it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.front.pages.episodes.allowed import reads_meetings
from casework.front.pages.episodes.ending_notes import Note, note_of
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.cards import Identity
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import GovForm
from casework.front.pages.kit.furniture import NavItem
from casework.front.pages.kit.identity import identity_of
from casework.records import audit
from incidents.facts import EpisodeFacts, facts_of
from incidents.models import MissingEpisode
from protocols import engine

TABS: Final = (
    ("Now", "detail"),
    ("Details", "details"),
    ("Risk", "risk"),
    ("Police", "police"),
    ("News", "heard"),
    ("Meetings and decisions", "meetings"),
    ("Referrals", "referrals"),
    ("Shared with whom", "tellings"),
    ("Interviews", "interviews"),
)


# The facts that say that there are referrals, where nothing else does.
_REFERRED: Final = frozenset({"home_office_told", "home_office_found_told", "nrm_referred", "guardian_asked"})


@dataclass(frozen=True)
class Ask:
    """The words around a form that asks one thing."""

    title: str
    submit: str
    paragraphs: Sequence[str] = ()
    notes: Sequence[str] = ()  # what to know before answering
    is_grave: bool = False


class Frame(TypedDict):
    """What every template of an episode reads."""

    episode: MissingEpisode
    facts: EpisodeFacts
    identity: Identity
    tabs: Sequence[NavItem]
    ended: Note | None


def frame_of(request: HttpRequest, episode: MissingEpisode, *, fields: Sequence[str] = ()) -> Frame:
    """The identity bar and the tabs. Whoever is shown this has looked at the child: it is logged.

    `fields` are what the page shows that deserves a name in the audit, such as an interview. Signs of danger
    are in the bar of every page.
    """
    facts = facts_of([episode.pk])[episode.pk]
    shown = {*fields, *(["indicators"] if facts.indicators else [])}
    audit.looked(
        person(request),
        child=episode.child,
        about_kind="episode",
        about_id=episode.pk,
        fields=sorted(shown),
    )
    hidden = _hidden(request, episode, facts)
    tabs = [NavItem(text, url, url == request.path) for text, url in _tab_urls(episode, hidden)]
    child_url = reverse("pages:child-detail", args=[episode.child_id])
    return {
        "episode": episode,
        "facts": facts,
        "identity": identity_of(episode, facts, child_url=child_url),
        "tabs": tabs,
        "ended": note_of(episode),
    }


def episode_url(episode: MissingEpisode, page: str = "detail") -> str:
    """The address of one of the episode's pages."""
    return reverse(f"pages:episode-{page}", args=[episode.pk])


def _hidden(request: HttpRequest, episode: MissingEpisode, facts: EpisodeFacts) -> Collection[str]:
    """Tabs that are not for this reader, or of which there is nothing to say for this child."""
    asks_others = facts.is_at_risk_of_trafficking or not _REFERRED.isdisjoint(facts.met)
    is_there = request.path == episode_url(episode, "referrals")
    hidden = () if asks_others or is_there else ("referrals",)
    return hidden if reads_meetings(request, episode) else (*hidden, "meetings")


def _tab_urls(episode: MissingEpisode, hidden: Collection[str]) -> list[tuple[str, str]]:
    return [(text, episode_url(episode, page)) for text, page in TABS if page not in hidden]


def ask(
    request: HttpRequest,
    episode: MissingEpisode,
    form: GovForm,
    page: Ask,
    act: Callable[[], str | None],
    *,
    then: str = "",
    template: str = "episodes/ask.html",
    beside: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Answer a page that asks one thing: do `act` once and wake the clock, or show it with what to mend.

    Sending leads to the path `then` (the episode's page, if none is given), and so does cancelling; unless
    `act` itself says which path comes next.
    """
    back_url = then or episode_url(episode)

    def once() -> str:
        path = act()
        engine.wake(episode.pk)
        return path or back_url

    sent = send(request, form, once)
    if sent is not None:
        return sent
    context = {**frame_of(request, episode), "page": page, "back_url": back_url, **(beside or {})}
    return show(request, template, context, form=form)
