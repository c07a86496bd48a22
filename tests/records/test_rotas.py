"""Who keeps the rota and says who is away; and what nobody can write into either."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import Leave, RotaShift, User
from casework.records.rotas import leave_for, leaves_visible_to, shift_for
from casework.records.services.rotas import add_shifts, end_leave, end_shift, record_leave
from casework.records.times import LONDON, now
from tests.cast import Cast
from tests.records.audit_rows import asked

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY = 4, 5
WRITTEN = "SELECT authority_id FROM records_auditentry WHERE about_kind = %s AND action = 'add'"


def today() -> date:
    return now().astimezone(LONDON).date()


def put_on(cast: Cast, by: User, **other: Any) -> list[RotaShift]:
    """Femi on Fridays and Saturdays, from five in the evening until nine."""
    said: dict[str, Any] = {
        "place": cast.exampleshire,
        "person": cast.femi,
        "role": "duty_worker",
        "weekdays": [SATURDAY, FRIDAY],
        "starts": time(17),
        "ends": time(9),
        "from_on": today(),
    }
    return add_shifts(by=by, **{**said, **other})


def test_bev_puts_femi_on_two_nights_of_each_week(cast: Cast) -> None:
    lines = put_on(cast, cast.bev)
    assert [(line.weekday, line.user) for line in lines] == [(FRIDAY, cast.femi), (SATURDAY, cast.femi)]
    assert asked(WRITTEN, "rotashift") == [(cast.exampleshire.pk,), (cast.exampleshire.pk,)]


@pytest.mark.parametrize("who", ["amina", "femi", "ines", "carl", "gita", "eve", "dee"])
def test_others_do_not_keep_the_rota(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        put_on(cast, getattr(cast, who))
    put_on(cast, cast.ada)


def test_gita_keeps_her_providers_rota_and_nobody_elses(cast: Cast) -> None:
    gitas = {"place": cast.larchwood, "person": cast.gita, "role": "on_call_manager"}
    put_on(cast, cast.gita, **gitas)
    for who in (cast.bev, cast.ada, cast.carl):
        with pytest.raises(NotAllowed):
            put_on(cast, who, **gitas)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "home_staff"}, "role"),
        ({"role": "no such role"}, "role"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"until_on": date(2020, 1, 1)}, "until_on"),
        ({"role": "team_manager"}, "person"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        put_on(cast, cast.bev, **wrong)
    assert refused.value.field == field
    assert not RotaShift.objects.exists()


def test_nobody_of_another_authority_stands_on_this_rota(cast: Cast) -> None:
    with pytest.raises(Invalid, match="here"):
        put_on(cast, cast.bev, person=cast.eve)


def test_a_line_ends_and_is_not_edited_by_two(cast: Cast) -> None:
    line, _ = put_on(cast, cast.bev, until_on=today() + timedelta(days=90))
    end_shift(by=cast.ada, shift=line, version=1, last_on=today() + timedelta(days=7))
    with pytest.raises(Changed):
        end_shift(by=cast.bev, shift=line, version=1, last_on=today())
    with pytest.raises(Conflict):
        end_shift(by=cast.bev, shift=line, version=2, last_on=today() + timedelta(days=30))
    line.refresh_from_db()
    assert line.until_on == today() + timedelta(days=7)


def test_a_line_ended_before_its_first_day_never_runs(cast: Cast) -> None:
    line, _ = put_on(cast, cast.bev)
    ended = end_shift(by=cast.bev, shift=line, version=1, last_on=date(2020, 1, 1))
    assert ended.until_on == ended.from_on - timedelta(days=1)


def test_eve_finds_no_line_of_exampleshires_rota(cast: Cast) -> None:
    line, _ = put_on(cast, cast.bev)
    assert shift_for(cast.femi, line.pk) == line
    for who in (cast.eve, cast.carl, cast.dee):
        with pytest.raises(NotFound):
            shift_for(who, line.pk)


# Away ------------------------------------------------------------------------------------------------


def go(by: User, person: User, first: int = 0, last: int = 0, deputy: User | None = None) -> Leave:
    """Away from so many days from today until so many."""
    starts_on, ends_on = (today() + timedelta(days=count) for count in (first, last))
    return record_leave(by=by, person=person, starts_on=starts_on, ends_on=ends_on, deputy=deputy)


def test_amina_says_herself_that_she_is_away_and_ruth_stands_in(cast: Cast) -> None:
    leave = go(cast.amina, cast.amina, deputy=cast.ruth)
    assert leave.starts_at <= now() < leave.ends_at
    assert leave.ends_at.astimezone(LONDON).time() == time(0)
    assert asked(WRITTEN, "leave") == [(None,)]


def test_her_manager_may_say_it_for_her_and_a_colleague_may_not(cast: Cast) -> None:
    for who in (cast.femi, cast.eve, cast.carl, cast.gita):
        with pytest.raises(NotAllowed):
            go(who, cast.amina)
    go(cast.bev, cast.amina)
    go(cast.gita, cast.carl)


def test_a_shared_tablet_is_never_on_leave(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        go(cast.tablet, cast.tablet)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-9, -2), (0, 400)])
def test_days_that_cannot_be_are_refused(cast: Cast, first: int, last: int) -> None:
    with pytest.raises(Invalid) as refused:
        go(cast.amina, cast.amina, first, last)
    assert refused.value.field == "ends_on"


def test_a_deputy_is_somebody_else_of_the_same_place_who_may_do_the_work(cast: Cast) -> None:
    for wrong in (cast.bev, cast.amina, cast.eve, cast.carl):
        with pytest.raises(Invalid, match="may do the work"):
            go(cast.bev, cast.bev, deputy=wrong)
    go(cast.bev, cast.bev, deputy=cast.ruth)


def test_nobody_is_away_twice_at_once(cast: Cast) -> None:
    go(cast.amina, cast.amina, 0, 3)
    with pytest.raises(Conflict, match="already"):
        go(cast.bev, cast.amina, 2, 9)
    go(cast.bev, cast.amina, 4, 9)


def test_either_of_them_ends_it_early_and_only_once(cast: Cast) -> None:
    leave = go(cast.bev, cast.amina)
    with pytest.raises(NotAllowed):
        end_leave(by=cast.femi, leave=leave)
    ended = end_leave(by=cast.amina, leave=leave)
    assert ended.ends_at <= now()
    with pytest.raises(Conflict, match="back already"):
        end_leave(by=cast.bev, leave=leave)


def test_leave_that_has_not_begun_never_does(cast: Cast) -> None:
    never = end_leave(by=cast.bev, leave=go(cast.amina, cast.amina, 4, 9))
    assert never.ends_at == never.starts_at
    with pytest.raises(Conflict):
        end_leave(by=cast.bev, leave=never)
    go(cast.amina, cast.amina, 4, 9)


def test_leave_is_seen_by_oneself_and_ones_managers(cast: Cast) -> None:
    leave = go(cast.amina, cast.amina)
    assert [one.pk for one in leaves_visible_to(cast.bev)] == [leave.pk]
    assert leave_for(cast.amina, leave.pk) == leave
    for who in (cast.femi, cast.eve, cast.gita, cast.carl):
        with pytest.raises(NotFound):
            leave_for(who, leave.pk)
