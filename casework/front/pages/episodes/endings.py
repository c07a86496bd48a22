"""How an absence ends otherwise: another authority, a death, a second report of the same absence."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to, episode_to_read
from casework.front.pages.episodes.ending_forms import ConfirmDeathForm, DeathForm, JoinForm, TransferForm
from casework.front.pages.episodes.ending_notes import panel_by, ways_of
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.kit.answers import changed_meanwhile, differences
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.records.acts import Act
from casework.records.errors import Changed, Invalid, NotFound
from casework.records.models import LocalAuthority
from casework.records.services.deaths import death_of
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import episodes_visible_to
from incidents.models import MissingEpisode
from incidents.services import endings as services


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Every other way in which it can end, with what each of them does."""
    episode = episode_to_read(request, episode_id)
    ways = ways_of(episode, standing_of(person(request)))
    return render(request, "episodes/ends.html", {**frame_of(request, episode), "ways": ways})


@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Another authority has taken the child and the absence over."""
    episode = episode_to(Act.END_OTHERWISE, request, episode_id)
    form = TransferForm.read(request, now=now(), initial={"version": episode.version})
    others = LocalAuthority.objects.exclude(pk=episode.authority_id).order_by("name")
    form.offer_rows("to_authority", others)
    page = Ask(
        "Another authority has taken over",
        "Record it",
        ["Until they say that they have it, the child is ours to look for."],
        notes=["The steps stop, and the absence ends in our return on that day. Nothing is deleted."],
        is_grave=True,
    )

    def transferred() -> None:
        asked = ("version", "to_authority", "to_name", "at", "reason", "evidence")
        said = {name: form.cleaned_data[name] for name in asked}
        services.transfer_episode(by=person(request), episode=episode, **said)

    return _ask_once(request, episode, form, page, transferred)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Two reports tell of one absence: this one is joined to the one that goes on."""
    episode = episode_to(Act.END_OTHERWISE, request, episode_id)
    form = JoinForm.read(request, initial={"version": episode.version})
    page = Ask(
        "It is the same absence as another report",
        "Join it to the other",
        ["The same child registered twice, or one absence reported twice. This report keeps all its rows."],
        notes=[
            "The other report goes on, and the return counts it alone. Where the times here are better, "
            "put its own right."
        ],
        is_grave=True,
    )

    def joined() -> None:
        said = {name: form.cleaned_data[name] for name in ("version", "reason")}
        other = _other(request, episode, form.cleaned_data["reference"])
        services.join_to(by=person(request), episode=episode, other=other, **said)

    return _ask_once(request, episode, form, page, joined)


@require_http_methods(["GET", "POST"])
def record_death(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """One of two people: whoever heard of it."""
    episode = episode_to(Act.RECORD_DEATH, request, episode_id)
    form = DeathForm.read(request, now=now())
    page = Ask(
        "The child has died",
        "Record it",
        [
            "We are sorry that you have to write this down.",
            "In that moment the record closes to all but those who answer for it, and nobody gets a message "
            "about the child by itself. You may not be able to open it afterwards.",
        ],
        notes=["Ring your manager: a manager who is not you confirms it. Until then the steps stand."],
        is_grave=True,
    )

    def recorded() -> str:
        said = {name: form.cleaned_data[name] for name in ("died_on", "how_known")}
        services.record_death(by=person(request), episode=episode, **said)
        still_theirs = episodes_visible_to(person(request)).filter(pk=episode.pk).exists()
        return episode_url(episode) if still_theirs else reverse("pages:now")

    return ask(request, episode, form, page, recorded, then=episode_url(episode, "details"))


@require_http_methods(["GET", "POST"])
def confirm_death(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The second of two people; or it was a mistake, and the search goes on."""
    episode = episode_to(Act.CONFIRM_DEATH, request, episode_id)
    death = death_of(episode.child)
    if death is None:
        raise NotFound
    form = ConfirmDeathForm.read(request, initial={"version": death.version})
    page = Ask(
        "Confirm that the child has died",
        "Record it",
        [
            f"{death.recorded_by.name} wrote this down: died on {death.died_on:%-d %B %Y}.",
            death.how_known,
            f"The national Panel is notified by {panel_by(death)}.",
        ],
        is_grave=True,
    )

    def settled() -> None:
        said, by = form.cleaned_data, person(request)
        held: dict[str, Any] = {"by": by, "episode": episode, "death": death, "version": said["version"]}
        if said["is_so"] == "yes":
            services.confirm_death(**held, words=said["words"])
        else:
            services.withdraw_death(**held, reason=said["words"])

    return _ask_once(request, episode, form, page, settled, then=episode_url(episode))


def _ask_once(
    request: HttpRequest,
    episode: MissingEpisode,
    form: GovForm,
    page: Ask,
    act: Callable[[], None],
    *,
    then: str = "",
) -> HttpResponse:
    """The same as `ask`; when the row changed meanwhile, what was typed is not lost."""
    try:
        return ask(request, episode, form, page, act, then=then or episode_url(episode, "details"))
    except Changed:
        typed = dict.fromkeys(name for name in form.fields if name != "version")  # nothing of it stands yet
        return changed_meanwhile(request, differences(form, typed), again_url=request.path)


def _other(request: HttpRequest, episode: MissingEpisode, reference: str) -> MissingEpisode:
    """The report of that reference, of the same authority, as far as this person may see it."""
    theirs = episodes_visible_to(person(request)).filter(authority=episode.authority_id)
    other = theirs.filter(reference=reference.strip().upper()).select_related("child").first()
    if other is None:
        raise Invalid("There is no such report that you can open.", code="no_such", field="reference")
    return other
