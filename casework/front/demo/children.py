"""The demo's first children, and what is known of each. Kit, Ola and Rosie are there to be reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from casework.front.demo.people import ADA, AMINA, CARL, MO, Person
from casework.front.demo.places import Places
from casework.records.models import FactKind, Home, LegalStatusCode, Sex

Kind = FactKind
Law = LegalStatusCode


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
    home_field: str  # of Places
    recorder: Person  # who wrote the facts down
    legal_status: LegalStatusCode
    facts: tuple[Fact, ...]
    is_unaccompanied: bool = False
    languages: str = ""
    needs_interpreter: bool = False
    worker: Person = AMINA
    registered_by: Person = ADA
    place_code: str = "K2"
    provider_code: str = "PR4"
    turned_18_days_ago: int | None = None

    def born_on(self, today: date) -> date:
        """On New Year's Day, so that nobody's age changes while the demo is being looked at."""
        if self.turned_18_days_ago is None:
            return date(today.year - self.age, 1, 1)
        day = today - timedelta(days=self.turned_18_days_ago)
        return date(day.year - 18, day.month, min(day.day, 28))  # every year has a 28 February

    def home(self, places: Places) -> Home:
        home: Home = getattr(places, self.home_field)
        return home


RESIDENTS: Final = (
    Young(
        "EX-20417",
        "Kit",
        "Ashdown",
        14,
        Sex.MALE,
        "larch_house",
        CARL,
        Law.C2,
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
        "larch_house",
        CARL,
        Law.V2,
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
        "larch_house",
        CARL,
        Law.C1,
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
        "fenwick_house",
        MO,
        Law.C2,
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
        "fenwick_house",
        MO,
        Law.V2,
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
