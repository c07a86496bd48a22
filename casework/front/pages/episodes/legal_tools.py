"""Legal tools: asked for, refused, in force; what a child's legal status does not allow is said first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.episodes.legal_forms import LegalStageForm, LegalToolForm
from casework.front.pages.kit.door import person
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.times import now
from incidents import legal
from incidents.models import LegalKind, LegalTool, MissingEpisode
from incidents.services import legal as services


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Ask legal, or write down what they said or what is in force."""
    episode = episode_to(Act.USE_LEGAL_TOOL, request, episode_id)
    status, age = services.status_of(episode), services.age_of(episode)
    form = LegalToolForm.read(request, now=now())
    form.offer(status, age)
    child_is = f"The child is {age} and {legal.present(status)}."
    page = Ask("Use a legal tool", "Record it", notes=[f"{child_is} What that rules out is said below."])

    def begun() -> None:
        asked = ("kind", "stage", "why", "at", "by_whom", "words", "against")
        answers = {name: form.cleaned_data[name] for name in asked}
        services.begin_tool(by=person(request), episode=episode, length=form.length, **answers)

    return ask(request, episode, form, page, begun, then=episode_url(episode, "meetings"))


@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, episode_id: UUID, tool_id: UUID) -> HttpResponse:
    """What became of it."""
    episode = episode_to(Act.USE_LEGAL_TOOL, request, episode_id)
    tool = _tool_of(episode, tool_id)
    form = LegalStageForm.read(request, now=now())
    form.offer(LegalKind(tool.kind), [row.stage for row in tool.stages.all()])
    page = Ask(f"{tool.get_kind_display()}: what happened?", "Record it", [tool.why])

    def recorded() -> None:
        answers = {name: form.cleaned_data[name] for name in ("stage", "at", "by_whom", "words")}
        services.record_stage(by=person(request), tool=tool, length=form.length_given, **answers)

    return ask(request, episode, form, page, recorded, then=episode_url(episode, "meetings"))


def _tool_of(episode: MissingEpisode, tool_id: UUID) -> LegalTool:
    tool = episode.legal_tools.prefetch_related("stages").filter(pk=tool_id).first()
    if tool is None:
        raise NotFound
    return tool
