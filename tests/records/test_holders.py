"""Who hears: by day, by night, in the home, and when nobody is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

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


def test_many_places_take_two_queries_and_a_person_comes_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from casework.records.holders import Holders

    appoint(cast.ruth, "head_of_service", authority=cast.exampleshire, team=cast.team_2)
    places = [cast.exampleshire.pk, cast.northmoor.pk], [cast.larch_house.pk, cast.fenwick_house.pk]
    with django_assert_num_queries(2):
        everybody = Holders.load(*places, at=DAY)
    assert [row.user_id for row in everybody.of("head_of_service", cast.exampleshire.pk)] == [cast.ruth.pk]
    fenwick = everybody.of("carer", cast.exampleshire.pk, home_id=cast.fenwick_house.pk)
    assert [row.user_id for row in fenwick] == [cast.mo.pk]
    assert everybody.of("carer", cast.exampleshire.pk) == ()


# The rota --------------------------------------------------------------------------------------------

NIGHTS = {"starts": time(17), "ends": time(9)}


def on_rota(
    cast: Cast, user: User, role: str = "duty_worker", weekdays: Iterable[int] = range(7), **more: object
) -> None:
    from casework.records.models import RotaShift

    said = {"authority": cast.exampleshire, "from_on": date(2026, 1, 1), **NIGHTS, **more}
    for day in weekdays:
        RotaShift.objects.create(user=user, role=role, weekday=day, recorded_by=cast.bev, **said)


def away(user: User, *, deputy: User | None = None, until: datetime = NIGHT + timedelta(days=1)) -> None:
    from casework.records.models import Leave

    Leave.objects.create(
        user=user, deputy=deputy, starts_at=DAY - timedelta(days=1), ends_at=until, recorded_by=user
    )


def test_whoever_is_on_the_rota_holds_the_role_and_the_others_sleep(cast: Cast) -> None:
    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    assert holders(cast, "duty_worker", NIGHT) == ["Femi", "Ines"]
    on_rota(cast, cast.ines)
    assert holders(cast, "duty_worker", NIGHT) == ["Ines"]
    assert holders(cast, "duty_worker", DAY) == ["Amina"]


def test_a_rota_with_nobody_on_it_now_means_everybody_and_says_so(cast: Cast) -> None:
    from casework.records.holders import Holders

    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    assert not Holders.load([cast.exampleshire.pk], [], at=NIGHT).is_gap("duty_worker", cast.exampleshire.pk)
    on_rota(cast, cast.ines, weekdays=[0])  # Mondays; this is a Wednesday
    assert holders(cast, "duty_worker", NIGHT) == ["Femi", "Ines"]
    for at, is_gap in ((NIGHT, True), (DAY, False), (NIGHT - timedelta(days=2), False)):
        found = Holders.load([cast.exampleshire.pk], [], at=at)
        assert found.is_gap("duty_worker", cast.exampleshire.pk) is is_gap


def test_the_night_manager_hears_at_night_and_the_teams_own_by_day(cast: Cast) -> None:
    appoint(cast.ines, "team_manager", authority=cast.exampleshire)
    on_rota(cast, cast.ines, "team_manager")
    assert holders(cast, "team_manager", NIGHT) == ["Ines"]
    assert holders(cast, "team_manager", DAY) == ["Bev"]


def test_one_person_stands_on_the_rotas_of_several_authorities(cast: Cast) -> None:
    from casework.records.holders import Holders

    appoint(cast.femi, "duty_worker", authority=cast.northmoor)
    appoint(cast.eve, "duty_worker", authority=cast.northmoor)
    on_rota(cast, cast.femi)
    on_rota(cast, cast.femi, authority=cast.northmoor)
    found = Holders.load([cast.exampleshire.pk, cast.northmoor.pk], [], at=NIGHT)
    for authority in (cast.exampleshire, cast.northmoor):
        assert [row.user_id for row in found.of("duty_worker", authority.pk)] == [cast.femi.pk]


def test_somebody_who_has_left_is_on_the_rota_in_vain(cast: Cast) -> None:
    from casework.records.models import Membership

    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    on_rota(cast, cast.ines)
    Membership.objects.filter(user=cast.ines).update(ends_at=DAY)
    assert holders(cast, "duty_worker", NIGHT) == ["Femi"]


def test_by_day_the_teams_duty_person_stands_for_a_worker_who_is_away(cast: Cast) -> None:
    for user in (cast.ines, cast.ruth):
        appoint(user, "social_worker", authority=cast.exampleshire, team=cast.team_2)
    on_rota(cast, cast.ines, "social_worker", starts=time(9), ends=time(17))
    assert holders(cast, "duty_worker", DAY) == ["Amina"]
    away(cast.amina)
    assert holders(cast, "duty_worker", DAY) == ["Ines"]


def test_the_provider_is_rung_by_its_rota_when_the_home_has_nobody(cast: Cast) -> None:
    appoint(cast.mo, "on_call_manager", provider=cast.larchwood)
    cast.carl.is_active = False
    cast.carl.save()
    assert holders(cast, "carer", NIGHT) == ["Gita", "Mo"]
    on_rota(cast, cast.mo, "on_call_manager", authority=None, provider=cast.larchwood)
    assert holders(cast, "carer", NIGHT) == ["Mo"]


def test_a_conflict_of_interest_outweighs_the_rota(cast: Cast) -> None:
    from casework.records.holders import who_holds
    from casework.records.models import ConflictOfInterest

    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    on_rota(cast, cast.femi)
    conflict = ConflictOfInterest.objects.create(
        user=cast.femi, authority=cast.exampleshire, child=cast.kit, reason="Cousins.", recorded_by=cast.bev
    )
    ConflictOfInterest.objects.filter(pk=conflict.pk).update(recorded_at=DAY)
    place = cast.exampleshire.pk
    assert first_names(who_holds("duty_worker", authority_id=place, child_id=cast.kit.pk, at=NIGHT)) == [
        "Ines"
    ]
    assert first_names(who_holds("duty_worker", authority_id=place, child_id=cast.ola.pk, at=NIGHT)) == [
        "Femi"
    ]


# Away ------------------------------------------------------------------------------------------------


def test_a_deputy_stands_in_while_somebody_is_away(cast: Cast) -> None:
    appoint(cast.ines, "team_manager", authority=cast.exampleshire)
    away(cast.ruth, deputy=cast.bev)  # whose role may not do all that a head of service does
    assert holders(cast, "head_of_service") == []
    away(cast.amina, deputy=cast.ines)
    assert holders(cast, "duty_worker", DAY) == ["Ines"]
    assert holders(cast, "duty_worker", DAY + timedelta(days=2)) == ["Amina"]


def test_deputies_of_deputies_and_never_round_in_a_ring(cast: Cast) -> None:
    appoint(cast.ines, "team_manager", authority=cast.exampleshire)
    away(cast.bev, deputy=cast.ines)
    away(cast.ines, deputy=cast.ruth)
    assert holders(cast, "team_manager") == ["Ruth"]
    from casework.records.models import Leave

    Leave.objects.filter(user=cast.ines).update(deputy=cast.bev)
    assert holders(cast, "team_manager") == []


def test_away_without_a_deputy_and_alone_means_nobody(cast: Cast) -> None:
    away(cast.femi)
    assert holders(cast, "duty_worker", NIGHT) == []


def test_on_the_rota_and_away_the_deputy_is_on_duty(cast: Cast) -> None:
    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    on_rota(cast, cast.femi)
    away(cast.femi, deputy=cast.bev)
    assert holders(cast, "duty_worker", NIGHT) == ["Bev"]


def test_who_can_answer_for_a_step_that_has_their_name(cast: Cast) -> None:
    from casework.records.holders import Holders

    def can(user: User) -> bool:
        found = Holders.load([cast.exampleshire.pk], [cast.larch_house.pk], at=DAY)
        return found.can_answer(user.pk, cast.exampleshire.pk, cast.larch_house.pk, cast.kit.pk)

    assert [can(one) for one in (cast.amina, cast.carl, cast.gita, cast.mo, cast.eve)] == [
        True, True, True, False, False,
    ]  # fmt: skip
    away(cast.amina)
    assert not can(cast.amina)


# The nights on which clocks change -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "change"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 01:30 never happens
        (date(2026, 10, 24), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 01:30 happens twice
    ],
)
def test_two_shifts_that_meet_at_half_past_one_leave_no_gap_and_no_double_hour(
    day: date, change: datetime
) -> None:
    from casework.records.holders import RotaRow
    from casework.records.shifts import at_moment, on_day

    place, user = uuid4(), uuid4()
    first = RotaRow(place, "duty_worker", user, 5, time(17), time(1, 30), date(2026, 1, 1), None)
    second = RotaRow(place, "duty_worker", user, 6, time(1, 30), time(9), date(2026, 1, 1), None)
    evening, morning = on_day(first, day), on_day(second, day + timedelta(days=1))
    assert evening is not None
    assert morning is not None
    assert evening.end == morning.start == change
    minutes = int((morning.end - evening.start) / timedelta(minutes=1))
    for minute in range(0, minutes, 5):
        at = evening.start + timedelta(minutes=minute)
        assert [bool(at_moment(line, at)) for line in (first, second)].count(True) == 1


def test_a_line_counts_from_its_first_day_until_its_last(cast: Cast) -> None:
    appoint(cast.ines, "duty_worker", authority=cast.exampleshire)
    on_rota(cast, cast.ines, from_on=date(2026, 6, 17), until_on=date(2026, 6, 18))
    both, one = ["Femi", "Ines"], ["Ines"]
    assert holders(cast, "duty_worker", NIGHT - timedelta(days=1)) == both
    assert holders(cast, "duty_worker", NIGHT) == one
    assert holders(cast, "duty_worker", NIGHT + timedelta(days=1)) == one
    # It began on the last day, and ends on the next at 09:00.
    assert holders(cast, "duty_worker", datetime(2026, 6, 19, 7, 59, tzinfo=UTC)) == one
    assert holders(cast, "duty_worker", NIGHT + timedelta(days=2)) == both


def test_a_case_taken_on_during_a_shift_is_theirs_until_the_shift_ends(cast: Cast) -> None:
    from casework.records.holders import Holders

    on_rota(cast, cast.femi, starts=time(12), ends=time(22))
    since = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)  # 15:00 on the wall; cover changes at 17:00

    def has_it(at: datetime) -> bool:
        found = Holders.load([cast.exampleshire.pk], [], at=at)
        return found.still_has(cast.femi.pk, since, cast.exampleshire.pk, child_id=cast.kit.pk)

    assert has_it(datetime(2026, 6, 17, 20, 59, tzinfo=UTC))
    assert not has_it(datetime(2026, 6, 17, 21, 0, tzinfo=UTC))
    assert not has_it(datetime(2026, 6, 18, 14, 0, tzinfo=UTC))
