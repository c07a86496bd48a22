"""The week in which Yonas is gone: each minute by whoever it falls to, from their own first page."""

from __future__ import annotations

from typing import Any

import pytest

from casework.records.models import PoliceForce
from casework.records.times import LONDON
from incidents.models import State
from protocols.models import StepState
from tests.journeys import a_week
from tests.journeys.a_month import moment
from tests.journeys.a_night import MINUTE, step
from tests.journeys.a_week import Week, at

pytestmark = pytest.mark.django_db

DONE = "Record as done"


def test_yonas_is_gone_for_a_week_and_no_hand_drops_him() -> None:
    week = a_week.begins()
    friday_night(week)
    saturday(week)
    covers_change_until(week, "2026-11-22 18:00")
    week.it_is("2026-11-22 18:00")
    sol_decides_about_the_law_and_the_press(week)
    covers_change_until(week, "2026-11-23 09:10")
    the_school_and_the_reviewing_officer_hear(week)
    week.it_is("2026-11-23 15:00")
    they_meet_on_the_third_day(week)
    covers_change_until(week, "2026-11-25 08:30")
    week.it_is("2026-11-25 08:30")
    the_home_gives_notice(week)
    covers_change_until(week, "2026-11-25 09:06")
    they_decide_to_keep_the_place(week)
    covers_change_until(week, "2026-11-27 09:06")
    the_week_is_reviewed(week)
    week.it_is("2026-11-27 11:00")
    another_force_finds_him(week)
    week.it_is("2026-11-27 11:30")
    it_is_not_safe_to_go_back(week)
    week.it_is("2026-11-27 13:10")
    he_comes_to_another_home(week)
    week.it_is("2026-11-27 13:20")
    everybody_hears_that_he_is_back(week)
    week.it_is("2026-11-27 16:00")
    the_police_have_talked_to_him(week)
    week.it_is("2026-11-28 14:00")
    ines_hears_him(week)
    week.it_is("2026-12-03 10:00")
    what_he_said_reaches_those_who_need_it(week)
    week.it_is("2026-12-03 14:00")
    they_meet_after_the_return(week)
    week.it_is("2026-12-10 11:00")
    rhea_decides_about_the_review(week)
    week.it_is("2026-12-17 15:00")
    bev_signs_off(week)


def covers_change_until(week: Week, until: str) -> None:
    """At each change whoever comes on accepts him by name: in office hours Amina, else Femi or Nuru."""
    change = step(week.episode, "T7b").due_at
    while change + 5 * MINUTE <= at(until):
        week.it_is_at(change + 5 * MINUTE)
        local = change.astimezone(LONDON)
        who = week.femi if local.hour == 17 else week.amina if local.weekday() < 5 else week.nuru
        who.follows("Accept the child at the change of cover").follows("Accept the hand-over")
        who.presses("Accept")
        change = step(week.episode, "T7b").due_at


# Friday night -------------------------------------------------------------------------------------------


def friday_night(week: Week) -> None:
    week.it_is("2026-11-20 22:40")
    the_agency_worker_reports(week)
    week.it_is("2026-11-20 22:46")
    the_agency_worker_rings_the_police(week)
    week.it_is("2026-11-20 22:48")
    femi_takes_it_on_and_grades_it(week)
    week.it_is("2026-11-20 22:55")
    femi_challenges_the_police(week)
    week.it_is("2026-11-20 23:02")
    femi_writes_down_what_the_home_did(week)
    week.it_is("2026-11-20 23:05")
    femi_rings_next_door_and_hal_sees_it(week)
    week.it_is("2026-11-20 23:08")
    femi_tells_the_home_office_and_the_others(week)
    week.it_is("2026-11-20 23:31")
    an_uncle_rings_the_home(week)
    week.it_is("2026-11-20 23:50")
    yonas_texts(week)
    week.it_is("2026-11-21 00:20")
    femi_plans_with_the_police(week)
    week.it_is("2026-11-21 02:10")
    somebody_saw_him_by_the_sea(week)


def saturday(week: Week) -> None:
    week.it_is("2026-11-21 09:05")
    cover_changes(week)
    bev_reads_and_notes(week)
    week.it_is("2026-11-21 10:20")
    they_meet(week)
    week.it_is("2026-11-21 10:50")
    nuru_asks_around_again(week)


def the_agency_worker_reports(week: Week) -> None:
    """22:40. On the shared tablet of Fenwick House; it asks who is typing."""
    tablet = week.tablet.follows("Report a child missing or away")
    tablet.presses("Continue", children=str(week.yonas.pk))
    tablet.presses("Continue", where="missing")
    tablet.presses(
        "Continue",
        last_seen_at="60",
        last_seen_where="In his room, on the phone",
        seen_by="else",
        seen_by_name="Mo Fenn",
        noticed_at="now",
    )
    tablet.presses("Continue", checks=["room"], circumstances="A call, and then he was quiet.")
    tablet.presses("Continue", signs=["trafficking"], about_trafficking="A car from the city waited twice.")
    tablet.presses("Continue", wearing="Black coat, white trainers")
    tablet.presses("Continue", told="not_yet")
    tablet.sees("Check your answers", "In his room, on the phone")
    tablet.is_stopped("Send report", "Enter your name.")
    tablet.presses("Send report", typed_name="Jo Agnew, agency")
    tablet.sees("Report received", "Now phone the police on 101")
    assert week.episode.state == State.OPEN


def the_agency_worker_rings_the_police(week: Week) -> None:
    """22:46. The number is on the first page of all; the police see less danger than we do."""
    tablet = week.tablet.sees("Look for the child : was due Today 22:40").follows(week.episode.reference)
    tablet.sees("For you to do", "Ring the duty team", "01632 960002").follows(
        "Record the call to the police"
    )
    call = {"answer": "graded_lower", "told_at": "now", "reference": "XP-2011-0417", "typed_name": "Jo Agnew"}
    tablet.is_stopped("Save", "Say who you spoke to.", "Write down the reason they gave.", **call)
    tablet.presses("Save", **call, officer="Control room, 5521", reason="He is nearly sixteen.")
    tablet.is_shut_out(f"/episodes/{week.episode.pk}/risk/grade/", 403)
    tablet.is_shut_out(f"/children/{week.yonas.pk}/", 403)
    week.carl.is_shut_out(f"/episodes/{week.episode.pk}/report/")  # a home where Yonas does not live


def femi_takes_it_on_and_grades_it(week: Week) -> None:
    """22:48. Nobody told her where to look: it is the first line of the board."""
    femi = week.femi.sees("Yonas Tekle", "nobody has taken it on yet").follows("Yonas Tekle")
    femi.presses("I’ve got this").sees("Responsible now: Femi Castell (you)")
    assert step(week.episode, "E4").state == StepState.DONE, "the duty team has it: nobody has to be rung"
    femi.follows("Grade the risk")
    femi.is_stopped("Record the grade", "Choose the grade.")
    femi.presses("Record the grade", grade="high", rationale="Fifteen, alone here, a car that waits.")
    week.bev.sees("1 High", "Assistant director 1 overdue step")
    week.ade.sees("Waiting for you: 1, 1 late", "Bring in the assistant director")


def femi_challenges_the_police(week: Week) -> None:
    """22:55. Graded lower settles nothing until it is challenged."""
    assert step(week.episode, "T0").state == StepState.FIRED
    femi = week.femi.follows("Yonas Tekle").follows("Police").sees("He is nearly sixteen.")
    femi.follows("Challenge")
    femi.presses(
        "Record the challenge",
        made_to="Duty inspector Pratt",
        made_at="now",
        words="Trafficked once before, and the same car.",
        outcome="High risk from now on.",
    )
    assert step(week.episode, "T0").state == StepState.DONE
    week.tablet.follows(week.episode.reference).does_not_see("Now phone the police on 101")


def femi_writes_down_what_the_home_did(week: Week) -> None:
    """23:02. An agency worker on the tablet may add; Femi, on the phone, writes down what was done."""
    femi = week.femi.follows("Yonas Tekle")
    femi.follows("Record it", after="Look for the child")
    femi.presses(DONE, evidence_1="Rooms, garden and bus stop searched; his phone is off.")
    femi.follows("Record it", after="Send the form and photo")
    femi.presses(DONE, evidence_1="Form and photo sent at 23:00.")
    femi.follows("Record what you told the parents")
    no = {"told_name": "His parents, abroad", "how": "not_told", "told_at": "now"}
    femi.is_stopped("Record it", "Write down why they are not told.", **no)
    femi.presses("Record it", **no, reason="Nobody knows where they are, or who would answer.")
    for code in ("E1", "T1", "T1b"):
        assert step(week.episode, code).state == StepState.DONE


def femi_rings_next_door_and_hal_sees_it(week: Week) -> None:
    """23:05. Northmoor hosts the home: told by phone, and its duty worker sees that it is so."""
    week.hal.follows("Placed in our area: 1 not back").sees("Yonas Tekle", "Exampleshire")
    femi = week.femi.follows("Yonas Tekle").sees("Northmoor, duty desk", "01632 960022")
    femi.follows("Record whom you told there").presses("Record it", told_name="Hal North")
    assert step(week.episode, "T5").state == StepState.DONE
    week.hal.is_shut_out(f"/episodes/{week.episode.pk}/").is_shut_out(f"/children/{week.yonas.pk}/")


def femi_tells_the_home_office_and_the_others(week: Week) -> None:
    """23:08. The Home Office, the National Referral Mechanism, a guardian; the police as trafficked."""
    femi = week.femi.follows("Yonas Tekle")
    femi.follows("Record that the Home Office was told")
    femi.presses("Record it", what="missing", told_name="Night desk", how="phone", reference="HO/26/99120")
    femi = week.femi.follows("Yonas Tekle").follows("Record the referral")
    femi.presses("Record it", when="now", made_by_name="", words="The car, the calls.")
    femi = week.femi.follows("Yonas Tekle").follows("Record that a guardian was asked for")
    femi.presses("Record it", when="now", made_to="Guardianship service, out of hours")
    femi = week.femi.follows("Yonas Tekle").follows("Record it", after="Ask the police to treat the child as")
    femi.presses(DONE, evidence_1="Ports alert asked for.", evidence_2="None so far.")
    for code in ("T4a", "T4b", "T4c", "T4d"):
        assert step(week.episode, code).state == StepState.DONE


def an_uncle_rings_the_home(week: Week) -> None:
    """23:31. One tap from the tablet's first page: what to say stands above what is asked."""
    tablet = week.tablet.follows("Somebody asks for them")
    tablet.sees("Do not say that a child lives here", "This child may be at risk of trafficking.")
    tablet.presses("Keep it", said_name="His uncle", number="07700 900555", typed_name="Jo Agnew")
    tablet.sees("Now ring the police on 101", "XP-2011-0417")
    week.femi.follows("Yonas Tekle").follows("News").sees("His uncle", "07700 900555")


def yonas_texts(week: Week) -> None:
    """23:50. A message locates nobody: the absence goes on as it was."""
    tablet = week.tablet.follows("Add news")
    message = {"kind": "message", "happened_at": "now", "told_by": "", "typed_name": "Jo Agnew"}
    tablet.presses("Save news", **message, words="A text from his phone: I am fine, do not look.")
    assert week.episode.state == State.OPEN
    week.femi.sees("Yonas Tekle", "1 Missing").follows("Yonas Tekle").sees("I am fine, do not look.")


def femi_plans_with_the_police(week: Week) -> None:
    """00:20. Who visits whom; within two hours for a child graded high."""
    femi = week.femi.follows("Yonas Tekle").follows("Record the plan")
    plan = {
        "how": "call",
        "held_at": "now",
        "chaired_by": "Femi Castell",
        "decided": "Police visit the cousin tonight; we ring his friends; we speak again at 06:00.",
    }
    femi.is_stopped("Record the meeting", "Enter who was there.", **plan)
    came = {"attendee_1_name": "Sgt Lowe", "attendee_1_agency": "police"}
    femi.presses("Record the meeting", **plan, **came)
    assert step(week.episode, "T6").state == StepState.DONE


def somebody_saw_him_by_the_sea(week: Week) -> None:
    """02:10. In another force's area: it is shared with that force, with the reason."""
    femi = week.femi.follows("Yonas Tekle").follows("News").follows("Somebody saw them")
    coastal = PoliceForce.objects.get(name="Coastal Police")
    femi.presses(
        "Save the sighting",
        happened_at="30",
        where="Bus station, Seaham",
        words="A boy in a black coat with two men.",
        told_by="A bus driver",
        how_sure="unsure",
        force=str(coastal.pk),
    )
    femi.follows("News").sees("Bus station, Seaham").follows("Share with Coastal Police")
    femi.presses("Share it", reason="They can look at the cameras there.")
    assert week.episode.state == State.OPEN


# Saturday -----------------------------------------------------------------------------------------------


def cover_changes(week: Week) -> None:
    """09:05. Nobody has him until Nuru accepts by name; then it is Nuru whom the board names."""
    week.femi.sees("Accept the child at the change of cover")
    nuru = week.nuru.sees("Accept the child at the change of cover").follows("Yonas Tekle")
    nuru.follows("Accept the hand-over").presses("Accept", words="From Femi: the police ring at ten.")
    assert step(week.episode, "T7b").due_at == at("2026-11-21 17:00"), "the next change, not this one"
    week.nuru.sees("Responsible: Nuru Adeyemi (you)")
    week.femi.sees("Responsible: Nuru Adeyemi")


def bev_reads_and_notes(week: Week) -> None:
    """The team manager's first page says that a note is late, since 04:40."""
    bev = week.bev.sees("Waiting for you", "Write a management note")
    bev.follows("Write a management note").follows("Record it", after="Write a management note")
    bev.presses(DONE, evidence_1="All has been done. The grade is right. I chair at 10:20.")
    assert step(week.episode, "T7a").state == StepState.DONE
    ade = week.ade.sees("Bring in the assistant director").follows("Bring in the assistant director")
    ade.follows("Record the decision")
    ade.presses("Record the decision", outcome="director", reason="A child here alone, gone overnight.")
    assert step(week.episode, "T2").state == StepState.DONE
    week.ade.does_not_see("Bring in the assistant director")


def they_meet(week: Week) -> None:
    """10:20. Within twelve hours: police and health, and somebody who does what by when."""
    bev = week.bev.follows("Hold a strategy discussion").follows("Record the discussion")
    bev.sees("A strategy discussion is at least children’s services, police and health")
    bev.presses(
        "Record the meeting",
        how="call",
        held_at="now",
        chaired_by="Bev Aldous",
        known="The car, the text, the bus station.",
        decided="Search of the flat; borders; no press yet.",
        attendee_1_name="DS Marlow",
        attendee_1_agency="police",
        attendee_2_name="Dr Iqbal",
        attendee_2_agency="health",
        attendee_3_name="Nuru Adeyemi",
        attendee_3_agency="authority",
        action_1_what="Ring the cousin in the city",
        action_1_owner=str(week.people["nuru"].pk),
        **moment("action_1_due_at", at("2026-11-21 12:00")),
    )
    assert step(week.episode, "T9").state == StepState.DONE
    nuru = week.nuru.follows("My work").sees("Ring the cousin in the city")
    said = {"outcome": "Has not heard of him since Thursday."}
    nuru.presses("Record as done", after="Ring the cousin in the city", **said)


def nuru_asks_around_again(week: Week) -> None:
    """10:50. People know more after a night."""
    nuru = week.nuru.follows("Ask again where the child may be")
    nuru.follows("Record it", after="Ask again where the child may be")
    nuru.presses(DONE, evidence_1="Both hospitals and custody: nobody of that name.")
    assert step(week.episode, "T8a").state == StepState.DONE


# Sunday and Monday --------------------------------------------------------------------------------------


def sol_decides_about_the_law_and_the_press(week: Week) -> None:
    """Sunday 18:00. A recovery order is not for a child looked after under section 20: the page says so."""
    sol = week.sol.follows("Decide about court orders and publicity").follows("Record the decisions")
    sol.follows("Use a legal tool").sees("Recovery order", "Not for this child.")
    wanted = {"stage": "asked", "by_whom": "Duty solicitor", "why": "To bring him back."}
    sol.is_stopped("Record it", "section 20", **wanted, kind="recovery_order")
    sol.presses("Record it", **wanted, kind="abduction_warning", against="The man in the car")
    sol.follows("Court orders and warning notices")
    sol.presses("Record the decision", outcome="ask_legal", reason="A warning notice, and nothing else.")
    sol.follows("Publicity")
    sol.presses("Record the decision", outcome="no_publicity", reason="Whoever has him would move him.")
    assert step(week.episode, "T11").state == StepState.DONE


def the_school_and_the_reviewing_officer_hear(week: Week) -> None:
    """Monday 09:05. Both are on Amina's first page; the school's own page said so all along."""
    week.vera.sees("Yonas Tekle", "Not back").is_shut_out(f"/episodes/{week.episode.pk}/")
    amina = week.amina.sees("Tell the school").follows("Tell the school")
    amina.follows("Record whom you told there").presses("Record it", told_name="Ms Dunn, Seaham Academy")
    amina = week.amina.follows("Tell the reviewing officer")
    amina.follows("Record it", after="Tell the reviewing officer")
    amina.presses(DONE, evidence_1="Rhea Court. Nothing new.")
    assert step(week.episode, "T8b").state == step(week.episode, "T8c").state == StepState.DONE
    week.rhea.sees("Yonas Tekle", "Not back")


def they_meet_on_the_third_day(week: Week) -> None:
    """Monday 15:00: well before 72 hours are over."""
    sol = week.sol.follows("Meet on the third day").follows("Record", after="Meet on the third day")
    listed = {"evidence_1": "All agencies.", "evidence_2": "He is listed.", "evidence_3": "Ofsted is told."}
    sol.presses(DONE, **listed)
    assert step(week.episode, "T12").state == StepState.DONE


# Day five -----------------------------------------------------------------------------------------------


def the_home_gives_notice(week: Week) -> None:
    """Wednesday 08:30. The place may end; the absence does not, and the page says so."""
    gita = week.gita.follows(week.episode.reference).follows("The home gives notice on the place")
    notice = {"reason": "We cannot keep the room empty.", "given_at": "now"}
    gita.is_stopped("Give notice", "Enter the last day of the place.", **notice)
    day = {"ends_on_day": "23", "ends_on_month": "12", "ends_on_year": "2026"}
    gita.presses("Give notice", **notice, **day)
    assert week.episode.state == State.OPEN
    week.amina.follows("Yonas Tekle").sees("notice")


def they_decide_to_keep_the_place(week: Week) -> None:
    """Wednesday 09:05. Until the decision is there, a meeting alone does not meet the step."""
    sol = week.sol.follows("Meet on the fifth day").follows("Record the meeting and the decision")
    sol.follows("Record a meeting")
    sol.presses(
        "Record the meeting",
        kind="keep_placement",
        how="call",
        held_at="now",
        chaired_by="Sol Whitby",
        decided="We pay for the room until Christmas.",
        attendee_1_name="Gita Larch",
        attendee_1_agency="home",
    )
    assert step(week.episode, "T13").state != StepState.DONE
    sol = week.sol.follows("Meet on the fifth day").follows("Record the meeting and the decision")
    sol.follows("Keep the placement?").sees("rule 575")
    sol.presses("Record the decision", outcome="hold", reason="It is the only address he knows.")
    assert step(week.episode, "T13").state == StepState.DONE


# Day seven ----------------------------------------------------------------------------------------------


def the_week_is_reviewed(week: Week) -> None:
    ruth = week.ruth.follows("Review the week").follows("Record", after="Review the week")
    ruth.presses(DONE, evidence_1="Nothing was left undone.", evidence_2="No early review yet.")


def another_force_finds_him(week: Week) -> None:
    """11:00. Located is not back: the search stops, the steps for a child who is found begin."""
    amina = week.amina.follows("Yonas Tekle").follows("Located")
    amina.presses(
        "Record as located",
        located_at="30",
        where="Police station, Seaham",
        found_by="police",
        with_whom="PC Orr",
    )
    assert week.episode.state == State.LOCATED
    week.amina.sees("1 Located, not back")
    amina = week.amina.follows("Yonas Tekle").follows("Record who fetches them")
    amina.presses("Record it", with_whom="PC Orr", fetched_by="I do, by 13:00")
    amina = week.amina.follows("Yonas Tekle").follows("Tell everybody who was told")
    amina.presses("Record it", told=amina.offers("told"), how="phone", told_at="now")
    amina = week.amina.follows("Yonas Tekle").follows("Record that the Home Office was told")
    amina.presses("Record it", what="found", told_name="Day desk", how="phone")
    amina = week.amina.follows("Yonas Tekle").follows("Record it", after="Ask what cannot wait")
    amina.presses(DONE, evidence_1="A doctor sees him at 15:00.", evidence_2="His clothes are kept.")
    for code in ("L0b", "L0c", "L1", "L4"):
        assert step(week.episode, code).state == StepState.DONE, code


def it_is_not_safe_to_go_back(week: Week) -> None:
    """11:30. For this child the team manager decides, and nobody below."""
    week.amina.is_shut_out(f"/episodes/{week.episode.pk}/decisions/going-back/", 403)
    bev = week.bev.follows("Decide whether the old placement is safe").follows("Record the decision")
    bev.presses("Record the decision", outcome="not_safe", reason="The men know the house.")
    assert step(week.episode, "L2").state == StepState.DONE


def he_comes_to_another_home(week: Week) -> None:
    """13:10. Fenwick House loses sight of him; Larch House has him on its first page, and what it owes."""
    week.carl.does_not_see("Yonas Tekle")
    amina = week.amina.follows("Yonas Tekle").follows("They’re back")
    larch = week.cast.larch_house
    amina.presses("Record the return", returned_at="now", place="home", home=str(larch.pk))
    assert week.episode.state == State.FOLLOW_UP
    week.tablet.does_not_see("Yonas Tekle")
    carl = week.carl.sees("Yonas Tekle").follows(week.episode.reference)
    carl.follows("Record what you did", after="Welcome the child back")
    carl.presses("Record as done", evidence_1="Cold, not hurt.", evidence_2="Police and Amina.")
    assert step(week.episode, "R1").state == StepState.DONE


def everybody_hears_that_he_is_back(week: Week) -> None:
    """13:20. Casework tells those it can reach; the others are on one list, to be rung and ticked."""
    assert step(week.episode, "R2a").state == StepState.WAITING
    amina = week.amina.follows("Ring those whom Casework cannot reach").follows("Tell everybody who was told")
    amina.sees("Hal North", "Ms Dunn, Seaham Academy")
    amina.presses("Record it", told=amina.offers("told"), how="phone", told_at="now")
    week.it_is("2026-11-27 14:15")
    for code in ("R2a", "R2b", "R2c"):
        assert step(week.episode, code).state == StepState.DONE, code
    week.vera.sees("Yonas Tekle", "Back").does_not_see("Not back")


def the_police_have_talked_to_him(week: Week) -> None:
    """16:00. Their talk is not the return interview."""
    amina = week.amina.follows("Get the outcome of the police").follows("Record the police’s talk")
    amina.presses(
        "Record it",
        outcome="held",
        happened_at="60",
        officer="PC Orr",
        words="Two men took him. Being looked at.",
    )
    assert step(week.episode, "R3").state == StepState.DONE


def ines_hears_him(week: Week) -> None:
    """Saturday 14:00. Within 72 hours, in his language; the interpreter is not of his community."""
    ines = week.ines.sees("Yonas Tekle", "Given to nobody yet.")
    ines.presses("Take it on : " + week.episode.reference)
    ines = week.ines.follows("Record the offer")
    ines.presses("Record the offer", offered_at="now", words="At Larch House. He wants to.")
    ines = week.ines.follows("Record the interview")
    talk: dict[str, Any] = {
        "held_at": "now",
        "where": "Library",
        "language": "Tigrinya",
        "interpreter_name": "S. Haile",
        "interpreter_agency": "Speakwell",
        "is_caring": "no",
        "is_line_managed": "no",
        "is_trained": "yes",
        "own_words": "They said that I owe them for the boat.",
        "exploitation": "Made to work in a car wash.",
        "reasons": [],
    }
    ines.is_stopped("Record the interview", "Say whether the interpreter is independent.", **talk)
    ines.presses("Record the interview", **talk, is_interpreter_independent="yes")
    assert step(week.episode, "R4").state == step(week.episode, "R5").state == StepState.DONE
    week.carl.is_shut_out(f"/episodes/{week.episode.pk}/interviews/", 403)


# The weeks after ----------------------------------------------------------------------------------------


def what_he_said_reaches_those_who_need_it(week: Week) -> None:
    """Thursday. Not his words: what the home needs in order to keep him safe."""
    amina = week.amina.follows("Share the interview").follows("Share the interview")
    amina.follows("Share what came of it")
    words = "Somebody may come for him. Ring the police at once if a car waits."
    for audience, name in (("provider", "Larch House"), ("police", "DS Marlow")):
        amina.presses("Share it", audience=audience, told_name=name, how="in_person", words=words)
        amina.follows("Interviews").follows("Share what came of it")
    assert step(week.episode, "R6").state == StepState.DONE


def they_meet_after_the_return(week: Week) -> None:
    bev = week.bev.follows("Hold a strategy meeting after the return").follows("Record the meeting")
    bev.presses(
        "Record the meeting",
        how="call",
        held_at="now",
        chaired_by="Bev Aldous",
        decided="He stays at Larch House; a new phone; the police see to the men.",
        attendee_1_name="DS Marlow",
        attendee_1_agency="police",
        attendee_2_name="Dr Iqbal",
        attendee_2_agency="health",
    )
    assert step(week.episode, "R7").state == StepState.DONE


def rhea_decides_about_the_review(week: Week) -> None:
    rhea = week.rhea.sees("Yonas Tekle").follows("Decide whether the child's plan is reviewed early")
    rhea.follows("Record the decision")
    rhea.presses("Record the decision", outcome="early", reason="He was taken, and lives somewhere else now.")
    assert step(week.episode, "R8").state == StepState.DONE


def bev_signs_off(week: Week) -> None:
    bev = week.bev.follows("My work").follows("Sign the episode off")
    bev.presses("Sign off", words="The men are in custody. He has a school and a phone.")
    assert week.episode.state == State.CLOSED
    week.bev.does_not_see("E-2026-0001")
    week.amina.does_not_see("Yonas Tekle")
