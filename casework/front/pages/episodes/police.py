"""The police: what they were told, what they answered, and the challenge."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to, episode_to_read
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.police_forms import ChallengeForm, PoliceAnswerForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.queries import police_answers_of, prevention_of
from incidents.services import police as services


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Every call to the police, and what came of it."""
    episode = episode_to_read(request, episode_id)
    standing = standing_of(person(request))
    context = {
        **frame_of(request, episode),
        "answers": police_answers_of(episode),
        "may_record": may_here(standing, Act.RECORD_POLICE_ANSWER, episode),
        "may_challenge": may_here(standing, Act.CHALLENGE_POLICE, episode),
        "talks": prevention_of(episode),
        "may_talk": episode.returned_at is not None and may_here(standing, Act.RECORD_PREVENTION, episode),
    }
    return render(request, "episodes/police.html", context)


@require_http_methods(["GET", "POST"])
def record_answer(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What the police said: taken, refused, or graded lower than we think."""
    episode = episode_to(Act.RECORD_POLICE_ANSWER, request, episode_id)
    form = PoliceAnswerForm.read(request, now=now())
    page = Ask(
        "Record what the police said",
        "Record it",
        notes=[
            "Refused, or graded lower than we think: record it, then challenge it with the duty inspector."
        ],
    )

    def recorded() -> None:
        asked = ("answer", "told_at", "officer", "reference", "reason")
        said = {name: form.cleaned_data[name] for name in asked}
        services.record_police_answer(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, recorded, then=episode_url(episode, "police"))


@require_http_methods(["GET", "POST"])
def challenge(request: HttpRequest, episode_id: UUID, answer_id: UUID) -> HttpResponse:
    """Ask the duty inspector to look at it again."""
    episode = episode_to(Act.CHALLENGE_POLICE, request, episode_id)
    answer = episode.police_answers.filter(pk=answer_id).first()
    if answer is None:
        raise NotFound
    form = ChallengeForm.read(request, now=now())
    page = Ask("Challenge what the police said", "Record the challenge", [answer.reason])

    def challenged() -> None:
        asked = ("made_to", "made_at", "words", "outcome")
        said = {name: form.cleaned_data[name] for name in asked}
        services.record_challenge(by=person(request), answer=answer, **said)

    return ask(request, episode, form, page, challenged, then=episode_url(episode, "police"))
