"""Located, back, and the rest of the return when there is time to write it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.heard_forms import LocatedCheckForm
from casework.front.pages.episodes.return_forms import (
    ELSEWHERE,
    HERE,
    HOME,
    IT_IS,
    RETURN_DETAILS,
    CompleteReturnForm,
    FindingAnswerForm,
    LocatedForm,
    ReturnForm,
)
from casework.front.pages.kit.answers import changed_meanwhile, differences, show
from casework.front.pages.kit.door import person
from casework.front.pages.kit.words import moment as moment_words
from casework.front.pages.kit.words import wall
from casework.records.access import homes_to_place_in, require_for
from casework.records.acts import Act
from casework.records.errors import Changed, Conflict, Invalid, NotFound
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import episode_for
from incidents.facts import is_at_risk_of_trafficking
from incidents.models import MissingEpisode, Return
from incidents.services import returns as services
from incidents.services.meanwhile import check_located
from protocols import engine

STILL_TO_BE_MOVED = "The return is recorded, the new placement is not: move the child on the child’s page."


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Located and not back: who is with the child, who fetches them, and why they are not back yet."""
    episode = episode_to(Act.RECORD_LOCATED, request, episode_id)
    form = LocatedCheckForm.read(request)
    page = Ask("Who is with the child, and who fetches them?", "Record it")

    def checked() -> None:
        asked = ("with_whom", "fetched_by", "why_not_back")
        said = {name: form.cleaned_data[name] for name in asked}
        check_located(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, checked)


@require_http_methods(["GET", "POST"])
def locate(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """We know where the child is, and that it is them. They are not back yet."""
    episode = episode_to(Act.RECORD_LOCATED, request, episode_id)
    form = LocatedForm.read(request, now=now())
    page = Ask(
        "Record where the child is",
        "Record as located",
        notes=["Having spoken to the child is not having found them. Back at the home? Use “They’re back”."],
    )

    def located() -> None:
        asked = (
            "located_at",
            "where",
            "found_by",
            "with_whom",
            "fetched_by",
            "condition",
            "identity_confirmed",
        )
        said = {name: form.cleaned_data[name] for name in asked}
        services.record_located(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, located)


@require_http_methods(["GET", "POST"])
def answer_finding(request: HttpRequest, episode_id: UUID, located_id: UUID) -> HttpResponse:
    """The police say that they have found the child: is it them?"""
    episode = episode_to(Act.RECORD_LOCATED, request, episode_id)
    located = episode.findings.filter(pk=located_id, proposed_by__isnull=False).first()
    if located is None:
        raise NotFound
    form = FindingAnswerForm.read(request)
    page = Ask(
        "Is it them?",
        "Record the answer",
        notes=["If it is not them, the child counts as not found, as before, and every step is owed again."],
    )

    def answered() -> None:
        say = services.confirm_found if form.cleaned_data["answer"] == IT_IS else services.refuse_found
        say(by=person(request), located=located, words=form.cleaned_data["words"])

    return ask(request, episode, form, page, answered)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """They're back. The fact is taken with any time that was; one that cannot be right is asked again."""
    if "version" in request.POST:  # the page after an answer that could not be read
        return complete(request, episode_id)
    episode = episode_to(Act.SAY_BACK, request, episode_id)
    form = ReturnForm.read(request, now=now(), initial=_back_by_default(episode))
    if may_here(standing_of(person(request)), Act.PLACE_CHILD, episode):
        form.ask_where(homes_to_place_in(person(request)).order_by("name"))
    else:
        form.do_not_ask_where()
    if request.method == "POST" and not form.is_valid() and not form.non_field_errors():
        return _take_the_fact(request, episode, form)
    page = Ask(
        "They’re back", "Record the return", notes=["Only the time is needed now. The rest can follow."]
    )

    def recorded() -> str | None:
        row = _recorded(request, episode, form)
        return episode_url(episode, "return") if row.needs_time else None

    return ask(request, episode, form, page, recorded)


def _back_by_default(episode: MissingEpisode) -> dict[str, object]:
    """For a child who may be trafficked, nobody takes it for granted that the old place is safe."""
    is_at_risk = is_at_risk_of_trafficking(episode.child, wall(now()).date())
    return {} if is_at_risk else {"place": HERE}


def _recorded(request: HttpRequest, episode: MissingEpisode, form: ReturnForm) -> Return:
    """The return with the move to where they are; when the move cannot be, the return all the same."""
    asked = ("returned_at", "is_estimated", *RETURN_DETAILS)
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in asked}
    moved_to = _moved_to(form)
    if moved_to is None:
        return services.record_return(by=person(request), episode=episode, **said)
    try:
        return services.record_return(by=person(request), episode=episode, moved_to=moved_to, **said)
    except (Invalid, Conflict) as refused:
        messages.warning(request, f"{refused.message} {STILL_TO_BE_MOVED}")
        return services.record_return(by=person(request), episode=episode, **said)


def _moved_to(form: ReturnForm) -> services.MovedTo | None:
    said = form.cleaned_data
    if said.get("place") not in (HOME, ELSEWHERE):
        return None
    return services.MovedTo(home=said["home"], address=said["address"], place_code=said["place_code"])


def _take_the_fact(request: HttpRequest, episode: MissingEpisode, form: ReturnForm) -> HttpResponse:
    """An answer could not be read. The child is back all the same, from now, and the page asks again."""
    said: dict[str, Any] = {name: form.cleaned_data.get(name) or "" for name in RETURN_DETAILS}
    row = services.record_return(by=person(request), episode=episode, is_estimated=True, **said)
    engine.wake(episode.pk)
    episode.refresh_from_db()
    post = request.POST.copy()
    post["version"] = str(row.version)
    is_elsewhere = request.POST.get("place") in (HOME, ELSEWHERE)
    for name in ("is_estimated", *ReturnForm.WHERE):  # what is asked now is the right time
        post.pop(name, None)
    notes = _time_is_asked_again(episode) if row.needs_time else []
    page = Ask("Write up the return", "Save", notes=[*notes, *([STILL_TO_BE_MOVED] if is_elsewhere else [])])
    context = {**frame_of(request, episode), "page": page, "back_url": episode_url(episode)}
    return show(request, "episodes/ask.html", context, form=CompleteReturnForm(post, now=now()))


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The rest of the return, and its right time."""
    episode, row = _return_of(request, episode_id)
    form = CompleteReturnForm.read(request, now=now(), initial=_as_it_stands(row))
    page = Ask("Write up the return", "Save", notes=_time_is_asked_again(episode) if row.needs_time else [])

    def completed() -> None:
        said = form.cleaned_data
        services.complete_return(
            by=person(request),
            return_row=row,
            version=said["version"],
            returned_at=None if _is_same_minute(said["returned_at"], row) else said["returned_at"],
            details={name: said[name] for name in RETURN_DETAILS},
            reason=said["reason"],
        )

    try:
        return ask(request, episode, form, page, completed)
    except Changed:
        standing = {name: getattr(row, name) for name in RETURN_DETAILS}
        return changed_meanwhile(request, differences(form, standing), again_url=request.path)


def _return_of(request: HttpRequest, episode_id: UUID) -> tuple[MissingEpisode, Return]:
    """The last return, if this person may write it up; a time that is asked again needs less."""
    episode = episode_for(person(request), episode_id)
    row = episode.returns.order_by("-recorded_at").first()
    if row is None:
        raise NotFound
    require_for(person(request), Act.SAY_BACK if row.needs_time else Act.COMPLETE_RETURN, episode.child)
    return episode, row


def _as_it_stands(row: Return) -> dict[str, object]:
    known = {} if row.needs_time else {"returned_at": row.returned_at}
    return {"version": row.version, **known, **{name: getattr(row, name) for name in RETURN_DETAILS}}


def _time_is_asked_again(episode: MissingEpisode) -> list[str]:
    gone = moment_words(episode.missing_from, now())
    return [
        f"The child went missing {gone}. When did they get back? The return is recorded; its time is not."
    ]


def _is_same_minute(typed: datetime, row: Return) -> bool:
    """The form shows minutes: the same minute is no correction, unless the time was asked again."""
    return not row.needs_time and typed == row.returned_at.replace(second=0, microsecond=0)
