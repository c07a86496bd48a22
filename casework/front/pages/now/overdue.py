"""The lines of *Overdue now*: steps whose time has come and that no person has met."""

from dataclasses import dataclass
from datetime import datetime

from casework.front.pages.episodes.responsible import Responsibility
from casework.records.models import User
from incidents.access import episodes_visible_to
from incidents.facts import with_facts
from incidents.models import MissingEpisode
from protocols.models import StepRun
from protocols.queries import overdue_steps_visible_to


@dataclass(frozen=True)
class OverdueLine:
    """One step that somebody owes."""

    step_run: StepRun
    episode: MissingEpisode
    responsible: str

    @property
    def title(self) -> str:
        return self.step_run.step.title


def overdue_lines(user: User, now: datetime) -> list[OverdueLine]:
    """Every step that is late in an episode this person may see, oldest first."""
    steps = list(overdue_steps_visible_to(user, now))
    episodes = episodes_visible_to(user).filter(pk__in={step.episode_id for step in steps})
    people = Responsibility(user, [facts for _, facts in with_facts(episodes)], now)
    return [OverdueLine(step, step.episode, people.of_step(step)) for step in steps if step.episode]
