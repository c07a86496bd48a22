"""One cast for every test. They are all invented; what each may see and do follows from the rows below."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

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
from casework.records.times import LONDON, now, pretend_now

PASSWORD = "correct horse battery staple"
SATURDAY = 5  # as `weekday` counts


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
    """Write the cast into the database: each kind of row in one statement, as thousands of tests begin so."""
    police = PoliceForce.objects.create(name="Exampleshire Constabulary", control_room_phone="01632 960101")
    exampleshire, northmoor, westing = _authorities(police)
    team = Team(authority=exampleshire, name="Looked-after Team 2")
    duty = Team(authority=exampleshire, name="Emergency duty team", kind=TeamKind.OUT_OF_HOURS)
    Team.objects.bulk_create([team, duty])
    larchwood = Provider.objects.create(name="Larchwood Care")
    larch, fenwick = _homes(larchwood, exampleshire, northmoor, police)
    posts = _Posts(now() - timedelta(days=400))
    amina = posts.person("Amina Rahal", Role.SOCIAL_WORKER, authority=exampleshire, team=team)
    placing = _Placing(now(), exampleshire, team, amina)
    cast = Cast(
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
        bev=posts.person("Bev Aldous", Role.TEAM_MANAGER, authority=exampleshire, team=team),
        femi=posts.person("Femi Castell", Role.DUTY_WORKER, authority=exampleshire, team=duty),
        ruth=posts.person("Ruth Sandiford", Role.HEAD_OF_SERVICE, authority=exampleshire),
        ada=posts.person("Ada Quill", Role.ADMINISTRATOR, authority=exampleshire),
        ines=posts.person("Ines Vale", Role.RETURN_INTERVIEWER, authority=exampleshire),
        carl=posts.person("Carl Penrose", Role.HOME_STAFF, home=larch),
        tablet=posts.person("Larch House tablet", Role.HOME_TABLET, home=larch),
        mo=posts.person("Mo Fenn", Role.HOME_STAFF, home=fenwick),
        gita=posts.person("Gita Larch", Role.REGISTERED_MANAGER, provider=larchwood),
        dee=posts.person("Dee Marlow", Role.POLICE_LIAISON, police_force=police),
        eve=posts.person("Eve Northcott", Role.SOCIAL_WORKER, authority=northmoor),
        kit=placing.child("EX-20417", "Kit", "Ashdown", 14, larch),
        ola=placing.child("EX-20588", "Ola", "Brightwater", 16, larch),
        rosie=placing.child("EX-20733", "Rosie", "Farrant", 12, larch),
        maisie=placing.child("EX-20391", "Maisie", "Corran", 15, fenwick),
        biniam=placing.child("EX-20655", "Biniam", "Tesfay", 16, fenwick, is_unaccompanied=True),
    )
    posts.write()
    placing.write()
    return cast


def comes_saturday_night() -> None:
    """In this test it is the next Saturday at 22:40, so Femi is on duty, whenever the test runs."""
    today = now().astimezone(LONDON)
    tonight = today.replace(hour=22, minute=40, second=0, microsecond=0)
    saturday = tonight + timedelta(days=(SATURDAY - today.weekday()) % 7)
    pretend_now(saturday if saturday > today else saturday + timedelta(days=7))


def _authorities(police: PoliceForce) -> list[LocalAuthority]:
    exampleshire = LocalAuthority(
        code="EXS",
        name="Exampleshire",
        is_tenant=True,
        police_force=police,
        duty_phone="01632 960001",
        out_of_hours_phone="01632 960002",
    )
    northmoor = LocalAuthority(code="NMR", name="Northmoor", is_tenant=True)
    westing = LocalAuthority(code="WST", name="Westing", duty_phone="01632 960031")
    all_three = LocalAuthority.objects.bulk_create([exampleshire, northmoor, westing])
    Neighbour.objects.bulk_create(
        [
            Neighbour(authority=exampleshire, other=northmoor, is_adjoining=True),
            Neighbour(authority=exampleshire, other=westing, duty_phone="01632 960031"),
        ]
    )
    return all_three


def _homes(
    larchwood: Provider, exampleshire: LocalAuthority, northmoor: LocalAuthority, police: PoliceForce
) -> list[Home]:
    larch = Home(
        name="Larch House",
        urn="SC100001",
        provider=larchwood,
        host_authority=exampleshire,
        kept_by=exampleshire,
        police_force=police,
        phone="01632 960201",
    )
    fenwick = Home(
        name="Fenwick House",
        urn="SC100002",
        provider=larchwood,
        host_authority=northmoor,
        kept_by=exampleshire,
        police_force=police,
        phone="01632 960202",
    )
    return Home.objects.bulk_create([larch, fenwick])


@dataclass
class _Posts:
    """People, each with one post since that moment; written together."""

    since: datetime
    rows: list[Membership] = field(default_factory=list)

    def person(self, name: str, role: Role, **where: object) -> User:
        user = User(email=f"{name.replace(' ', '.').lower()}@casework.example", name=name)
        user.set_unusable_password()
        self.rows.append(Membership(user=user, role=role, starts_at=self.since, **where))
        return user

    def write(self) -> None:
        User.objects.bulk_create(row.user for row in self.rows)
        Membership.objects.bulk_create(self.rows)


@dataclass
class _Placing:
    """Puts children of one authority, team and worker into homes; all of them are written together."""

    today: datetime
    authority: LocalAuthority
    team: Team
    worker: User
    rows: list[Placement] = field(default_factory=list)

    def child(self, reference: str, first: str, last: str, age: int, home: Home, **more: object) -> Child:
        child = Child(
            authority=self.authority,
            reference=reference,
            first_name=first,
            last_name=last,
            born_on=date(self.today.year - age, 1, 1),
            team=self.team,
            allocated_worker=self.worker,
            **more,
        )
        since = DateTimeTZRange(self.today - timedelta(days=300), None)
        self.rows.append(
            Placement(child=child, home=home, period=since, place_code="K2", provider_code="PR4")
        )
        return child

    def write(self) -> None:
        children, from_on = [row.child for row in self.rows], date(self.today.year - 2, 1, 1)
        Child.objects.bulk_create(children)
        LegalStatus.objects.bulk_create(
            LegalStatus(child=child, code="C2", from_on=from_on) for child in children
        )
        Placement.objects.bulk_create(self.rows)
