"""Who is on duty and who is away: told last, so that the past had no rota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Final

from casework.front.demo.people import BEV, FEMI, GITA, OMAR, PETRA, SONIA, Person
from casework.front.demo.story.stage import Stage
from casework.records.local_time import WALL
from casework.records.models import LocalAuthority, Provider, Role
from casework.records.services.rotas import add_shifts, record_leave

EVENING: Final = time(17)
MORNING: Final = time(9)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

# Who, as what, on which days, from when until when. On Sundays by day nobody thought of anybody.
LINES: Final[Sequence[tuple[Person, Role, Sequence[int], time, time]]] = (
    (FEMI, Role.DUTY_WORKER, (MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SUNDAY), EVENING, MORNING),
    (OMAR, Role.DUTY_WORKER, (WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY), EVENING, MORNING),
    (OMAR, Role.DUTY_WORKER, (SATURDAY,), MORNING, EVENING),
    (BEV, Role.TEAM_MANAGER, (MONDAY, TUESDAY, WEDNESDAY), EVENING, MORNING),
    (PETRA, Role.TEAM_MANAGER, (THURSDAY, FRIDAY, SATURDAY, SUNDAY), EVENING, MORNING),
    (BEV, Role.TEAM_MANAGER, (SATURDAY, SUNDAY), MORNING, EVENING),
    (SONIA, Role.SERVICE_MANAGER, range(7), EVENING, MORNING),
    (SONIA, Role.SERVICE_MANAGER, (SATURDAY, SUNDAY), MORNING, EVENING),
)


def exampleshire_has_a_rota(stage: Stage) -> None:
    """From today. Petra is on leave, and Sonia stands in; Gita is on call for her homes."""
    stage.until(stage.ago(minutes=4))
    exampleshire = stage.child("EX-20218").authority
    for person, role, days, starts, ends in LINES:
        _on_duty(stage, exampleshire, BEV, person, role, days, starts, ends)
    larchwood = Provider.objects.get(name="Larchwood Care")
    _on_duty(stage, larchwood, GITA, GITA, Role.ON_CALL_MANAGER, range(7), EVENING, MORNING)
    first, last = (stage.on_day(days, "12:00").astimezone(WALL).date() for days in (0, -4))
    petra = stage.user(PETRA)
    record_leave(by=petra, person=petra, starts_on=first, ends_on=last, deputy=stage.user(SONIA))


def _on_duty(
    stage: Stage,
    place: LocalAuthority | Provider,
    by: Person,
    person: Person,
    role: Role,
    days: Sequence[int],
    starts: time,
    ends: time,
) -> None:
    add_shifts(
        by=stage.user(by),
        place=place,
        person=stage.user(person),
        role=role,
        weekdays=days,
        starts=starts,
        ends=ends,
        from_on=stage.on_day(0, "12:00").astimezone(WALL).date(),
    )
