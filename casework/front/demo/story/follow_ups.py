"""Children who are back, and what is still to be done: the hours count from today."""

from __future__ import annotations

from datetime import timedelta

from casework.front.demo.people import BEV, FEMI, JOSS, OMAR, PAVEL, WINNIE
from casework.front.demo.story.absence import Absence
from casework.front.demo.story.stage import Stage
from incidents.models import Grade

MINUTE = timedelta(minutes=1)


def yonas_waits_for_an_interpreter(stage: Stage) -> None:
    """The 72 hours are over, and the interview has not been held."""
    yonas = Absence(stage, stage.child("EX-20147"), WINNIE, duty=FEMI)
    at = stage.ago(hours=93)
    yonas.reported(
        at,
        last_seen=at - 150 * MINUTE,
        where="Harbour Place, hall",
        story="Said he would see somebody from college, and nobody there has seen him. His phone is off.",
        wearing="Black cap, black jacket",
    )
    yonas.step(at + MINUTE / 2, "E1")
    yonas.police_told(at + MINUTE)
    yonas.step(at + 5 * MINUTE, "T1")
    yonas.police_graded(at + 15 * MINUTE, Grade.MEDIUM)
    yonas.graded(at + 25 * MINUTE, Grade.HIGH, "Unaccompanied. It is his second time.")
    yonas.step(at + 45 * MINUTE, "T4a", FEMI)
    yonas.back(
        stage.ago(hours=79, minutes=30), "Came by train; Winnie met him.", said="“I was at my cousin’s.”"
    )
    yonas.interview_offered(stage.ago(hours=66), "Said yes. An interpreter for Tigrinya is booked.")
    yonas.interview_tried(
        stage.ago(hours=25), "Went to Harbour Place", "The interpreter did not come; we stopped."
    )


def ellie_is_to_be_offered_an_interview(stage: Stage) -> None:
    """Due in a few minutes, and nobody has offered it."""
    ellie = Absence(stage, stage.child("EX-20590"), PAVEL, duty=FEMI)
    at = stage.ago(hours=29)
    ellie.reported(
        at,
        last_seen=at - 60 * MINUTE,
        story="Said she would be an hour. Her friends’ parents have not seen her.",
        wearing="Headphones, green hair under a beanie",
    )
    ellie.step(at + MINUTE / 2, "E1")
    ellie.police_told(at + 7 * MINUTE)
    ellie.step(at + 9 * MINUTE, "T1")
    ellie.police_graded(at + 30 * MINUTE, Grade.MEDIUM)
    ellie.graded(at + 40 * MINUTE, Grade.MEDIUM, "Second time in six weeks, new friends.")
    ellie.back(stage.ago(hours=23, minutes=51), "Walked in with a pizza.", condition="Well.")


def tyler_is_back_and_his_aunt_does_not_know(stage: Stage) -> None:
    """Back half an hour ago: his aunt and his school were rung in the evening, and still look for him."""
    tyler = Absence(stage, stage.child("EX-20866"), JOSS, duty=OMAR)
    at = stage.ago(hours=5, minutes=20)
    tyler.reported(
        at,
        last_seen=at - 50 * MINUTE,
        where="Gate of his school",
        story="Was not at the gate when the car came, and has not rung. He has done this once before.",
        wearing="School blazer, grey trousers",
    )
    tyler.step(at + MINUTE / 2, "E1")
    tyler.police_told(at + 6 * MINUTE)
    tyler.step(at + 8 * MINUTE, "T1")
    tyler.police_graded(at + 25 * MINUTE, Grade.MEDIUM)
    tyler.told(
        at + 30 * MINUTE,
        "school",
        "Mr Orme",
        "That Tyler was not at the gate. He asks his form.",
        "To find him and keep him safe.",
        role="Safeguarding lead, Westgate School",
        phone="+441632960455",
    )
    tyler.graded(at + 40 * MINUTE, Grade.MEDIUM, "Thirteen, and out in the dark without a phone.")
    tyler.told(
        at + 55 * MINUTE,
        "other",
        "Mrs Boone",
        "That Tyler is missing. She rings the home when she hears from him.",
        "He goes to her when he is sad.",
        role="His aunt",
        phone="+441632960466",
    )
    tyler.back(stage.ago(minutes=27), "Walked in with wet feet. He had been by the river.", condition="Cold.")


def idris_turned_18_while_missing(stage: Stage) -> None:
    """Nobody has found him. The absence of a child ended on his birthday; adults’ services go on."""
    idris = Absence(stage, stage.child("EX-20031"), WINNIE, duty=FEMI)
    at = stage.on_day(44, "21:10")
    idris.reported(
        at,
        last_seen=at - 100 * MINUTE,
        where="Harbour Place, hall",
        story="Left with a rucksack and his birth certificate, and said that he would not be needing us.",
        wearing="Army jacket, black boots",
        checks=("room", "phoned", "friends"),
    )
    idris.step(at + MINUTE / 2, "E1")
    idris.police_told(at + 9 * MINUTE)
    idris.step(at + 12 * MINUTE, "T1")
    idris.police_graded(at + 40 * MINUTE, Grade.MEDIUM)
    idris.graded(at + 55 * MINUTE, Grade.MEDIUM, "Seventeen, planned, and means to stay away.")
    idris.news(stage.on_day(38, "10:20"), "information", "His card was used in a town in the north.", by=FEMI)
    idris.turned_18()


def ellie_was_in_the_garden_room(stage: Stage) -> None:
    """A report that was mistaken."""
    ellie = Absence(stage, stage.child("EX-20590"), PAVEL, duty=FEMI)
    at = stage.on_day(18, "21:15")
    ellie.reported(
        at,
        last_seen=at - 90 * MINUTE,
        where="The kitchen",
        story="Not in her room at nine, and her headphones are gone.",
    )
    ellie.step(at + MINUTE / 2, "E1")
    ellie.never_gone(
        at + 20 * MINUTE, "Asleep behind the sofa in the garden room; nobody had looked there.", BEV
    )
