"""Who is in the demo. All invented: e-mail addresses and telephone numbers lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

from casework.records.models import (
    FactKind,
    Home,
    LegalStatusCode,
    LocalAuthority,
    PoliceForce,
    Provider,
    Role,
    Sex,
    Team,
    TeamKind,
)
from casework.records.services.organisations import (
    register_authority,
    register_home,
    register_neighbour,
    register_police_force,
    register_provider,
    register_team,
)

Kind = FactKind


@dataclass(frozen=True)
class Places:
    """The organisations, by the names that the lists below use."""

    police: PoliceForce
    exampleshire: LocalAuthority
    northmoor: LocalAuthority
    team: Team
    duty_team: Team
    larchwood: Provider
    larch_house: Home
    fenwick_house: Home


class Post(TypedDict, total=False):
    """Where a role is held."""

    authority: LocalAuthority
    team: Team
    home: Home
    provider: Provider
    police_force: PoliceForce


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, and the one role they hold."""

    name: str
    email: str
    role: Role
    where: str
    post: Callable[[Places], Post]

    @property
    def role_words(self) -> str:
        return f"{self.role.label}, {self.where}"


@dataclass(frozen=True)
class Fact:
    """Something known of a child, last confirmed so many days ago."""

    kind: FactKind
    words: str
    source: str
    days_ago: int


@dataclass(frozen=True)
class Young:
    """A child, and what is known for the day the child goes missing. Ages stay as they are told."""

    reference: str
    first_name: str
    last_name: str
    age: int
    sex: Sex
    home: Callable[[Places], Home]
    recorder: str  # the e-mail address of whoever in the home wrote the facts down
    legal_status: LegalStatusCode
    facts: tuple[Fact, ...]
    is_unaccompanied: bool = False
    languages: str = ""
    needs_interpreter: bool = False

    def born_on(self, today: date) -> date:
        """On New Year's Day, so that nobody's age changes while the demo is being looked at."""
        return date(today.year - self.age, 1, 1)


ADA: Final = "ada.quill@exampleshire.example"
AMINA: Final = "amina.rahal@exampleshire.example"
CARL: Final = "carl.penrose@larchwood.example"
MO: Final = "mo.fenn@larchwood.example"

PEOPLE: Final = (
    Person("Carl Penrose", CARL, Role.HOME_STAFF, "Larch House", lambda at: {"home": at.larch_house}),
    Person(
        "Larch House tablet",
        "tablet.larch@larchwood.example",
        Role.HOME_TABLET,
        "Larch House",
        lambda at: {"home": at.larch_house},
    ),
    Person("Mo Fenn", MO, Role.HOME_STAFF, "Fenwick House", lambda at: {"home": at.fenwick_house}),
    Person(
        "Gita Larch",
        "gita.larch@larchwood.example",
        Role.REGISTERED_MANAGER,
        "Larchwood Care",
        lambda at: {"provider": at.larchwood},
    ),
    Person(
        "Amina Rahal",
        AMINA,
        Role.SOCIAL_WORKER,
        "Exampleshire, Looked-after Team 2",
        lambda at: {"team": at.team},
    ),
    Person(
        "Bev Aldous",
        "bev.aldous@exampleshire.example",
        Role.TEAM_MANAGER,
        "Exampleshire, Looked-after Team 2",
        lambda at: {"team": at.team},
    ),
    Person(
        "Femi Castell",
        "femi.castell@exampleshire.example",
        Role.DUTY_WORKER,
        "Exampleshire, out of hours",
        lambda at: {"team": at.duty_team},
    ),
    Person(
        "Ruth Sandiford",
        "ruth.sandiford@exampleshire.example",
        Role.HEAD_OF_SERVICE,
        "Exampleshire",
        lambda at: {"authority": at.exampleshire},
    ),
    Person(
        "Ines Vale",
        "ines.vale@exampleshire.example",
        Role.RETURN_INTERVIEWER,
        "Exampleshire",
        lambda at: {"authority": at.exampleshire},
    ),
    Person("Ada Quill", ADA, Role.ADMINISTRATOR, "Exampleshire", lambda at: {"authority": at.exampleshire}),
    Person(
        "Dee Marlow",
        "dee.marlow@constabulary.example",
        Role.POLICE_LIAISON,
        "Exampleshire Constabulary",
        lambda at: {"police_force": at.police},
    ),
    Person(
        "Eve Northcott",
        "eve.northcott@northmoor.example",
        Role.SOCIAL_WORKER,
        "Northmoor",
        lambda at: {"authority": at.northmoor},
    ),
)

CHILDREN: Final = (
    Young(
        "EX-20417",
        "Kit",
        "Ashdown",
        14,
        Sex.MALE,
        lambda at: at.larch_house,
        CARL,
        LegalStatusCode.C2,
        (
            Fact(
                Kind.DESCRIPTION,
                "About 165 cm, slim, short brown hair. A small scar over the left eyebrow. Green parka.",
                "Key worker",
                12,
            ),
            Fact(Kind.PHONE, "07700 900417 (own phone, usually charged)", "Kit", 12),
            Fact(
                Kind.FAMILY,
                "Mother in Westing holds parental responsibility, by phone: 01632 960417",
                "File",
                95,
            ),
            Fact(
                Kind.FRIEND,
                "Jay, from his last school; they play football at the park by the canal",
                "Kit",
                40,
            ),
            Fact(
                Kind.PLACE,
                "The canal park and the station; his mother's street in Westing",
                "Last absence",
                40,
            ),
            Fact(Kind.TRAVEL, "Has a bus pass. Goes by train without a ticket.", "Key worker", 95),
            Fact(
                Kind.VULNERABILITY,
                "Has been given money and trainers by an older group at the station.",
                "Police, July",
                40,
            ),
            Fact(
                Kind.SAY,
                "Say that nobody is angry and that his room is as he left it. Not: police.",
                "Kit",
                12,
            ),
        ),
    ),
    Young(
        "EX-20588",
        "Ola",
        "Brightwater",
        16,
        Sex.FEMALE,
        lambda at: at.larch_house,
        CARL,
        LegalStatusCode.V2,
        (
            Fact(Kind.DESCRIPTION, "About 172 cm, long black braids, round glasses.", "Key worker", 20),
            Fact(Kind.PHONE, "07700 900588", "Ola", 20),
            Fact(Kind.SCHOOL, "Exampleshire College, catering. Lessons end at 16:15.", "College", 20),
        ),
    ),
    Young(
        "EX-20733",
        "Rosie",
        "Farrant",
        12,
        Sex.FEMALE,
        lambda at: at.larch_house,
        CARL,
        LegalStatusCode.C1,
        (
            Fact(
                Kind.DESCRIPTION,
                "About 148 cm, red hair, freckles, school blazer on weekdays.",
                "Key worker",
                8,
            ),
            Fact(Kind.MEDICAL, "Asthma: blue inhaler, in the side pocket of her bag.", "Health plan", 8),
            Fact(Kind.FAMILY, "Grandmother in Exampleshire, who rings every Sunday.", "File", 130),
        ),
    ),
    Young(
        "EX-20391",
        "Maisie",
        "Corran",
        15,
        Sex.FEMALE,
        lambda at: at.fenwick_house,
        MO,
        LegalStatusCode.C2,
        (
            Fact(Kind.DESCRIPTION, "About 160 cm, bleached hair, nose stud.", "Key worker", 130),
            Fact(
                Kind.SOCIAL_MEDIA,
                "Answers messages there sooner than calls; her key worker has the name.",
                "Maisie",
                40,
            ),
        ),
    ),
    Young(
        "EX-20655",
        "Biniam",
        "Tesfay",
        16,
        Sex.MALE,
        lambda at: at.fenwick_house,
        MO,
        LegalStatusCode.V2,
        (
            Fact(
                Kind.DESCRIPTION, "About 178 cm, close-cropped black hair, grey hooded top.", "Key worker", 20
            ),
            Fact(
                Kind.VULNERABILITY,
                "Came alone. Owes money for the journey and will not say to whom.",
                "Interview",
                20,
            ),
            Fact(
                Kind.SAY,
                "Ring with an interpreter for Tigrinya; a text in English is not enough.",
                "Biniam",
                20,
            ),
        ),
        is_unaccompanied=True,
        languages="Tigrinya, some English",
        needs_interpreter=True,
    ),
)


def make_places() -> Places:
    """Two councils that work here, one that is a name, a police force, a provider and its two homes."""
    police = register_police_force(
        by=None, name="Exampleshire Constabulary", control_room_phone="01632 960101"
    )
    exampleshire = register_authority(
        by=None,
        code="EXS",
        name="Exampleshire",
        is_tenant=True,
        police_force=police,
        duty_phone="01632 960001",
        out_of_hours_phone="01632 960002",
        duty_email="duty@exampleshire.example",
    )
    northmoor = register_authority(
        by=None, code="NMR", name="Northmoor", is_tenant=True, duty_phone="01632 960021"
    )
    westing = register_authority(by=None, code="WST", name="Westing", duty_phone="01632 960031")
    for other, phone, is_adjoining in ((northmoor, "01632 960021", True), (westing, "01632 960031", False)):
        register_neighbour(
            by=None, authority=exampleshire, other=other, is_adjoining=is_adjoining, duty_phone=phone
        )
    larchwood = register_provider(by=None, name="Larchwood Care", phone="01632 960200")
    homes = [
        register_home(
            by=None,
            kept_by=exampleshire,
            provider=larchwood,
            name=name,
            urn=urn,
            host_authority=host,
            police_force=police,
            capacity=6,
            address=address,
            phone=phone,
            on_call_phone="01632 960209",
        )
        for name, urn, host, address, phone in (
            ("Larch House", "SC100001", exampleshire, "1 Larch Lane, Exampleton", "01632 960201"),
            ("Fenwick House", "SC100002", northmoor, "8 Fenwick Row, Moorby", "01632 960202"),
        )
    ]
    return Places(
        police=police,
        exampleshire=exampleshire,
        northmoor=northmoor,
        team=register_team(by=None, authority=exampleshire, name="Looked-after Team 2"),
        duty_team=register_team(
            by=None, authority=exampleshire, name="Emergency duty team", kind=TeamKind.OUT_OF_HOURS
        ),
        larchwood=larchwood,
        larch_house=homes[0],
        fenwick_house=homes[1],
    )
