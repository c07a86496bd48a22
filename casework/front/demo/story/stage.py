"""A stage for one story: its clock runs from scene to scene, and the protocol's steps come at their times."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from casework.front.demo.people import Person
from casework.records.local_time import WALL, parse_local
from casework.records.models import Child, User
from casework.records.notify.settling import count_as_sent
from casework.records.office_hours import in_office_hours
from casework.records.times import pretend_now
from protocols import engine

EXAMPLESHIRE: Final = "EXS"


class Stage:
    """The clock of one story and who is in it. It moves its transaction's clock; see `pretend_now`."""

    def __init__(self, today: datetime) -> None:
        self.today = today
        self._stands_at: datetime | None = None
        self._episodes: list[UUID] = []
        self._users: dict[str, User] = {}

    def until(self, moment: datetime) -> None:
        """Let the clock run to this moment; what falls due fires on the way, its messages count as sent."""
        if self._stands_at is not None and moment < self._stands_at:
            raise ValueError("A story is told forwards.")
        engine.live_through_together(self._episodes, moment, after_each=count_as_sent)
        self._stands_at = moment

    def end(self) -> None:
        """Up to today; there the story is the present, and the service goes on with it."""
        self.until(self.today)
        pretend_now(None)

    def wake(self, episode_id: UUID) -> None:
        """The facts of this episode have changed: its steps follow, as they do after a page."""
        if episode_id not in self._episodes:
            self._episodes.append(episode_id)
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
