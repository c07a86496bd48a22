"""A step that somebody took over is the role's again when they leave or are away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import Leave, Membership, User
from casework.records.times import now
from protocols import acts
from protocols.engine.claim import Claimed
from protocols.engine.standing import lock_standings
from protocols.models import StepRun
from protocols.queries import owed_by
from protocols.steps import Audience
from tests.cast import Cast
from tests.front.pages.duty_night import at_the_desk, in_force, missing, path_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast: Cast) -> StepRun:
    """Ruth took over a step of the authority's in Kit's episode."""
    in_force(cast)
    episode = missing(cast)
    step = StepRun.objects.filter(episode=episode, rung=0, state="waiting").exclude(role="carer")[0]
    return acts.hand_over_step(by=cast.bev, step_run=step, to=cast.ruth)


def away(user: User) -> None:
    Leave.objects.create(
        user=user, starts_at=now() - timedelta(hours=1), ends_at=now() + timedelta(days=1), recorded_by=user
    )


def has(user: User, step: StepRun) -> bool:
    return step.pk in {one.pk for one in owed_by(user)}


def goes_to(step: StepRun, person: User) -> bool:
    """Whether the sweep would tell this person, as the one who took it over."""
    return audience_of(step).can_answer(person.pk)


def audience_of(step: StepRun) -> Audience:
    """Who would hear of it, if the sweep had it in hand."""
    place = (step.occurrence, step.round, step.rung)
    ids = (step.pk, step.run_id, step.episode_id, step.step_id)
    claimed = Claimed(*ids, *place, step.role, step.holder_id, attempts=1, placement_id=None)
    return lock_standings([claimed])[claimed.subject_id].audience


def test_it_waits_for_ruth_alone(cast: Cast, held: StepRun) -> None:
    assert has(cast.ruth, held)
    assert goes_to(held, cast.ruth)
    assert not any(has(one, held) for one in cast.people if one != cast.ruth)


def test_while_she_is_away_it_is_the_roles(cast: Cast, held: StepRun) -> None:
    away(cast.ruth)
    assert not has(cast.ruth, held)
    assert not goes_to(held, cast.ruth)
    assert any(has(one, held) for one in cast.people)


def test_when_she_has_left_it_is_the_roles(cast: Cast, held: StepRun) -> None:
    Membership.objects.filter(user=cast.ruth).update(ends_at=now())
    assert not goes_to(held, cast.ruth)
    assert any(has(one, held) for one in cast.people if one != cast.ruth)


def test_with_everybody_away_a_role_has_nobody_and_the_next_one_hears(cast: Cast, held: StepRun) -> None:
    for person in (cast.amina, cast.femi):
        away(person)
    audience = audience_of(held)
    assert audience.of(["duty_worker"]) == ()
    assert audience.of(["team_manager"]) == (cast.bev.pk,)


def test_the_episode_says_whose_it_is_now(cast: Cast, held: StepRun) -> None:
    episode = held.episode
    assert episode
    page = path_of("episode-detail", episode.pk)
    assert "Responsible: Ruth Sandiford." in text_of(at_the_desk(cast.bev).get(page))
    away(cast.ruth)
    assert "Responsible: Ruth Sandiford." not in text_of(at_the_desk(cast.bev).get(page))
