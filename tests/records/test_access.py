"""Who sees which child: by role and place, in the instant that either ends."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.records.access import (
    authority_for,
    child_for,
    children_visible_to,
    current_home_id,
    home_for,
    homes_to_place_in,
    homes_visible_to,
    may,
    may_be_told,
    may_see,
    require,
    require_for,
)
from casework.records.acts import ROLE_ACTS, Act
from casework.records.errors import NotAllowed, NotFound, OutOfSight
from casework.records.models import Child, ChildGrant, Membership, Placement, ProfileFact, Role, User
from casework.records.services import placements
from casework.records.standing import standing_of
from casework.records.times import now
from tests.cast import Cast


def seen_by(user: User) -> set[str]:
    return set(children_visible_to(user).values_list("first_name", flat=True))


def kits_placement(cast: Cast) -> Placement:
    return Placement.objects.get(child=cast.kit)


EVERYBODY = {"Kit", "Biniam", "Ola", "Rosie", "Maisie"}


def test_each_of_the_cast_sees_their_own_children_and_no_others(cast: Cast) -> None:
    for staff in (cast.amina, cast.bev, cast.femi, cast.ruth, cast.ada, cast.ines):
        assert seen_by(staff) == EVERYBODY, staff.name
    assert seen_by(cast.carl) == seen_by(cast.tablet) == {"Kit", "Ola", "Rosie"}
    assert seen_by(cast.mo) == {"Biniam", "Maisie"}
    assert seen_by(cast.gita) == EVERYBODY
    assert seen_by(cast.dee) == set()


@pytest.mark.ac("T01.2")
def test_eve_cannot_tell_kits_record_from_one_that_is_not_there(cast: Cast) -> None:
    assert seen_by(cast.eve) == set()
    with pytest.raises(NotFound) as hers:
        child_for(cast.eve, cast.kit.pk)
    with pytest.raises(NotFound) as nobodys:
        child_for(cast.eve, uuid4())
    assert (hers.value.message, hers.value.status) == (nobodys.value.message, nobodys.value.status)
    with pytest.raises(NotFound):
        home_for(cast.eve, cast.larch_house.pk)
    with pytest.raises(NotFound):
        authority_for(cast.eve, cast.exampleshire.pk)
    assert child_for(cast.amina, cast.kit.pk) == cast.kit


def test_carl_loses_kit_in_the_instant_the_placement_ends(cast: Cast) -> None:
    assert child_for(cast.carl, cast.kit.pk) == cast.kit
    ended = now()
    placements.end_placement(by=cast.ada, placement=kits_placement(cast), ends_at=ended)
    with pytest.raises(NotFound):
        child_for(cast.carl, cast.kit.pk)
    assert cast.kit not in children_visible_to(cast.gita)
    a_moment_before = children_visible_to(cast.carl, ended - timedelta(microseconds=1))
    assert cast.kit in a_moment_before
    assert cast.kit not in children_visible_to(cast.carl, ended)


@pytest.mark.ac("T02.6")
def test_a_home_sees_a_child_to_come_from_the_start_and_no_sooner(cast: Cast) -> None:
    moves = now() + timedelta(days=2)
    placements.move_child(by=cast.ada, child=cast.rosie, home=cast.fenwick_house, at=moves)
    assert cast.rosie not in children_visible_to(cast.mo)
    a_second_before = moves - timedelta(seconds=1)
    assert cast.rosie not in children_visible_to(cast.mo, a_second_before)
    assert cast.rosie in children_visible_to(cast.carl, a_second_before)
    assert cast.rosie in children_visible_to(cast.mo, moves)
    assert cast.rosie not in children_visible_to(cast.carl, moves)


def test_a_role_that_has_ended_or_not_begun_shows_nothing(cast: Cast) -> None:
    Membership.objects.filter(user=cast.amina).update(ends_at=now())
    Membership.objects.filter(user=cast.carl).update(starts_at=now() + timedelta(hours=1))
    assert seen_by(cast.amina) == seen_by(cast.carl) == set()
    assert standing_of(cast.amina).posts == ()


def test_a_suspended_person_sees_nothing_whatever_they_were_granted(cast: Cast) -> None:
    _grant(cast, cast.dee)
    User.objects.filter(pk__in=[cast.amina.pk, cast.dee.pk]).update(is_active=False)
    assert seen_by(cast.amina) == seen_by(cast.dee) == set()


# Restricted records and grants -----------------------------------------------------------------------


def test_a_restricted_record_is_for_those_who_answer_for_it(cast: Cast) -> None:
    Child.objects.filter(pk=cast.kit.pk).update(is_restricted=True)
    for answers in (cast.amina, cast.bev, cast.ruth, cast.carl, cast.tablet):
        assert cast.kit in children_visible_to(answers), answers.name
    for other in (cast.femi, cast.ada, cast.ines, cast.eve, cast.dee, cast.mo):
        with pytest.raises(NotFound):
            child_for(other, cast.kit.pk)


def test_the_manager_of_another_team_does_not_open_a_restricted_record(cast: Cast) -> None:
    Membership.objects.filter(user=cast.bev).update(team=cast.duty_team)
    assert cast.kit in children_visible_to(cast.bev)
    Child.objects.filter(pk=cast.kit.pk).update(is_restricted=True)
    assert cast.kit not in children_visible_to(cast.bev)


def test_a_restricted_record_still_notifies_staff_of_its_authority(cast: Cast) -> None:
    Child.objects.filter(pk=cast.kit.pk).update(is_restricted=True)
    cast.kit.refresh_from_db()
    assert may_be_told(cast.femi, cast.kit)
    assert may_be_told(cast.carl, cast.kit)
    assert not may_be_told(cast.eve, cast.kit)
    assert not may_be_told(cast.mo, cast.kit)


def test_a_grant_opens_one_record_until_it_ends(cast: Cast) -> None:
    grant = _grant(cast, cast.dee, until=now() + timedelta(days=3))
    assert seen_by(cast.dee) == {"Kit"}
    assert not children_visible_to(cast.dee, now() + timedelta(days=3)).exists()
    ChildGrant.objects.filter(pk=grant.pk).update(until=now())
    assert seen_by(cast.dee) == set()


def test_a_grant_of_something_else_opens_nothing(cast: Cast) -> None:
    grant = _grant(cast, cast.dee)
    ChildGrant.objects.filter(pk=grant.pk).update(permission=Permission.objects.get(codename="change_child"))
    assert seen_by(cast.dee) == set()


def _grant(cast: Cast, to: User, until: datetime | None = None) -> ChildGrant:
    grant: ChildGrant = ChildGrant.objects.create(
        user=to,
        content_object=cast.kit,
        permission=Permission.objects.get(codename="view_child"),
        reason="Interviews Kit",
        granted_by=cast.bev,
        until=until,
    )
    return grant


# Acts ------------------------------------------------------------------------------------------------


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(ROLE_ACTS) == set(Role)
    assert not set(Act) - set().union(*ROLE_ACTS.values()), "an act that nobody may do"


def test_the_tablet_reports_and_reads_no_history(cast: Cast) -> None:
    standing = standing_of(cast.tablet)
    assert standing.is_tablet
    assert standing.is_provider_only
    home = cast.larch_house.pk
    assert {act for act in Act if standing.may(act, home_id=home)} == {
        Act.REPORT,
        Act.ADD_NEWS,
        Act.SAY_BACK,
        Act.RECORD_POLICE_ANSWER,
        Act.ADD_PHOTO,
    }
    assert not standing_of(cast.carl).is_tablet


def test_a_role_counts_where_it_is_held(cast: Cast) -> None:
    assert may(cast.bev, Act.SIGN_OFF, authority_id=cast.exampleshire.pk)
    assert not may(cast.bev, Act.SIGN_OFF, authority_id=cast.northmoor.pk)
    assert not may(cast.amina, Act.SIGN_OFF, authority_id=cast.exampleshire.pk)
    assert may(cast.carl, Act.REPORT, authority_id=cast.exampleshire.pk, home_id=cast.larch_house.pk)
    assert not may(cast.carl, Act.REPORT, home_id=cast.fenwick_house.pk)
    assert may(cast.gita, Act.REPORT, home_id=cast.fenwick_house.pk)


def test_a_refusal_says_whom_to_ask(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(cast.amina, Act.SIGN_OFF, authority_id=cast.exampleshire.pk)
    assert refusal.value.status == 403
    assert "team manager" in refusal.value.message


def test_a_home_acts_for_a_child_only_while_the_child_lives_there(cast: Cast) -> None:
    require_for(cast.carl, Act.RECORD_FACT, cast.kit)
    placements.end_placement(by=cast.ada, placement=kits_placement(cast), ends_at=now())
    assert current_home_id(cast.kit) is None
    with pytest.raises(OutOfSight):
        require_for(cast.carl, Act.RECORD_FACT, cast.kit)


# Homes, authorities, cost ----------------------------------------------------------------------------


def test_homes_are_seen_by_their_people_and_their_authority(cast: Cast) -> None:
    assert set(homes_visible_to(cast.carl)) == {cast.larch_house}
    assert set(homes_visible_to(cast.gita)) == {cast.larch_house, cast.fenwick_house}
    assert set(homes_visible_to(cast.amina)) == {cast.larch_house, cast.fenwick_house}
    assert set(homes_visible_to(cast.eve)) == set()
    assert set(homes_to_place_in(cast.eve)) == {cast.larch_house, cast.fenwick_house}  # names to choose from
    assert set(homes_to_place_in(cast.carl)) == set()
    assert authority_for(cast.ada, cast.exampleshire.pk) == cast.exampleshire


def test_the_list_of_children_costs_two_queries(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        list(children_visible_to(cast.gita))
    assert len(queries) == 2


# Fields ----------------------------------------------------------------------------------------------


@pytest.mark.ac("T04.1")
@pytest.mark.parametrize(
    ("who", "sees"),
    [("amina", True), ("carl", True), ("tablet", False), ("ada", False)],
)
def test_what_of_kits_record_is_shown_goes_by_the_role_held_there(cast: Cast, who: str, sees: bool) -> None:
    standing = standing_of(getattr(cast, who))
    where = {"authority_id": cast.exampleshire.pk, "home_id": cast.larch_house.pk}
    assert may_see(standing, ProfileFact, "words", **where) is sees


@pytest.mark.ac("T04.1")
def test_whoever_was_let_in_reads_in_the_role_they_hold_elsewhere(cast: Cast) -> None:
    where = {"authority_id": cast.exampleshire.pk, "home_id": cast.larch_house.pk}
    assert may_see(standing_of(cast.eve), ProfileFact, "words", **where)
    assert may_see(standing_of(cast.dee), ProfileFact, "words", **where)
    assert not may_see(standing_of(cast.dee), Placement, "home", **where)
