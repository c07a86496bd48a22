"""One cast for every test. They are all invented; what each may see and do follows from the rows below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.models import (
    Child,
    Home,
    LegalStatus,
    LocalAuthority,
    Membership,
    Neighbour,
    Placement,
    PoliceForce,
    Provider,
    Role,
    Team,
    TeamKind,
    User,
)
from casework.records.times import now

PASSWORD = "correct horse battery staple"


@dataclass
class Cast:
    """Exampleshire and its people; Eve of Northmoor is the outsider."""

    police: PoliceForce
    exampleshire: LocalAuthority
    northmoor: LocalAuthority
    westing: LocalAuthority
    team_2: Team
    duty_team: Team
    larchwood: Provider
    larch_house: Home
    fenwick_house: Home
    amina: User  # social worker, Kit's own
    bev: User  # team manager
    femi: User  # emergency duty team
    ruth: User  # head of service
    ada: User  # administrator
    ines: User  # return interviewer
    carl: User  # home staff, Larch House
    tablet: User  # Larch House's shared tablet
    mo: User  # home staff, Fenwick House
    gita: User  # registered manager of the provider
    dee: User  # police liaison
    eve: User  # social worker in Northmoor
    kit: Child  # 14, Larch House
    ola: Child  # 16, Larch House
    rosie: Child  # 12, Larch House
    maisie: Child  # 15, Fenwick House
    biniam: Child  # 16, unaccompanied, Fenwick House

    @property
    def people(self) -> list[User]:
        return [value for value in vars(self).values() if isinstance(value, User)]


def make_cast() -> Cast:
    """Write the cast into the database."""
    police = PoliceForce.objects.create(name="Exampleshire Constabulary", control_room_phone="01632 960101")
    exampleshire, northmoor, westing = _authorities(police)
    team = Team.objects.create(authority=exampleshire, name="Looked-after Team 2")
    duty = Team.objects.create(authority=exampleshire, name="Emergency duty team", kind=TeamKind.OUT_OF_HOURS)
    larchwood = Provider.objects.create(name="Larchwood Care")
    larch = Home.objects.create(
        name="Larch House",
        urn="SC100001",
        provider=larchwood,
        host_authority=exampleshire,
        kept_by=exampleshire,
        police_force=police,
        phone="01632 960201",
    )
    fenwick = Home.objects.create(
        name="Fenwick House",
        urn="SC100002",
        provider=larchwood,
        host_authority=northmoor,
        kept_by=exampleshire,
        police_force=police,
        phone="01632 960202",
    )
    amina = _person("Amina Rahal", Role.SOCIAL_WORKER, authority=exampleshire, team=team)
    placing = _Placing(exampleshire, team, amina)
    return Cast(
        police=police,
        exampleshire=exampleshire,
        northmoor=northmoor,
        westing=westing,
        team_2=team,
        duty_team=duty,
        larchwood=larchwood,
        larch_house=larch,
        fenwick_house=fenwick,
        amina=amina,
        bev=_person("Bev Aldous", Role.TEAM_MANAGER, authority=exampleshire, team=team),
        femi=_person("Femi Castell", Role.DUTY_WORKER, authority=exampleshire, team=duty),
        ruth=_person("Ruth Sandiford", Role.HEAD_OF_SERVICE, authority=exampleshire),
        ada=_person("Ada Quill", Role.ADMINISTRATOR, authority=exampleshire),
        ines=_person("Ines Vale", Role.RETURN_INTERVIEWER, authority=exampleshire),
        carl=_person("Carl Penrose", Role.HOME_STAFF, home=larch),
        tablet=_person("Larch House tablet", Role.HOME_TABLET, home=larch),
        mo=_person("Mo Fenn", Role.HOME_STAFF, home=fenwick),
        gita=_person("Gita Larch", Role.REGISTERED_MANAGER, provider=larchwood),
        dee=_person("Dee Marlow", Role.POLICE_LIAISON, police_force=police),
        eve=_person("Eve Northcott", Role.SOCIAL_WORKER, authority=northmoor),
        kit=placing.child("EX-20417", "Kit", "Ashdown", 14, larch),
        ola=placing.child("EX-20588", "Ola", "Brightwater", 16, larch),
        rosie=placing.child("EX-20733", "Rosie", "Farrant", 12, larch),
        maisie=placing.child("EX-20391", "Maisie", "Corran", 15, fenwick),
        biniam=placing.child("EX-20655", "Biniam", "Tesfay", 16, fenwick, is_unaccompanied=True),
    )


def _authorities(police: PoliceForce) -> tuple[LocalAuthority, LocalAuthority, LocalAuthority]:
    exampleshire = LocalAuthority.objects.create(
        code="EXS",
        name="Exampleshire",
        is_tenant=True,
        police_force=police,
        duty_phone="01632 960001",
        out_of_hours_phone="01632 960002",
    )
    northmoor = LocalAuthority.objects.create(code="NMR", name="Northmoor", is_tenant=True)
    westing = LocalAuthority.objects.create(code="WST", name="Westing", duty_phone="01632 960031")
    Neighbour.objects.create(authority=exampleshire, other=northmoor, is_adjoining=True)
    Neighbour.objects.create(authority=exampleshire, other=westing, duty_phone="01632 960031")
    return exampleshire, northmoor, westing


def _person(name: str, role: Role, **where: object) -> User:
    user = User.objects.create_user(f"{name.replace(' ', '.').lower()}@casework.example", name=name)
    Membership.objects.create(user=user, role=role, starts_at=now() - timedelta(days=400), **where)
    return user


@dataclass
class _Placing:
    """Puts children of one authority, one team and one worker into homes."""

    authority: LocalAuthority
    team: Team
    worker: User

    def child(self, reference: str, first: str, last: str, age: int, home: Home, **more: object) -> Child:
        today = now().date()
        row = Child.objects.create(
            authority=self.authority,
            reference=reference,
            first_name=first,
            last_name=last,
            born_on=date(today.year - age, 1, 1),
            team=self.team,
            allocated_worker=self.worker,
            **more,
        )
        LegalStatus.objects.create(child=row, code="C2", from_on=date(today.year - 2, 1, 1))
        since = DateTimeTZRange(now() - timedelta(days=300), None)
        Placement.objects.create(child=row, home=home, period=since, place_code="K2", provider_code="PR4")
        return row
