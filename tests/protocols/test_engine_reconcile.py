"""Reconcile makes the rows say what the facts say, leaves people's decisions alone and erases nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import ChronologyEntry
from casework.records.times import now
from incidents.models import Indicator, MissingEpisode
from incidents.services import closing, police, returns, risk, spells
from protocols import acts, engine
from protocols.engine import forgotten
from protocols.models import ProtocolRun, StepEvent, StepRun, StepState
from tests.cast import Cast
from tests.incidents.nights import sign_off
from tests.protocols.nights import kit_goes_missing, later, rows, step

pytestmark = pytest.mark.django_db


def _superseded(episode: MissingEpisode, code: str) -> StepRun:
    return StepRun.objects.get(episode=episode, step__code=code, rung=0, state=StepState.SUPERSEDED)


def test_reconcile_twice_is_reconcile_once(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    before = rows(episode)

    assert engine.reconcile(episode.pk) == 0
    assert rows(episode) == before
    assert ProtocolRun.objects.filter(episode=episode).count() == 1


def test_every_row_explains_its_due_time(cast: Cast) -> None:
    episode = kit_goes_missing(cast)

    for row in StepRun.objects.filter(episode=episode):
        assert row.derivation["due_at"] == row.due_at.isoformat()
        assert row.derivation["anchor_words"]


def test_a_sign_of_trafficking_brings_the_call_to_the_police_forward(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    first = step(episode, "T0")
    risk.record_indicator(
        by=cast.amina,
        child=cast.kit,
        episode=episode,
        code="trafficking",
        words="A new phone.",
        seen_by="Carl",
    )

    engine.reconcile(episode.pk)

    sooner = step(episode, "T0")
    assert sooner.due_at == Indicator.objects.get(child=cast.kit).recorded_at  # at once, and nobody is late
    assert step(episode, "T4a").due_at == first.anchor_at + timedelta(hours=1)
    old = _superseded(episode, "T0")
    assert (old.pk, old.due_at) == (first.pk, first.due_at)  # what people were shown stays as it was
    assert old.reason
    moved = ChronologyEntry.objects.get(verb="step.moved", about_id=sooner.pk)
    assert (moved.payload["from"], moved.payload["to"]) == (
        first.due_at.isoformat(),
        sooner.due_at.isoformat(),
    )


def test_a_due_time_never_moves_later_because_a_sign_was_withdrawn(cast: Cast) -> None:
    episode = kit_goes_missing(cast, indicators={"trafficking": "A new phone."})
    soon = step(episode, "T9").due_at
    sign = episode.child.indicators.get()
    risk.withdraw_indicator(
        by=cast.bev, indicator=sign, version=sign.version, reason="It was a sister's phone."
    )

    engine.reconcile(episode.pk)

    assert step(episode, "T9").due_at == soon
    assert step(episode, "T4a").state == StepState.NOT_NEEDED  # but what no longer applies is not asked for


def test_what_the_record_shows_done_is_done_by_whoever_did_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    risk.assess_risk(
        by=cast.amina,
        episode=episode,
        made_by="authority",
        grade="medium",
        rationale="Out late.",
        assessor="Amina",
    )

    engine.reconcile(episode.pk)

    graded = step(episode, "T3")
    assert (graded.state, graded.done_by) == (StepState.DONE, cast.amina)
    assert StepEvent.objects.filter(step_run=graded, kind="done", actor=cast.amina).exists()


def test_a_lower_grade_by_the_police_after_they_took_the_call_asks_again(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    taken = {"answer": "taken", "officer": "PC Hale", "reference": "CAD 1142"}
    police.record_police_answer(by=cast.carl, episode=episode, told_at=now(), **taken)
    engine.reconcile(episode.pk)
    settled = step(episode, "T0")
    later(timedelta(minutes=20))
    lower = {"answer": "graded_lower", "officer": "PC Hale", "reason": "He always comes back."}
    police.record_police_answer(by=cast.amina, episode=episode, told_at=now(), **lower)

    engine.reconcile(episode.pk)

    again = step(episode, "T0")
    assert (settled.state, again.state) == (StepState.DONE, StepState.WAITING)
    assert again.pk != settled.pk
    assert _superseded(episode, "T0").done_at == settled.done_at  # what was done stays done


def test_the_return_ends_what_counted_from_missing_and_begins_what_counts_from_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    engine.sweep_once()
    returns.record_return(by=cast.carl, episode=episode)

    engine.reconcile(episode.pk)

    assert step(episode, "T1").state == StepState.NOT_NEEDED  # it had fired
    assert step(episode, "T9").state == StepState.NOT_NEEDED  # it had not
    episode.refresh_from_db()
    assert episode.returned_at is not None
    assert step(episode, "R5").due_at == episode.returned_at + timedelta(hours=72)


def test_missing_again_begins_a_new_occurrence_beside_the_old(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    engine.sweep_once()
    later(timedelta(hours=1))
    returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="Bus station", found_by="police"
    )
    engine.reconcile(episode.pk)
    later(timedelta(hours=1))
    spells.record_missing(by=cast.femi, episode=episode, at=now(), reason="Ran from the bus station.")

    engine.reconcile(episode.pk)

    assert step(episode, "T1").state == StepState.NOT_NEEDED
    assert step(episode, "T1", occurrence=2).state == StepState.WAITING
    assert step(episode, "T9").state == StepState.WAITING  # one strategy discussion, counted from the first


def test_what_a_person_waived_stays_waived_whatever_the_facts_do(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    acts.waive_step(by=cast.bev, step_run=step(episode, "T9"), reason="Held this morning already.")
    risk.record_indicator(
        by=cast.amina,
        child=cast.kit,
        episode=episode,
        code="trafficking",
        words="A new phone.",
        seen_by="Carl",
    )

    engine.reconcile(episode.pk)

    assert step(episode, "T9").state == StepState.WAIVED


def test_an_acknowledged_ladder_stays_where_the_promise_put_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    later(timedelta(minutes=61))
    engine.sweep_once()
    promised = now() + timedelta(hours=2)
    acts.acknowledge_step(by=cast.amina, step_run=step(episode, "T3"), until=promised)

    engine.reconcile(episode.pk)

    assert step(episode, "T3", rung=1).due_at == promised


def test_the_call_to_the_police_waits_for_no_promise(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    due_at = step(episode, "T0", rung=1).due_at

    acts.acknowledge_step(by=cast.carl, step_run=step(episode, "T0"), until=now() + timedelta(hours=4))

    assert step(episode, "T0").acknowledged_by == cast.carl
    assert step(episode, "T0", rung=1).due_at == due_at


def test_a_reported_time_put_right_is_counted_again(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    spell = episode.spells.get()
    first = step(episode, "T9")
    spell.started_at -= timedelta(hours=2)
    spell.save()

    engine.reconcile(episode.pk)

    assert step(episode, "T9").due_at == first.due_at - timedelta(hours=2)
    assert _superseded(episode, "T9").reason == "The time it counts from was put right."


def test_a_signed_off_episode_is_settled_and_asks_for_nothing(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    returns.record_return(by=cast.carl, episode=episode)
    engine.reconcile(episode.pk)
    later(timedelta(hours=1))
    engine.sweep_once()  # everybody has been told
    sign_off(cast, episode)

    engine.reconcile(episode.pk)

    run = ProtocolRun.objects.get(episode=episode)
    assert run.settled_at is not None
    assert not run.step_runs.filter(state__in=["waiting", "fired"]).exists()


def test_an_episode_whose_page_died_before_its_wake_is_found_by_the_sweep(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = kit_goes_missing(cast)
    run = ProtocolRun.objects.get(episode=episode)
    risk.record_indicator(
        by=cast.amina,
        child=cast.kit,
        episode=episode,
        code="trafficking",
        words="A new phone.",
        seen_by="Carl",
    )
    ProtocolRun.objects.filter(pk=run.pk).update(reconciled_at=None)
    monkeypatch.setattr("protocols.engine.forgotten._next_look", 0.0)

    engine.sweep_once()

    assert step(episode, "T4a").state == StepState.WAITING


def test_an_episode_opened_again_is_found_though_its_page_died_before_the_wake(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    returns.record_return(by=cast.carl, episode=episode)
    engine.reconcile(episode.pk)
    later(timedelta(hours=2))
    engine.sweep_once()  # everybody hears that Kit is back
    sign_off(cast, episode)
    engine.reconcile(episode.pk)
    assert ProtocolRun.objects.get(episode=episode).settled_at is not None
    later(timedelta(minutes=1))  # or the signature and its taking back are of one moment
    closing.reopen_episode(by=cast.bev, episode=episode, reason="The plan was not looked at.")

    assert episode.pk in forgotten._forgotten()
    forgotten.reconcile_each([episode.pk])

    assert step(episode, "R9").state == StepState.WAITING
    assert ProtocolRun.objects.get(episode=episode).settled_at is None
    assert episode.pk not in forgotten._forgotten()


def test_a_mistaken_report_says_so_on_each_step(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    closing.record_false_report(by=cast.bev, episode=episode, reason="Asleep in the attic.")

    engine.reconcile(episode.pk)

    assert step(episode, "T9").reason == "The report was mistaken."
