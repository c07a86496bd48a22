"""A step that breaks is tried less and less, then shown to a person; nobody else's step is late for it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from casework.records.models import Notification
from protocols import engine
from protocols.engine import fire
from protocols.engine.claim import ATTEMPTS
from protocols.engine.version import ENGINE
from protocols.models import EngineVersion, StepEvent, StepRun, StepState
from protocols.steps import DueStep, Outcome, decide
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing, later, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def t1_is_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever decides on step T1 raises, each time."""

    def raising(due: DueStep) -> Outcome:
        if due.rule.code == "T1" and due.rung == 0:
            raise ZeroDivisionError
        return decide(due)

    monkeypatch.setattr(fire, "decide", raising)


def _let_back_off_pass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE protocols_steprun SET next_try_at = NULL WHERE next_try_at IS NOT NULL")


@pytest.mark.usefixtures("t1_is_poison")
def test_a_step_that_raises_fails_after_five_tries_and_the_others_are_on_time(cast: Cast) -> None:
    episode = kit_goes_missing(cast)

    for attempt in range(1, ATTEMPTS + 1):
        report = engine.sweep_once()
        _let_back_off_pass()
        assert step(episode, "T1").attempts == attempt
        assert step(episode, "E1").state == StepState.FIRED
        assert report.failed == (attempt == ATTEMPTS)

    failed = step(episode, "T1")
    assert (failed.state, failed.fired_at) == (StepState.FAILED, None)
    assert StepEvent.objects.filter(step_run=failed, kind="failed").count() == 1
    told = Notification.objects.filter(step_run_id=failed.pk, template="step_failed")
    assert set(told.values_list("recipient__name", flat=True)) == {"Carl Penrose", "Bev Aldous"}


@pytest.mark.usefixtures("t1_is_poison")
def test_a_step_that_raised_waits_before_it_is_tried_again(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    engine.sweep_once()

    engine.sweep_once()

    assert step(episode, "T1").attempts == 1


def test_a_step_that_kills_its_process_is_given_up_by_the_claim(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    killer = step(episode, "T1")
    with connection.cursor() as cursor:  # five claims, each of which ended with its process
        cursor.execute(
            "UPDATE protocols_steprun SET attempts = 5, first_claimed_at = clock_timestamp(),"
            " lease_until = clock_timestamp() - interval '1 second' WHERE id = %s",
            [killer.pk],
        )

    engine.sweep_once()

    assert step(episode, "T1").state == StepState.FAILED
    assert step(episode, "T1", rung=1).state == StepState.FIRED  # somebody else hears at once


def test_what_breaks_the_whole_batch_is_done_one_by_one(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    broken = step(episode, "T1")
    _break_in_the_database(broken.pk)

    engine.sweep_once()

    assert step(episode, "E1").state == StepState.FIRED
    assert step(episode, "T1").state == StepState.WAITING
    assert step(episode, "T1").next_try_at is not None


def _break_in_the_database(step_run_id: UUID) -> None:
    """An event is there already, so that the database refuses a second: the batch's one statement fails."""
    StepEvent.objects.create(step_run_id=step_run_id, kind="fired")


def test_time_that_runs_out_one_by_one_is_nobodys_fault(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    episode = kit_goes_missing(cast)
    _break_in_the_database(step(episode, "T1").pk)
    monkeypatch.setattr(fire, "SECONDS_ONE_BY_ONE", -1)

    report = engine.sweep_once()

    assert report.fired.given_back > 0
    assert set(StepRun.objects.filter(episode=episode).values_list("attempts", flat=True)) == {0}


def test_a_failed_step_still_climbs(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    StepRun.objects.filter(pk=step(episode, "T0").pk).update(state=StepState.FAILED)

    later(timedelta(minutes=16))
    engine.sweep_once()

    assert step(episode, "T0", rung=1).state == StepState.FIRED


def test_an_old_engine_leaves_a_newer_ones_database_alone(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    EngineVersion.objects.update(number=ENGINE + 1)

    with pytest.raises(engine.NewerEngine, match="Engine 2 sweeps this database"):
        engine.sweep_once()

    assert not StepEvent.objects.filter(step_run__episode=episode, kind="fired").exists()
