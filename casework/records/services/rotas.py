"""The rota: who is on duty as what, on which day of each week; and who is away, with a deputy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time, timedelta
from typing import Any, Final

from django.db import transaction

from casework.records import audit
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Leave, LocalAuthority, Provider, Role, RotaShift, User, Weekday
from casework.records.rotas import can_stand_in_for, people_managed, require_rota, rota_roles, who_can_stand
from casework.records.services.rows import add, edit
from casework.records.shifts import MIDNIGHT, ONE_DAY, moment
from casework.records.standing import standing_of
from casework.records.times import LONDON, now

LONGEST_LEAVE: Final = timedelta(days=366)


@transaction.atomic
def add_shifts(
    *,
    by: User,
    place: LocalAuthority | Provider,
    person: User,
    role: str,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    from_on: date,
    until_on: date | None = None,
) -> list[RotaShift]:
    """Put a person on the rota, on each of these days of every week; one line a day.

    `until_on` is the last day on which such a shift begins. A shift that ends when it starts lasts a day.
    """
    require_rota(by, place)
    chosen = _role_of_rota(place, role)
    if not who_can_stand(place, chosen).filter(pk=person.pk).exists():
        raise Invalid(f"Choose somebody here who may work as {chosen.label.lower()}.", field="person")
    if not weekdays or not set(weekdays) <= set(Weekday.values):
        raise Invalid("Choose the days of the week.", field="weekdays")
    if until_on is not None and until_on < from_on:
        raise Invalid("The last day is before the first. Enter a later one.", field="until_on")
    where: dict[str, Any] = {"authority": place} if isinstance(place, LocalAuthority) else {"provider": place}
    with audit.because(by):
        return [
            add(
                RotaShift(
                    user=person,
                    role=chosen,
                    weekday=day,
                    starts=starts,
                    ends=ends,
                    from_on=from_on,
                    until_on=until_on,
                    recorded_by=by,
                    **where,
                )
            )
            for day in sorted(set(weekdays))
        ]


@transaction.atomic
def end_shift(*, by: User, shift: RotaShift, version: int, last_on: date) -> RotaShift:
    """The last day on which this shift begins. A day before its first takes it off the rota altogether."""
    place = shift.authority or shift.provider
    if place is None:
        raise TypeError("a shift is of an authority or of a provider")
    require_rota(by, place)
    until_on = max(last_on, shift.from_on - ONE_DAY)
    if shift.until_on is not None and shift.until_on <= until_on:
        raise Conflict("This line of the rota ends before that already.", code="shift_ended")
    with audit.because(by):
        return edit(shift, version=version, changes={"until_on": until_on}, allowed={"until_on"})


@transaction.atomic
def record_leave(
    *, by: User, person: User, starts_on: date, ends_on: date, deputy: User | None = None
) -> Leave:
    """Somebody is not at work from a day to a day, both included: entered by themselves or their manager.

    From today is from now. Without a deputy those who share the role go on without them.
    """
    _require_leave_of(by, person)
    today = now()
    if ends_on < starts_on:
        raise Invalid("The last day is before the first. Enter a later one.", field="ends_on")
    if ends_on < today.astimezone(LONDON).date():
        raise Invalid("That is over already. Enter a day that is still to come.", field="ends_on")
    if ends_on - starts_on > LONGEST_LEAVE:
        raise Invalid("That is more than a year. Check the days.", field="ends_on")
    if deputy is not None and (deputy == person or not can_stand_in_for(deputy, person)):
        raise Invalid("Choose somebody whose role may do the work.", field="deputy")
    row = Leave(
        user=person,
        deputy=deputy,
        starts_at=max(today, moment(starts_on, MIDNIGHT)),
        ends_at=moment(ends_on + ONE_DAY, MIDNIGHT),
        recorded_by=by,
    )
    with audit.because(by):
        return add(row, conflict="They are away on one of these days already. End that first.", code="away")


@transaction.atomic
def end_leave(*, by: User, leave: Leave) -> Leave:
    """Back at work: from this moment, or not away at all when it has not begun. By either of the two."""
    leave = Leave.objects.select_for_update(no_key=True, of=("self",)).get(pk=leave.pk)
    _require_leave_of(by, leave.user)
    today = now()
    if leave.ends_at <= max(today, leave.starts_at):
        raise Conflict("They are back already.", code="leave_ended")
    changes = {"ends_at": max(today, leave.starts_at), "ended_by": by}
    with audit.because(by):
        return edit(leave, version=leave.version, changes=changes, allowed=changes.keys())


def _role_of_rota(place: LocalAuthority | Provider, role: str) -> Role:
    known = rota_roles(place)
    if role not in known:
        raise Invalid("Choose one from the list.", field="role")
    return Role(role)


def _require_leave_of(by: User, person: User) -> None:
    standing = standing_of(by)
    if by == person and standing.posts and not standing.is_tablet:
        return
    if not people_managed(standing).filter(pk=person.pk).exists():
        raise NotAllowed("Only they or their manager can say when somebody is away.", code="not_your_leave")
