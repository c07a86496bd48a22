"""Placements under real connections: planned once, fired once, and nothing after the child has moved."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import get_args

import pytest
from django.db import transaction

from casework.records.models import Child, ChronologyEntry, Notification, Placement
from casework.records.services import placements
from casework.records.times import now
from protocols import acts, engine
from protocols.engine.crashpoints import CrashPoint
from protocols.models import ProtocolRun, StepEvent, StepRun, StepState
from tests.cast import Cast
from tests.protocols.placed import DONE, moved_in, plan_step, plans_in_force
from tests.protocols.test_engine_races import (
    DIED_BY_KILL,
    _let_leases_run_out,
    _sweep_in_a_process,
    _together,
)

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = timedelta(seconds=1)


def _due(cast: Cast, *children: Child) -> list[Placement]:
    """These children moved two days ago; by hand their plans are due now, so that no clock need be moved."""
    plans_in_force()
    found = [moved_in(cast, child, at=now() - timedelta(days=2)) for child in children]
    steps = StepRun.objects.filter(run__placement__in=found, rung=0)
    steps.update(due_at=now() - AT_ONCE)
    return found


def _assert_each_fired_once(found: list[Placement]) -> None:
    """Row, event, chronology and message tell the same story."""
    fired = StepRun.objects.filter(run__placement__in=found, fired_at__isnull=False)
    ids = sorted(fired.values_list("pk", flat=True))
    assert sorted(StepEvent.objects.filter(kind="fired").values_list("step_run_id", flat=True)) == ids
    entries = ChronologyEntry.objects.filter(verb="step.fired")
    assert sorted(entry.about_id for entry in entries if entry.about_id) == ids
    owed = list(Notification.objects.values_list("step_run_id", "recipient_id"))
    assert len(owed) == len(set(owed))
    assert {step_run_id for step_run_id, _ in owed} == set(ids)


def _assert_all_fired(found: list[Placement]) -> None:
    states = StepRun.objects.filter(run__placement__in=found, rung=0, round=0)
    assert set(states.values_list("state", flat=True)) == {StepState.FIRED}
    _assert_each_fired_once(found)


def test_planned_by_several_at_once_it_has_one_run_and_one_row_a_step(cast: Cast) -> None:
    plans_in_force()
    placement = placements.move_child(by=cast.ada, child=cast.kit, home=cast.fenwick_house, at=now())

    _together(*[lambda: engine.reconcile_placement(placement.pk)] * 3)

    assert ProtocolRun.objects.filter(placement=placement).count() == 1
    assert StepRun.objects.filter(run__placement=placement, rung=0).count() == 1


def test_two_sweepers_at_once_fire_each_step_once(cast: Cast) -> None:
    found = _due(cast, cast.kit, cast.ola, cast.rosie)
    _together(engine.sweep_once, engine.sweep_once, engine.sweep_once)
    engine.sweep_once()
    _assert_all_fired(found)


def test_a_move_and_the_sweep_at_the_same_moment(cast: Cast) -> None:
    (placement,) = _due(cast, cast.kit)

    def moves() -> None:
        placements.move_child(by=cast.ada, child=cast.kit, home=cast.larch_house, at=now())

    _together(engine.sweep_once, moves)
    StepRun.objects.update(next_try_at=None)
    engine.sweep_once()
    engine.reconcile_placement(placement.pk)

    step = plan_step(placement, "P1")
    assert step.state == StepState.NOT_NEEDED  # whoever was first; what had fired is settled by the move
    assert step.reason == "The placement has ended."
    _assert_each_fired_once([placement])


def test_who_does_it_as_it_falls_due_did_it(cast: Cast) -> None:
    (placement,) = _due(cast, cast.kit)
    row = plan_step(placement, "P1")

    _together(engine.sweep_once, lambda: acts.complete_step(by=cast.amina, step_run=row, evidence=DONE))
    StepRun.objects.update(next_try_at=None)
    engine.sweep_once()

    assert (plan_step(placement, "P1").state, plan_step(placement, "P1").done_by) == (
        StepState.DONE,
        cast.amina,
    )
    _assert_each_fired_once([placement])


def test_a_page_that_holds_a_placement_delays_that_placement_alone(cast: Cast) -> None:
    held, free = _due(cast, cast.kit, cast.ola)
    holding, swept = threading.Event(), threading.Event()

    def slow_page() -> None:
        with transaction.atomic():
            Placement.objects.select_for_update(no_key=True).get(pk=held.pk)
            holding.set()
            swept.wait(10)

    def sweep_meanwhile() -> None:
        holding.wait(10)
        try:
            assert engine.sweep_once().fired.given_back == 1
        finally:
            swept.set()

    _together(slow_page, sweep_meanwhile)

    assert plan_step(free, "P1").state == StepState.FIRED
    assert (plan_step(held, "P1").state, plan_step(held, "P1").attempts) == (StepState.WAITING, 0)
    StepRun.objects.update(next_try_at=None)
    engine.sweep_once()
    _assert_all_fired([held, free])


@pytest.mark.parametrize("point", get_args(CrashPoint))
def test_kill_9_at_each_point_loses_and_doubles_nothing(cast: Cast, point: CrashPoint) -> None:
    found = _due(cast, cast.kit, cast.ola)

    assert _sweep_in_a_process(dies=point) == DIED_BY_KILL
    _let_leases_run_out()
    assert _sweep_in_a_process() == 0

    _assert_all_fired(found)
