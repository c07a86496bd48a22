"""Who is not back at this moment, in the homes of Exampleshire: all of it counted back from today."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.front.demo.people import BEV, DUNCAN, FEMI, JOSS, NIAMH, OMAR, SONIA, WINNIE
from casework.front.demo.story.absence import Absence
from casework.front.demo.story.agreeing import has_agreed_to_publish, has_met, was_refused_by_legal
from casework.front.demo.story.stage import Stage
from casework.records.photos import for_police
from casework.records.services.photos import approve_photo
from incidents.models import Category, Grade, IndicatorCode, PoliceAnswer
from incidents.services.actions import Agreed

MINUTE = timedelta(minutes=1)
Answer = PoliceAnswer.Answer
ASKED_AS_EXPLOITED = (
    "The grey car’s number, the hotel by the motorway, his address.",
    "Two girls from her school have been seen with him; their families have been rung.",
)


def dev_has_been_gone_for_nineteen_days(stage: Stage) -> None:
    dev = Absence(stage, stage.child("EX-19984"), WINNIE, duty=FEMI)
    left = stage.on_day(19, "19:30")
    noticed = left + timedelta(hours=2)
    dev.reported(
        noticed,
        last_seen=left,
        noticed=noticed,
        where="Harbour Place, hall",
        story="Not in his flat and his bag is gone. He has said all week that he wants to leave Exampleton.",
        wearing="Grey coat, black jeans, rucksack",
        checks=("room", "grounds", "phoned", "friends", "hospitals"),
    )
    dev.step(noticed + MINUTE / 2, "E1")
    dev.police_told(noticed + 5 * MINUTE)
    dev.step(noticed + 8 * MINUTE, "T1")
    dev.police_graded(noticed + 30 * MINUTE, Grade.MEDIUM)
    dev.graded(noticed + 40 * MINUTE, Grade.MEDIUM, "Seventeen, in debt, and has gone for two days before.")
    has_met(
        dev,
        noticed + timedelta(hours=15),
        "strategy",
        BEV,
        decided="Police ask his phone company and his bank. The home rings his friends each evening.",
        known="He owes somebody money. He took his bag and his charger.",
        not_known="Whom he owes, and whether anybody is with him.",
    )
    _decided_about_law_and_publicity(dev, noticed + timedelta(hours=42))
    dev.news(
        stage.on_day(15, "11:20"),
        "information",
        "His bank card was used at a motorway service area two evenings ago.",
        told_by="PC Lowther",
        by=FEMI,
    )
    dev.graded(stage.on_day(15, "14:05"), Grade.HIGH, "Far from anybody he knows, and no contact since.")
    dev.news(
        stage.on_day(9, "18:40"),
        "message",
        "Wrote “all good” to a friend; the friend is not sure it was him.",
    )
    for days in (6, 4, 2):
        dev.news(stage.on_day(days, "20:15"), "nothing_new")


def _decided_about_law_and_publicity(dev: Absence, at: datetime) -> None:
    """Legal refuses for the right reason; the police publish."""
    was_refused_by_legal(
        dev,
        at,
        "recovery_order",
        SONIA,
        why="A man of thirty may be keeping him in another town.",
        by_whom="Ms Adeyemi, legal",
        words="Dev is looked after under section 20. A recovery order needs a care order, an emergency "
        "protection order or police protection. Ask the police about a warning notice once we have a name.",
    )
    has_agreed_to_publish(
        dev,
        at + 20 * MINUTE,
        SONIA,
        "Two days without a word. The police ask for it, and his mother agrees.",
        what="First name, age, the school photo and the grey coat, on the force’s own pages.",
        approved_by="Ruth Sandiford, head of service",
    )
    photo = for_police(dev.child)[0]
    words = "Decided with Ruth; his mother agrees."
    approve_photo(by=dev.stage.user(SONIA), photo=photo, audience="public", words=words)


def alfie_rides_the_buses(stage: Stage) -> None:
    alfie = Absence(stage, stage.child("EX-20877"), DUNCAN)
    at = stage.ago(hours=11, minutes=2)
    alfie.reported(
        at,
        last_seen=at - 40 * MINUTE,
        where="The bus stop by his carers’ house",
        story="Left for his friend’s and never arrived. His carers have driven both bus routes.",
        wearing="Jeans, yellow coat",
        checks=("phoned", "friends", "family", "transport"),
    )
    alfie.step(at + MINUTE / 2, "E1")
    alfie.police_told(at + 4 * MINUTE)
    alfie.step(at + 7 * MINUTE, "T1")
    alfie.police_graded(at + 25 * MINUTE, Grade.MEDIUM)
    alfie.graded(at + 45 * MINUTE, Grade.HIGH, "Thirteen, not answering, and it is not like him.")
    alfie.news(
        at + 95 * MINUTE,
        "sighting",
        "On the top deck, alone.",
        told_by="a bus driver",
        where="The 61 towards Exmarket",
        how_sure="certain",
    )
    alfie.news(
        at + 200 * MINUTE,
        "spoken",
        "I’m not coming. Tell them I’m all right.",
        told_by="his friend Jude",
        where="Would not say; a station could be heard",
        number="07700 900318",
        how_known="Jude has known his voice since the infants’ school.",
    )
    alfie.news(
        at + 340 * MINUTE,
        "sighting",
        "CCTV at Exampleton station, stand 4, with a woman in a long coat. Not known to his carers.",
        told_by="PC Lowther",
        by=OMAR,
    )
    alfie.news(at + 480 * MINUTE, "nothing_new")
    alfie.hands_over(stage.ago(minutes=95), "T9", BEV, to=SONIA)
    alfie.promises(stage.ago(minutes=80), "T9", SONIA, until=stage.ago(minutes=-40))


def grace_is_found_and_not_back(stage: Stage) -> None:
    grace = Absence(stage, stage.child("EX-20690"), DUNCAN)
    at = stage.ago(hours=6, minutes=20)
    grace.reported(
        at,
        last_seen=at - 50 * MINUTE,
        where="Her carers’ home",
        story="Went upstairs after a row and was not in her room. Her window is open.",
        wearing="Black dress, long red scarf",
    )
    grace.step(at + MINUTE / 2, "E1")
    grace.police_told(at + 5 * MINUTE)
    grace.step(at + 6 * MINUTE, "T1")
    grace.police_graded(at + 30 * MINUTE, Grade.MEDIUM)
    grace.graded(at + 50 * MINUTE, Grade.MEDIUM, "Somebody online asked her to meet a month ago.")
    grace.news(
        at + 180 * MINUTE,
        "message",
        "Wrote to a school friend that she is “with people”.",
        "the school friend",
    )
    grace.located(
        stage.ago(minutes=27),
        "A friend’s house in Exmarket",
        "police",
        condition="Well, has eaten, will not say who drove her there",
        with_whom="The friend, the friend’s mother and PC Lowther",
    )


def liam_is_refused_by_the_police(stage: Stage) -> None:
    liam = Absence(stage, stage.child("EX-20329"), NIAMH)
    at = stage.ago(hours=2, minutes=40)
    liam.reported(
        at,
        last_seen=at - 40 * MINUTE,
        story="Went out for ten minutes’ air and is not back. His next tablets are here.",
        wearing="Yellow raincoat, no hat",
        checks=("room", "grounds", "phoned", "usual_places"),
        indicators={IndicatorCode.MEDICAL_NEED: "Epilepsy: his tablets are due and he does not have them."},
    )
    liam.step(at + MINUTE / 2, "E1")
    liam.police_told(
        at + 4 * MINUTE,
        answer=Answer.REFUSED,
        officer="Call taker 2217",
        reason="Out for less than an hour. Ring again in three hours if he is not back.",
    )
    liam.step(at + 8 * MINUTE, "T1")
    liam.challenged(
        at + 17 * MINUTE,
        OMAR,
        made_to="Duty Inspector Haskins",
        words="Fourteen, epileptic, without his tablets. A missing child is reported without delay.",
        outcome="Accepts it at once and apologises. A unit goes to the railway footbridge.",
    )
    liam.police_told(at + 21 * MINUTE, by=OMAR, officer="Duty Inspector Haskins")
    liam.police_graded(at + 24 * MINUTE, Grade.HIGH, "Duty Inspector Haskins")
    liam.graded(at + 31 * MINUTE, Grade.HIGH, "He can have a seizure any time from now.")
    liam.news(
        at + 70 * MINUTE,
        "information",
        "Footbridge and model shop searched, nobody there.",
        "PC Lowther",
        OMAR,
    )


def jaden_is_graded_lower_and_nobody_has_challenged(stage: Stage) -> None:
    jaden = Absence(stage, stage.child("EX-20478"), JOSS)
    at = stage.ago(hours=1, minutes=34)
    jaden.reported(
        at,
        last_seen=at - 35 * MINUTE,
        where="The garden",
        story="Over the garden wall while we answered the door. Two voices and a car in the lane.",
        wearing="Black tracksuit, white trainers",
        indicators={
            IndicatorCode.CRIMINAL_EXPLOITATION: "Holds packages for men in Exmarket, and owes them."
        },
    )
    jaden.step(at + MINUTE / 2, "E1")
    jaden.step(at + 3 * MINUTE, "T1")
    jaden.police_told(
        at + 6 * MINUTE,
        answer=Answer.GRADED_LOWER,
        officer="PC Lowther",
        reason="He always comes back.",
    )
    jaden.police_graded(at + 7 * MINUTE, Grade.LOW)
    jaden.graded(
        at + 26 * MINUTE, Grade.HIGH, "He is trying to get away from them, and they came to the wall."
    )


def shanice_is_gone_for_the_second_night(stage: Stage) -> None:
    first = Absence(stage, stage.child("EX-20540"), NIAMH)
    at = stage.ago(hours=27, minutes=15)
    _shanice_goes(first, at, "Out of the front door while the bell rang at the back.")
    first.back(
        stage.ago(hours=20, minutes=40), "Dropped at the corner by a grey car.", said="“I’m fine. Leave me.”"
    )
    second = Absence(stage, first.child, NIAMH)
    again = stage.ago(hours=3, minutes=10)
    _shanice_goes(second, again, "Gone again. The same grey car was in the road an hour before.")
    first.interview_unable(stage.ago(hours=1, minutes=30), "missing_again")
    _shanices_discussion(second, stage.ago(minutes=80))


def _shanices_discussion(second: Absence, at: datetime) -> None:
    """Held early, with what each does; one of them is late already."""
    stage, home = second.stage, second.episode.home
    has_met(
        second,
        at,
        "strategy",
        BEV,
        decided="Find the grey car first. Nobody meets her alone.",
        known="The grey car was in the road an hour before. He has a warning notice.",
        not_known="Where he lives now.",
        next_at=at + timedelta(hours=12),
        agreed=(
            Agreed(
                "Ring the two girls from her school, and their homes.", at + 45 * MINUTE, stage.user(OMAR)
            ),
            Agreed(
                "Ask the hotel by the motorway for its cameras.", at + 240 * MINUTE, owner_words="PC Lowther"
            ),
            Agreed("Keep her room ready, and ring her every hour.", at + 600 * MINUTE, owner_home=home),
        ),
    )


def _shanice_goes(absence: Absence, at: datetime, story: str) -> None:
    absence.reported(
        at,
        last_seen=at - 25 * MINUTE,
        story=story,
        wearing="Long grey coat, gold rings in her hair",
        indicators={IndicatorCode.SEXUAL_EXPLOITATION: "The man with the warning notice has a grey car."},
    )
    absence.step(at + MINUTE / 2, "E1")
    absence.police_told(at + MINUTE)
    absence.step(at + 3 * MINUTE, "T1")
    absence.police_graded(at + 18 * MINUTE, Grade.HIGH, "Duty Inspector Haskins")
    absence.graded(
        at + 25 * MINUTE, Grade.HIGH, "The man with the warning notice is near, and she goes with him."
    )
    absence.step(at + 45 * MINUTE, "T4a", OMAR, words=ASKED_AS_EXPLOITED)


def tia_and_reece_went_together(stage: Stage) -> None:
    tia = Absence(stage, stage.child("EX-20611"), JOSS)
    reece = Absence(stage, stage.child("EX-20612"), JOSS)
    at = stage.ago(minutes=52)
    tia.reported(
        at,
        last_seen=at - 35 * MINUTE,
        where="The skate ramp in the park",
        story="Went to the park together and did not come back. Two places at the table, two phones off.",
        wearing="Tia: denim jacket with badges. Reece: red cap, scooter.",
        checks=("room", "grounds", "phoned", "friends", "usual_places"),
        together_with=[reece.child],
    )
    reece.joins(tia)
    for one in (tia, reece):
        one.step(at + MINUTE / 2, "E1")
    for one in (tia, reece):
        one.police_told(at + 5 * MINUTE)
    for one in (tia, reece):
        one.step(at + 8 * MINUTE, "T1")
    for one in (tia, reece):
        one.police_graded(at + 21 * MINUTE, Grade.MEDIUM)


def poppy_is_eleven(stage: Stage) -> None:
    poppy = Absence(stage, stage.child("EX-20815"), NIAMH)
    at = stage.ago(minutes=41)
    poppy.reported(
        at,
        last_seen=at - 20 * MINUTE,
        where="Her room",
        story="Not in her room, nor anywhere in the house. Her coat and wellingtons are gone.",
        wearing="Nightdress under a coat, purple wellingtons",
        checks=("room", "grounds", "phoned"),
    )
    poppy.step(at + MINUTE / 2, "E1")
    poppy.police_told(at + 50 * MINUTE / 60)
    poppy.step(at + 2 * MINUTE, "T1")
    poppy.police_graded(at + 4 * MINUTE, Grade.HIGH, "Duty Inspector Haskins")
    poppy.graded(at + 12 * MINUTE, Grade.HIGH, "Eleven, barely dressed, and afraid of a visit tomorrow.")
    poppy.news(
        at + 30 * MINUTE, "information", "Two cars and a dog are searching the fields.", "Control room", OMAR
    )


def noor_is_late(stage: Stage) -> None:
    noor = Absence(stage, stage.child("EX-20734"), DUNCAN)
    at = stage.ago(minutes=26)
    noor.reported(
        at,
        category=Category.CONCERN,
        last_seen=at - 150 * MINUTE,
        noticed=at,
        where="Her friend’s house",
        story="Late from a friend’s, who says she left in time. Phone rings, no answer.",
        checks=("phoned", "friends"),
    )
    noor.step(at + MINUTE / 2, "E1")


def sana_was_reported_just_now(stage: Stage) -> None:
    sana = Absence(stage, stage.child("EX-20123"), WINNIE)
    at = stage.ago(minutes=7, seconds=30)
    sana.reported(
        at,
        last_seen=at - 200 * MINUTE,
        where="The lift",
        story="Not in her flat, and not at work: the bar has not seen her for two days.",
        wearing="Green headscarf, black puffer jacket",
        checks=("room", "phoned", "school"),
    )
    sana.step(at + MINUTE / 2, "E1")
    sana.step(at + 3 * MINUTE, "T1")
