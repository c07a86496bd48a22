"""The tiles of the overview: for each, its words and the one queryset that is both its count and its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from casework.front.dashboards.scope import Scope
from casework.front.pages.kit.cards import Tile
from incidents.access import UNSETTLED
from incidents.models import NOT_BACK, Category, Grade, MissingEpisode, ReturnInterview, State
from incidents.queries import awaiting_sign_off, with_standing
from protocols.models import StepRun
from protocols.queries import OWED, unacknowledged

EPISODES, STEPS, INTERVIEWS = "episodes", "steps", "interviews"  # which template shows the list

BESIDE_AN_ABSENCE: Final = ("child", "child__allocated_worker", "home", "authority")
HIGH: Final = Q(authority_grade=Grade.HIGH) | Q(police_grade=Grade.HIGH)
MEDIUM: Final = (Q(authority_grade=Grade.MEDIUM) | Q(police_grade=Grade.MEDIUM)) & ~HIGH
UNGRADED: Final = Q(authority_grade="", police_grade="")


@dataclass(frozen=True)
class Show:
    """One tile and its list."""

    name: str
    text: str
    kind: str
    rows: Callable[[Scope], QuerySet[Any]]
    is_bad: bool = False  # red, when there are any


@dataclass(frozen=True)
class Group:
    """Tiles that are read together."""

    title: str
    shows: Sequence[Show]


def not_back(scope: Scope) -> QuerySet[MissingEpisode]:
    """The longest gone first."""
    rows = with_standing(scope.episodes.filter(state__in=NOT_BACK))
    return rows.select_related(*BESIDE_AN_ABSENCE).order_by("noticed_at")


def owed(scope: Scope) -> QuerySet[StepRun]:
    """What people owe, the longest due first."""
    rows = StepRun.objects.filter(episode__in=scope.episodes, rung=0, state__in=OWED)
    beside = ("step", "holder", "acknowledged_by", "episode__child", "episode__home", "episode__authority")
    return rows.select_related(*beside).order_by("due_at", "step__ordinal", "id")


def overdue(scope: Scope) -> QuerySet[StepRun]:
    return owed(scope).filter(due_at__lte=scope.at)


def unanswered(scope: Scope) -> QuerySet[StepRun]:
    return unacknowledged(owed(scope), scope.at)


def unsettled(scope: Scope) -> QuerySet[ReturnInterview]:
    """Interviews without an outcome, the soonest due first."""
    rows = scope.interviews.filter(state__in=UNSETTLED).select_related("child__authority", "allocated_to")
    newest_first = Prefetch("episodes", MissingEpisode.objects.order_by("-noticed_at"))
    return rows.prefetch_related(newest_first, "attempts").order_by("due_at", "pk")


def to_sign_off(scope: Scope) -> QuerySet[MissingEpisode]:
    """The earliest return first."""
    rows = awaiting_sign_off(with_standing(scope.episodes))
    return rows.select_related(*BESIDE_AN_ABSENCE).order_by("returned_at")


def _gone(where: Q) -> Callable[[Scope], QuerySet[MissingEpisode]]:
    return lambda scope: not_back(scope).filter(where)


GROUPS: Final = (
    Group(
        "Not back now",
        (
            Show("not_back", "Everyone not back", EPISODES, not_back),
            Show("missing", "Missing", EPISODES, _gone(Q(category=Category.MISSING))),
            Show("away", "Away", EPISODES, _gone(Q(category=Category.AWAY))),
            Show("late_back", "Late, being looked for", EPISODES, _gone(Q(category=Category.CONCERN))),
            Show("located", "Located, not back", EPISODES, _gone(Q(state=State.LOCATED))),
        ),
    ),
    Group(
        "By the higher of the two grades",
        (
            Show("high", "High", EPISODES, _gone(HIGH), is_bad=True),
            Show("medium", "Medium", EPISODES, _gone(MEDIUM)),
            Show("lower", "Low, or no apparent risk", EPISODES, _gone(~HIGH & ~MEDIUM & ~UNGRADED)),
            Show("ungraded", "Not graded yet", EPISODES, _gone(UNGRADED)),
        ),
    ),
    Group(
        "Needs somebody",
        (
            Show("overdue", "Overdue steps", STEPS, overdue, is_bad=True),
            Show("unanswered", "Due, nobody promised", STEPS, unanswered, is_bad=True),
            Show(
                "interviews_late",
                "Interviews late",
                INTERVIEWS,
                lambda scope: unsettled(scope).filter(due_at__lte=scope.at),
                is_bad=True,
            ),
            Show(
                "interviews_due",
                "Interviews due",
                INTERVIEWS,
                lambda scope: unsettled(scope).filter(due_at__gt=scope.at),
            ),
            Show("sign_offs", "Sign-offs waiting", EPISODES, to_sign_off),
        ),
    ),
)
BY_NAME: Final[Mapping[str, Show]] = {show.name: show for group in GROUPS for show in group.shows}


def tiles_of(group: Group, counts: Mapping[str, int], shown: str, url: str) -> list[Tile]:
    """Each leads to the list that it counts."""
    return [
        Tile(
            counts[show.name],
            show.text,
            f"{url}&show={show.name}",
            current=show.name == shown,
            is_late=show.is_bad and counts[show.name] > 0,
        )
        for show in group.shows
    ]
