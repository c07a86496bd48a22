"""A stage for one story: its clock runs from scene to scene, and the protocol's steps come at their times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from casework.front.demo.people import Person
from casework.front.demo.story.routine import (
    HANDOVER,
    Chore,
    comes_round,
    episode_of,
    holder_of,
    next_chore,
)
from casework.records.errors import Conflict
from casework.records.local_time import WALL, parse_local
from casework.records.models import Child, User
from casework.records.notify.settling import count_as_sent
from casework.records.office_hours import cover_began, in_office_hours
from casework.records.times import pretend_now
from incidents.services.responsibility import accept_handover
from protocols import acts, engine
from protocols.models import StepRun

EXAMPLESHIRE: Final = "EXS"
NOT_ACCEPTED: Final = frozenset({"EX-19984", "EX-20655"})  # Dev, Biniam


@dataclass(frozen=True)
class Colleagues:
    """Who works with one child of a story: the home's person, and the duty worker of that night."""

    carer: Person
    duty: Person


class Stage:
    """The clock of one story and who is in it. It moves its transaction's clock; see `pretend_now`."""

    def __init__(self, today: datetime) -> None:
        self.today = today
        self._stands_at: datetime | None = None
        self._episodes: dict[UUID, Colleagues] = {}
        self._looks: set[tuple[datetime, UUID]] = set()  # when a step that was done early comes round
        self._undone: set[UUID] = set()  # steps whose role nobody holds
        self._users: dict[str, User] = {}

    def until(self, moment: datetime) -> None:
        """Let the clock run to this moment; what falls due fires on the way, its messages count as sent.

        Colleagues do on the way what no story is about.
        """
        if self._stands_at is not None and moment < self._stands_at:
            raise ValueError("A story is told forwards.")
        while self._next_thing(moment):
            pass
        self._run_to(moment)

    def _next_thing(self, moment: datetime) -> bool:
        """A chore, or a look at what was done early and comes round now; False when neither comes before."""
        look_at, episode_id = min(self._looks, default=(moment, None))
        if chore := next_chore(self._episodes, self._stands_at, min(look_at, moment), besides=self._undone):
            self._run_to(chore.at)
            self._do(chore)
        elif episode_id is not None and look_at <= moment:
            self._looks.discard((look_at, episode_id))
            self._run_to(look_at)
            engine.fire_due(episode_id)  # the service looks every minute
        else:
            return False
        return True

    def _run_to(self, moment: datetime) -> None:
        engine.live_through_together(list(self._episodes), moment, after_each=count_as_sent)
        self._stands_at = moment

    def end(self) -> None:
        """Up to today; there the story is the present, and the service goes on with it."""
        self.until(self.today)
        pretend_now(None)

    def _do(self, chore: Chore) -> None:
        """Whoever holds the step answers its questions, if the step is still there to be done."""
        row = chore.step_run
        row.refresh_from_db(fields=["state", "superseded_at"])
        by = self._who(row, max(chore.at, row.due_at))  # at a change of cover whoever comes on, not who goes
        if by is None or self._is_left_for_you(row):
            self._undone.add(row.pk)
        elif row.step.met_by == HANDOVER:
            self._hand_over(chore, by)
        elif row.state in acts.OPEN and row.superseded_at is None:
            if row.step.met_by:
                self._undone.add(row.pk)  # tried once: the fact meets it, or whoever is left is left
            chore.do(by)
            self._look_again(row)
            self._look_when_it_comes_round(chore)

    def _is_left_for_you(self, row: StepRun) -> bool:
        """At the last change of cover some children were not accepted: the demo's reader can."""
        is_last = row.step.met_by == HANDOVER and row.due_at >= cover_began(self.today)
        return is_last and episode_of(row).child.reference in NOT_ACCEPTED

    def _hand_over(self, chore: Chore, by: User) -> None:
        row, episode = chore.step_run, episode_of(chore.step_run)
        try:
            accept_handover(by=by, episode=episode)
        except Conflict:  # a story told of something in between, and it came round again
            self._undone.add(row.pk)
        engine.fire_due(episode.pk)
        self._look_when_it_comes_round(chore)

    def _look_when_it_comes_round(self, chore: Chore) -> None:
        row = chore.step_run
        if comes_round(row) and row.due_at > chore.at:
            self._looks.add((row.due_at, episode_of(row).pk))

    def _who(self, row: StepRun, at: datetime) -> User | None:
        episode = episode_of(row)
        colleagues = self._episodes[episode.pk]
        match row.role:
            case "carer":
                return self.user(colleagues.carer)
            case "duty_worker":
                return self.on_duty(episode.child, at, colleagues.duty)
        return holder_of(row, at)

    def _look_again(self, row: StepRun) -> None:
        if row.episode_id:
            self.wake(row.episode_id, self._episodes[row.episode_id])

    def wake(self, episode_id: UUID, colleagues: Colleagues) -> None:
        """The facts of this episode have changed: its steps follow, as they do after a page."""
        self._episodes[episode_id] = colleagues
        engine.fire_due(episode_id)
        count_as_sent(episode_id)

    def ago(self, **span: float) -> datetime:
        """So long before today: `ago(hours=3, minutes=20)`."""
        return self.today - timedelta(**span)

    def on_day(self, days_ago: int, clock: str) -> datetime:
        """A time on an English wall, so many days before today: `on_day(9, "21:40")`."""
        day = self.today.astimezone(WALL).date() - timedelta(days=days_ago)
        return parse_local(day, time.fromisoformat(clock), "before")

    def user(self, person: Person) -> User:
        if person.email not in self._users:
            self._users[person.email] = User.objects.get(email=person.email)
        return self._users[person.email]

    def child(self, reference: str, authority: str = EXAMPLESHIRE) -> Child:
        found = Child.objects.select_related("authority", "allocated_worker")
        return found.get(authority__code=authority, reference=reference)

    def on_duty(self, child: Child, at: datetime, out_of_hours: Person) -> User:
        """By day the child's own worker, by night the one whose shift it is."""
        if in_office_hours(at) and child.allocated_worker:
            return child.allocated_worker
        return self.user(out_of_hours)
