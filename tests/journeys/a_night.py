"""The night of 19 November 2026: the cast, the shipped protocol, and the database's clock in our hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from casework.records.models import Notification
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from incidents.services.reports import report_missing
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.cast import Cast, make_cast

LATE_EVENING: Final = datetime(2026, 11, 19, 22, 40, tzinfo=LONDON).astimezone(UTC)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Night:
    """It is 22:40, long after office hours; everybody of the cast has their role."""

    cast: Cast

    def report(self) -> MissingEpisode:
        """Carl reports Kit missing, with what points to trafficking. He has not rung the police."""
        episode = report_missing(
            by=self.cast.carl,
            child=self.cast.kit,
            category="missing",
            noticed_at=now(),
            last_seen_at=now() - 25 * MINUTE,
            indicators={"trafficking": "The same car waited outside twice this week."},
        )
        after_an_act(episode)
        return episode


def falls() -> Night:
    pretend_now(LATE_EVENING)
    publish_default()
    return Night(make_cast())


def after_an_act(episode: MissingEpisode) -> None:
    """What a page sets off when it has changed an episode: its steps are compared, and a sweeper wakes."""
    engine.reconcile(episode.pk)
    engine.sweep_once()


def pass_time(until: datetime) -> None:
    """Let the clock run, with a sweep at each due time on the way, as the standby does."""
    while (due_at := _next_due_at()) is not None and due_at <= until:
        pretend_now(due_at)
        engine.sweep_once()
    pretend_now(until)
    engine.sweep_once()


def _next_due_at() -> datetime | None:
    waiting = StepRun.objects.filter(state="waiting", due_at__gt=now())
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def step(episode: MissingEpisode, code: str, rung: int = 0) -> StepRun:
    """That step, or that rung of its ladder, as it stands now."""
    rows = StepRun.objects.filter(episode=episode, step__code=code, rung=rung, superseded_at=None)
    return rows.latest("occurrence", "round")


def told_of(run: StepRun) -> set[str]:
    """The names of those to whom a message about this step was queued."""
    queued = Notification.objects.filter(step_run_id=run.pk)
    return set(queued.values_list("recipient__name", flat=True))
