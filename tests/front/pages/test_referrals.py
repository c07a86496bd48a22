"""The tab of referrals: who sees it, what is owed on it, and what each form refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import AuditEntry
from casework.records.times import now
from incidents.models import IndicatorCode, MissingEpisode, Referral
from incidents.services import risk
from incidents.services.referrals import refer_to_nrm
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import in_force, missing

pytestmark = pytest.mark.django_db
SUSPECTED: dict[str, str] = {IndicatorCode.TRAFFICKING: "An unknown car collected Kit."}


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


def page(night: Cast, episode: MissingEpisode, name: str = "episode-referrals") -> str:
    return text_of(at_the_desk(night.femi).get(url(name, episode.pk)))


def test_the_tab_is_there_for_a_child_at_risk_and_not_for_another(night: Cast) -> None:
    episode = missing(night)
    assert "/referrals/" not in page(night, episode, "episode-detail")
    risk.record_indicator(
        by=night.carl, child=night.kit, code="trafficking", signs=["debt"], words="", seen_by="Carl"
    )
    assert f"/episodes/{episode.pk}/referrals/" in page(night, episode, "episode-detail")
    assert "Trafficking concern" in text_of(at_the_desk(night.femi).get("/now/"))


def test_it_says_what_is_still_to_be_told_and_asked(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    said = page(night, episode)
    assert "Not told yet that the child is missing." in said
    assert "Not referred." in said
    assert "Not asked for." in said
    answers = {"what": "missing", "told_name": "Evening desk", "how": "phone", "told_at": "now"}
    assert send(night.femi, "home-office-tell", episode.pk, **answers).status_code == 302
    said = page(night, episode)
    assert "Not told yet" not in said
    assert "Evening desk" in said
    assert "Evening desk" in page(night, episode, "episode-tellings")
    assert "Home Office told: missing" in page(night, episode, "episode-detail")


def test_a_look_at_it_is_logged_as_one(night: Cast) -> None:
    page(night, missing(night, indicators=SUSPECTED))
    look = AuditEntry.objects.filter(actor_id=night.femi.pk, about_kind="episode").latest("at")
    assert look.fields == ["indicators", "referrals"]


def test_a_referral_of_now_or_of_before(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    before = {"when": "earlier", "made_on_day": "3", "made_on_month": "5", "made_on_year": "2024"}
    assert send(night.femi, "nrm-refer", episode.pk, **before, made_at="now").status_code == 302
    row = Referral.objects.get()
    assert (row.is_earlier, row.made_at.date().year) == (True, 2024)
    assert "3 May 2024" in page(night, episode)
    assert send(night.femi, "nrm-refer", episode.pk, when="now", made_at="now").status_code == 409
    assert send(night.femi, "guardian-ask", episode.pk, when="now", made_at="now").status_code == 302
    assert Referral.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("nrm-refer", {}, "Say when it was made."),
        ("nrm-refer", {"when": "earlier"}, "Enter the day."),
        ("guardian-ask", {"when": "now", "made_at": "now", "made_to": "x" * 201}, "200 characters"),
        ("home-office-tell", {"what": "found", "how": "phone", "told_at": "now"}, "Enter whom you told"),
    ],
)
def test_what_is_left_out_or_too_long_is_asked_again(
    night: Cast, name: str, answers: dict[str, str], said: str
) -> None:
    episode = missing(night, indicators=SUSPECTED)
    answer = send(night.femi, name, episode.pk, **answers)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Referral.objects.exists()


def test_found_is_not_told_while_the_child_is_missing(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    answers = {"what": "found", "told_name": "Evening desk", "how": "phone", "told_at": "now"}
    assert send(night.femi, "home-office-tell", episode.pk, **answers).status_code == 409
    assert not Referral.objects.exists()


def test_what_came_of_it_stands_below_it_and_on_the_childs_page(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    row = refer_to_nrm(by=night.amina, episode=episode, reference="NRM 55")
    assert "Waits for the first decision" in page(night, episode)
    today = now().date()
    day = {"decided_on_day": today.day, "decided_on_month": today.month, "decided_on_year": today.year}
    answers = {"outcome": "reasonable_positive", **day}
    assert send(night.bev, "referral-outcome", episode.pk, row.pk, **answers).status_code == 302
    assert "at the earliest" in page(night, episode)
    child = text_of(at_the_desk(night.amina).get(url("child-detail", night.kit.pk)))
    assert "NRM 55" in child
    assert "Reasonable grounds: yes" in child
    assert "NRM 55" not in text_of(at_the_desk(night.carl).get(url("child-detail", night.kit.pk)))


def test_the_outcome_of_another_childs_referral_is_not_there(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    other = Referral.objects.create(
        child=night.ola, kind="nrm", made_at=now() - timedelta(days=1), recorded_by=night.amina
    )
    asked = send(night.femi, "referral-outcome", episode.pk, other.pk, outcome="received")
    assert asked.status_code == 404


def test_a_home_adds_a_sign_of_danger_and_the_badge_is_there_at_once(night: Cast) -> None:
    episode = missing(night)
    answers = {"code": "sexual_exploitation", "sexual_exploitation_signs": ["gifts"], "seen_by": "Carl"}
    answer = send(night.carl, "report-danger", episode.pk, **answers)
    assert answer["Location"] == url("report-detail", episode.pk)
    assert "Sexual exploitation" in text_of(at_the_desk(night.femi).get("/now/"))
    said = page(night, episode, "episode-risk")
    assert "Gifts without an explanation" in said
    assert send(night.tablet, "report-danger", episode.pk, **answers).status_code == 403


def test_an_interviewer_adds_one_and_is_offered_to(night: Cast) -> None:
    episode = missing(night)
    ines = at_the_desk(night.ines)
    assert url("indicator-add", episode.pk) in text_of(ines.get(url("episode-risk", episode.pk)))
    answers = {"code": "self_harm", "words": "Said so on the phone.", "seen_by": "Ines Vale"}
    assert send(night.ines, "indicator-add", episode.pk, **answers).status_code == 302
    assert night.kit.indicators.get().recorded_by == night.ines


def test_one_that_need_not_be_done_is_asked_for_no_more(night: Cast) -> None:
    episode = missing(night, indicators=SUSPECTED)
    asked = send(night.femi, "referral-decline", episode.pk, kind="home_office_not_told", reason="")
    assert asked.status_code == 422
    answers = {"kind": "home_office_not_told", "reason": "Born in Exampleton."}
    assert send(night.femi, "referral-decline", episode.pk, **answers).status_code == 302
    said = page(night, episode)
    assert "Need not be told" in said
    assert "Not told yet" not in said
    assert "Born in Exampleton." in page(night, episode, "episode-tellings")
