"""Asking for a step to be waived: it waits for a manager, and the step is owed meanwhile."""

from __future__ import annotations

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound, OutOfSight
from casework.records.models import ChronologyEntry
from protocols import acts
from protocols.models import StepEvent, StepRun, StepState
from protocols.waivers import waiver_asked_of, waivers_asked
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing, step

pytestmark = pytest.mark.django_db

WHY = "It was held this morning, before the report."


def waiting(step_run: StepRun) -> list[StepEvent]:
    return list(waivers_asked(StepRun.objects.filter(episode_id=step_run.episode_id)))


def test_amina_asks_and_bev_waives_it(cast: Cast) -> None:
    t9 = step(kit_goes_missing(cast), "T9")
    asked = acts.ask_to_waive(by=cast.amina, step_run=t9, reason=WHY)
    assert waiting(t9) == [asked]
    t9.refresh_from_db()
    assert t9.state == StepState.WAITING
    acts.waive_step(by=cast.bev, step_run=t9, reason="As Amina says.")
    assert waiting(t9) == []
    verbs = ChronologyEntry.objects.filter(about_id=t9.pk).values_list("verb", flat=True)
    assert {"step.waiver_asked", "step.waived"} <= set(verbs)


def test_bev_says_no_and_it_can_be_asked_again(cast: Cast) -> None:
    t9 = step(kit_goes_missing(cast), "T9")
    acts.ask_to_waive(by=cast.amina, step_run=t9, reason=WHY)
    acts.keep_step(by=cast.bev, step_run=t9, reason="Health was not there.")
    assert waiting(t9) == []
    t9.refresh_from_db()
    assert t9.state == StepState.WAITING
    again = acts.ask_to_waive(by=cast.amina, step_run=t9, reason="Health has joined since.")
    assert waiver_asked_of(t9) == again


def test_it_is_asked_once_with_a_reason_and_only_answered_when_asked(cast: Cast) -> None:
    t9 = step(kit_goes_missing(cast), "T9")
    with pytest.raises(Invalid):
        acts.ask_to_waive(by=cast.amina, step_run=t9, reason="  ")
    with pytest.raises(Conflict):
        acts.keep_step(by=cast.bev, step_run=t9, reason="No.")
    acts.ask_to_waive(by=cast.amina, step_run=t9, reason=WHY)
    with pytest.raises(Conflict):
        acts.ask_to_waive(by=cast.femi, step_run=t9, reason=WHY)
    assert len(waiting(t9)) == 1


def test_homes_interviewers_and_strangers_do_not_ask_nor_workers_answer(cast: Cast) -> None:
    t9 = step(kit_goes_missing(cast), "T9")
    for somebody in (cast.carl, cast.ines):
        with pytest.raises(NotAllowed):
            acts.ask_to_waive(by=somebody, step_run=t9, reason=WHY)
    with pytest.raises((NotFound, OutOfSight)):
        acts.ask_to_waive(by=cast.eve, step_run=t9, reason=WHY)
    acts.ask_to_waive(by=cast.amina, step_run=t9, reason=WHY)
    with pytest.raises(NotAllowed):
        acts.keep_step(by=cast.amina, step_run=t9, reason="No.")
    assert len(waiting(t9)) == 1


def test_a_step_that_is_over_is_not_asked_about(cast: Cast) -> None:
    t9 = step(kit_goes_missing(cast), "T9")
    acts.waive_step(by=cast.bev, step_run=t9, reason="Held already.")
    with pytest.raises(Conflict):
        acts.ask_to_waive(by=cast.amina, step_run=t9, reason=WHY)
