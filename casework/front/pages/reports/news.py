"""News of a child who is not back: something heard, or the one tap that says there is nothing new."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.reports import carers
from casework.front.pages.reports.carer_forms import NewsForm, NothingNewForm
from casework.front.pages.reports.carer_page import CarerPage, page_of
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.times import now
from incidents.access import episode_for
from incidents.models import News
from incidents.services.reports import add_news
from protocols import engine

NOTHING_NEW = "nothing_new"  # what the one-tap button sends


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Two forms on one page; the button pressed says which was meant."""
    episode = episode_for(person(request), episode_id)
    require_for(person(request), Act.ADD_NEWS, episode.child)
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
