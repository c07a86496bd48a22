"""Who is not back from a home in Northmoor; there Exampleshire stays responsible, and the host is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.front.demo.people import FEMI, MO, OMAR, PAVEL, RHYS
from casework.front.demo.story.absence import Absence
from casework.front.demo.story.stage import Stage
from incidents.models import Category, Grade, IndicatorCode

MINUTE = timedelta(minutes=1)


def biniam_may_be_trafficked(stage: Stage) -> None:
    """The strategy discussion is overdue, and has climbed to the head of service."""
    biniam = Absence(stage, stage.child("EX-20655"), MO)
    at = stage.ago(hours=13, minutes=40)
    biniam.reported(
        at,
        last_seen=at - 45 * MINUTE,
        where="Fenwick House, drive",
        story="Got into a silver car that waited in the road. His papers are still in his room.",
        wearing="Grey hooded top, black jeans",
        checks=("room", "grounds", "phoned", "friends"),
        indicators={
            IndicatorCode.TRAFFICKING: "The same silver car as six weeks ago; he owes the driver money."
        },
    )
    biniam.step(at + MINUTE / 2, "E1")
    biniam.police_told(at + MINUTE)
    biniam.step(at + 4 * MINUTE, "T1", words=("Form, photo and the car’s number sent.",))
    biniam.police_graded(at + 15 * MINUTE, Grade.HIGH, "Duty Inspector Haskins")
    biniam.graded(at + 22 * MINUTE, Grade.HIGH, "Unaccompanied, in debt bondage, taken by a man we know of.")
    biniam.home_office_told(
        at + 35 * MINUTE,
        "Command and control unit",
        "HO-26-118840",
        "They tell the ports and the caseworker, and ask to be rung when he is found.",
    )
    biniam.step(at + 40 * MINUTE, "T4a", OMAR)
    _host_is_told(biniam, at + 55 * MINUTE)
    biniam.asked_for(
        at + 150 * MINUTE,
        said_name="His uncle; gave no other name",
        number="Withheld",
        asked="Whether the boy had gone out, and when he would be back for his things.",
        how_known="Said that “the boy” had told him the name of the house.",
    )
    biniam.news(
        at + 190 * MINUTE,
        "sighting",
        "Asked for water in a shop, with an older man who did not let him speak.",
        told_by="the shop’s assistant, from the police’s picture",
        by=OMAR,
        where="A petrol station on the coast road, Farshire",
        how_sure="likely",
        force="Farshire Police",
    )
    biniam.news(
        at + 240 * MINUTE, "information", "The car’s keeper has moved. Police have an address in Farshire."
    )
    biniam.news(
        at + 420 * MINUTE,
        "call",
        "A silent call to Fenwick House. The interpreter rang back: a man answered and hung up.",
        by=FEMI,
    )
    biniam.news(at + 660 * MINUTE, "nothing_new")


def maisie_is_at_her_aunts(stage: Stage) -> None:
    """Away, with the address known: no police, and nothing overdue."""
    maisie = Absence(stage, stage.child("EX-20391"), MO)
    at = stage.ago(hours=3, minutes=40)
    maisie.reported(
        at,
        category=Category.AWAY,
        last_seen=at - 60 * MINUTE,
        where="Bus stop",
        story="Rang from her aunt’s: it is quieter there, and she is not coming back before tomorrow.",
        whereabouts="At her aunt’s in Moorby. The aunt rang; Maisie spoke to Mo.",
        checks=("phoned", "family"),
    )
    maisie.step(at + MINUTE / 2, "E1")
    maisie.graded(at + 30 * MINUTE, Grade.LOW, "With an aunt who is being assessed, spoken to, and safe.")
    _host_is_told(maisie, at + 50 * MINUTE)


def marcus_left_alder_view(stage: Stage) -> None:
    """Nobody has graded the risk yet; that falls due in a few minutes."""
    marcus = Absence(stage, stage.child("EX-20266"), PAVEL)
    at = stage.ago(minutes=56)
    marcus.reported(
        at,
        last_seen=at - 45 * MINUTE,
        where="Boxing club",
        story="Left training early without his bag. His brother has not heard from him either.",
        wearing="Grey hoodie, shorts",
        checks=("phoned", "family", "transport"),
    )
    marcus.step(at + MINUTE / 2, "E1")
    marcus.police_told(at + 6 * MINUTE)
    marcus.step(at + 9 * MINUTE, "T1")
    _host_is_told(marcus, at + 20 * MINUTE)
    marcus.police_graded(at + 28 * MINUTE, Grade.MEDIUM)


def ned_is_northmoors_own(stage: Stage) -> None:
    """Another council’s child in the same house: nobody in Exampleshire sees him."""
    ned = Absence(stage, stage.child("NM-3071", authority="NMR"), PAVEL, duty=RHYS)
    at = stage.ago(hours=2, minutes=5)
    ned.reported(
        at,
        last_seen=at - 30 * MINUTE,
        story="Went out with two others, who came home without him and will not say why.",
        wearing="Football shirt, scarf",
        checks=("room", "phoned", "friends"),
    )
    ned.step(at + MINUTE / 2, "E1")
    ned.police_told(at + 5 * MINUTE)
    ned.step(at + 8 * MINUTE, "T1")
    ned.police_graded(at + 30 * MINUTE, Grade.MEDIUM)
    ned.graded(at + 42 * MINUTE, Grade.MEDIUM, "Fifteen, with money, and knows the trains.")


def _host_is_told(absence: Absence, at: datetime) -> None:
    absence.told(
        at,
        "host_authority",
        "Northmoor duty team",
        "That a child placed in Northmoor is not where they should be.",
        "So that the council on the spot can help to look.",
        role="Duty worker",
    )
