"""What the duty desk records: each form taken, refused with a sentence, and closed to the outsider."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from casework.front.pages.kit.words import wall
from casework.records.models import Disclosure, User
from casework.records.times import now
from incidents.models import Indicator, MissingEpisode
from tests.cast import Cast, comes_saturday_night
from tests.front.pages.duty_night import (
    at_the_desk,
    back,
    in_force,
    later,
    missing,
    path_of,
    step_of,
    text_of,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


@pytest.fixture
def episode(night: Cast) -> MissingEpisode:
    return missing(night)


def sent(user: User, page: str, row: MissingEpisode, **answers: object) -> Answer:
    return at_the_desk(user).post(path_of(page, row.pk), answers)


# ---- steps ----


def test_femi_does_a_step_with_its_evidence(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T1")
    answers = {"evidence_1": "Sent 22:50."}
    answer = at_the_desk(night.femi).post(path_of("step-complete", step.pk), answers)
    assert answer["Location"] == path_of("episode-detail", episode.pk)
    step.refresh_from_db()
    assert (step.state, step.done_by) == ("done", night.femi)
    assert "Sent 22:50." in text_of(at_the_desk(night.bev).get(answer["Location"]))


def test_a_step_is_not_done_without_its_evidence(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T1")
    answer = at_the_desk(night.femi).post(path_of("step-complete", step.pk), {"evidence_1": " "})
    assert answer.status_code == 422
    assert "Write what happened" in text_of(answer)
    step.refresh_from_db()
    assert step.done_at is None


@pytest.mark.ac("B33")
def test_a_step_already_done_is_a_conflict_and_not_yours_is_not_there(
    night: Cast, episode: MissingEpisode
) -> None:
    step = step_of(episode, "T1")
    at_the_desk(night.femi).post(path_of("step-complete", step.pk), {"evidence_1": "a"})
    again = {"within": "30"}
    assert at_the_desk(night.femi).post(path_of("step-acknowledge", step.pk), again).status_code == 409
    assert at_the_desk(night.eve).post(path_of("step-acknowledge", step.pk), again).status_code == 404


def test_a_promise_is_shown_with_its_end_and_the_step_stays(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T1")
    at_the_desk(night.femi).post(path_of("step-acknowledge", step.pk), {"within": "30"})
    page = text_of(at_the_desk(night.bev).get(path_of("episode-detail", episode.pk)))
    assert "That is a promise, not the step" in page
    step.refresh_from_db()
    assert step.done_at is None


def test_a_step_is_handed_to_somebody_by_name(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T3")
    at_the_desk(night.femi).post(path_of("step-hand-over", step.pk), {"to": night.bev.pk})
    step.refresh_from_db()
    assert step.holder == night.bev
    assert step.step.title in text_of(at_the_desk(night.bev).get("/work/"))


@pytest.mark.ac("B21")
def test_a_step_is_not_handed_to_another_authority(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T3")
    answer = at_the_desk(night.femi).post(path_of("step-hand-over", step.pk), {"to": night.eve.pk})
    assert answer.status_code == 422
    assert "Choose one from the list." in text_of(answer)


def test_a_manager_waives_and_a_worker_is_told_whom_to_ask(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T1")
    why = {"reason": "Telling the mother could lead somebody to Kit."}
    refused = at_the_desk(night.femi).post(path_of("step-waive", step.pk), why)
    assert refused.status_code == 403
    assert "team manager" in text_of(refused)
    assert at_the_desk(night.bev).post(path_of("step-waive", step.pk), why).status_code == 302
    step.refresh_from_db()
    assert step.state == "waived"


def test_what_was_ticked_by_mistake_is_asked_again(night: Cast, episode: MissingEpisode) -> None:
    step = step_of(episode, "T1")
    femi = at_the_desk(night.femi)
    femi.post(path_of("step-complete", step.pk), {"evidence_1": "a"})
    femi.post(path_of("step-reopen", step.pk), {"reason": "Wrong child."})
    assert step_of(episode, "T1").done_at is None
    assert "worked out again (1)" in text_of(femi.get(path_of("episode-detail", episode.pk)))


def test_my_work_does_a_step_in_place_and_comes_back(night: Cast) -> None:
    comes_saturday_night()
    episode, femi = missing(night), at_the_desk(night.femi)
    later(episode, timedelta(hours=1))
    item = next(one for one in femi.get("/work/").context["groups"][0][1] if one.form)
    answers = dict.fromkeys(item.form.evidence_names, "Done.")
    assert femi.post(item.form_url, answers)["Location"] == "/work/"


# ---- risk and police ----


def test_a_high_grade_is_recorded_and_tagged(night: Cast, episode: MissingEpisode) -> None:
    answers = {"made_by": "authority", "grade": "high", "rationale": "New phone.", "assessed_at": "now"}
    assert sent(night.femi, "risk-assess", episode, **answers).status_code == 302
    page = text_of(at_the_desk(night.femi).get(path_of("episode-risk", episode.pk)))
    assert "Authority grade: high" in page


def test_the_authority_says_why_and_what_was_typed_is_kept(night: Cast, episode: MissingEpisode) -> None:
    answers = {"made_by": "authority", "grade": "high", "assessor": "Bev and I", "assessed_at": "now"}
    answer = sent(night.femi, "risk-assess", episode, **answers)
    assert answer.status_code == 422
    assert "Bev and I" in text_of(answer)


@pytest.mark.ac("B23")
def test_two_grades_in_one_post_are_refused(night: Cast, episode: MissingEpisode) -> None:
    answers = {"made_by": "authority", "grade": ["low", "high"], "rationale": "x", "assessed_at": "now"}
    assert sent(night.femi, "risk-assess", episode, **answers).status_code == 422


def test_carl_does_not_grade_and_eve_does_not_know(night: Cast, episode: MissingEpisode) -> None:
    assert sent(night.carl, "risk-assess", episode).status_code == 403
    assert sent(night.eve, "risk-assess", episode).status_code == 404


def test_a_sign_of_danger_is_added_and_withdrawn(night: Cast, episode: MissingEpisode) -> None:
    answers = {"code": "trafficking", "words": "A grey car.", "seen_by": "Carl Penrose"}
    sent(night.femi, "indicator-add", episode, **answers)
    sign = Indicator.objects.get(child=night.kit)
    withdraw = f"/episodes/{episode.pk}/risk/indicators/{sign.pk}/withdraw/"
    gone = at_the_desk(night.femi).post(withdraw, {"version": sign.version, "reason": "It was an uncle."})
    assert gone.status_code == 302
    sign.refresh_from_db()
    assert sign.withdrawn_reason == "It was an uncle."


def test_a_refusal_by_the_police_asks_for_a_challenge(night: Cast, episode: MissingEpisode) -> None:
    answers = {"answer": "refused", "told_at": "now", "officer": "PS Prewitt", "reason": "Always comes back."}
    sent(night.femi, "police-answer", episode, **answers)
    page = text_of(at_the_desk(night.femi).get(path_of("episode-police", episode.pk)))
    assert "Challenge it with the duty inspector" in page
    answer = episode.police_answers.get()
    challenge = {"made_to": "Insp. Holt", "made_at": "now", "words": "Kit is at risk of trafficking."}
    path = f"/episodes/{episode.pk}/police/{answer.pk}/challenge/"
    assert at_the_desk(night.femi).post(path, challenge).status_code == 302
    assert answer.challenges.get().made_to == "Insp. Holt"


# ---- where the child is ----


def test_missing_becomes_away_and_asks_where(night: Cast, episode: MissingEpisode) -> None:
    assert sent(night.femi, "episode-category", episode, category="away", at="now").status_code == 422
    answers = {
        "category": "away",
        "at": "now",
        "whereabouts": "At Jay's, his mother says.",
        "spoken_to": "yes",
    }
    assert sent(night.femi, "episode-category", episode, **answers).status_code == 302
    assert episode.spells.get(ended_at=None).category == "away"


def test_located_then_back(night: Cast, episode: MissingEpisode) -> None:
    answers = {"located_at": "now", "where": "Bus station", "found_by": "police", "identity_confirmed": "yes"}
    assert sent(night.femi, "episode-located", episode, **answers).status_code == 302
    assert sent(night.femi, "episode-returned", episode, returned_at="now").status_code == 302
    episode.refresh_from_db()
    assert episode.state == "follow_up"


@pytest.mark.ac("B16")
def test_back_before_going_is_taken_and_the_time_asked_again(night: Cast, episode: MissingEpisode) -> None:
    before = now() - timedelta(hours=5)
    answers = given("returned_at", before)
    answer = sent(night.femi, "episode-returned", episode, **answers)
    assert answer["Location"] == path_of("episode-return", episode.pk)
    asked = text_of(at_the_desk(night.femi).get(answer["Location"]))
    assert "When did they get back?" in asked
    episode.refresh_from_db()
    assert episode.state == "follow_up"


def test_who_let_a_promise_lapse_may_give_another(night: Cast, episode: MissingEpisode) -> None:
    step, femi = step_of(episode, "T1"), at_the_desk(night.femi)
    page, again = path_of("episode-detail", episode.pk), path_of("step-acknowledge", step.pk)
    assert again in text_of(femi.get(page))
    femi.post(again, {"within": "15"})
    assert again not in text_of(femi.get(page))
    later(episode, timedelta(minutes=16))
    assert again in text_of(femi.get(page))


def test_back_with_a_time_that_nobody_can_read_is_taken_and_asked_again(
    night: Cast, episode: MissingEpisode
) -> None:
    unreadable = {"returned_at": "give", "returned_at_time": "quarter past", "said": "Was at Jay’s."}
    answer = sent(night.femi, "episode-returned", episode, **unreadable)
    assert (answer.status_code, "When did they get back?" in text_of(answer)) == (422, True)
    row = episode.returns.get()
    assert (row.needs_time, row.said) == (True, "Was at Jay’s.")

    asked = {"version": row.version, "said": row.said, **given("returned_at", now())}
    assert sent(night.femi, "episode-returned", episode, **asked).status_code == 302
    row.refresh_from_db()
    assert not row.needs_time


def test_a_sign_of_danger_counts_in_the_absence_that_goes_on(night: Cast, episode: MissingEpisode) -> None:
    back(night, episode)
    again = missing(night)
    answers = {"code": "trafficking", "words": "Two phones.", "seen_by": "Carl"}
    on_commit = "django.db.transaction.on_commit"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(on_commit, lambda act, **how: act())
        assert sent(night.femi, "indicator-add", episode, **answers).status_code == 302
    assert step_of(again, "T4a").state == "waiting"


def test_the_return_is_written_up_later(night: Cast, episode: MissingEpisode) -> None:
    back(night, episode)
    row = episode.returns.get()
    answers = {"version": row.version, "injuries": "A grazed knee.", **given("returned_at", row.returned_at)}
    assert sent(night.amina, "episode-return", episode, **answers).status_code == 302
    row.refresh_from_db()
    assert row.injuries == "A grazed knee."


def given(name: str, at: datetime) -> dict[str, str]:
    """A moment as a person types it."""
    local = wall(at)
    parts = {"day": local.day, "month": local.month, "year": local.year, "time": f"{local:%H:%M}"}
    return {name: "give", **{f"{name}_{part}": str(text) for part, text in parts.items()}}


# ---- afterwards ----


def test_an_interview_is_offered_and_declined_and_the_episode_signed_off(
    night: Cast, episode: MissingEpisode
) -> None:
    back(night, episode)
    interview = episode.interviews.get()
    ines = at_the_desk(night.ines)
    offer = {"offered_at": "now", "words": "At breakfast. Kit shrugged."}
    assert ines.post(path_of("interview-offer", interview.pk), offer).status_code == 302
    decline = {"declined_at": "now", "carer_view": "Kit was with friends."}
    assert ines.post(path_of("interview-decline", interview.pk), decline).status_code == 302
    episode.refresh_from_db()
    closing = {"version": episode.version, "words": "Kit fears another move."}
    assert sent(night.bev, "episode-sign-off", episode, **closing).status_code == 302
    episode.refresh_from_db()
    assert episode.state == "closed"


def test_an_interview_is_held_and_the_words_stand_apart(night: Cast, episode: MissingEpisode) -> None:
    back(night, episode)
    interview = episode.interviews.get()
    answers = {
        "held_at": "now", "own_words": "I wanted to see my brother.", "interpretation": "Contact matters.",
        "is_caring": "no", "is_line_managed": "no", "is_trained": "yes", "reasons": ["family"],
    }  # fmt: skip
    assert at_the_desk(night.ines).post(path_of("interview-hold", interview.pk), answers).status_code == 302
    page = text_of(at_the_desk(night.amina).get(path_of("episode-interviews", episode.pk)))
    assert "I wanted to see my brother." in page
    assert at_the_desk(night.eve).get(path_of("interview-hold", interview.pk)).status_code == 404
    assert at_the_desk(night.carl).get(path_of("interview-hold", interview.pk)).status_code == 404


def test_no_sign_off_before_the_interview_is_settled(night: Cast, episode: MissingEpisode) -> None:
    back(night, episode)
    episode.refresh_from_db()
    answer = sent(night.bev, "episode-sign-off", episode, version=episode.version, words="All good.")
    assert answer.status_code == 409
    assert "interview has no outcome" in text_of(answer)


@pytest.mark.ac("B32")
def test_closing_twice_says_when_it_was_closed(night: Cast, episode: MissingEpisode) -> None:
    test_an_interview_is_offered_and_declined_and_the_episode_signed_off(night, episode)
    answer = sent(night.bev, "episode-sign-off", episode, version=episode.version, words="Again.")
    assert answer.status_code == 409
    assert "Already closed at" in text_of(answer)


def test_closed_is_opened_again_with_a_reason(night: Cast, episode: MissingEpisode) -> None:
    test_an_interview_is_offered_and_declined_and_the_episode_signed_off(night, episode)
    assert sent(night.bev, "episode-reopen", episode, reason="The school told us more.").status_code == 302
    episode.refresh_from_db()
    assert episode.state == "follow_up"


# ---- the report itself ----


def test_a_correction_keeps_the_old_value(night: Cast, episode: MissingEpisode) -> None:
    answers = {**corrected(episode), "last_seen_where": "Back door", "reason": "Carl meant the back."}
    assert sent(night.amina, "episode-correct", episode, **answers).status_code == 302
    page = text_of(at_the_desk(night.amina).get(path_of("episode-details", episode.pk)))
    assert "<del>Front door</del>" in page
    assert "<ins>Back door</ins>" in page


@pytest.mark.ac("B26")
def test_a_correction_on_an_old_version_shows_both_texts(night: Cast, episode: MissingEpisode) -> None:
    first = {**corrected(episode), "last_seen_where": "Back door", "reason": "Carl meant the back."}
    sent(night.amina, "episode-correct", episode, **first)
    second = {**corrected(episode), "last_seen_where": "Side gate", "reason": "Seen on the camera."}
    answer = sent(night.femi, "episode-correct", episode, **second)
    assert answer.status_code == 409
    assert "Side gate" in text_of(answer)
    assert "Back door" in text_of(answer)


def corrected(episode: MissingEpisode) -> dict[str, object]:
    """The form as it was shown, with nothing changed."""
    assert episode.last_seen_at
    return {
        "version": episode.version,
        "last_seen_by": episode.last_seen_by,
        "circumstances": episode.circumstances,
        **given("noticed_at", episode.noticed_at),
        **given("last_seen_at", episode.last_seen_at),
    }


def test_a_parent_is_told_by_phone_and_another_is_not_told(night: Cast, episode: MissingEpisode) -> None:
    told = {
        "audience": "parent", "told_name": "Jo Ashdown", "how": "phone", "told_at": "now",
        "what": "That Kit is missing.", "purpose": "To find Kit", "told_of": "missing",
    }  # fmt: skip
    assert sent(night.femi, "telling-record", episode, **told).status_code == 302
    kept_from = {"audience": "parent", "told_name": "Al Ashdown", "reason": "A danger to Kit."}
    assert sent(night.femi, "telling-decline", episode, **kept_from).status_code == 302
    rows = Disclosure.objects.filter(episode_id=episode.pk, audience="parent")
    assert {row.how for row in rows} == {"phone", "not_told"}


PHONE = {
    "typed_name": "Carl Penrose, Larch House", "category": "missing", "noticed_at": "now",
    "last_seen_at": "30", "last_seen_where": "Kitchen", "police": "not_yet",
}  # fmt: skip


def test_femi_takes_a_report_by_phone(night: Cast) -> None:
    answer = at_the_desk(night.femi).post("/reports/phone/", {**PHONE, "child": night.ola.pk})
    row = MissingEpisode.objects.get(child=night.ola)
    assert answer["Location"] == path_of("episode-detail", row.pk)
    assert row.reported_by_name == "Carl Penrose, Larch House"


@pytest.mark.ac("B21")
def test_the_child_of_another_authority_is_not_in_the_list(night: Cast) -> None:
    answer = at_the_desk(night.eve).post("/reports/phone/", {**PHONE, "child": night.ola.pk})
    assert answer.status_code == 422
    assert "Choose one from the list." in text_of(answer)


@pytest.mark.ac("B12")
def test_a_report_a_day_late_says_why(night: Cast) -> None:
    femi = at_the_desk(night.femi)
    late = {**PHONE, "child": night.ola.pk, **given("last_seen_at", now() - timedelta(days=2))}
    assert femi.post("/reports/phone/", late).status_code == 422
    assert femi.post("/reports/phone/", {**late, "late_reason": "The line was down."}).status_code == 302


def test_a_second_report_leads_to_the_first(night: Cast, episode: MissingEpisode) -> None:
    answer = at_the_desk(night.femi).post("/reports/phone/", {**PHONE, "child": night.kit.pk})
    assert answer.status_code == 409
    assert path_of("episode-detail", episode.pk) in text_of(answer)


@pytest.mark.ac("B27")
def test_the_same_press_twice_is_one_report(night: Cast) -> None:
    femi = at_the_desk(night.femi)
    key = femi.get("/reports/phone/").context["form"]["form_key"].value()
    answers = {**PHONE, "child": night.ola.pk, "form_key": str(key)}
    first, second = (femi.post("/reports/phone/", answers) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert MissingEpisode.objects.filter(child=night.ola).count() == 1
