"""One episode: what to do next on the left, the story on the right; and its details."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.front.pages.children.photo_cards import named, photographs_for
from casework.front.pages.episodes.accepting import accept_form
from casework.front.pages.episodes.allowed import episode_to_read
from casework.front.pages.episodes.ending_notes import ENDED
from casework.front.pages.episodes.episode_actions import actions_for
from casework.front.pages.episodes.episode_details import detail_rows, ending_rows, return_rows
from casework.front.pages.episodes.episode_frame import frame_of
from casework.front.pages.episodes.episode_photo import lacking_for_police
from casework.front.pages.episodes.episode_steps import may_here, run_of, steps_of
from casework.front.pages.episodes.responsible import Responsibility
from casework.front.pages.episodes.story import SHOWS, read_story
from casework.front.pages.episodes.whom_to_ring import whom_to_ring
from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.records.acts import Act
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import IN_HAND, episode_for
from incidents.queries import findings_of, notice_on, proposed_finding


@require_GET
def detail(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What to do next, and the story so far. Homes have a page of their own for it."""
    user = person(request)
    episode, standing = episode_for(user, episode_id), standing_of(user)
    if standing.is_provider_only:
        return redirect("pages:report-detail", episode.pk)
    photographs = photographs_for(standing, episode.child)
    frame = frame_of(request, episode, fields=named(photographs))
    show = asked_of_list(request, show=frozenset(dict(SHOWS))).get("show", "all")
    story, moment = read_story(episode), now()
    people = Responsibility(user, [frame["facts"]], moment)
    responsible = people.now(episode.pk) if episode.state in IN_HAND else None
    context = {
        **frame,
        "photographs": photographs,
        "lacking": lacking_for_police(episode, frame["facts"], photographs, standing),
        "responsible": responsible,
        "accept": responsible and accept_form(episode, responsible, standing),
        "actions": actions_for(episode, standing),
        "steps": steps_of(episode, people, standing, moment),
        "run": run_of(episode),
        "notice": notice_on(episode),
        "proposed": proposed_finding(episode),
        "may_answer": may_here(standing, Act.RECORD_LOCATED, episode),
        "ring": whom_to_ring(episode, frame["facts"].home_id, moment) if episode.state in IN_HAND else [],
        "show": show,
        "shows": story.choices,
        "story": story.items(show),
    }
    return render(request, "episodes/detail.html", context)


@require_GET
def details(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Everything that was reported, with what was put right since; the spells; the return."""
    episode, standing = episode_to_read(request, episode_id), standing_of(person(request))
    context = {
        **frame_of(request, episode),
        "rows": detail_rows(episode, now()),
        "spells": episode.spells.select_related("decided_by").order_by("ordinal"),
        "corrections": episode.corrections.select_related("corrected_by").order_by("-recorded_at"),
        "findings": findings_of(episode),
        "checks": episode.located_checks.select_related("recorded_by").order_by("-checked_at"),
        "returns": [(back, return_rows(back, now())) for back in episode.returns.order_by("returned_at")],
        "ending_rows": ending_rows(episode, now()),
        "joined_here": episode.joined_here.select_related("episode").order_by("recorded_at"),
        "may_end": episode.state not in ENDED and may_here(standing, Act.RECORD_DEATH, episode),
        "may_correct": may_here(standing, Act.CORRECT, episode),
    }
    return render(request, "episodes/details.html", context)
