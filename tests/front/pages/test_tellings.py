"""Whom people told, and of what; a step met by a name and one press; told again; one's own number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.records.models import Disclosure, Home, Notification, User
from casework.records.services import telling
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import returns
from protocols import engine
from protocols.models import StepRun
from tests.cast import Cast
from tests.front.pages.duty_night import at_the_desk, in_force, missing, path_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night(cast: Cast) -> None:
    """Tomorrow at 22:40, and Larch House stands in Westing."""
    tomorrow = now().astimezone(LONDON) + timedelta(days=1)
    Home.objects.filter(pk=cast.larch_house.pk).update(host_authority=cast.westing)
    pretend_now(tomorrow.replace(hour=22, minute=40))


def a_step_met_by(episode: MissingEpisode, fact: str) -> StepRun:
    """The step of the shipped protocol that this fact meets."""
    return StepRun.objects.get(episode=episode, step__met_by=fact, rung=0)


def aunt(cast: Cast, episode: MissingEpisode, name: str = "Mrs Hale") -> Disclosure:
    return telling.tell(
        by=cast.amina,
        child=cast.kit,
        audience="other",
        told_name=name,
        told_role="Aunt",
        told_phone="+441632960417",
        how="phone",
        what="That he is gone.",
        purpose="She may know.",
        episode_id=episode.pk,
    )


# A step that is met by telling -----------------------------------------------------------------------


def test_carl_taps_the_duty_teams_number_and_writes_down_who_answered(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step_run = a_step_met_by(episode, "duty_accepted")
    carl = at_the_desk(cast.carl)
    shown = text_of(carl.get(path_of("report-detail", episode.pk)))
    assert 'href="tel:0163296000' in shown
    address = reverse("pages:report-tell", args=[episode.pk, step_run.pk])
    assert address in shown
    opened = text_of(carl.get(address))
    assert 'href="tel:0163296000' in opened
    assert "That the child is missing" in opened
    sent = {"told_name": "Femi Castell", "how": "phone", "told_at": "now", "what": "That Kit is gone."}
    assert carl.post(address, sent).status_code == 302
    told = Disclosure.objects.get(step_run_id=step_run.pk)
    assert (told.audience, told.told_name, told.recorded_by) == ("authority", "Femi Castell", cast.carl)
    engine.reconcile(episode.pk)
    step_run.refresh_from_db()
    assert step_run.state == "done"


def test_the_tablet_shows_the_number_and_records_nothing(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step_run = a_step_met_by(episode, "duty_accepted")
    tablet = at_the_desk(cast.tablet)
    assert 'href="tel:0163296000' in text_of(tablet.get(path_of("report-detail", episode.pk)))
    assert tablet.get(reverse("pages:report-tell", args=[episode.pk, step_run.pk])).status_code == 403


def test_femi_settles_the_parents_by_deciding_not_to_tell_and_says_why(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step_run = a_step_met_by(episode, "parents_settled")
    address, femi = path_of("step-tell", step_run.pk), at_the_desk(cast.femi)
    asked = {"told_name": "His father", "how": "not_told", "told_at": "now", "what": "Nothing"}
    refused = femi.post(address, asked)
    assert (refused.status_code, Disclosure.objects.filter(step_run_id=step_run.pk).count()) == (422, 0)
    assert femi.post(address, {**asked, "reason": "He is a danger to Kit."}).status_code == 302
    told = Disclosure.objects.get(step_run_id=step_run.pk)
    assert (told.how, told.reason_not_told, told.audience) == ("not_told", "He is a danger to Kit.", "parent")
    engine.reconcile(episode.pk)
    step_run.refresh_from_db()
    assert step_run.state == "done"


def test_the_host_authority_cannot_be_declined_and_its_number_stands_there(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step_run = a_step_met_by(episode, "host_told")
    address, femi = path_of("step-tell", step_run.pk), at_the_desk(cast.femi)
    shown = text_of(femi.get(address))
    assert "01632 960031" in shown
    assert "not to be told" not in shown
    asked = {"told_name": "Duty desk", "how": "not_told", "told_at": "now", "what": "Nothing"}
    assert femi.post(address, asked).status_code == 422


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"told_name": ""}, "Enter the name of whoever answered"),
        ({"told_at": "give", "told_at_day": "1", "told_at_month": "1", "told_at_year": "2099",
          "told_at_time": "10:00"}, "in the future"),
        ({"told_phone": "ring me"}, "Enter a telephone number"),
        ({"what": "x" * 4001}, "4,000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_telling_is_said_beside_it(
    cast: Cast, answers: dict[str, str], said: str
) -> None:
    in_force(cast)
    step_run = a_step_met_by(missing(cast), "host_told")
    whole = {"told_name": "Duty desk", "how": "phone", "told_at": "now", "what": "That Kit is gone."}
    answer = at_the_desk(cast.femi).post(path_of("step-tell", step_run.pk), {**whole, **answers})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_step_that_is_met_otherwise_is_not_told_away(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    police = StepRun.objects.get(episode=episode, step__code="T0", rung=0)
    assert at_the_desk(cast.femi).get(path_of("step-tell", police.pk)).status_code == 409
    assert at_the_desk(cast.eve).get(path_of("step-tell", police.pk)).status_code == 404


# Told again ------------------------------------------------------------------------------------------


def test_one_press_tells_those_who_were_rung_and_leaves_the_rest_on_the_list(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    hale, orme = aunt(cast, episode), aunt(cast, episode, "Mr Orme")
    pretend_now(now() + timedelta(hours=2))
    returns.record_return(by=cast.amina, episode=episode)
    femi = at_the_desk(cast.femi)
    assert "2 still to be told" in text_of(femi.get(path_of("episode-tellings", episode.pk)))
    address = path_of("telling-again", episode.pk)
    shown = text_of(femi.get(address))
    assert "Mrs Hale, Aunt" in shown
    assert "01632 960417" in shown
    key = "11111111-1111-4111-8111-111111111111"
    sent = {"told": [str(hale.pk)], "how": "phone", "told_at": "now", "form_key": key}
    assert femi.post(address, sent).status_code == 302
    assert femi.post(address, sent).status_code == 302
    assert Disclosure.objects.filter(told_of="back", told_name="Mrs Hale").count() == 1
    left = text_of(femi.get(path_of("episode-tellings", episode.pk)))
    assert "1 still to be told" in left
    sent = {"not_told": [str(orme.pk)], "reason": "He brought Kit back."}
    assert femi.post(address, sent).status_code == 302
    assert "still to be told" not in text_of(femi.get(path_of("episode-tellings", episode.pk)))
    assert "has heard how it stands now" in text_of(femi.get(address))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Tick whom you told"),
        ({"told": "hale"}, "Say how they were told"),
        ({"told": "hale", "how": "phone"}, "Say when they were told"),
        ({"not_told": "hale"}, "Enter why they are not told"),
        ({"told": "hale", "how": "phone", "told_at": "now", "not_told": "hale", "reason": "No."}, "both"),
        ({"told": "11111111-1111-4111-8111-111111111111", "how": "phone", "told_at": "now"}, "from the list"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_told(cast: Cast, answers: dict[str, str], said: str) -> None:
    in_force(cast)
    episode = missing(cast)
    hale = aunt(cast, episode)
    returns.record_return(by=cast.amina, episode=episode)
    sent = {name: str(hale.pk) if value == "hale" else value for name, value in answers.items()}
    answer = at_the_desk(cast.femi).post(path_of("telling-again", episode.pk), sent)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Disclosure.objects.filter(told_of="back").exists()


def test_while_the_child_is_missing_there_is_nothing_to_tell_again(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    hale = aunt(cast, episode)
    femi, address = at_the_desk(cast.femi), path_of("telling-again", episode.pk)
    assert "Mrs Hale" not in text_of(femi.get(address))
    sent = {"told": str(hale.pk), "how": "phone", "told_at": "now"}
    assert femi.post(address, sent).status_code == 409
    assert Disclosure.objects.filter(told_name="Mrs Hale").count() == 1


def test_whom_a_colleague_has_told_meanwhile_is_not_told_twice(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    hale = aunt(cast, episode)
    pretend_now(now() + timedelta(hours=2))
    returns.record_return(by=cast.amina, episode=episode)
    sent, address = (
        {"told": str(hale.pk), "how": "phone", "told_at": "now"},
        path_of("telling-again", episode.pk),
    )
    assert at_the_desk(cast.amina).post(address, sent).status_code == 302
    assert at_the_desk(cast.femi).post(address, sent).status_code == 409
    assert Disclosure.objects.filter(told_of="back").count() == 1


# One's own number ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ("07700 900 982", 302, "+447700900982"),
        ("", 302, ""),
        ("01632 960 001", 422, ""),
        ("+33 6 12 34 56 78", 422, ""),
    ],
)
def test_femi_keeps_a_mobile_number_of_her_own(cast: Cast, typed: str, status: int, kept: str) -> None:
    answer = at_the_desk(cast.femi).post(reverse("pages:own-number"), {"phone": typed})
    assert answer.status_code == status
    assert User.objects.get(pk=cast.femi.pk).phone == kept
    assert User.objects.get(pk=cast.bev.pk).phone == ""


def test_a_text_and_what_became_of_it_stand_in_the_story(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    text = Notification.objects.create(
        key="a-text", recipient=cast.femi, template="step_late", reference=episode.reference, child=cast.kit,
        episode_id=episode.pk, channel="sms", state="failed", reason="The phone was off or out of reach.",
    )  # fmt: skip
    text.events.create(kind="sent")
    text.events.create(kind="not_delivered", reason=text.reason)
    shown = text_of(at_the_desk(cast.bev).get(path_of("episode-detail", episode.pk)))
    assert "Femi Castell (text)" in shown
    assert "Not delivered" in shown
    assert "The phone was off or out of reach." in shown
