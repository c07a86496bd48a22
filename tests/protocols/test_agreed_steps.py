"""Steps that a meeting or a decision meets: by the record, not by hand, and not by what came before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.records.errors import Conflict
from casework.records.times import now, pretend_now
from incidents.facts.agreed import FACTS
from incidents.models import MeetingKind
from incidents.services.decisions import record_decision
from incidents.services.legal import begin_tool
from protocols import acts, engine
from protocols.document import DEFAULT, read_document
from protocols.models import StepRun, StepState
from protocols.rulebook import FACTS_THAT_MEET
from tests.cast import Cast
from tests.incidents.agreeing import meet
from tests.incidents.nights import locate
from tests.protocols.nights import kit_goes_missing, step

pytestmark = pytest.mark.django_db


def test_every_fact_of_what_was_agreed_has_its_name_in_the_rule_book() -> None:
    assert set(FACTS) <= set(FACTS_THAT_MEET)
    met_by = {
        rule.code: rule.met_by
        for rule in read_document(DEFAULT.read_text(encoding="utf-8")).steps
        if rule.met_by in FACTS
    }
    assert met_by == {
        "A2": "away_decided",
        "A3": "still_away_decided",
        "T2": "need_to_know_decided",
        "T6": "joint_plan_made",
        "T9": "strategy_held",
        "T11": "law_and_publicity_decided",
        "T13": "placement_settled",
        "T16": "long_term_review_held",
        "L2": "going_back_decided",
        "R7": "met_after_return",
        "R8": "early_review_decided",
    }


def test_a_strategy_discussion_is_done_by_recording_it(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    owed = step(episode, "T9")
    with pytest.raises(Conflict, match="Make that record instead"):
        acts.complete_step(by=cast.bev, step_run=owed, evidence=dict.fromkeys(owed.step.evidence, "Yes."))
    meet(cast.bev, episode)
    engine.fire_due(episode.pk)
    done = step(episode, "T9")
    assert (done.state, done.done_by) == (StepState.DONE, cast.bev)


def test_the_law_and_publicity_together_meet_their_step(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    said: dict[str, Any] = {
        "kind": "publicity",
        "outcome": "no_publicity",
        "reason": "It could push him away.",
    }
    record_decision(by=cast.ruth, episode=episode, **said)
    engine.fire_due(episode.pk)
    assert step(episode, "T11").state == StepState.WAITING
    begin_tool(
        by=cast.amina, episode=episode, kind="recovery_order", stage="asked", why="A cousin hides him."
    )
    engine.fire_due(episode.pk)
    assert step(episode, "T11").state == StepState.DONE


def test_whether_it_is_safe_to_go_back_is_decided_after_the_child_was_found(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    said: dict[str, Any] = {"kind": "going_back", "outcome": "not_safe", "reason": "A man waits outside."}
    record_decision(by=cast.bev, episode=episode, decided_at=now() - timedelta(minutes=20), **said)
    locate(cast, episode)
    engine.fire_due(episode.pk)
    assert step(episode, "L2").state in (StepState.WAITING, StepState.FIRED)
    record_decision(by=cast.bev, episode=episode, **said)
    engine.fire_due(episode.pk)
    assert step(episode, "L2").state == StepState.DONE


def test_a_long_term_review_is_that_of_its_own_month_even_when_held_some_days_early(cast: Cast) -> None:
    episode = kit_goes_missing(cast)
    reviews = StepRun.objects.filter(episode=episode, step__code="T16", rung=0, superseded_at=None)
    for days, done in ((26, [0]), (50, [0, 1])):  # due on day 28 and on day 56
        pretend_now(episode.noticed_at + timedelta(days=days))
        meet(cast.ruth, episode, MeetingKind.REVIEW)
        engine.fire_due(episode.pk)
        pretend_now(episode.noticed_at + timedelta(days=days + 5))
        engine.fire_due(episode.pk)
        found = reviews.filter(state=StepState.DONE).order_by("round")
        assert list(found.values_list("round", flat=True)) == done
