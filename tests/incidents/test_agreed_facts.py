"""Meetings and decisions as facts that meet a step: none from before, and the first that counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.times import now
from incidents import deciding
from incidents.facts import facts_of
from incidents.facts.values import Met
from incidents.models import DecisionKind, Meeting, MissingEpisode, Spell
from incidents.rules import Position
from incidents.services.legal import begin_tool
from tests.cast import Cast
from tests.incidents.agreeing import meet
from tests.incidents.nights import come_back, go_missing, locate, report, stands_at
from tests.incidents.test_decisions import decide

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def met(episode: MissingEpisode) -> dict[str, Met]:
    return dict(facts_of([episode.pk])[episode.pk].met)


def test_a_strategy_discussion_meets_its_step_by_whoever_recorded_it(cast: Cast) -> None:
    episode = report(cast)
    assert "strategy_held" not in met(episode)
    meeting = meet(cast.bev, episode)
    fact = met(episode)["strategy_held"]
    assert (fact.at, fact.by_id, fact.words) == (meeting.held_at, cast.bev.pk, "Strategy discussion held")
    assert {"agencies_met"} <= met(episode).keys()
    assert "joint_plan_made" not in met(episode)


def test_a_meeting_from_before_the_child_was_missing_does_not_count(cast: Cast) -> None:
    episode = stands_at(cast, Position.CONCERN)
    early = meet(cast.bev, episode)
    go_missing(cast, episode)
    Spell.objects.filter(episode=episode, category="missing").update(started_at=early.held_at + HOUR)
    assert "strategy_held" not in met(episode)
    Meeting.objects.filter(pk=early.pk).update(held_at=early.held_at + HOUR)
    assert "strategy_held" in met(episode)


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("joint_plan", "joint_plan_made"),
        ("multi_agency", "agencies_met"),
        ("review", "long_term_review_held"),
    ],
)
def test_each_kind_of_meeting_is_its_own_fact(cast: Cast, kind: str, fact: str) -> None:
    episode = report(cast)
    meet(cast.bev, episode, kind)
    assert fact in met(episode)
    assert "strategy_held" not in met(episode)


def test_a_meeting_after_the_return_is_not_one_from_before(cast: Cast) -> None:
    episode = report(cast)
    meet(cast.bev, episode, "after_return")
    MissingEpisode.objects.filter(pk=episode.pk).update(noticed_at=now() - 3 * HOUR)
    Meeting.objects.update(held_at=now() - 2 * HOUR)
    come_back(cast, episode)
    assert "met_after_return" not in met(episode)
    episode.refresh_from_db()
    meet(cast.bev, episode, "after_return")
    assert "met_after_return" in met(episode)


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("need_to_know", "need_to_know_decided"),
        ("still_away", "still_away_decided"),
        ("away", "away_decided"),
        ("going_back", "going_back_decided"),
    ],
)
def test_a_decision_counts_from_its_own_moment_on(cast: Cast, kind: str, fact: str) -> None:
    episode = report(cast) if "away" not in kind else stands_at(cast, Position.AWAY)
    outcome = {"still_away": "stay_away"}.get(kind, deciding.QUESTIONS[DecisionKind(kind)].outcomes[0])
    if kind == "going_back":
        decide(cast.bev, episode, kind, decided_at=now() - HOUR)
        locate(cast, episode)
        assert fact not in met(episode), "it was decided before the child was located"
    decided = decide(cast.bev, episode, kind, outcome=outcome)
    assert (met(episode)[fact].at, met(episode)[fact].by_id) == (decided.decided_at, cast.bev.pk)
    assert met(episode)[fact].words.startswith("Decided: ")


def test_deciding_that_the_child_is_missing_is_not_recording_it(cast: Cast) -> None:
    episode = stands_at(cast, Position.AWAY)
    decide(cast.bev, episode, "still_away", outcome="missing")
    assert "still_away_decided" not in met(episode)


def test_what_needs_two_things_is_met_by_the_last_of_them(cast: Cast) -> None:
    episode = report(cast)
    decide(cast.bev, episode, "placement")
    assert "placement_settled" not in met(episode)
    meeting = meet(cast.ruth, episode, "keep_placement")
    fact = met(episode)["placement_settled"]
    assert (fact.at, fact.by_id) == (meeting.held_at, cast.ruth.pk)
    assert "keep the placement open" in fact.words


def test_a_refusal_of_legal_is_a_decision_about_the_law(cast: Cast) -> None:
    episode = report(cast)
    decide(cast.bev, episode, "publicity", outcome="no_publicity")
    assert "law_and_publicity_decided" not in met(episode)
    begin_tool(
        by=cast.amina, episode=episode, kind="recovery_order", stage="refused", why="Hidden.", words="No."
    )
    assert "law_and_publicity_decided" in met(episode)


def test_a_plan_with_the_police_is_made_again_when_the_child_goes_missing_again(cast: Cast) -> None:
    episode = report(cast)
    meet(cast.bev, episode, "joint_plan")
    meet(cast.bev, episode)
    locate(cast, episode)
    go_missing(cast, episode)
    Spell.objects.filter(episode=episode, ended_at=None).update(started_at=now() + HOUR)
    assert "joint_plan_made" not in met(episode)
    assert "strategy_held" in met(episode)
