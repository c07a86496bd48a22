"""The clock of a placement: planned once, fired once and never early, over with the placement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import ChronologyEntry, Membership, Notification, Placement, Role
from casework.records.notify.letters import letter_for
from casework.records.services import children, placements
from casework.records.times import now, pretend_now
from incidents.services import risk
from protocols import acts, engine, queries, watchdog
from protocols.engine import forgotten, unplanned
from protocols.models import ProtocolRun, StepEvent, StepRun, StepState
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing, later, step
from tests.protocols.placed import (
    DONE,
    SHIPPED_WITHOUT,
    falls_due,
    in_force,
    moved_in,
    plan_rows,
    plan_step,
    plans_in_force,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kits(cast: Cast) -> Placement:
    """Kit moves to Fenwick House today."""
    plans_in_force()
    return moved_in(cast, cast.kit)


def record_sign(cast: Cast) -> None:
    """Somebody sees a sign of trafficking."""
    risk.record_indicator(
        by=cast.amina, child=cast.kit, code="trafficking", words="A new phone.", seen_by="Carl"
    )


def _told(placement: Placement, code: str, rung: int = 0) -> set[str]:
    messages = Notification.objects.filter(step_run_id=plan_step(placement, code, rung=rung).pk)
    return set(messages.values_list("recipient__name", flat=True))


def test_a_placement_has_a_run_on_the_edition_in_force_and_only_its_own_steps(kits: Placement) -> None:
    run = ProtocolRun.objects.get(placement=kits)
    assert run.episode is None
    assert set(run.step_runs.values_list("step__code", flat=True)) == {"P1"}
    assert plan_step(kits, "P1").state == StepState.WAITING


def test_planning_twice_is_planning_once(kits: Placement) -> None:
    before = plan_rows(kits)
    assert engine.reconcile_placement(kits.pk) == 0
    assert plan_rows(kits) == before


def test_a_step_fires_once_when_it_is_due_and_not_before(cast: Cast, kits: Placement) -> None:
    engine.sweep_once()
    assert plan_step(kits, "P1").state == StepState.WAITING

    falls_due(kits)
    engine.sweep_once()
    before = plan_rows(kits)
    engine.sweep_once()

    due = plan_step(kits, "P1")
    assert (due.state, due.episode) == (StepState.FIRED, None)
    assert due.fired_at is not None
    assert due.fired_at >= due.due_at
    assert _told(kits, "P1") == {"Amina Rahal"}
    assert StepEvent.objects.filter(step_run=due, kind="fired").count() == 1
    assert plan_rows(kits) == before


def test_what_is_told_and_kept_names_the_child_and_no_episode(cast: Cast, kits: Placement) -> None:
    falls_due(kits)
    engine.sweep_once()

    due = plan_step(kits, "P1")
    message = Notification.objects.get(step_run_id=due.pk)
    entry = ChronologyEntry.objects.get(about_id=due.pk, verb="step.fired")
    assert (message.child, message.episode_id, message.stops_on_return) == (cast.kit, None, False)
    assert (entry.child, entry.episode_id) == (cast.kit, None)
    letter = letter_for(message)
    assert f"/children/{cast.kit.pk}/" in letter.body
    assert cast.kit.reference in letter.body
    assert "Kit" not in letter.body


def test_the_next_review_is_planned_when_this_one_has_come(kits: Placement) -> None:
    falls_due(kits)
    engine.sweep_once()
    assert plan_step(kits, "P1", number=1).due_at == plan_step(kits, "P1").due_at + timedelta(days=91)


def test_the_ladder_climbs_until_the_step_is_done(cast: Cast, kits: Placement) -> None:
    falls_due(kits, ago=timedelta(hours=25))
    engine.sweep_once()
    assert _told(kits, "P1", rung=1) == {"Bev Aldous"}
    assert plan_step(kits, "P1") in queries.plans_owed_by(cast.bev)

    acts.complete_step(by=cast.amina, step_run=plan_step(kits, "P1"), evidence=DONE)
    later(timedelta(days=5))
    engine.sweep_once()

    assert plan_step(kits, "P1", rung=2).state == StepState.NOT_NEEDED
    assert plan_step(kits, "P1") not in queries.plans_owed_by(cast.bev)


def test_nobody_in_the_role_is_said_in_the_childs_story_and_the_next_rung_hears(
    cast: Cast, kits: Placement
) -> None:
    Membership.objects.filter(role=Role.SOCIAL_WORKER).update(ends_at=now())
    falls_due(kits)
    engine.sweep_once()

    unheard = plan_step(kits, "P1")
    entry = ChronologyEntry.objects.get(about_id=unheard.pk, verb="step.nobody")
    assert (entry.child, entry.episode_id) == (cast.kit, None)
    assert plan_step(kits, "P1", rung=1).state == StepState.FIRED


def test_a_sign_of_trafficking_asks_for_the_second_plan_at_once(cast: Cast, kits: Placement) -> None:
    later(timedelta(days=2))
    record_sign(cast)

    engine.reconcile_placement(kits.pk)
    engine.sweep_once()

    asked = plan_step(kits, "P2")
    assert asked.state == StepState.FIRED
    assert asked.due_at - kits.period.lower >= timedelta(days=2)
    assert _told(kits, "P2") == {"Amina Rahal"}


def test_a_placement_that_ends_takes_its_steps_with_it_and_the_next_has_its_own(
    cast: Cast, kits: Placement
) -> None:
    later(timedelta(days=2))
    here = moved_in(cast, cast.kit, home=cast.larch_house)
    engine.reconcile_placement(kits.pk)

    gone = plan_step(kits, "P1")
    assert (gone.state, gone.reason) == (StepState.NOT_NEEDED, "The placement has ended.")
    assert ProtocolRun.objects.get(placement=kits).settled_at is not None
    assert plan_step(here, "P1").state == StepState.WAITING


def test_nothing_fires_after_the_end_though_its_page_died_before_the_wake(
    cast: Cast, kits: Placement
) -> None:
    later(timedelta(days=2))
    placements.end_placement(by=cast.ada, placement=kits, ends_at=now())

    falls_due(kits)
    engine.sweep_once()

    assert plan_step(kits, "P1").reason == "The placement has ended."
    assert not StepEvent.objects.filter(kind="fired").exists()
    assert ProtocolRun.objects.get(placement=kits).settled_at is not None  # looked at again at once


def test_a_withdrawn_placement_is_over_and_counts_again_when_it_is_not(kits: Placement) -> None:
    Placement._base_manager.filter(pk=kits.pk).update(withdrawn_at=now())
    engine.reconcile_placement(kits.pk)
    assert plan_step(kits, "P1").reason == "The child was never placed there."

    Placement._base_manager.filter(pk=kits.pk).update(withdrawn_at=None)
    engine.reconcile_placement(kits.pk)

    assert plan_step(kits, "P1").state == StepState.WAITING
    assert ProtocolRun.objects.get(placement=kits).settled_at is None


def test_what_began_long_ago_owes_only_its_next_review_and_tells_nobody(cast: Cast) -> None:
    plans_in_force()
    (biniams,) = cast.biniam.placements.all()  # unaccompanied, at Fenwick House for 300 days

    engine.reconcile_placement(biniams.pk)
    engine.sweep_once()

    assert plan_step(biniams, "P1").reason == "Before this system."
    assert plan_step(biniams, "P2").reason == "Before this system."
    owed = StepRun.objects.get(run__placement=biniams, rung=0, state=StepState.WAITING)
    assert now() < owed.due_at < now() + timedelta(days=91)
    assert not Notification.objects.exists()


def test_only_placements_in_a_home_of_authorities_that_work_here_are_planned(cast: Cast) -> None:
    plans_in_force()
    at_home = placements.move_child(by=cast.ada, child=cast.kit, home=None, at=now(), address="12 Elm Road")
    cast.exampleshire.is_tenant = False
    cast.exampleshire.save()
    elsewhere = cast.ola.placements.get()

    assert engine.reconcile_placement(at_home.pk) == engine.reconcile_placement(elsewhere.pk) == 0
    assert not ProtocolRun.objects.exists()


def test_an_edition_without_such_steps_makes_no_run(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    assert engine.reconcile_placement(placement.pk) == 0  # nothing has ever been published
    in_force(SHIPPED_WITHOUT)
    assert engine.reconcile_placement(placement.pk) == 0
    assert not ProtocolRun.objects.exists()


# ---- who looks when nobody wakes it ----


@pytest.fixture
def look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgotten, "_next_look", 0.0)
    monkeypatch.setattr(unplanned, "_passed", unplanned.FIRST_ID)


@pytest.mark.usefixtures("look_again")
def test_placements_that_nobody_woke_are_found_a_few_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans_in_force()
    monkeypatch.setattr(unplanned, "AT_ONCE", 2)

    looks = []
    while some := unplanned.next_without_run():
        looks.append(len(some))
        forgotten.reconcile_each(some, engine.reconcile_placement)

    assert looks == [2, 2, 1]
    assert ProtocolRun.objects.filter(placement__isnull=False).count() == Placement.objects.count()


@pytest.mark.usefixtures("look_again")
def test_a_sweep_plans_what_was_forgotten(cast: Cast, kits: Placement) -> None:
    record_sign(cast)  # and its page dies
    ProtocolRun.objects.filter(placement=kits).update(reconciled_at=None)
    engine.sweep_once()
    assert StepRun.objects.filter(run__placement=kits, step__code="P2", rung=0).exists()


def test_the_wake_looks_at_what_began_and_what_ended(
    cast: Cast, kits: Placement, django_capture_on_commit_callbacks: object
) -> None:
    placements.move_child(by=cast.ada, child=cast.kit, home=cast.larch_house, at=now(), reason="Closing.")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        engine.wake_placements(cast.kit.pk)
    live = ProtocolRun.objects.filter(placement__child=cast.kit, settled_at=None)
    assert [run.placement.home for run in live if run.placement] == [cast.larch_house]


def test_the_watchdog_counts_a_late_plan_like_any_other_step(cast: Cast, kits: Placement) -> None:
    engine.sweep_once()
    assert watchdog.reading().late_count == 0
    falls_due(kits)
    assert watchdog.reading().late_count == 1


# ---- when a page holds the placement, and when a step breaks ----


def test_steps_whose_placement_is_held_are_given_back_uncounted(
    kits: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    falls_due(kits)
    monkeypatch.setattr("protocols.engine.standing.LOCK_PLACEMENTS", _HELD)
    assert engine.sweep_once().fired.given_back == 1
    assert (plan_step(kits, "P1").attempts, plan_step(kits, "P1").state) == (0, StepState.WAITING)


_HELD = """
SELECT p.id, c.reference FROM records_placement p JOIN records_child c ON c.id = p.child_id
WHERE p.id = ANY(%s) AND false ORDER BY p.id FOR NO KEY UPDATE OF p SKIP LOCKED"""


def test_what_fails_five_times_is_given_up_and_the_team_manager_hears(cast: Cast, kits: Placement) -> None:
    falls_due(kits)
    StepRun.objects.filter(pk=plan_step(kits, "P1").pk).update(attempts=5)
    engine.sweep_once()

    failed = plan_step(kits, "P1")
    assert failed.state == StepState.FAILED
    entry = ChronologyEntry.objects.get(about_id=failed.pk, verb="step.failed")
    assert (entry.child, entry.episode_id) == (cast.kit, None)
    told = Notification.objects.filter(step_run_id=failed.pk, template="step_failed")
    assert {message.recipient.name for message in told} == {"Amina Rahal", "Bev Aldous"}
    assert {message.episode_id for message in told} == {None}
    assert plan_step(kits, "P1", rung=1).state == StepState.FIRED


def test_an_episode_and_a_placement_of_the_same_child_fire_side_by_side(cast: Cast, kits: Placement) -> None:
    falls_due(kits)
    cast.carl = cast.mo
    episode = kit_goes_missing(cast)

    engine.sweep_once()

    plan = plan_step(kits, "P1")
    assert (plan.state, step(episode, "T1").state) == (StepState.FIRED, StepState.FIRED)
    owed = Notification.objects.filter(step_run_id__in=[plan.pk, step(episode, "T1").pk])
    assert set(owed.values_list("step_run_id", "episode_id")) == {
        (plan.pk, None),
        (step(episode, "T1").pk, episode.pk),
    }


# ---- what people do ----


def test_it_is_done_handed_over_waived_and_asked_for_again_like_any_other(
    cast: Cast, kits: Placement
) -> None:
    acts.hand_over_step(by=cast.amina, step_run=plan_step(kits, "P1"), to=cast.bev)
    (message,) = Notification.objects.filter(template="step_handed_over")
    assert (message.recipient, message.reference, message.episode_id) == (cast.bev, "EX-20417", None)

    acts.waive_step(by=cast.bev, step_run=plan_step(kits, "P1"), reason="The home has one.")
    assert plan_step(kits, "P1").state == StepState.WAIVED
    acts.reopen_step(by=cast.bev, step_run=plan_step(kits, "P1"), reason="It was another child's.")
    done = acts.complete_step(by=cast.bev, step_run=plan_step(kits, "P1"), evidence=DONE)

    assert (done.state, done.done_by) == (StepState.DONE, cast.bev)
    engine.reconcile_placement(kits.pk)
    falls_due(kits)
    engine.sweep_once()
    assert plan_step(kits, "P1").fired_at is None  # done early, it never fires


def test_it_waits_for_the_childs_own_worker_from_a_week_before(cast: Cast, kits: Placement) -> None:
    a_week_before = plan_step(kits, "P1").due_at - timedelta(days=7)
    assert queries.plans_owed_by(cast.amina, a_week_before - timedelta(seconds=1)) == []
    pretend_now(max(now(), a_week_before))
    assert queries.plans_owed_by(cast.amina) == [plan_step(kits, "P1")]
    assert queries.owed_by(cast.amina) == []
    for somebody_else in (cast.bev, cast.femi, cast.ruth, cast.carl, cast.mo, cast.eve, cast.ada):
        assert queries.plans_owed_by(somebody_else) == []

    una = children.allocate_worker(by=cast.bev, child=cast.kit, worker=cast.femi)
    assert una.allocated_worker == cast.femi
    assert queries.plans_owed_by(cast.amina) == []
    assert queries.plans_owed_by(cast.femi) == [plan_step(kits, "P1")]


def test_a_review_that_is_months_away_waits_for_nobody(cast: Cast) -> None:
    plans_in_force()
    engine.reconcile_placement(cast.kit.placements.get().pk)
    assert StepRun.objects.filter(state=StepState.WAITING, rung=0).count() == 1
    assert queries.plans_owed_by(cast.amina) == []
