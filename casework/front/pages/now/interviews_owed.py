"""Return interviews: who is back and has not been heard, for those who hold the talks or watch over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.front.pages.episodes.episode_frame import episode_url
from casework.front.pages.episodes.interview_forms import TakeOnForm
from casework.front.pages.episodes.interviews import actions_for
from casework.front.pages.kit.cards import Action, Tile
from casework.front.pages.kit.door import person
from casework.front.pages.kit.owed import owed_soon
from casework.front.pages.kit.queries import asked_of_list
from casework.records import audit
from casework.records.access import may_within
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import Role, User
from casework.records.standing import DECIDERS, Standing, standing_of
from casework.records.times import now
from incidents.models import InterviewAttempt, MissingEpisode, ReturnInterview
from incidents.queries import interviews_outstanding
from protocols.models import StepRun
from protocols.queries import owed_steps_visible_to

A_PAGE: Final = 50
HOLDING: Final = frozenset({Role.RETURN_INTERVIEWER, Role.COORDINATOR})
WATCHING: Final = HOLDING | DECIDERS


@dataclass(frozen=True)
class Tab:
    """A tile of the page, and which of the outstanding interviews it counts."""

    name: str
    text: str
    holds: Callable[[User, datetime], Q]
    is_bad: bool = False


TABS: Final[Sequence[Tab]] = (
    Tab("mine", "Mine", lambda user, at: Q(allocated_to=user)),
    Tab("nobodys", "Nobody’s yet", lambda user, at: Q(allocated_to__isnull=True), is_bad=True),
    Tab("late", "Late", lambda user, at: Q(due_at__lte=at), is_bad=True),
    Tab("all", "All outstanding", lambda user, at: Q()),
)
BY_NAME: Final[Mapping[str, Tab]] = {tab.name: tab for tab in TABS}


@dataclass(frozen=True)
class Talk:
    """One interview that is owed: who, since when, what was tried, and what to do next."""

    interview: ReturnInterview
    episode: MissingEpisode
    tries: Sequence[InterviewAttempt]
    actions: Sequence[Action]
    may_take_on: bool
    is_mine: bool

    @property
    def episode_url(self) -> str:
        return episode_url(self.episode, "interviews")

    @property
    def last_try(self) -> InterviewAttempt | None:
        return max(self.tries, key=lambda one: one.tried_at, default=None)


@require_safe
def interview_list(request: HttpRequest) -> HttpResponse:
    """Mine, nobody's yet, late, all: the soonest due first; done from here."""
    user, standing = person(request), standing_of(person(request))
    if not standing.authorities_where(WATCHING):
        raise NotAllowed("This list is for those who hold return interviews, and for managers.")
    asked, moment = asked_of_list(request, show=frozenset(BY_NAME), page=None), now()
    show = BY_NAME[asked.get("show", "all")]
    owed = interviews_outstanding(user)
    shown = Paginator(owed.filter(show.holds(user, moment)), A_PAGE).get_page(asked.get("page"))
    talks = [_talk(interview, standing) for interview in shown.object_list]
    chased = _chased(user, standing)
    children = {talk.episode.child_id for talk in talks} | {episode.child_id for _, episode in chased}
    audit.looked(user, child_ids=children, about_kind="interviews")
    context = {
        "talks": talks,
        "owed": owed_soon(user, moment),
        "shown": shown,
        "show": show,
        "keep": f"show={show.name}",
        "tiles": _tiles(user, owed, show, moment),
        "take_on": TakeOnForm(),
        "chased": chased,
        "is_coordinator": bool(standing.authorities_where({Role.COORDINATOR})),
    }
    return render(request, "work/interviews.html", context)


def _tiles(user: User, owed: QuerySet[ReturnInterview], show: Tab, at: datetime) -> list[Tile]:
    """Each count is the length of its list: one question for all."""
    counts = owed.order_by().aggregate(**{tab.name: Count("pk", filter=tab.holds(user, at)) for tab in TABS})
    url = reverse("pages:interview-list")
    return [
        Tile(
            counts[tab.name],
            tab.text,
            f"{url}?show={tab.name}",
            current=tab is show,
            is_late=tab.is_bad and counts[tab.name] > 0,
        )
        for tab in TABS
    ]


def _talk(interview: ReturnInterview, standing: Standing) -> Talk:
    episode = max(interview.episodes.all(), key=lambda one: one.noticed_at)
    authority_id, child_id = interview.child.authority_id, interview.child_id
    holds = may_within(standing, Act.HOLD_INTERVIEW, authority_id=authority_id, child_id=child_id)
    mine = interview.allocated_to_id == standing.user_id
    return Talk(
        interview,
        episode,
        list(interview.attempts.all()),
        actions_for(interview, standing),
        may_take_on=holds and not mine,
        is_mine=mine,
    )


def _chased(user: User, standing: Standing) -> list[tuple[StepRun, MissingEpisode]]:
    """What the coordinator has to hear of from others: the police's prevention interviews above all."""
    if not standing.authorities_where({Role.COORDINATOR}):
        return []
    steps = owed_steps_visible_to(user).filter(role=Role.COORDINATOR)[:A_PAGE]
    return [(step, step.episode) for step in steps if step.episode]
