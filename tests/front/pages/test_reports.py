"""Carl reports Kit missing, in eight screens that forget nothing."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from casework.records.local_time import WALL
from casework.records.models import AuditEntry, Draft, FactKind, Placement, ProfileFact
from casework.records.times import now
from incidents.models import IndicatorCode, MissingEpisode
from tests.front.pages.a_report import (
    POLICE,
    SEEN,
    WITH_THEM,
    answer_all,
    begin,
    question_url,
    signed_in,
    the_clock_looks,
)

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


def given(name: str, at: Any) -> dict[str, str]:
    """A moment as somebody types it."""
    local = at.astimezone(WALL)
    return {
        name: "give",
        f"{name}_day": str(local.day),
        f"{name}_month": str(local.month),
        f"{name}_year": str(local.year),
        f"{name}_time": f"{local:%H:%M}",
    }


def medicine(cast: Cast) -> ProfileFact:
    return ProfileFact.objects.create(
        child=cast.kit, kind=FactKind.MEDICAL, words="Blue inhaler", confirmed_at=now()
    )


# Sending -------------------------------------------------------------------------------------------------


def test_carl_reports_kit_and_is_told_the_reference(carl: Client, cast: Cast) -> None:
    sent = carl.post(answer_all(carl, cast.kit), {"form_key": str(uuid.uuid4())})

    episode = MissingEpisode.objects.get()
    assert sent.url == reverse("pages:report-sent", args=[episode.pk])  # type: ignore[attr-defined]
    assert episode.child == cast.kit
    assert episode.spells.get().category == "missing"
    assert episode.last_seen_where == "Upstairs landing, going to her room"
    assert episode.last_seen_by == cast.carl.name
    assert episode.checks_made == ["room", "phoned"]
    assert (episode.wearing, episode.carrying) == ("Grey hoodie, black joggers", "School bag")
    assert not Draft.objects.exists()
    page = carl.get(sent.url).content.decode()  # type: ignore[attr-defined]
    assert episode.reference in page
    assert "Now phone the police on 101" in page


def test_the_page_after_sending_says_what_happens_next(carl: Client, cast: Cast) -> None:
    sent = carl.post(answer_all(carl, cast.kit))
    the_clock_looks(MissingEpisode.objects.get())
    page = carl.get(sent.url).content.decode()  # type: ignore[attr-defined]  # a redirect has one
    assert "Grade the risk and share what we know" in page  # T3, the duty worker's
    assert "Send the form and photo" in page  # T1, the home's own


@pytest.mark.ac("B27")
def test_the_same_press_twice_is_one_report_and_shows_it(carl: Client, cast: Cast) -> None:
    check, press = answer_all(carl, cast.kit), {"form_key": str(uuid.uuid4())}
    first, second = carl.post(check, press), carl.post(check, press)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert MissingEpisode.objects.count() == 1


def test_two_who_went_together_get_a_report_each(carl: Client, cast: Cast) -> None:
    page = carl.post(answer_all(carl, cast.kit, cast.ola), follow=True).content.decode()
    episodes = list(MissingEpisode.objects.all())
    assert all(row.reference in page for row in episodes)
    assert {row.child for row in episodes} == {cast.kit, cast.ola}
    assert len({row.together_id for row in episodes}) == 1


def test_a_sign_of_danger_is_recorded_with_the_report(carl: Client, cast: Cast) -> None:
    urgent = {"signs": ["trafficking"], "about_trafficking": "A van was waiting"}
    carl.post(answer_all(carl, cast.kit, urgent=urgent))
    indicator = MissingEpisode.objects.get().indicators.get()
    assert (indicator.code, indicator.words) == (IndicatorCode.TRAFFICKING, "A van was waiting")


def test_medicine_left_behind_is_a_sign_of_danger(carl: Client, cast: Cast) -> None:
    inhaler = medicine(cast)
    carl.post(answer_all(carl, cast.kit, with_them={**WITH_THEM, f"has_{inhaler.pk.hex}": "no"}))
    episode = MissingEpisode.objects.get()
    assert "Blue inhaler: NOT with them" in episode.carrying
    assert episode.indicators.get().code == IndicatorCode.MEDICAL_NEED


def test_nothing_is_ticked_for_a_fact_of_the_profile(carl: Client, cast: Cast) -> None:
    medicine(cast)
    page = carl.get(question_url(begin(carl, cast.kit), "with-them")).content.decode()
    assert "Confirmed today" in page
    assert "checked" not in page


def test_a_call_to_the_police_that_was_refused(carl: Client, cast: Cast) -> None:
    call = {"told_at": "30", "officer": "PC 4471", "reason": "Back by midnight, they said"}
    check = answer_all(carl, cast.kit, police={"told": "refused"}, police_call=call)
    page = carl.post(check, follow=True).content.decode()
    answer = MissingEpisode.objects.get().police_answers.get()
    assert (answer.answer, answer.officer) == ("refused", "PC 4471")
    assert "ask for the duty inspector" in page


def test_not_yet_skips_the_questions_about_the_call(carl: Client, cast: Cast) -> None:
    check = answer_all(carl, cast.kit)
    assert carl.get(check).status_code == 200  # nothing is left to ask


def test_a_late_child_is_a_concern_and_asks_for_no_police(carl: Client, cast: Cast) -> None:
    expected = given("expected_at", now() - timedelta(minutes=20))
    expected.pop("expected_at")  # no quick answers to this one
    page = carl.post(
        answer_all(carl, cast.kit, where={"where": "concern", **expected}), follow=True
    ).content.decode()
    assert MissingEpisode.objects.get().spells.get().category == "concern"
    assert "Now phone the police" not in page


# Once more -----------------------------------------------------------------------------------------------


def test_a_second_report_leads_to_the_first(carl: Client, cast: Cast) -> None:
    carl.post(answer_all(carl, cast.kit))
    episode = MissingEpisode.objects.get()
    again = carl.post(answer_all(carl, cast.kit))
    assert again.status_code == 409
    assert reverse("pages:news-add", args=[episode.pk]) in again.content.decode()
    assert MissingEpisode.objects.count() == 1


def test_late_and_then_missing_goes_on_in_the_same_report(carl: Client, cast: Cast) -> None:
    expected = given("expected_at", now() - timedelta(minutes=20))
    expected.pop("expected_at")
    carl.post(answer_all(carl, cast.kit, where={"where": "concern", **expected}))
    carl.post(answer_all(carl, cast.kit))
    categories = MissingEpisode.objects.get().spells.order_by("ordinal").values_list("category", flat=True)
    assert list(categories) == ["concern", "missing"]


# Going on, going back ------------------------------------------------------------------------------------


def test_answers_are_kept_and_shown_again(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    carl.post(question_url(draft_id, "seen"), SEEN)
    assert "Upstairs landing" in carl.get(question_url(draft_id, "seen")).content.decode()
    assert "Go on with this report" in carl.get(reverse("pages:home")).content.decode()


def test_a_changed_answer_leads_back_to_the_check(carl: Client, cast: Cast) -> None:
    check = answer_all(carl, cast.kit)
    draft_id = uuid.UUID(check.split("/")[2])
    changed = carl.post(question_url(draft_id, "seen"), {**SEEN, "last_seen_where": "The garden"})
    assert changed.url == check  # type: ignore[attr-defined]
    assert "The garden" in carl.get(check).content.decode()


def test_an_unanswered_question_comes_before_the_check(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    early = carl.get(reverse("pages:report-check", args=[draft_id]))
    assert early.url == question_url(draft_id, "where")  # type: ignore[attr-defined]


def test_back_leads_to_the_question_before(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    page = carl.get(question_url(draft_id, "checks")).content.decode()
    assert re.search(rf'href="{question_url(draft_id, "seen")}" class="govuk-back-link"', page)


def test_each_question_about_a_child_is_a_look_that_is_logged(carl: Client, cast: Cast) -> None:
    url = question_url(begin(carl, cast.kit), "with-them")
    before = AuditEntry.objects.count()
    carl.get(url)
    assert AuditEntry.objects.count() == before + 1


def test_a_report_thrown_away_is_gone(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    carl.post(reverse("pages:report-discard", args=[draft_id]))
    assert not Draft.objects.exists()
    assert carl.get(question_url(draft_id, "where")).status_code == 404


# Whose it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["report-check", "report-children", "report-discard"])
def test_eve_finds_nothing_of_carls_draft(carl: Client, cast: Cast, page: str) -> None:
    draft_id = begin(carl, cast.kit)
    eve, url = signed_in(cast.eve), reverse(f"pages:{page}", args=[draft_id])
    assert (carl.get(url).status_code in (200, 302), eve.get(url).status_code) == (True, 404)
    assert eve.get(question_url(draft_id, "where")).status_code == 404
    assert eve.get(reverse("pages:report-new")).status_code == 404


def test_eve_finds_nothing_of_a_sent_report(carl: Client, cast: Cast) -> None:
    sent = carl.post(answer_all(carl, cast.kit))
    assert signed_in(cast.eve).get(sent.url).status_code == 404  # type: ignore[attr-defined]


def test_a_draft_ends_when_the_child_moves_away(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    placement = Placement.objects.get(child=cast.kit)
    placement.period = type(placement.period)(placement.period.lower, now())
    placement.save()
    assert carl.get(question_url(draft_id, "where")).status_code == 404
    assert carl.get(reverse("pages:home")).status_code == 200


@pytest.mark.ac("B21")
def test_a_child_of_another_home_is_no_answer(carl: Client, cast: Cast) -> None:
    for stranger in (str(cast.biniam.pk), "nonsense"):
        refused = carl.post(reverse("pages:report-new"), {"children": [stranger]})
        assert refused.status_code == 422
        assert "Choose one from the list." in refused.content.decode()


def test_the_shared_tablet_asks_who_is_typing(cast: Cast) -> None:
    tablet = signed_in(cast.tablet)
    check = answer_all(tablet, cast.kit)
    unsigned = tablet.post(check)
    assert unsigned.status_code == 422
    assert "Enter your name." in unsigned.content.decode()
    tablet.post(check, {"typed_name": "Joss Pike"})
    episode = MissingEpisode.objects.get()
    assert (episode.reported_by, episode.reported_by_name) == (cast.tablet, "Joss Pike")
    assert episode.last_seen_by == "Joss Pike"


# Bad input -----------------------------------------------------------------------------------------------


def mend(carl: Client, cast: Cast, slug: str, answers: dict[str, Any]) -> str:
    """What the page says of an answer that it will not take: 422, with everything typed."""
    refused = carl.post(question_url(begin(carl, cast.kit), slug), answers)
    assert refused.status_code == 422
    return refused.content.decode()


@pytest.mark.ac("B01")
def test_an_empty_time_is_asked_for_and_the_rest_is_kept(carl: Client, cast: Cast) -> None:
    page = mend(carl, cast, "seen", {**SEEN, "last_seen_at": ""})
    assert "Enter the time the child was last seen." in page
    assert "Upstairs landing" in page


@pytest.mark.ac("B02")
@pytest.mark.parametrize("nothing", ["   ", "\u200b", "\u00a0"])
def test_a_place_of_nothing_but_blanks_is_empty(carl: Client, cast: Cast, nothing: str) -> None:
    assert "Say where they were last seen." in mend(carl, cast, "seen", {**SEEN, "last_seen_where": nothing})


@pytest.mark.ac("B03")
def test_a_megabyte_of_narrative_is_too_much_and_kept(carl: Client, cast: Cast) -> None:
    page = mend(carl, cast, "with-them", {"wearing": "x" * 1_000_000})
    assert "Use 10,000 characters or fewer." in page
    assert "x" * 1_000_000 in page


@pytest.mark.ac("B04")
def test_a_nul_is_an_error_not_a_crash(carl: Client, cast: Cast) -> None:
    assert "cannot be kept" in mend(carl, cast, "checks", {"checks": "room", "circumstances": "a\x00b"})


@pytest.mark.ac("B08")
@pytest.mark.ac("B09")
@pytest.mark.ac("B10")
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{7*7}}", "' OR 1=1--"])
def test_what_looks_like_code_is_shown_as_typed(carl: Client, cast: Cast, text: str) -> None:
    page = carl.get(answer_all(carl, cast.kit, with_them={"wearing": text})).content.decode()
    carl.post(answer_all(carl, cast.kit, with_them={"wearing": text}))
    assert MissingEpisode.objects.get().wearing == text
    assert f">{escape(text)}<" in page


@pytest.mark.ac("B11")
def test_a_time_to_come_is_refused(carl: Client, cast: Cast) -> None:
    soon = given("last_seen_at", now() + timedelta(minutes=10))
    assert "That time is in the future." in mend(carl, cast, "seen", {**SEEN, **soon})


@pytest.mark.ac("B12")
def test_more_than_a_day_ago_says_why_it_comes_so_late(carl: Client, cast: Cast) -> None:
    long_ago = {**SEEN, **given("last_seen_at", now() - timedelta(hours=30))}
    assert "Enter why it is reported only now." in mend(carl, cast, "seen", long_ago)
    check = answer_all(carl, cast.kit, seen={**long_ago, "late_reason": "Thought to be at her aunt’s"})
    carl.post(check)
    assert MissingEpisode.objects.exists()


@pytest.mark.ac("B12")
def test_two_years_ago_is_refused_even_with_a_reason(carl: Client, cast: Cast) -> None:
    years_ago = given("last_seen_at", now() - timedelta(days=730))
    page = mend(carl, cast, "seen", {**SEEN, **years_ago, "late_reason": "Nobody looked"})
    assert "more than 30 days ago" in page


@pytest.mark.ac("B15")
@pytest.mark.parametrize(
    ("day", "month", "year"), [("29", "2", "2027"), ("31", "6", "2026"), ("1", "1", "20226")]
)
def test_a_day_that_is_none(carl: Client, cast: Cast, day: str, month: str, year: str) -> None:
    parts = {"last_seen_at_day": day, "last_seen_at_month": month, "last_seen_at_year": year}
    wrong = {**SEEN, "last_seen_at": "give", "last_seen_at_time": "22:10", **parts}
    assert "Enter a real date." in mend(carl, cast, "seen", wrong)


@pytest.mark.ac("B22")
def test_an_answer_nobody_asked_for(carl: Client, cast: Cast) -> None:
    check = answer_all(carl, cast.kit)
    assert carl.post(check, {"is_staff": "1"}).status_code == 422
    assert not MissingEpisode.objects.exists()


@pytest.mark.ac("B23")
def test_two_answers_to_one_question(carl: Client, cast: Cast) -> None:
    mend(carl, cast, "where", {"where": ["missing", "concern"]})


def test_police_who_refuse_give_a_reason(carl: Client, cast: Cast) -> None:
    draft_id = begin(carl, cast.kit)
    carl.post(question_url(draft_id, "police"), {**POLICE, "told": "refused"})
    refused = carl.post(question_url(draft_id, "police-call"), {"told_at": "now", "officer": "PC 4471"})
    assert refused.status_code == 422
    assert "Write down the reason they gave." in refused.content.decode()
