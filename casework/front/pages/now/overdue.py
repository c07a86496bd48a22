"""The lines of *Overdue now*: steps whose time has come and that no person has met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from casework.front.pages.episodes.episode_frame import episode_url
from casework.front.pages.episodes.responsible import Responsibility
from casework.records.models import Child, Home, Placement, User
from incidents.access import episodes_visible_to
from incidents.facts import with_facts
from incidents.models import MissingEpisode
from protocols.access import placement_of
from protocols.models import StepRun
from protocols.queries import overdue_plan_steps_visible_to, overdue_steps_visible_to, whom_placed

PLANS_SHOWN: Final = 50


@dataclass(frozen=True)
class OverdueLine:
    """One step that somebody owes."""

    step_run: StepRun
    child: Child
    home: Home | None
    reference: str
    url: str
    responsible: str

    @property
    def title(self) -> str:
        return self.step_run.step.title


@dataclass(frozen=True)
class Overdue:
    """What people owe: in absences; and, apart from them, what prepares for one. `count` has them all."""

    absences: Sequence[OverdueLine]
    plans: Sequence[OverdueLine]  # those that have waited longest
    plan_count: int

    @property
    def count(self) -> int:
        return len(self.absences) + self.plan_count


def overdue_lines(user: User, now: datetime) -> list[OverdueLine]:
    """Every step that is late in an episode this person may see, oldest first."""
    steps = list(overdue_steps_visible_to(user, now))
    episodes = episodes_visible_to(user).filter(pk__in={step.episode_id for step in steps})
    people = Responsibility(user, [facts for _, facts in with_facts(episodes)], now)
    return [_line(step, step.episode, people) for step in steps if step.episode]


def overdue_now(user: User, now: datetime) -> Overdue:
    """Both lists for this person."""
    late = overdue_plan_steps_visible_to(user, now)
    steps = list(late[:PLANS_SHOWN])
    placed = {one.pk: whom_placed(one) for one in map(placement_of, steps)}
    people = Responsibility(user, (), now, placed=placed)
    return Overdue(
        absences=overdue_lines(user, now),
        plans=[_plan_line(step, placement_of(step), people) for step in steps],
        plan_count=late.count(),
    )


def _line(step: StepRun, episode: MissingEpisode, people: Responsibility) -> OverdueLine:
    url = f"{episode_url(episode)}#todo"
    return OverdueLine(step, episode.child, episode.home, episode.reference, url, people.of_step(step))


def _plan_line(step: StepRun, placement: Placement, people: Responsibility) -> OverdueLine:
    child = placement.child
    url = f"{reverse('pages:child-detail', args=[child.pk])}#plan"
    return OverdueLine(step, child, placement.home, child.reference, url, people.of_step(step))
