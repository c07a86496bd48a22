"""Who answers for an episode, a placement or a step at this moment, as names for whoever is reading."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from casework.front.pages.episodes.step_cards import role_words
from casework.records.holders import HolderRow, Holders
from casework.records.models import User
from casework.records.office_hours import in_office_hours
from incidents.facts import EpisodeFacts
from protocols.access import placement_of
from protocols.models import StepRun, StepState
from protocols.queries import Whom, waiting_for

DUTY = (
    "duty_worker"  # out of hours the emergency duty team, in hours the child's own worker: `holders` decides
)
SOCIAL_WORKER = "social_worker"
SHOWN = 3
NOBODY_PLACED: Final[Mapping[UUID, Whom]] = MappingProxyType({})


@dataclass(frozen=True)
class Names:
    """The people of some role, named. Nobody is as loud as late."""

    people: tuple[str, ...]
    since: datetime | None = None  # one person said “I’ve got this” then
    is_readers: bool = False  # and that person is reading
    is_gap: bool = False  # nobody is on the rota, so everybody who has the role is named

    @property
    def is_nobody(self) -> bool:
        return not self.people

    def __str__(self) -> str:
        if len(self.people) > SHOWN:
            return f"{', '.join(self.people[:SHOWN])} and {len(self.people) - SHOWN} more"
        return ", ".join(self.people)


class Responsibility:
    """Who holds which role for some episodes, and placements, looked up at once for all of them."""

    def __init__(
        self,
        reader: User,
        facts: Collection[EpisodeFacts],
        at: datetime,
        *,
        placed: Mapping[UUID, Whom] = NOBODY_PLACED,
    ) -> None:
        self._at = at
        self._reader, self._facts = reader, {one.episode_id: one for one in facts}
        self._whoms: dict[UUID, EpisodeFacts | Whom] = {**self._facts, **placed}
        homes = {one.home_id for one in self._whoms.values() if one.home_id}
        self._holders = Holders.load({one.authority_id for one in self._whoms.values()}, homes, at=at)
        self._names: dict[UUID, str] = {}
        on_duty = {row.user_id for one in facts for row in self._rows(one, DUTY)}
        their_own = {row.user_id for one in placed.values() for row in self._rows(one, SOCIAL_WORKER)}
        self._learn(on_duty | their_own | {one.holder_id for one in facts if one.holder_id})

    def now(self, episode_id: UUID) -> Names:
        """Whoever said “I’ve got this” and still has it; else everybody who is on duty for the child."""
        facts = self._facts[episode_id]
        one, since = facts.holder_id, facts.holder_at
        if one and since and self._still_has(one, since, facts):
            return Names((self._names[one],), since, one == self._reader.pk)
        names = self.of(episode_id)
        return replace(names, is_gap=self._is_gap(facts))

    def _still_has(self, one: UUID, since: datetime, facts: EpisodeFacts) -> bool:
        place = (facts.authority_id, facts.team_id, facts.allocated_worker_id)
        return self._holders.still_has(one, since, *place, child_id=facts.child_id)

    def _is_gap(self, facts: EpisodeFacts) -> bool:
        """Out of hours a rota says who is on duty, unless somebody forgot this hour."""
        return not in_office_hours(self._at) and self._holders.is_gap(DUTY, facts.authority_id)

    def of(self, subject_id: UUID, role: str = DUTY) -> Names:
        """The people who hold the role for this episode or placement now."""
        ids = [row.user_id for row in self._rows(self._whoms[subject_id], role)]
        self._learn(ids)
        return Names(tuple(self._names[one] for one in ids))

    def waiting_for_reader(self, steps: Iterable[StepRun]) -> list[StepRun]:
        """Of the steps of these episodes, taken `with_climbed`, those that people owe and this one owes."""
        of_people = [step for step in steps if step.step.kind != "tell" or step.state != StepState.WAITING]
        whoms = {step.pk: self._facts[step.episode_id] for step in of_people if step.episode_id}
        return waiting_for(self._reader, of_people, whoms, self._holders)

    def of_step(self, step_run: StepRun) -> str:
        """Whoever took it over; else the holders of its role, and what the role is when nobody holds it."""
        if step_run.holder and self._can_answer(step_run):
            return "you" if step_run.holder_id == self._reader.pk else step_run.holder.name
        names = self.of(step_run.episode_id or placement_of(step_run).pk, step_run.role)
        if names.is_nobody:
            return f"{role_words(step_run.role)}; nobody holds that role in Casework"
        return str(names)

    def _can_answer(self, step_run: StepRun) -> bool:
        """Whoever took it over may have left since, or be away: then it is the role's again."""
        whom = self._whoms.get(step_run.episode_id or placement_of(step_run).pk)
        if whom is None or step_run.holder_id is None:
            return True
        return self._holders.can_answer(step_run.holder_id, whom.authority_id, whom.home_id, whom.child_id)

    def _rows(self, whom: EpisodeFacts | Whom, role: str) -> tuple[HolderRow, ...]:
        return self._holders.of(
            role,
            authority_id=whom.authority_id,
            home_id=whom.home_id,
            team_id=whom.team_id,
            allocated_worker_id=whom.allocated_worker_id,
            child_id=whom.child_id,
        )

    def _learn(self, ids: Iterable[UUID]) -> None:
        """The names of these people, asked for once."""
        unknown = set(ids) - self._names.keys()
        for user in User.objects.filter(pk__in=unknown) if unknown else ():
            mine = user.pk == self._reader.pk
            self._names[user.pk] = f"{user.name} (you)" if mine else user.name
