"""What was heard, checked and shared meets the steps that asked for it, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.times import now, pretend_now
from incidents.models import Located, MissingEpisode
from incidents.services import force, interviews, reports, returns
from incidents.services.heard import add_news
from incidents.services.meanwhile import check_located
from incidents.services.prevention import record_prevention
from protocols import acts, engine, publishing
from protocols.models import StepRun, StepState
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOURS_3 = timedelta(hours=3)


def reported(cast: Cast, category: str) -> MissingEpisode:
    publishing.publish_default(authority=cast.exampleshire)
    episode = reports.report_missing(
        by=cast.carl,
        child=cast.kit,
        category=category,
        noticed_at=now(),
        whereabouts="At Jay's." if category == "away" else "",
    )
    engine.fire_due(episode.pk)
    return episode


def states(episode: MissingEpisode, code: str) -> list[str]:
    """Round by round."""
    rows = StepRun.objects.filter(episode=episode, step__code=code, rung=0, superseded_at=None)
    return [str(row.state) for row in rows.order_by("round")]


def spoken(cast: Cast, episode: MissingEpisode) -> None:
    add_news(by=cast.carl, episode=episode, kind="spoken", words="I am fine.", how_known="Her voice.")
    engine.fire_due(episode.pk)


def test_words_with_the_child_are_this_rounds_check_and_not_the_next(cast: Cast) -> None:
    episode = reported(cast, "away")
    pretend_now(now() + timedelta(minutes=5))
    spoken(cast, episode)
    assert states(episode, "A1")[0] == StepState.DONE
    pretend_now(now() + HOURS_3)
    engine.fire_due(episode.pk)
    assert states(episode, "A1")[:2] == [StepState.DONE, StepState.FIRED]
    spoken(cast, episode)
    assert states(episode, "A1")[:2] == [StepState.DONE, StepState.DONE]


def test_who_reached_only_an_adult_ticks_it(cast: Cast) -> None:
    episode = reported(cast, "away")
    row = StepRun.objects.get(episode=episode, step__code="A1", rung=0, round=0)
    acts.complete_step(
        by=cast.carl, step_run=row, evidence=dict.fromkeys(row.step.evidence, "Jay's mother; Nell at nine.")
    )
    engine.fire_due(episode.pk)
    assert states(episode, "A1")[0] == StepState.DONE


def test_a_sighting_is_no_contact(cast: Cast) -> None:
    episode = reported(cast, "away")
    add_news(by=cast.carl, episode=episode, kind="sighting", words="On a bus.")
    engine.fire_due(episode.pk)
    assert states(episode, "A1")[0] == StepState.FIRED


def test_who_fetches_meets_one_step_and_why_not_back_the_other(cast: Cast) -> None:
    episode = reported(cast, "missing")
    returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="Station", found_by="police"
    )
    check_located(by=cast.femi, episode=episode, with_whom="PC 4417", fetched_by="Carl")
    engine.fire_due(episode.pk)
    assert (states(episode, "L1"), states(episode, "L3")) == (["done"], ["waiting"])
    pretend_now(now() + timedelta(hours=4, minutes=5))
    engine.fire_due(episode.pk)
    check_located(
        by=cast.femi, episode=episode, with_whom="PC 4417", fetched_by="Carl", why_not_back="No car."
    )
    engine.fire_due(episode.pk)
    assert states(episode, "L3")[0] == StepState.DONE


def found(cast: Cast, episode: MissingEpisode, ago: timedelta = timedelta(0)) -> Located:
    located = force.propose_found(by=cast.dee, episode=episode, located_at=now() - ago, where="At the port")
    engine.fire_due(episode.pk)
    return located


def test_nobody_hears_that_the_child_is_found_before_somebody_says_that_it_is_them(cast: Cast) -> None:
    episode = reported(cast, "missing")
    pretend_now(now() + timedelta(minutes=20))
    located = found(cast, episode)
    assert (states(episode, "L0"), states(episode, "L0a"), states(episode, "L0b")) == (["waiting"], [], [])
    pretend_now(now() + timedelta(minutes=31))
    engine.fire_due(episode.pk)
    assert (states(episode, "L0"), states(episode, "L0a")) == (["fired"], [])
    returns.confirm_found(by=cast.carl, located=located)
    engine.fire_due(episode.pk)
    assert (states(episode, "L0"), states(episode, "L0a")) == (["done"], ["done"])
    due = StepRun.objects.get(episode=episode, step__code="L0b", rung=0).due_at
    assert due == now()  # the half hour after the finding is over: at once


def test_somebody_else_was_found_and_then_the_child(cast: Cast) -> None:
    episode = reported(cast, "missing")
    pretend_now(now() + timedelta(minutes=20))
    returns.refuse_found(by=cast.carl, located=found(cast, episode), words="Another girl.")
    engine.fire_due(episode.pk)
    assert not {"waiting", "fired", "done"} & {*states(episode, "L0"), *states(episode, "L0a")}
    pretend_now(now() + timedelta(minutes=5))
    found(cast, episode, ago=timedelta(minutes=10))  # before the first was answered
    assert states(episode, "L0")[-1] == "waiting"
    assert not {"waiting", "fired", "done"} & set(states(episode, "L0a"))


def test_whom_the_authority_found_itself_everybody_hears_of_at_once(cast: Cast) -> None:
    episode = reported(cast, "missing")
    returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="Station", found_by="family"
    )
    engine.fire_due(episode.pk)
    assert (states(episode, "L0"), states(episode, "L0a")) == ([], ["done"])


def test_the_polices_talk_and_the_shared_interview_meet_theirs(cast: Cast) -> None:
    episode = reported(cast, "missing")
    returns.record_return(by=cast.carl, episode=episode)
    record_prevention(by=cast.femi, episode=episode, outcome="chased", words="Tomorrow.")
    engine.fire_due(episode.pk)
    assert (states(episode, "R3"), states(episode, "R6")) == (["waiting"], ["waiting"])
    record_prevention(by=cast.femi, episode=episode, outcome="held", officer="PC 4471", words="Well.")
    talk = episode.interviews.get()
    interviews.record_decline(by=cast.ines, interview=talk, declined_at=now(), carer_view="Nothing to add.")
    interviews.share_interview(
        by=cast.amina, interview=talk, audience="police", told_name="PC 4471", how="phone", words="Nothing."
    )
    engine.fire_due(episode.pk)
    assert (states(episode, "R3"), states(episode, "R6")) == (["done"], ["done"])
