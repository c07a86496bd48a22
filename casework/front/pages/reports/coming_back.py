""" "They're back" is taken whatever else is known; how the child is, and the right time, can follow."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casework.front.pages.kit.answers import changed_meanwhile, differences, show
from casework.front.pages.kit.door import person, send
from casework.front.pages.reports import carers
from casework.front.pages.reports.carer_forms import BackForm, ReturnForm
from casework.front.pages.reports.carer_page import page_of
from casework.records.errors import Changed
from casework.records.models import User
from casework.records.times import now
from incidents.access import episode_for
from incidents.models import MissingEpisode, News, Return
from incidents.moments import clock_words
from incidents.services.reports import add_news
from incidents.services.returns import complete_return, record_return
from protocols import engine


@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """While the child is not back: that they are. Afterwards: what there is to add."""
    episode = episode_for(person(request), episode_id)
    adds = not episode.is_open
    if request.method == "POST":
        adds = "version" in request.POST and _return_of(episode) is not None
    return _complete(request, episode) if adds else _record(request, episode)


@require_safe
def what_next(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The return is recorded: what happens next, and what the home still owes."""
    episode = episode_for(person(request), episode_id)
    return render(request, "coming_back/next.html", {"page": page_of(request, episode)})


def _record(request: HttpRequest, episode: MissingEpisode) -> HttpResponse:
    form = BackForm.read(request, now=now(), is_tablet=carers.is_tablet(person(request)))
    if request.method == "POST" and not form.is_valid() and not form.is_forged:
        return _take_the_fact(request, episode, form)
    sent = send(request, form, lambda: _said(request, episode, form))
    return sent or show(request, "coming_back/back.html", {"page": page_of(request, episode)}, form=form)


def _said(request: HttpRequest, episode: MissingEpisode, form: BackForm) -> str:
    if not episode.is_open:
        _keep_as_news(person(request), episode, form)
    row = _record_return(person(request), episode, form)
    engine.wake(episode.pk)
    name = "episode-back" if row.needs_time else "return-next"
    return reverse(f"pages:{name}", args=[episode.pk])


def _record_return(
    by: User, episode: MissingEpisode, form: BackForm, *, is_estimated: bool = False
) -> Return:
    said = form.details
    return record_return(
        by=by,
        episode=episode,
        returned_at=None if is_estimated else form.cleaned_data["returned_at"],
        is_estimated=is_estimated,
        how=said.get("how", ""),
        fetched_by=said.get("fetched_by", ""),
        condition=said.get("condition", ""),
        injuries=said.get("injuries", ""),
        said=said.get("said", ""),
        belongings=said.get("belongings", ""),
        typed_name=form.signature,
    )


def _keep_as_news(by: User, episode: MissingEpisode, form: BackForm) -> None:
    """Somebody else said it first; what this person wrote besides is not lost."""
    written = [f"{form[name].label} {words}" for name, words in form.details.items() if words]
    if written:
        kind = News.Kind.INFORMATION
        add_news(by=by, episode=episode, kind=kind, words="\n".join(written), typed_name=form.signature)


def _take_the_fact(request: HttpRequest, episode: MissingEpisode, form: BackForm) -> HttpResponse:
    """An answer could not be read. The child is back all the same, from now, and the page asks again."""
    row = _record_return(person(request), episode, form, is_estimated=True)
    engine.wake(episode.pk)
    post = request.POST.copy()
    post["version"] = str(row.version)
    is_tablet = carers.is_tablet(person(request))
    return _show_addition(
        request, episode, row, ReturnForm(post, now=now(), is_tablet=is_tablet, needs_time=row.needs_time)
    )


def _complete(request: HttpRequest, episode: MissingEpisode) -> HttpResponse:
    row, is_tablet = _return_of(episode), carers.is_tablet(person(request))
    if row is None or (is_tablet and not row.needs_time):
        return redirect("pages:report-detail", episode.pk)
    stands = {} if is_tablet else {name: getattr(row, name) for name in BackForm.DETAILS}
    at = None if row.needs_time else row.returned_at
    initial = {**stands, "version": row.version, "returned_at": at}
    asked = {"is_tablet": is_tablet, "needs_time": row.needs_time}
    form = ReturnForm.read(request, now=now(), initial=initial, **asked)
    try:
        sent = send(request, form, lambda: _completed(request, episode, row, form))
    except Changed:
        return changed_meanwhile(request, differences(form, stands), again_url=request.path)
    return sent or _show_addition(request, episode, row, form)


def _completed(request: HttpRequest, episode: MissingEpisode, row: Return, form: ReturnForm) -> str:
    complete_return(
        by=person(request),
        return_row=row,
        version=form.cleaned_data["version"],
        returned_at=_new_time(row, form),
        details=form.details,
        reason=form.cleaned_data.get("reason", ""),
        typed_name=form.signature,
    )
    engine.wake(episode.pk)
    return reverse("pages:return-next", args=[episode.pk])


def _new_time(row: Return, form: ReturnForm) -> datetime | None:
    """The time, unless it is the one that stands: the page shows minutes, the record keeps seconds."""
    told: datetime = form.cleaned_data["returned_at"]
    stands = row.returned_at.replace(second=0, microsecond=0)
    return told if row.needs_time or told != stands else None


def _show_addition(
    request: HttpRequest, episode: MissingEpisode, row: Return, form: ReturnForm
) -> HttpResponse:
    gone_at = clock_words(episode.missing_from, row.recorded_at)
    context = {"page": page_of(request, episode), "row": row, "gone_at": gone_at}
    return show(request, "coming_back/add.html", context, form=form)


def _return_of(episode: MissingEpisode) -> Return | None:
    return episode.returns.order_by("-recorded_at").first()
