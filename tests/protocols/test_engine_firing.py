"""What is due fires once, tells who answers for it, and nothing of it happens after the child is back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import ChronologyEntry, Membership, Notification, Role
from casework.records.services import placements
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import police, returns
from protocols import acts, engine, queries
from protocols.models import StepEvent, StepState
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing, later, rows, step

pytestmark = pytest.mark.django_db

ANSWERS = {
    "When the form and photo were sent": "22:50",
}


def _told(episode: MissingEpisode, code: str, rung: int = 0) -> set[str]:
    """Who is owed a message about a step, by name."""
    messages = Notification.objects.filter(step_run_id=step(episode, code, rung=rung).pk)
    return set(messages.values_list("recipient__name", flat=True))


def test_a_due_step_fires_and_tells_whoever_answers_for_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)

    engine.sweep_once()

    due = step(episode, "T1")
    assert due.state == StepState.FIRED
    assert due.fired_at is not None
    assert due.fired_at >= due.due_at
    assert due.done_at is None
    assert "Carl Penrose" in _told(episode, "T1")
    assert StepEvent.objects.filter(step_run=due, kind="fired").count() == 1
    assert ChronologyEntry.objects.filter(about_id=due.pk, verb="step.fired").count() == 1


def test_what_is_not_due_waits(cast: Cast) -> None:
    episode = kit_goes_missing(cast)

    engine.sweep_once()

    assert step(episode, "T0").state == StepState.WAITING  # ten minutes to go
    assert step(episode, "T9").state == StepState.WAITING


def test_a_second_sweep_changes_nothing(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    later(timedelta(hours=3))
    engine.sweep_once()
    before = rows(episode)

    report = engine.sweep_once()

    assert report.settled == 0
    assert rows(episode) == before


def test_a_step_done_early_never_fires(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    acts.complete_step(by=cast.carl, step_run=step(episode, "T1"), evidence=ANSWERS)

    engine.sweep_once()

    done = step(episode, "T1")
    assert (done.state, done.fired_at, done.done_by) == (StepState.DONE, None, cast.carl)
    assert not Notification.objects.filter(step_run_id=done.pk).exists()


def test_the_ladder_climbs_while_nobody_does_the_step(cast: Cast) -> None:
    episode = kit_goes_missing(cast)

    later(timedelta(minutes=26))
    engine.sweep_once()

    assert step(episode, "T0", rung=1).state == StepState.FIRED  # 10 + 5 minutes
    assert step(episode, "T0", rung=2).state == StepState.FIRED  # 10 + 15 minutes
    assert "Bev Aldous" in _told(episode, "T0", rung=2)


def test_nothing_climbs_for_a_step_that_was_done(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    acts.complete_step(by=cast.carl, step_run=step(episode, "T1"), evidence=ANSWERS)

    later(timedelta(hours=2))
    engine.sweep_once()

    assert step(episode, "T1", rung=1).state == StepState.NOT_NEEDED
    assert not Notification.objects.filter(step_run_id=step(episode, "T1", rung=2).pk).exists()


def test_nobody_in_the_role_is_said_and_the_next_rung_hears_at_once(cast: Cast) -> None:
    Membership.objects.filter(home=cast.larch_house).update(ends_at=now())
    Membership.objects.filter(provider=cast.larchwood).update(ends_at=now())
    episode = kit_goes_missing_by_amina(cast)

    engine.sweep_once()

    unheard = step(episode, "T1")
    assert unheard.state == StepState.FIRED
    assert StepEvent.objects.filter(step_run=unheard, kind="nobody").count() == 1
    assert ChronologyEntry.objects.filter(about_id=unheard.pk, verb="step.nobody").count() == 1
    climbed = step(episode, "T1", rung=1)
    assert climbed.state == StepState.FIRED
    assert climbed.derivation["moved"] == "nobody"


def kit_goes_missing_by_amina(cast: Cast) -> MissingEpisode:
    cast.carl = cast.amina  # whoever reports
    return kit_goes_missing(cast)


def test_a_step_that_only_tells_is_done_when_it_has_told(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    returns.record_return(by=cast.carl, episode=episode)
    engine.reconcile(episode.pk)

    later(timedelta(hours=1))
    engine.sweep_once()

    told = step(episode, "R2a")
    assert (told.state, told.done_at) == (StepState.DONE, told.fired_at)


def test_nothing_of_a_missing_night_fires_after_the_return_even_before_steps_are_settled(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    returns.record_return(by=cast.carl, episode=episode)  # and the page dies before its wake

    later(timedelta(hours=25))
    engine.sweep_once()

    assert not StepEvent.objects.filter(
        kind="fired", step_run__episode=episode, step_run__step__anchor__in="EATL"
    ).exists()
    assert not Notification.objects.filter(episode_id=episode.pk, stops_on_return=True).exists()
    assert step(episode, "T9").reason == "The child is back."
    engine.sweep_once()
    assert step(episode, "R4").state == StepState.FIRED  # the interview is owed all the same


def test_a_handed_over_step_tells_its_new_holder(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    acts.hand_over_step(by=cast.amina, step_run=step(episode, "T3"), to=cast.femi)

    later(timedelta(hours=1))
    engine.sweep_once()

    assert "Femi Castell" in _told(episode, "T3")
    assert "Amina Rahal" not in _told(episode, "T3")


def test_an_acknowledged_step_climbs_when_the_promise_has_lapsed(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    later(timedelta(minutes=61))
    engine.sweep_once()
    acts.acknowledge_step(by=cast.amina, step_run=step(episode, "T3"), until=now() + timedelta(hours=1))

    later(timedelta(minutes=35))  # without the promise, half an hour after the step
    engine.sweep_once()
    assert step(episode, "T3", rung=1).state == StepState.WAITING

    later(timedelta(minutes=26))
    engine.sweep_once()
    assert step(episode, "T3", rung=1).state == StepState.FIRED


def test_what_the_police_settled_needs_no_more_calls(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    police.record_police_answer(
        by=cast.carl, episode=episode, answer="taken", told_at=now(), officer="PC Hale", reference="CAD 1142"
    )
    engine.reconcile(episode.pk)

    later(timedelta(hours=1))
    engine.sweep_once()

    settled = step(episode, "T0")
    assert (settled.state, settled.done_by) == (StepState.DONE, cast.carl)
    assert settled.fired_at is None
    assert step(episode, "T0", rung=1).state == StepState.NOT_NEEDED


def test_everybody_who_manages_hears_once_though_roles_repeat(cast: Cast) -> None:
    Membership.objects.create(user=cast.bev, role=Role.HEAD_OF_SERVICE, authority=cast.exampleshire)
    episode = kit_goes_missing(cast)

    later(timedelta(hours=24))
    engine.sweep_once()

    owed = Notification.objects.filter(step_run_id=step(episode, "T9").pk, recipient=cast.bev)
    assert owed.count() == 1


def test_a_child_moved_while_missing_is_the_new_home_s_to_look_after(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    later(timedelta(minutes=5))
    placements.move_child(by=cast.ada, child=cast.kit, home=cast.fenwick_house, at=now())
    later(timedelta(minutes=5))

    engine.sweep_once()

    assert _told(episode, "T0") == {"Mo Fenn"}
    assert step(episode, "T0") in queries.owed_by(cast.mo)
    assert queries.owed_by(cast.carl) == []
