"""The child's reviewing officer, assigned until a day; a school's contact, who hears and opens nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.records.access import children_open_to, children_told_of, children_visible_to
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.local_time import WALL
from casework.records.models import Membership, Role, User
from casework.records.services import conflicts, grants, leftovers
from casework.records.standing import standing_of
from casework.records.times import now, pretend_now
from tests.cast import Cast

WHY = "Reviews Kit’s plan."
IN_A_MONTH = timedelta(days=30)


def person(cast: Cast, name: str, role: Role) -> User:
    user = User.objects.create_user(f"{name.lower()}@casework.example", name=name)
    since = now() - timedelta(days=10)
    Membership.objects.create(user=user, role=role, authority=cast.exampleshire, starts_at=since)
    return user


def test_amina_assigns_hilary_until_the_eighteenth_birthday(cast: Cast) -> None:
    hilary = person(cast, "Hilary", Role.REVIEWING_OFFICER)
    assert cast.kit not in children_open_to(standing_of(hilary))
    grant = grants.assign_reviewing_officer(by=cast.amina, child=cast.kit, officer=hilary, reason=WHY)
    assert cast.kit in children_open_to(standing_of(hilary))
    assert cast.ola not in children_open_to(standing_of(hilary))
    assert grant.until is not None
    assert grant.until.astimezone(WALL).date() == date(cast.kit.born_on.year + 18, 1, 1)
    pretend_now(grant.until)
    assert cast.kit not in children_open_to(standing_of(hilary))


def test_somebody_born_on_the_29th_of_february_is_18_on_the_1st_of_march(cast: Cast) -> None:
    cast.kit.born_on = date(2012, 2, 29)
    assert grants.eighteenth_birthday(cast.kit).date() == date(2030, 3, 1)


def test_a_child_has_one_and_the_one_before_sees_no_more(cast: Cast) -> None:
    hilary, omri = (person(cast, name, Role.REVIEWING_OFFICER) for name in ("Hilary", "Omri"))
    first = grants.assign_reviewing_officer(by=cast.amina, child=cast.kit, officer=hilary, reason=WHY)
    grants.assign_reviewing_officer(by=cast.bev, child=cast.kit, officer=omri, reason=WHY)
    first.refresh_from_db()
    assert first.until is not None
    assert first.until <= now()
    assert [grant.user for grant in grants.reviewers_of(cast.kit)] == [omri]
    with pytest.raises(Conflict):
        grants.assign_reviewing_officer(by=cast.bev, child=cast.kit, officer=omri, reason=WHY)


def test_only_a_reviewing_officer_of_the_authority_and_only_by_those_who_work_there(cast: Cast) -> None:
    hilary = person(cast, "Hilary", Role.REVIEWING_OFFICER)
    for wrong in (cast.ines, cast.eve):
        with pytest.raises(Invalid):
            grants.assign_reviewing_officer(by=cast.amina, child=cast.kit, officer=wrong, reason=WHY)
    with pytest.raises(Invalid):
        grants.assign_reviewing_officer(by=cast.amina, child=cast.kit, officer=hilary, reason=" ")
    with pytest.raises(Invalid):
        grants.assign_reviewing_officer(
            by=cast.amina, child=cast.kit, officer=hilary, reason=WHY, until=now()
        )
    for nobody in (cast.carl, cast.ines, cast.ada):
        with pytest.raises(NotAllowed):
            grants.assign_reviewing_officer(by=nobody, child=cast.kit, officer=hilary, reason=WHY)
    assert grants.reviewers_of(cast.kit) == []


def test_a_school_hears_until_a_day_and_no_record_opens(cast: Cast) -> None:
    school = person(cast, "Vera", Role.SCHOOL_CONTACT)
    with pytest.raises(Invalid):
        grants.grant_access(by=cast.bev, child=cast.kit, to=school, reason="His school.")
    until = now() + IN_A_MONTH
    grants.grant_access(
        by=cast.bev, child=cast.kit, to=school, reason="His school.", until=until, with_address=True
    )
    standing = standing_of(school)
    assert list(children_told_of(standing)) == [cast.kit]
    assert not children_visible_to(school).exists()
    assert not children_open_to(standing).exists()
    pretend_now(until)
    assert not children_told_of(standing).exists()


def test_a_record_that_was_opened_to_somebody_closes_when_they_are_a_schools_contact_alone(
    cast: Cast,
) -> None:
    grants.grant_access(by=cast.bev, child=cast.kit, to=cast.eve, reason="Interviews Kit.")
    assert cast.kit in children_visible_to(cast.eve)
    Membership.objects.filter(user=cast.eve).update(role=Role.SCHOOL_CONTACT)
    assert not children_visible_to(cast.eve).exists()


def test_a_schools_contact_who_is_too_close_hears_no_more_nor_one_who_left(cast: Cast) -> None:
    school = person(cast, "Vera", Role.SCHOOL_CONTACT)
    grant = grants.grant_access(
        by=cast.bev, child=cast.kit, to=school, reason="His school.", until=now() + IN_A_MONTH
    )
    conflicts.record_conflict(by=cast.bev, person=school, child=cast.kit, reason="An aunt.")
    assert not children_told_of(standing_of(school)).exists()
    Membership.objects.filter(user=school).update(ends_at=now())
    assert leftovers.count().grants == 1
    leftovers.reconcile()
    grant.refresh_from_db()
    assert grant.until is not None
    assert grant.until <= now()


def test_bev_ends_what_she_gave(cast: Cast) -> None:
    school = person(cast, "Vera", Role.SCHOOL_CONTACT)
    grant = grants.grant_access(
        by=cast.bev, child=cast.kit, to=school, reason="His school.", until=now() + IN_A_MONTH
    )
    grants.end_grant(by=cast.bev, grant=grant, reason="He changed school.")
    assert not children_told_of(standing_of(school)).exists()
