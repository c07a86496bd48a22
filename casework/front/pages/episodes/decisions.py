"""Decisions about an absence: one page a kind, in plain words, with nothing chosen beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.decision_forms import DecisionForm, PublicityForm
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url
from casework.front.pages.kit.door import person
from casework.records.access import may_within
from casework.records.standing import Standing
from casework.records.times import now
from incidents import deciding
from incidents.access import episode_for
from incidents.facts import EpisodeFacts
from incidents.models import Category, DecisionKind, DecisionOutcome, MissingEpisode, State
from incidents.services import decisions as services

K = DecisionKind

# Each kind has a page of its own, so that its address says who may open it. Ofsted's is among the home's.
PAGES: Final = {
    K.AWAY: "decision-away",
    K.STILL_AWAY: "decision-still-away",
    K.GOING_BACK: "decision-going-back",
    K.NEED_TO_KNOW: "decision-need-to-know",
    K.LAW: "decision-law",
    K.PUBLICITY: "decision-publicity",
    K.PLACEMENT: "decision-placement",
    K.EARLY_REVIEW: "decision-early-review",
}
_ABOUT: Final = ("outcome", "reason", "decided_by", "decided_at", "review_on", "what", "approved_by")
_AWAY: Final = frozenset({K.AWAY, K.STILL_AWAY})
_MISSING: Final = frozenset({K.LAW, K.PUBLICITY, K.PLACEMENT, K.NEED_TO_KNOW})


@dataclass(frozen=True)
class ToDecide:
    """A decision that this person may record, and its page."""

    text: str
    url: str


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, episode_id: UUID, kind: str) -> HttpResponse:
    """Record one decision."""
    asked, episode = DecisionKind(kind), episode_for(person(request), episode_id)
    services.require_to_decide(person(request), episode, asked)
    form = form_for(request, asked)
    question = deciding.QUESTIONS[asked]

    def decided() -> str | None:
        services.record_decision(by=person(request), episode=episode, kind=kind, **said(form))
        if form.cleaned_data["outcome"] == DecisionOutcome.MISSING:  # decided: now it is recorded
            return episode_url(episode, "category")
        return None

    page = Ask(question.asks, "Record the decision", notes=[question.basis])
    return ask(request, episode, form, page, decided, then=episode_url(episode, "meetings"))


def form_for(request: HttpRequest, kind: DecisionKind) -> DecisionForm:
    """The questions of this kind."""
    form_of = PublicityForm if kind == K.PUBLICITY else DecisionForm
    form = form_of.read(request, now=now())
    form.offer(kind)
    return form


def said(form: DecisionForm) -> dict[str, Any]:
    """The answers, as the service takes them."""
    return {name: form.cleaned_data[name] for name in _ABOUT if name in form.fields}


def to_decide(episode: MissingEpisode, facts: EpisodeFacts, standing: Standing) -> list[ToDecide]:
    """What this person may decide where the episode stands now."""
    found = []
    for kind, page in PAGES.items():
        act = deciding.act_for(kind, is_at_greater_risk=facts.is_at_greater_risk)
        may = may_within(standing, act, authority_id=episode.authority_id, child_id=episode.child_id)
        if may and _is_asked(kind, episode, facts):
            found.append(ToDecide(str(kind.label), reverse(f"pages:{page}", args=[episode.pk])))
    return found


def _is_asked(kind: DecisionKind, episode: MissingEpisode, facts: EpisodeFacts) -> bool:
    """Whether the question comes up now; its page opens at any time."""
    running = next((spell.category for spell in facts.spells if spell.ended_at is None), None)
    if kind in _AWAY:
        return running == Category.AWAY
    if kind in _MISSING:
        return running == Category.MISSING
    if kind == K.GOING_BACK:
        return episode.state == State.LOCATED
    return episode.state in (State.OPEN, State.LOCATED, State.FOLLOW_UP)
