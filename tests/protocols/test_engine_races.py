"""Real connections and real processes against each other: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.db import connection, transaction

from casework.embedded import APPLICATION
from casework.records.models import Child, ChronologyEntry, Notification
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports, returns
from protocols import engine
from protocols.engine.crashpoints import CrashPoint
from protocols.models import StepEvent, StepRun, StepState
from protocols.publishing import publish_default
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
DIED_BY_KILL = -9


def _reported(cast: Cast, *children: Child) -> list[MissingEpisode]:
    publish_default()
    episodes = [
        reports.report_missing(by=cast.carl, child=child, category="missing", noticed_at=now())
        for child in children
    ]
    for episode in episodes:
        engine.reconcile(episode.pk)
    return episodes


def _together(*acts: Callable[[], object]) -> None:
    """Each in a thread and on a connection of its own, all let go at the same moment."""
    barrier, failed = threading.Barrier(len(acts)), list[BaseException]()

    def play(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=play, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def _assert_each_fired_once(episodes: list[MissingEpisode]) -> None:
    """Row, event and chronology tell the same story, and each due message is owed once."""
    fired = StepRun.objects.filter(episode__in=episodes, fired_at__isnull=False)
    ids = sorted(fired.values_list("pk", flat=True))
    events = StepEvent.objects.filter(kind="fired", step_run__episode__in=episodes)
    entries = ChronologyEntry.objects.filter(verb="step.fired", episode_id__in=[e.pk for e in episodes])
    assert sorted(events.values_list("step_run_id", flat=True)) == ids
    assert sorted(entry.about_id for entry in entries if entry.about_id) == ids
    owed = Notification.objects.filter(step_run_id__in=ids).values_list("step_run_id", "recipient_id")
    assert len(owed) == len(set(owed))
    assert set(ids) == {step_run_id for step_run_id, _ in owed}


def _assert_nothing_due_waits(episodes: list[MissingEpisode]) -> None:
    due = StepRun.objects.filter(episode__in=episodes, state=StepState.WAITING, due_at__lte=now())
    assert not due.exists()


def test_two_sweepers_at_once_fire_each_step_once(cast: Cast) -> None:
    episodes = _reported(cast, cast.kit, cast.ola, cast.rosie)

    _together(engine.sweep_once, engine.sweep_once, engine.sweep_once)
    engine.sweep_once()

    _assert_nothing_due_waits(episodes)
    _assert_each_fired_once(episodes)


@pytest.mark.parametrize("round_number", range(3))
def test_a_return_and_the_sweep_at_the_same_moment(cast: Cast, round_number: int) -> None:
    (episode,) = _reported(cast, cast.kit)

    _together(engine.sweep_once, lambda: returns.record_return(by=cast.carl, episode=episode))
    StepRun.objects.filter(episode=episode).update(next_try_at=None)
    engine.sweep_once()
    engine.sweep_once()  # the return itself has a step that is due at once

    # Whoever was first: what fired before the return is withdrawn unsent, after it nothing is owed.
    owed = Notification.objects.filter(episode_id=episode.pk, stops_on_return=True)
    assert not owed.filter(state=Notification.State.QUEUED).exists()
    _assert_nothing_due_waits([episode])
    _assert_each_fired_once([episode])


def test_a_page_that_holds_an_episode_delays_that_episode_alone(cast: Cast) -> None:
    held, free = _reported(cast, cast.kit, cast.ola)
    holding, swept = threading.Event(), threading.Event()

    def slow_page() -> None:
        with transaction.atomic():
            MissingEpisode.objects.select_for_update(no_key=True).get(pk=held.pk)
            holding.set()
            swept.wait(10)

    def sweep_meanwhile() -> None:
        holding.wait(10)
        try:
            report = engine.sweep_once()
            assert report.fired.given_back > 0
        finally:
            swept.set()

    _together(slow_page, sweep_meanwhile)

    assert StepRun.objects.filter(episode=free, state=StepState.FIRED).exists()
    assert not StepRun.objects.filter(episode=held, state=StepState.FIRED).exists()
    assert set(StepRun.objects.filter(episode=held).values_list("attempts", flat=True)) == {0}
    StepRun.objects.filter(episode=held).update(next_try_at=None)
    engine.sweep_once()
    _assert_nothing_due_waits([held, free])


@pytest.mark.parametrize("point", get_args(CrashPoint))
def test_kill_9_at_each_point_loses_and_doubles_nothing(cast: Cast, point: CrashPoint) -> None:
    episodes = _reported(cast, cast.kit, cast.ola)

    assert _sweep_in_a_process(dies=point) == DIED_BY_KILL
    if point != "after commit":
        assert not StepEvent.objects.filter(kind="fired").exists()
    _let_leases_run_out()
    assert _sweep_in_a_process() == 0

    _assert_nothing_due_waits(episodes)
    _assert_each_fired_once(episodes)
    assert StepRun.objects.filter(state=StepState.FIRED).exists()


def test_a_writer_that_wakes_after_its_lease_ran_out_writes_nothing(cast: Cast) -> None:
    episodes = _reported(cast, cast.kit)
    from protocols.engine.claim import CLAIM_FRESH, claim
    from protocols.engine.fire import fire

    sleeper = claim(CLAIM_FRESH)
    _let_leases_run_out()
    engine.sweep_once()

    assert fire(sleeper).settled == 0
    _assert_each_fired_once(episodes)


def _sweep_in_a_process(dies: CrashPoint | None = None) -> int:
    """`manage.py sweep` as the application's role, killed where it is told to be; its exit code."""
    database = settings.DATABASES["default"]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}".format(**database)
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}",
        "PGOPTIONS": f"-c role={APPLICATION}",
        "CASEWORK_CRASH_AT": dies or "",
    }
    command = [sys.executable, str(ROOT / "manage.py"), "sweep"]
    return subprocess.run(command, env=environment, capture_output=True).returncode


def _let_leases_run_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE protocols_steprun SET lease_until = clock_timestamp() - interval '1 second'"
            " WHERE lease_until IS NOT NULL"
        )
