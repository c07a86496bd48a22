"""What a story doesn't tell: colleagues who do their steps in good time, so that only the late ones show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from casework.front.demo.story.answers import ANSWERS, NOT_FROM_ABROAD
from casework.records.holders import who_holds
from casework.records.models import User
from incidents.models import MissingEpisode
from protocols import acts
from protocols.models import Step, StepRun

TOLD_IN_STORIES: Final = ("E1", "E3", "T1", "T9", "L1", "I1")  # done when a story says so, or late, or never
EARLY: Final = timedelta(minutes=10)
SOON: Final = timedelta(minutes=4)
AFTER_IT_CAME_ROUND: Final = timedelta(minutes=7)


@dataclass(frozen=True)
class Chore:
    """A step that somebody does without a story, and when."""

    step_run: StepRun
    at: datetime

    @property
    def answers(self) -> dict[str, str]:
        step, child = self.step_run.step, episode_of(self.step_run).child
        said = NOT_FROM_ABROAD if step.code in NOT_FROM_ABROAD and not child.is_unaccompanied else ANSWERS
        return dict(zip(step.evidence, said[step.code], strict=True))


def next_chore(
    episodes: Collection[UUID], not_before: datetime | None, until: datetime, *, besides: Collection[UUID]
) -> Chore | None:
    """Whatever is done next without a story, up to a moment."""
    rows = (row for row in _left_to_routine(episodes) if row.pk not in besides)
    chores = (Chore(row, _when(row, not_before)) for row in rows)
    due = [chore for chore in chores if chore.at <= until]
    return min(due, key=lambda chore: (chore.at, chore.step_run.step.ordinal), default=None)


def _left_to_routine(episodes: Collection[UUID]) -> list[StepRun]:
    """Asked by episode alone: a database that is being filled guesses badly at what is in it."""
    rows = StepRun.objects.filter(
        episode__in=list(episodes), rung=0, state__in=acts.OPEN, superseded_at=None
    ).select_related("step", "episode__child__authority", "episode__child__allocated_worker")
    return [row for row in rows if _is_routine(row.step)]


def _is_routine(step: Step) -> bool:
    return not step.met_by and step.kind != "tell" and step.code not in TOLD_IN_STORIES


def _when(row: StepRun, not_before: datetime | None) -> datetime:
    """Some minutes before it is late. What comes round is done when it has come, and then comes again."""
    if row.step.repeat or row.derivation["calendar"] == "change_of_cover":
        at = row.due_at + AFTER_IT_CAME_ROUND
    else:
        at = max(row.due_at - EARLY, row.recorded_at + SOON)
    return max(at, not_before) if not_before else at


def holder_of(row: StepRun, at: datetime) -> User | None:
    """Who holds the step's role in the authority. Nobody: then it stays undone."""
    child = episode_of(row).child
    people = who_holds(
        row.role,
        authority_id=child.authority_id,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        child_id=child.pk,
        at=at,
    )
    return people[0] if people else None


def episode_of(row: StepRun) -> MissingEpisode:
    if row.episode is None:
        raise TypeError("a step of a story belongs to an episode")
    return row.episode
