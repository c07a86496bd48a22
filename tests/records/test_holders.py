"""Who hears: by day, by night, in the home, and when nobody is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoAssertNumQueries

if TYPE_CHECKING:
    from casework.records.models import User
    from tests.cast import Cast

# A Wednesday in June: 11:00 and 23:00 on an English wall. The cast has been in post for 400 days.
DAY = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 6, 17, 22, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def long_in_post(cast: Cast) -> None:
    from casework.records.models import Membership

    Membership.objects.update(starts_at=DAY - timedelta(days=365))


def holders(
    cast: Cast, role: str, at: datetime = DAY, *, worker: bool = True, team: bool = True
) -> list[str]:
    """First names of those who hold the role for Kit."""
    from casework.records.holders import who_holds

    people = who_holds(
        role,
        authority_id=cast.exampleshire.pk,
        home_id=cast.larch_house.pk,
        team_id=cast.team_2.pk if team else None,
        allocated_worker_id=cast.amina.pk if worker else None,
        at=at,
    )
    return first_names(people)


def first_names(people: Iterable[User]) -> list[str]:
    return [person.name.split()[0] for person in people]


def appoint(user: User, role: str, **where: object) -> None:
    from casework.records.models import Membership

    Membership.objects.create(user=user, role=role, starts_at=DAY - timedelta(days=9), **where)


def test_kits_own_worker_is_on_duty_by_day_and_the_duty_team_by_night(cast: Cast) -> None:
    assert holders(cast, "duty_worker", DAY) == ["Amina"]
    assert holders(cast, "duty_worker", NIGHT) == ["Femi"]


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        (datetime(2026, 6, 17, 7, 59, 59, tzinfo=UTC), False),  # 08:59:59 in London
        (datetime(2026, 6, 17, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 17, 16, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 16, 8, 30, tzinfo=UTC), False),  # winter: London is UTC
        (datetime(2026, 12, 16, 16, 30, tzinfo=UTC), True),
        (datetime(2026, 6, 20, 10, 0, tzinfo=UTC), False),  # a Saturday
        (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), False),  # Christmas Day, a Friday
        (datetime(2026, 12, 28, 11, 0, tzinfo=UTC), False),  # Boxing Day's substitute
        (datetime(2027, 1, 4, 11, 0, tzinfo=UTC), True),
    ],
)
def test_offices_are_open_on_working_days_from_nine_to_five_in_london(moment: datetime, answer: bool) -> None:
    from casework.records.office_hours import in_office_hours

    assert in_office_hours(moment) is answer


def test_the_team_answers_for_a_child_whose_worker_has_left(cast: Cast) -> None:
    from casework.records.models import Membership

    appoint(cast.ines, "social_worker", authority=cast.exampleshire, team=cast.team_2)
    assert holders(cast, "social_worker") == ["Amina"]
    Membership.objects.filter(user=cast.amina).update(ends_at=DAY)
    assert holders(cast, "social_worker") == ["Ines"]
    assert holders(cast, "duty_worker") == ["Ines"]


def test_the_duty_team_answers_by_day_where_neither_worker_nor_team_is_known(cast: Cast) -> None:
    assert holders(cast, "social_worker", worker=False, team=False) == []
    assert holders(cast, "duty_worker", worker=False, team=False) == ["Femi"]


def test_the_home_hears_first_and_its_provider_when_the_home_has_nobody(cast: Cast) -> None:
    assert holders(cast, "carer") == ["Carl"]  # never the tablet
    cast.carl.is_active = False
    cast.carl.save()
    assert holders(cast, "carer") == ["Gita"]


def test_a_team_manager_of_another_team_stands_in_when_the_team_has_none(cast: Cast) -> None:
    from casework.records.models import Team

    other = Team.objects.create(authority=cast.exampleshire, name="Leaving Care")
    appoint(cast.ruth, "team_manager", authority=cast.exampleshire, team=other)
    assert holders(cast, "team_manager") == ["Bev"]
    cast.bev.is_active = False
    cast.bev.save()
    assert holders(cast, "team_manager") == ["Ruth"]


@pytest.mark.parametrize("role", ["director", "police", "host_authority", "no such role"])
def test_nobody_is_an_empty_answer(cast: Cast, role: str) -> None:
    assert holders(cast, role) == []


def test_a_role_counts_from_its_start_until_the_instant_of_its_end(cast: Cast) -> None:
    from casework.records.models import Membership

    Membership.objects.filter(user=cast.ruth).update(starts_at=DAY, ends_at=NIGHT)
    moment = timedelta(microseconds=1)
    assert holders(cast, "head_of_service", DAY - moment) == []
    assert holders(cast, "head_of_service", DAY) == ["Ruth"]
    assert holders(cast, "head_of_service", NIGHT - moment) == ["Ruth"]
    assert holders(cast, "head_of_service", NIGHT) == []


def test_another_authoritys_people_are_not_asked(cast: Cast) -> None:
    appoint(cast.eve, "head_of_service", authority=cast.northmoor)
    assert holders(cast, "head_of_service") == ["Ruth"]


def test_many_places_take_one_query_and_a_person_comes_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from casework.records.holders import Holders

    appoint(cast.ruth, "head_of_service", authority=cast.exampleshire, team=cast.team_2)
    places = [cast.exampleshire.pk, cast.northmoor.pk], [cast.larch_house.pk, cast.fenwick_house.pk]
    with django_assert_num_queries(1):
        everybody = Holders.load(*places, at=DAY)
    assert [row.user_id for row in everybody.of("head_of_service", cast.exampleshire.pk)] == [cast.ruth.pk]
    fenwick = everybody.of("carer", cast.exampleshire.pk, home_id=cast.fenwick_house.pk)
    assert [row.user_id for row in fenwick] == [cast.mo.pk]
    assert everybody.of("carer", cast.exampleshire.pk) == ()
