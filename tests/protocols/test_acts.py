"""Whose step it is to do, and what becomes of a promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Child
from casework.records.times import now
from protocols import acts, engine
from protocols.models import StepState
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing, later, step

pytestmark = pytest.mark.django_db


def test_the_home_does_its_own_steps_and_no_other(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    note = step(episode, "T7a")
    said = dict.fromkeys(note.step.evidence, "Read it all.")
    with pytest.raises(NotAllowed):
        acts.complete_step(by=cast.carl, step_run=note, evidence=said)
    with pytest.raises(NotAllowed):
        acts.acknowledge_step(by=cast.carl, step_run=step(episode, "T3"), until=now() + timedelta(hours=1))
    assert step(episode, "T7a").state == StepState.WAITING

    done = acts.complete_step(by=cast.bev, step_run=note, evidence=said)

    assert done.state == StepState.DONE


def test_what_the_record_meets_is_not_ticked(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    t3 = step(episode, "T3")
    with pytest.raises(Conflict) as refusal:
        acts.complete_step(by=cast.amina, step_run=t3, evidence=dict.fromkeys(t3.step.evidence, "High"))
    assert refusal.value.code == "met_by_record"
    assert step(episode, "T3").state == StepState.WAITING


def test_a_step_goes_to_nobody_who_could_not_open_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    Child.objects.filter(pk=cast.kit.pk).update(is_restricted=True)
    for somebody in (cast.femi, cast.eve, cast.mo):
        with pytest.raises(Invalid):
            acts.hand_over_step(by=cast.amina, step_run=step(episode, "T3"), to=somebody)

    taken = acts.hand_over_step(by=cast.amina, step_run=step(episode, "T3"), to=cast.ruth)

    assert taken.holder == cast.ruth


def test_a_promise_puts_the_ladder_off_and_a_shorter_one_brings_it_back(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    t3, start = step(episode, "T3"), now()
    planned = step(episode, "T3", rung=1).due_at
    acts.acknowledge_step(by=cast.amina, step_run=t3, until=start + timedelta(hours=4))
    assert step(episode, "T3", rung=1).due_at == start + timedelta(hours=4)

    acts.acknowledge_step(by=cast.amina, step_run=t3, until=start + timedelta(hours=2))
    assert step(episode, "T3", rung=1).due_at == start + timedelta(hours=2)

    acts.acknowledge_step(by=cast.amina, step_run=t3, until=start + timedelta(hours=1))
    assert step(episode, "T3", rung=1).due_at == planned


def test_a_promise_ends_when_the_step_is_handed_over(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    planned = step(episode, "T3", rung=1).due_at
    acts.acknowledge_step(by=cast.amina, step_run=step(episode, "T3"), until=now() + timedelta(hours=4))

    acts.hand_over_step(by=cast.amina, step_run=step(episode, "T3"), to=cast.femi)
    later(timedelta(hours=1, minutes=30))
    engine.sweep_once()

    told = step(episode, "T3", rung=1)
    assert (told.due_at, told.state) == (planned, StepState.FIRED)
