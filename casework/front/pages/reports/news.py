"""News of a child who is not back: something heard or seen, or the one tap that there is nothing new."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import GovForm, SignedForm
from casework.front.pages.reports import carers
from casework.front.pages.reports.carer_forms import NewsForm, NothingNewForm
from casework.front.pages.reports.carer_page import CarerPage, page_of
from casework.front.pages.reports.heard_forms import NoticeForm, SightingForm, SpokenForm
from casework.records.acts import Act
from casework.records.models import PoliceForce
from casework.records.times import now
from incidents.models import MissingEpisode, News
from incidents.services.heard import add_news
from incidents.services.meanwhile import give_notice
from protocols import engine

NOTHING_NEW = "nothing_new"  # what the one-tap button sends
LOCATES_NOBODY = (
    "It does not say that they are found: that is recorded when somebody has checked where they are."
)
STAYS_OPEN = (
    "The place goes on until the authority ends it. A placement that ends while the child is missing leaves "
    "the missing period open: the child’s social worker decides with you whether the place is held."
)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Two forms on one page; the button pressed says which was meant."""
    episode = episode_to(Act.ADD_NEWS, request, episode_id)
    is_quick = request.POST.get("submit") == NOTHING_NEW
    asked = {"is_tablet": carers.is_tablet(person(request))}
    quick = NothingNewForm(request.POST if is_quick else None, auto_id="quick-%s", **asked)
    form = NewsForm(request.POST if request.POST and not is_quick else None, now=now(), **asked)
    pressed = quick if is_quick else form
    page = page_of(request, episode)
    sent = send(request, pressed, lambda: _add(request, page, quick if is_quick else form))
    if sent is not None:
        messages.success(request, "News added.")
        return sent
    context = {"page": page, "quick": quick, "news": form}
    return show(request, "news/add.html", context, form=pressed)


@require_http_methods(["GET", "POST"])
def add_sighting(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Somebody saw them, or thinks so; perhaps where another force polices."""
    episode = episode_to(Act.ADD_NEWS, request, episode_id)
    form = SightingForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))
    form.offer_rows("force", _other_forces(episode), lambda force: force.name)
    page = Ask("Somebody saw them", "Save the sighting", [LOCATES_NOBODY])
    return _ask(request, episode, form, page, lambda: _heard(request, episode, News.Kind.SIGHTING, form))


@require_http_methods(["GET", "POST"])
def add_spoken(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Somebody spoke to them."""
    episode = episode_to(Act.ADD_NEWS, request, episode_id)
    form = SpokenForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))
    page = Ask("Somebody spoke to them", "Save what they said", [f"Good. {LOCATES_NOBODY}"])
    return _ask(request, episode, form, page, lambda: _heard(request, episode, News.Kind.SPOKEN, form))


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The home gives notice on the place of a child who is not back."""
    episode = episode_to(Act.GIVE_NOTICE, request, episode_id)
    form = NoticeForm.read(request, now=now())
    page = Ask("Give notice on the place", "Give notice", [STAYS_OPEN])

    def give() -> None:
        asked = ("ends_on", "reason", "given_at", "given_by")
        said = {name: form.cleaned_data[name] for name in asked}
        give_notice(by=person(request), episode=episode, **said)

    return _ask(request, episode, form, page, give)


def _other_forces(episode: MissingEpisode) -> list[PoliceForce]:
    own = episode.home.police_force_id if episode.home else None
    return [force for force in PoliceForce.objects.order_by("name") if force.pk != own]


def _heard(request: HttpRequest, episode: MissingEpisode, kind: str, form: SignedForm) -> None:
    asked = set(form.questions) - {"form_key", "typed_name"}
    said = {name: form.cleaned_data[name] for name in asked}
    add_news(by=person(request), episode=episode, kind=kind, typed_name=form.signature, **said)


def _ask(
    request: HttpRequest, episode: MissingEpisode, form: GovForm, ask: Ask, act: Callable[[], None]
) -> HttpResponse:
    """Do it once, wake the clock and go back to the reader's own page of the report."""
    page = page_of(request, episode)

    def once() -> str:
        act()
        engine.wake(episode.pk)
        return page.report_url

    sent = send(request, form, once)
    if sent is not None:
        messages.success(request, "Saved.")
        return sent
    return show(request, "reports/ask.html", {"page": page, "ask": ask}, form=form)


def _add(request: HttpRequest, page: CarerPage, form: NewsForm | NothingNewForm) -> str:
    told, episode = form.cleaned_data, page.episode
    add_news(
        by=person(request),
        episode=episode,
        kind=told.get("kind", News.Kind.NOTHING_NEW),
        words=told.get("words", ""),
        happened_at=told.get("happened_at"),
        told_by=told.get("told_by", ""),
        typed_name=form.signature,
    )
    engine.wake(episode.pk)
    return page.report_url
