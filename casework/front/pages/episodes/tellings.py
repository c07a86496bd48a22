"""Shared with whom: everybody who was told, by whatever way; and who was not, and why."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to, episode_to_read
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.step_tellings import of_now
from casework.front.pages.episodes.telling_forms import NotTellForm, TellAgainForm, TellForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.models import Disclosure
from casework.records.retelling import still_to_tell, tellings_of
from casework.records.services import telling as services
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import MissingEpisode

Of = Disclosure.Of
AGAIN_OF: Final = {
    Of.LOCATED: "Tell everybody that the child is located",
    Of.BACK: "Tell everybody that the child is back",
}
BY_ITSELF: Final = (
    "Casework tells those who have a sign-in by itself. These were told by people, and hear it from you."
)
NOBODY_LEFT: Final = "Everybody who was told that the child was missing has heard how it stands now."


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Who was told what, when and why, newest first."""
    episode = episode_to_read(request, episode_id)
    may_tell = may_here(standing_of(person(request)), Act.TELL, episode)
    told = Disclosure.objects.filter(episode_id=episode.pk).select_related("told_user", "recorded_by")
    context = {
        **frame_of(request, episode),
        "tellings": told.order_by("-told_at"),
        "copies": episode.copies.select_related("home", "withdrawal").order_by("-recorded_at"),
        "shares": episode.shares.select_related("force", "shared_by").order_by("recorded_at"),
        "may_share": may_here(standing_of(person(request)), Act.SHARE_WITH_POLICE, episode),
        "now": now(),
        "may_withdraw": may_here(standing_of(person(request)), Act.WITHDRAW_COPY, episode),
        "may_tell": may_tell,
        "still_to_tell": _still_to_tell(episode) if may_tell else [],
    }
    return render(request, "episodes/tellings.html", context)


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Record that somebody was told: by phone, in person, by e-mail."""
    episode = episode_to(Act.TELL, request, episode_id)
    form = TellForm.read(request, now=now(), initial={"told_of": of_now(episode)})
    page = Ask("Record whom you told", "Record it", ["What Casework sends by itself is recorded by itself."])

    def told() -> None:
        asked = (
            "audience", "told_name", "told_role", "told_phone", "told_of", "how", "told_at", "what", "purpose"
        )  # fmt: skip
        said = {name: form.cleaned_data[name] for name in asked}
        services.tell(by=person(request), child=episode.child, episode_id=episode.pk, **said)

    return ask(request, episode, form, page, told, then=episode_url(episode, "tellings"))


@require_http_methods(["GET", "POST"])
def decide_not_to_tell(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A parent, say, whom telling could put the child at risk."""
    episode = episode_to(Act.TELL, request, episode_id)
    form = NotTellForm.read(request)
    page = Ask("Decide not to tell somebody", "Record the decision", ["The reason stays in the record."])

    def decided() -> None:
        asked = ("audience", "told_name", "told_role", "reason")
        said = {name: form.cleaned_data[name] for name in asked}
        services.decide_not_to_tell(
            by=person(request),
            child=episode.child,
            episode_id=episode.pk,
            told_of=of_now(episode),
            **said,
        )

    return ask(request, episode, form, page, decided, then=episode_url(episode, "tellings"))


@require_http_methods(["GET", "POST"])
def tell_again(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Everybody whom people told of the absence, and who has not heard that the child is located or back."""
    episode = episode_to(Act.TELL, request, episode_id)
    told_of, left = of_now(episode), _still_to_tell(episode)
    form = TellAgainForm.read(
        request, now=now(), initial={"how": Disclosure.How.PHONE, "told_at": {"": "now"}}
    )
    form.take(list(tellings_of(episode.pk)), left)
    page = Ask(AGAIN_OF.get(Of(told_of), "Tell everybody who was told"), "Record it", [BY_ITSELF])

    def told() -> None:
        services.tell_again(
            by=person(request),
            child=episode.child,
            episode_id=episode.pk,
            told_of=told_of,
            told=form.chosen("told"),
            how=form.cleaned_data["how"],
            told_at=form.cleaned_data["told_at"],
            not_told=form.chosen("not_told"),
            reason=form.cleaned_data["reason"],
        )

    beside = {"left": left, "nobody_left": NOBODY_LEFT}
    then = episode_url(episode, "tellings")
    return ask(
        request, episode, form, page, told, then=then, template="episodes/tell_again.html", beside=beside
    )


def _still_to_tell(episode: MissingEpisode) -> Sequence[Disclosure]:
    """Nobody, while the child is missing: then there is nothing new to tell."""
    told_of = of_now(episode)
    return [] if told_of == Of.MISSING else still_to_tell(tellings_of(episode.pk), told_of)
