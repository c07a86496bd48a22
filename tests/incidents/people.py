"""The cast, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.models import (
    Child,
    Home,
    LocalAuthority,
    Membership,
    Placement,
    PoliceForce,
    Provider,
    Role,
    Team,
    User,
)
from casework.records.times import now


@dataclass
class Cast:
    exampleshire: LocalAuthority
    northmoor: LocalAuthority
    larch_house: Home
    fenwick_house: Home
    amina: User
    bev: User
    femi: User
    carl: User
    tablet: User
    eve: User
    ines: User
    kit: Child
    ola: Child
    biniam: Child


def _person(name: str, role: Role, **where: object) -> User:
    user = User.objects.create(name=name, email=f"{name.split()[0].lower()}@casework.example")
    Membership.objects.create(user=user, role=role, starts_at=now() - timedelta(days=400), **where)
    return user


def make_cast() -> Cast:
    force = PoliceForce.objects.create(name="Exampleshire Constabulary")
    exs = LocalAuthority.objects.create(code="EXS", name="Exampleshire", is_tenant=True, police_force=force)
    nmr = LocalAuthority.objects.create(code="NMR", name="Northmoor", is_tenant=True)
    team = Team.objects.create(authority=exs, name="Looked-after Team 2")
    larchwood = Provider.objects.create(name="Larchwood Care")
    larch = Home.objects.create(
        name="Larch House", provider=larchwood, host_authority=exs, police_force=force
    )
    fenwick = Home.objects.create(name="Fenwick House", provider=larchwood, host_authority=nmr)
    amina = _person("Amina Rahal", Role.SOCIAL_WORKER, authority=exs, team=team)

    def child(first: str, last: str, born_on: date, home: Home, **more: object) -> Child:
        row = Child.objects.create(
            authority=exs,
            reference=f"EX-{last}",
            first_name=first,
            last_name=last,
            born_on=born_on,
            team=team,
            allocated_worker=amina,
            **more,
        )
        period = DateTimeTZRange(now() - timedelta(days=300), None)
        Placement.objects.create(child=row, home=home, period=period)
        return row

    return Cast(
        exampleshire=exs,
        northmoor=nmr,
        larch_house=larch,
        fenwick_house=fenwick,
        amina=amina,
        bev=_person("Bev Aldous", Role.TEAM_MANAGER, authority=exs, team=team),
        femi=_person("Femi Castell", Role.DUTY_WORKER, authority=exs),
        carl=_person("Carl Penrose", Role.HOME_STAFF, home=larch),
        tablet=_person("Larch House tablet", Role.HOME_TABLET, home=larch),
        eve=_person("Eve Northcott", Role.SOCIAL_WORKER, authority=nmr),
        ines=_person("Ines Vale", Role.RETURN_INTERVIEWER, authority=exs),
        kit=child("Kit", "Ashdown", date(2012, 3, 2), larch),
        ola=child("Ola", "Brightwater", date(2010, 5, 6), larch),
        biniam=child("Biniam", "Tesfay", date(2010, 1, 1), fenwick, is_unaccompanied=True),
    )
