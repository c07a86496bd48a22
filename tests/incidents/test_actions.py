"""What somebody agreed to do: it is theirs, it is done or dropped once, and says what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.records.access import children_open_to
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, OutOfSight
from casework.records.models import Membership, Role, User
from casework.records.services.conflicts import declare_conflict
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import actions_visible_to
from incidents.models import Action, MissingEpisode
from incidents.queries import actions_waiting_for, homes_actions_in
from incidents.services.actions import (
    Agreed,
    add_actions,
    change_action,
    complete_action,
    drop_action,
    owners_for,
)
from tests.cast import Cast
from tests.incidents.nights import come_back, report, sign_off

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def agreed(cast: Cast, **said: Any) -> Agreed:
    return Agreed(**{"what": "Visit the aunt.", "due_at": now() + HOUR, "owner": cast.amina, **said})


def add(cast: Cast, episode: MissingEpisode, **said: Any) -> Action:
    (action,) = add_actions(by=cast.bev, episode=episode, actions=[agreed(cast, **said)])
    return action


def test_its_owner_finds_it_and_says_what_came_of_it(cast: Cast) -> None:
    action = add(cast, report(cast))
    assert list(actions_waiting_for(cast.amina)) == [action]
    assert list(actions_waiting_for(cast.bev)) == []
    done = complete_action(by=cast.amina, action=action, outcome="She has not seen him.")
    assert (done.state, done.outcome, done.settled_by) == ("done", "She has not seen him.", cast.amina)
    assert list(actions_waiting_for(cast.amina)) == []
    with pytest.raises(Conflict, match="Already done"):
        complete_action(by=cast.femi, action=action, outcome="Again.")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": " "}, "what"),
        ({"owner": None}, "owner"),
        ({"due_at": "an hour ago"}, "due_at"),
        ({"due_at": "in two years"}, "due_at"),
        ({"owner": "eve"}, "owner"),
        ({"owner": "carl"}, "owner"),  # a home is asked as a home
        ({"owner": "ada"}, "owner"),
        ({"owner": None, "owner_home": "fenwick"}, "owner"),
        ({"owner_words": "x" * 201}, "owner_words"),
    ],
)
def test_what_cannot_be_agreed_is_refused_by_its_name(cast: Cast, said: dict[str, Any], field: str) -> None:
    times = {"an hour ago": now() - HOUR, "in two years": now() + timedelta(days=730)}
    people = {"eve": cast.eve, "carl": cast.carl, "ada": cast.ada, "fenwick": cast.fenwick_house}
    episode = report(cast)
    with pytest.raises(Invalid) as refusal:
        add(cast, episode, **{name: (times | people).get(value, value) for name, value in said.items()})
    assert refusal.value.field == field
    assert not Action.objects.exists()


def test_somebody_in_conflict_is_given_nothing(cast: Cast) -> None:
    episode = report(cast)
    declare_conflict(by=cast.femi, child=cast.kit, reason="We are neighbours.")
    with pytest.raises(Invalid, match="works with this child’s record"):
        add(cast, episode, owner=cast.femi)


def test_the_home_does_what_it_was_asked_and_sees_nothing_else(cast: Cast) -> None:
    episode = report(cast)
    theirs = add(cast, episode, what="Ring his friends.", owner=None, owner_home=cast.larch_house)
    other = add(cast, episode)
    assert list(homes_actions_in(cast.carl, episode)) == [theirs]
    assert list(actions_visible_to(cast.carl)) == [theirs]
    assert list(actions_visible_to(cast.tablet)) == []
    with pytest.raises(OutOfSight):
        complete_action(by=cast.carl, action=other, outcome="Done.")
    assert complete_action(by=cast.carl, action=theirs, outcome="Nobody knows.").settled_by == cast.carl


def test_whoever_may_read_what(cast: Cast) -> None:
    episode = report(cast)
    whose = add(cast, episode)
    mine = add(cast, episode, owner=cast.ines)
    assert set(actions_visible_to(cast.femi)) == {whose, mine}
    assert set(actions_visible_to(cast.ines)) == {mine}
    assert set(actions_visible_to(reviewer(cast))) == {whose, mine}
    assert not actions_visible_to(cast.eve).exists()
    assert not actions_visible_to(cast.mo).exists()


def reviewer(cast: Cast) -> User:
    hilary = User.objects.create_user("hilary@casework.example", name="Hilary Stone")
    Membership.objects.create(
        user=hilary, role=Role.REVIEWING_OFFICER, authority=cast.exampleshire, starts_at=now() - HOUR
    )
    return hilary


def test_an_action_is_a_part_in_the_case_until_it_is_settled(cast: Cast) -> None:
    episode = report(cast)
    hilary = reviewer(cast)
    action = add(cast, episode, owner=hilary)
    come_back(cast, episode)
    sign_off(cast, episode)
    assert children_open_to(standing_of(hilary)).filter(pk=cast.kit.pk).exists()
    complete_action(by=hilary, action=action, outcome="Reviewed.")  # a closed file keeps no one from it
    assert not children_open_to(standing_of(hilary)).filter(pk=cast.kit.pk).exists()


def test_it_is_put_right_by_version_and_dropped_with_a_reason(cast: Cast) -> None:
    action = add(cast, report(cast))
    change_action(by=cast.bev, action=action, version=1, agreed=agreed(cast, owner=cast.femi))
    with pytest.raises(Changed):
        change_action(by=cast.bev, action=action, version=1, agreed=agreed(cast))
    with pytest.raises(Invalid, match="why nobody"):
        drop_action(by=cast.bev, action=action, reason=" ")
    dropped = drop_action(by=cast.femi, action=action, reason="She is abroad.")
    assert (dropped.state, dropped.owner, dropped.outcome) == ("dropped", cast.femi, "She is abroad.")
    with pytest.raises(Conflict, match="Already dropped"):
        change_action(by=cast.bev, action=action, version=3, agreed=agreed(cast))


def test_an_owner_who_works_no_cases_does_it_and_drops_nothing(cast: Cast) -> None:
    action = add(cast, report(cast), owner=cast.ines)
    for refused in (cast.ines, cast.carl):
        with pytest.raises(NotAllowed):
            drop_action(by=refused, action=action, reason="No time.")
    with pytest.raises(Invalid, match="what came of it"):
        complete_action(by=cast.ines, action=action, outcome="")
    assert complete_action(by=cast.ines, action=action, outcome="Seen.").settled_by == cast.ines


def test_whom_to_choose_from(cast: Cast) -> None:
    offered = owners_for(report(cast))
    assert offered[0] == cast.larch_house
    assert {cast.amina, cast.bev, cast.femi, cast.ines} <= set(offered)
    assert not {cast.eve, cast.ada, cast.carl, cast.fenwick_house} & set(offered)
