"""Meetings and decisions at the desk: recorded in one go, done from My work, read by those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casework.records.models import LegalStatus, User
from casework.records.services.grants import assign_reviewing_officer
from casework.records.times import now
from incidents.models import Action, Decision, LegalTool, Meeting, MissingEpisode
from incidents.services.actions import Agreed, add_actions
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import in_force, missing
from tests.incidents.agreeing import meet
from tests.incidents.nights import locate, report
from tests.incidents.test_actions import reviewer

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


@pytest.fixture
def episode(night: Cast) -> MissingEpisode:
    return missing(night)


def a_meeting(**said: object) -> dict[str, object]:
    return {
        "kind": "strategy",
        "how": "call",
        "held_at": "now",
        "chaired_by": "Bev Aldous",
        "decided": "The police visit the aunt tonight.",
        "attendee_1_name": "Amina Rahal",
        "attendee_1_agency": "authority",
        "attendee_1_attendance": "present",
        "attendee_2_name": "Sgt Odell",
        "attendee_2_agency": "police",
        "attendee_2_attendance": "present",
        **said,
    }


def in_the_evening(prefix: str) -> dict[str, object]:
    """By tomorrow, 18:00."""
    day = now() + timedelta(days=1)
    return {
        f"{prefix}_day": str(day.day),
        f"{prefix}_month": str(day.month),
        f"{prefix}_year": str(day.year),
        f"{prefix}_time": "18:00",
    }


def tab(user: User, episode: MissingEpisode) -> str:
    return text_of(at_the_desk(user).get(url("episode-meetings", episode.pk)))


# ---- a meeting ----


def test_a_meeting_with_its_actions_is_recorded_in_one_go(night: Cast, episode: MissingEpisode) -> None:
    to_do = {
        "action_1_what": "Visit the aunt",
        "action_1_owner": str(night.amina.pk),
        **in_the_evening("action_1_due_at"),
        "action_4_what": "Ring his friends",
        "action_4_owner": str(night.larch_house.pk),
        "action_4_owner_words": "PC Lowther",
        **in_the_evening("action_4_due_at"),
    }
    answer = send(night.bev, "meeting-record", episode.pk, **a_meeting(**to_do))
    assert answer["Location"] == url("episode-meetings", episode.pk)
    page = tab(night.amina, episode)
    for words in (
        "Strategy discussion",
        "Sgt Odell",
        "Visit the aunt",
        "Staff of Larch House, with PC Lowther",
    ):
        assert words in page
    assert "Health was not there." in page
    assert Action.objects.count() == 2


def test_who_is_missing_is_said_and_refuses_nothing(night: Cast, episode: MissingEpisode) -> None:
    bev = at_the_desk(night.bev)
    page = text_of(bev.post(url("meeting-record", episode.pk), a_meeting(), follow=True))
    assert "Health was not there. A strategy discussion needs them" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"attendee_1_name": "", "attendee_2_name": ""}, "Enter their name."),
        ({"attendee_3_name": "Dr Faro"}, "Choose where they come from."),
        ({"action_2_what": "Visit"}, "Choose who does it, or write who it is."),
        ({"action_2_owner_words": "A nurse"}, "Enter what is to be done."),
        ({"decided": ""}, "Enter what was decided."),
        ({"kind": "lunch"}, "Choose one from the list."),
        ({"decided": "x" * 10_001}, "10,000 characters"),
        ({"attendee_9_name": "One too many"}, "attendee_9_name: This field cannot be set."),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    night: Cast, episode: MissingEpisode, said: dict[str, object], words: str
) -> None:
    answer = send(night.bev, "meeting-record", episode.pk, **a_meeting(known="A second phone", **said))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "A second phone" in text_of(answer)
    assert not Meeting.objects.exists()


def test_an_owner_from_elsewhere_is_nobody_of_the_list(night: Cast, episode: MissingEpisode) -> None:
    for stranger in (night.eve.pk, night.carl.pk, night.fenwick_house.pk):
        to_do = {
            "action_1_what": "Visit",
            "action_1_owner": str(stranger),
            **in_the_evening("action_1_due_at"),
        }
        answer = send(night.bev, "meeting-record", episode.pk, **a_meeting(**to_do))
        assert answer.status_code == 422
        assert "Choose one from the list." in text_of(answer)
    assert not Meeting.objects.exists()


def test_a_step_opens_the_page_with_its_kind_and_no_other_question(
    night: Cast, episode: MissingEpisode
) -> None:
    bev, address = at_the_desk(night.bev), url("meeting-record", episode.pk)
    assert 'value="joint_plan" checked' in text_of(bev.get(f"{address}?kind=joint_plan"))
    assert bev.get(f"{address}?kind=lunch").status_code == 400


def test_somebody_is_added_later_and_a_second_editor_sees_both_texts(
    night: Cast, episode: MissingEpisode
) -> None:
    meeting = meet(night.bev, episode)
    bev, address = at_the_desk(night.bev), url("meeting-change", episode.pk, meeting.pk)
    page = text_of(bev.get(address))
    assert 'value="Nurse Okoro"' in page
    sent = a_meeting(version="1", attendee_4_name="Mr Lisle", attendee_4_agency="school")
    del sent["kind"]
    sent |= {"attendee_3_name": "Nurse Okoro", "attendee_3_agency": "health"}
    assert bev.post(address, sent)["Location"] == url("episode-meetings", episode.pk)
    assert "Mr Lisle" in tab(night.amina, episode)
    late = at_the_desk(night.femi).post(address, {**sent, "decided": "We wait.", "attendee_5_name": "Ms Ray",
                                                  "attendee_5_agency": "health"})  # fmt: skip
    assert late.status_code == 409
    for words in ("We wait.", "The police visit the aunt tonight.", "Ms Ray"):
        assert words in text_of(late)
    assert meeting.attendees.count() == 4


# ---- actions ----


def an_action(night: Cast, episode: MissingEpisode, **whose: Any) -> Action:
    agreed = Agreed("Visit the aunt.", now() + timedelta(minutes=5), **(whose or {"owner": night.amina}))
    return add_actions(by=night.bev, episode=episode, actions=[agreed])[0]


def test_its_owner_finds_it_in_my_work_and_does_it_there(night: Cast, episode: MissingEpisode) -> None:
    action = an_action(night, episode)
    amina = at_the_desk(night.amina)
    page = amina.get(url("my-work"))
    items = [item for _, group in page.context["groups"] for item in group if item.kind == "Action"]
    assert [item.card.title for item in items] == ["Visit the aunt."]
    assert "Actions (1)" in text_of(page)
    done = amina.post(items[0].form_url, {"outcome": "She has not seen him."})
    assert done["Location"] == url("my-work")
    action.refresh_from_db()
    assert (action.state, action.settled_by) == ("done", night.amina)
    assert "Actions (0)" in text_of(amina.get(url("my-work")))


def test_a_late_one_is_red_in_my_work_and_the_strip_says_nothing_of_it(
    night: Cast, episode: MissingEpisode
) -> None:
    Action.objects.filter(pk=an_action(night, episode).pk).update(due_at=now() - timedelta(hours=1))
    page = at_the_desk(night.amina).get(f"{url('my-work')}?show=actions")
    assert [name for name, _ in page.context["groups"]] == ["Late"]
    assert "cw-step--late" in text_of(page)
    assert page.context["clock"].late_count == 0


def test_the_home_does_what_it_was_asked_on_its_own_page(night: Cast, episode: MissingEpisode) -> None:
    action = an_action(night, episode, owner_home=night.larch_house)
    other = an_action(night, episode)
    carl = at_the_desk(night.carl)
    page = text_of(carl.get(url("report-detail", episode.pk)))
    assert "The authority asks you to" in page
    assert page.count("Visit the aunt.") == 2  # its title, and its button read out
    assert carl.post(url("report-action", episode.pk, other.pk), {"outcome": "Done."}).status_code == 404
    done = carl.post(url("report-action", episode.pk, action.pk), {"outcome": "Nobody has seen him."})
    assert done["Location"] == url("report-detail", episode.pk)
    assert "Nobody has seen him." in tab(night.amina, episode)
    assert "Visit the aunt." not in text_of(at_the_desk(night.tablet).get(url("report-detail", episode.pk)))


def test_an_action_is_added_changed_and_dropped(night: Cast, episode: MissingEpisode) -> None:
    said = {"what": "Ask the school", "owner_words": "Mr Lisle", **in_the_evening("due_at")}
    assert send(night.femi, "action-add", episode.pk, **said).status_code == 302
    action = Action.objects.get()
    said |= {"owner": str(night.femi.pk), "version": "1"}
    assert send(night.femi, "action-change", episode.pk, action.pk, **said).status_code == 302
    late = send(night.bev, "action-change", episode.pk, action.pk, **{**said, "what": "Ask his aunt"})
    assert late.status_code == 409
    assert "Ask his aunt" in text_of(late)
    assert "Femi Castell, with Mr Lisle" in tab(night.bev, episode)
    dropped = send(night.femi, "action-drop", episode.pk, action.pk, reason="The school is shut.")
    assert dropped.status_code == 302
    assert "The school is shut." in tab(night.bev, episode)
    assert send(night.femi, "action-drop", episode.pk, action.pk, reason="Again.").status_code == 409


# ---- decisions ----


def test_going_back_is_never_chosen_beforehand_and_a_worker_is_told_whom_to_ask(
    night: Cast, episode: MissingEpisode
) -> None:
    page = text_of(at_the_desk(night.amina).get(url("decision-going-back", episode.pk)))
    assert "Safe to go back to the same home" in page
    assert " checked" not in page.split("What is decided?")[1].split("Why?")[0]
    refused = send(night.amina, "decision-publicity", episode.pk, outcome="no_publicity", reason="No.")
    assert refused.status_code == 403
    assert "team manager" in text_of(refused)


def test_a_manager_decides_and_it_stands_on_the_tab(night: Cast, episode: MissingEpisode) -> None:
    locate(night, episode)
    assert "Is it safe to go back?" in tab(night.bev, episode)
    said = {
        "outcome": "not_safe",
        "reason": "A man waits outside.",
        "decided_at": "now",
        "decided_by": "Ruth S.",
    }
    answer = send(night.bev, "decision-going-back", episode.pk, **said)
    assert answer["Location"] == url("episode-meetings", episode.pk)
    page = tab(night.femi, episode)
    for words in (
        "Not safe: they go somewhere else",
        "A man waits outside.",
        "Decided by Ruth S.",
        "Bev Aldous",
    ):
        assert words in page
    story = text_of(at_the_desk(night.ines).get(url("episode-detail", episode.pk)))
    assert "Decided: not safe" in story
    assert "A man waits outside." not in story


def test_deciding_that_the_child_is_missing_leads_to_where_that_is_recorded(
    night: Cast, episode: MissingEpisode
) -> None:
    said = {"outcome": "missing", "reason": "No word.", "decided_at": "now"}
    answer = send(night.bev, "decision-still-away", episode.pk, **said)
    assert answer["Location"] == url("episode-category", episode.pk)


def test_a_decision_without_a_reason_or_with_an_answer_of_another_question(
    night: Cast, episode: MissingEpisode
) -> None:
    for said in ({"outcome": "hold", "reason": ""}, {"outcome": "safe", "reason": "Yes."}):
        answer = send(night.bev, "decision-placement", episode.pk, decided_at="now", **said)
        assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_ofsted_is_decided_by_the_provider_and_its_words_stay_there(
    night: Cast, episode: MissingEpisode
) -> None:
    said = {"outcome": "not_ofsted", "reason": "No exploitation.", "decided_at": "now"}
    assert send(night.carl, "report-ofsted", episode.pk, **said).status_code == 403
    assert send(night.gita, "report-ofsted", episode.pk, **said).status_code == 302
    page = text_of(at_the_desk(night.gita).get(url("report-detail", episode.pk)))
    assert "Do not tell Ofsted" in page
    assert "No exploitation." in tab(night.bev, episode)


# ---- legal tools ----


def test_the_form_says_before_anybody_asks_what_is_not_for_this_child(
    night: Cast, episode: MissingEpisode
) -> None:
    LegalStatus.objects.filter(child=night.kit).update(code="V2")
    amina, address = at_the_desk(night.amina), url("legal-tool-use", episode.pk)
    said = {"kind": "recovery_order", "stage": "asked", "why": "A cousin hides him.", "at": "now"}
    for page in (text_of(amina.get(address)), text_of(amina.post(address, said))):
        assert "accommodated under section 20" in page
        assert "Children Act 1989 section 50" in page
    assert not LegalTool.objects.exists()
    refused = {**said, "stage": "refused", "words": "Section 20: no order to recover under."}
    assert amina.post(address, {**refused, "words": ""}).status_code == 422
    assert amina.post(address, refused).status_code == 302
    assert "Section 20: no order to recover under." in tab(night.bev, episode)


def test_police_protection_says_when_it_ends_and_what_comes_next(
    night: Cast, episode: MissingEpisode
) -> None:
    said = {"kind": "police_protection", "stage": "granted", "why": "Found in a flat.", "at": "now"}
    too_long = send(night.femi, "legal-tool-use", episode.pk, **{**said, "hours": "73"})
    assert "Enter a whole number from 1 to 72." in text_of(too_long)
    assert send(night.femi, "legal-tool-use", episode.pk, **said).status_code == 302
    page = tab(night.bev, episode)
    assert "Ends by itself" in page
    tool = LegalTool.objects.get()
    nothing = send(night.bev, "legal-tool-next", episode.pk, tool.pk, stage="served", at="now")
    assert nothing.status_code == 422
    assert send(night.bev, "legal-tool-next", episode.pk, tool.pk, stage="ended", at="now").status_code == 302


# ---- who reads it ----


def test_reviewing_officers_read_and_homes_interviewers_and_eve_do_not(
    night: Cast, episode: MissingEpisode
) -> None:
    meet(night.bev, episode)
    address = url("episode-meetings", episode.pk)
    hilary = reviewer(night)
    assign_reviewing_officer(by=night.bev, child=episode.child, officer=hilary, reason="Her review.")
    assert "visit both addresses" in tab(hilary, episode)
    assert at_the_desk(night.ines).get(address).status_code == 403
    assert address not in text_of(at_the_desk(night.ines).get(url("episode-detail", episode.pk)))
    assert at_the_desk(night.carl).get(address).status_code == 403
    assert at_the_desk(night.eve).get(address).status_code == 404


def test_ids_of_another_absence_are_nothing(night: Cast, episode: MissingEpisode) -> None:
    meeting, action = meet(night.bev, episode), an_action(night, episode)
    other = missing_again(night)
    for page, row in (("meeting-change", meeting), ("action-done", action), ("legal-tool-next", meeting)):
        assert at_the_desk(night.bev).get(url(page, other.pk, row.pk)).status_code == 404


def missing_again(night: Cast) -> MissingEpisode:
    return report(night, child=night.ola)


def test_the_tab_asks_the_same_number_of_queries_however_much_was_agreed(
    night: Cast, episode: MissingEpisode, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    meet(night.bev, episode, actions=(Agreed("Visit.", now() + timedelta(hours=1), owner=night.amina),))
    address, amina = url("episode-meetings", episode.pk), at_the_desk(night.amina)
    amina.get(address)
    with django_assert_max_num_queries(45) as counted:
        amina.get(address)
    before = len(counted)
    for _ in range(9):
        meet(night.bev, episode, actions=(Agreed("Visit.", now() + timedelta(hours=1), owner=night.femi),))
        send(night.bev, "decision-placement", episode.pk, outcome="hold", reason="Yes.", decided_at="now")
    with django_assert_max_num_queries(before):
        amina.get(address)


def test_an_empty_tab_says_what_would_be_there(night: Cast, episode: MissingEpisode) -> None:
    page = tab(night.bev, episode)
    for words in ("No meeting is recorded.", "No decision is recorded.", "No legal tool was asked for."):
        assert words in page
