"""Kit is not home at 22:40, somebody waits in a car, and the police have not been told: the whole night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from casework.records.models import Notification
from casework.records.notify import outbox
from incidents.models import Category, MissingEpisode, State
from incidents.services.police import record_challenge, record_police_answer
from incidents.services.returns import record_return
from protocols.models import StepRun, StepState
from protocols.queries import overdue_steps_visible_to, owed_by
from tests.front.pages.duty_night import at_the_desk
from tests.journeys import a_night
from tests.journeys.a_night import HOUR, LATE_EVENING, MINUTE, Night, after_an_act, pass_time, step, told_of

pytestmark = pytest.mark.django_db

TWO_IN_THE_MORNING = LATE_EVENING + 3 * HOUR + 20 * MINUTE


@pytest.fixture
def night() -> Night:
    return a_night.falls()


@pytest.fixture
def reported(night: Night) -> MissingEpisode:
    return night.report()


def police_refuse(night: Night, episode: MissingEpisode) -> None:
    refusal = record_police_answer(
        by=night.cast.carl,
        episode=episode,
        answer="refused",
        told_at=LATE_EVENING + 20 * MINUTE,
        officer="Control room, PC 4412",
        reason="Said that Kit always comes back.",
    )
    after_an_act(episode)
    assert step(episode, "T0").state == StepState.FIRED, "a refusal alone settles nothing"
    pass_time(LATE_EVENING + 30 * MINUTE)
    record_challenge(
        by=night.cast.femi,
        answer=refusal,
        made_to="Duty inspector",
        made_at=LATE_EVENING + 28 * MINUTE,
        words="Fourteen, and followed by a car. Please grade again.",
        outcome="Taken as high risk.",
    )
    after_an_act(episode)


def walk_in(night: Night, episode: MissingEpisode) -> None:
    record_return(by=night.cast.carl, episode=episode, returned_at=TWO_IN_THE_MORNING)
    after_an_act(episode)
    episode.refresh_from_db()


def test_the_call_to_the_police_falls_due_at_once_and_its_arithmetic_says_why(
    night: Night, reported: MissingEpisode
) -> None:
    call = step(reported, "T0")
    assert (call.state, call.due_at, call.fired_at) == (StepState.FIRED, LATE_EVENING, LATE_EVENING)
    assert told_of(call) == {"Carl Penrose"}


def test_nobody_rings_so_the_duty_team_hears_after_5_minutes_and_the_manager_after_15(
    night: Night, reported: MissingEpisode
) -> None:
    pass_time(LATE_EVENING + 4 * MINUTE)
    assert step(reported, "T0", rung=1).state == StepState.WAITING
    pass_time(LATE_EVENING + 5 * MINUTE)
    assert told_of(step(reported, "T0", rung=1)) == {"Femi Castell"}
    pass_time(LATE_EVENING + 15 * MINUTE)
    manager = step(reported, "T0", rung=2)
    assert (manager.fired_at, told_of(manager)) == (LATE_EVENING + 15 * MINUTE, {"Bev Aldous"})


def test_what_nobody_met_is_overdue_for_those_it_climbed_to_and_unseen_next_door(
    night: Night, reported: MissingEpisode
) -> None:
    pass_time(LATE_EVENING + 15 * MINUTE)
    call = step(reported, "T0")
    assert call in overdue_steps_visible_to(night.cast.femi)
    assert all(call in owed_by(person) for person in (night.cast.carl, night.cast.femi, night.cast.bev))
    assert not overdue_steps_visible_to(night.cast.eve).exists()


def test_the_page_says_what_people_owe_and_that_the_clock_itself_is_well(
    night: Night, reported: MissingEpisode
) -> None:
    pass_time(LATE_EVENING + 15 * MINUTE)
    page = at_the_desk(night.cast.femi).get("/overdue/").content.decode()
    assert "Phone the police" in page
    assert reported.reference in page
    outbox.deliver()
    health = Client().get("/health/escalations")
    assert health.status_code == 200, "a person who is late is no fault of the clock"
    assert health.json()["overdue"] == 0


def test_a_refusal_settles_nothing_until_it_is_challenged(night: Night, reported: MissingEpisode) -> None:
    pass_time(LATE_EVENING + 21 * MINUTE)
    police_refuse(night, reported)
    call = step(reported, "T0")
    assert (call.state, call.done_by) == (StepState.DONE, night.cast.femi)
    later = StepRun.objects.filter(episode=reported, step__code="T0", state=StepState.WAITING)
    assert not later.exists(), "nothing of the ladder climbs on"


def test_kit_walks_in_at_two_and_nothing_is_said_about_the_search_any_more(
    night: Night, reported: MissingEpisode
) -> None:
    pass_time(TWO_IN_THE_MORNING)
    unsent = Notification.objects.filter(episode_id=reported.pk, state=Notification.State.QUEUED)
    assert unsent.exists()
    walk_in(night, reported)
    assert reported.state == State.FOLLOW_UP
    search = StepRun.objects.filter(episode=reported, step__anchor__in=["E", "T"])
    assert not search.filter(state__in=[StepState.WAITING, StepState.FIRED]).exists()
    assert not unsent.filter(stops_on_return=True).exists()


def test_the_interview_is_due_72_hours_after_the_door_opened(night: Night, reported: MissingEpisode) -> None:
    pass_time(TWO_IN_THE_MORNING)
    walk_in(night, reported)
    interview = reported.interviews.get()
    assert interview.due_at == TWO_IN_THE_MORNING + timedelta(hours=72)
    held = step(reported, "R5")
    assert (held.state, held.due_at) == (StepState.WAITING, interview.due_at)


def test_the_next_night_is_a_report_of_its_own_while_the_first_is_followed_up(
    night: Night, reported: MissingEpisode
) -> None:
    pass_time(TWO_IN_THE_MORNING)
    walk_in(night, reported)
    pass_time(LATE_EVENING + timedelta(days=1))
    again = night.report()
    assert again.pk != reported.pk
    assert again.state == State.OPEN
    assert again.spells.get().category == Category.MISSING
    assert step(again, "T0").fired_at == LATE_EVENING + timedelta(days=1)
    reported.refresh_from_db()
    assert reported.state == State.FOLLOW_UP
