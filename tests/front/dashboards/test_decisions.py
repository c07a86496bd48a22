"""Decisions waiting: for whom, how many, and each leads to where it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from casework.records.models import AuditEntry, Membership, Role, User
from casework.records.services import conflicts, emergencies
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import closing, interviews
from protocols.document import DEFAULT
from protocols.publishing import draft_version
from tests.front.pages.duty_night import at_the_desk, back, in_force, missing, step_of, text_of

if TYPE_CHECKING:
    from tests.cast import Cast


def page(user: User, **asked: str) -> Any:
    return at_the_desk(user).get(reverse("dashboards:decisions"), asked)


def counts(answer: Any) -> dict[str, int]:
    return {section.kind.name: section.count for section in answer.context["sections"]}


def talked(cast: Cast) -> MissingEpisode:
    """Kit is back and does not want to talk."""
    episode = missing(cast)
    back(cast, episode)
    assert counts(page(cast.bev))["sign_off"] == 0
    talk = episode.interviews.get()
    interviews.record_decline(by=cast.ines, interview=talk, declined_at=now(), carer_view="He is fine.")
    episode.refresh_from_db()
    return episode


def test_an_absence_waits_for_its_signature_until_it_is_given(cast: Cast) -> None:
    in_force(cast)
    episode = talked(cast)
    answer = page(cast.bev)
    assert counts(answer)["sign_off"] == 1
    assert reverse("pages:episode-sign-off", args=[episode.pk]) in text_of(answer)
    rows = AuditEntry.objects.filter(actor_id=cast.bev.pk, about_kind="decisions")
    assert [row.child_ids for row in rows if row.child_ids] == [[cast.kit.pk]]
    closing.sign_off_episode(by=cast.bev, episode=episode, version=episode.version, words="He is settled.")
    assert counts(page(cast.bev))["sign_off"] == 0


def test_an_emergency_waits_for_another_manager_than_the_one_who_opened_it(cast: Cast) -> None:
    emergencies.break_glass(
        by=cast.bev, category="danger", reason="A neighbour rang: shouting.", reference=cast.kit.reference
    )
    assert (counts(page(cast.bev))["review"], counts(page(cast.ruth))["review"]) == (0, 1)


def test_a_conflict_in_words_waits_until_the_child_is_found(cast: Cast) -> None:
    conflict = conflicts.declare_conflict_in_words(
        by=cast.femi, authority=cast.exampleshire, about="A boy in my street", reason="We are neighbours."
    )
    answer = page(cast.bev)
    assert counts(answer)["conflict"] == 1
    assert reverse("pages:conflict-find", args=[conflict.pk]) in text_of(answer)


def test_a_draft_waits_for_a_second_administrator(cast: Cast) -> None:
    second = User.objects.create_user("lou.quill@casework.example", name="Lou Quill")
    Membership.objects.create(user=second, role=Role.ADMINISTRATOR, authority=cast.exampleshire)
    draft_version(by=cast.ada, authority=cast.exampleshire, source=DEFAULT.read_text(encoding="utf-8"))
    assert counts(page(second)) == {"draft": 1}
    assert counts(page(cast.ada)) == {"draft": 0}
    assert "draft" not in counts(page(cast.bev))


def test_it_is_for_those_who_decide(cast: Cast) -> None:
    for person in (cast.amina, cast.femi, cast.carl, cast.ines, cast.dee):
        assert page(person).status_code == 403
    assert "Nothing waits here." in text_of(page(cast.bev))


def test_one_kind_alone_and_no_other_word(cast: Cast) -> None:
    in_force(cast)
    talked(cast)
    assert counts(page(cast.bev, show="sign_off")) == {"sign_off": 1}
    assert page(cast.bev, show="everything").status_code == 400


def test_a_waiver_is_asked_on_the_steps_page_and_answered_from_the_list(cast: Cast) -> None:
    in_force(cast)
    step = step_of(missing(cast), "T9")
    asking = reverse("pages:step-ask-waiver", args=[step.pk])
    assert at_the_desk(cast.amina).post(asking, {"reason": ""}).status_code == 422
    assert at_the_desk(cast.amina).post(asking, {"reason": "Held this morning."}).status_code == 302
    answer = page(cast.bev)
    assert counts(answer)["waiver"] == 1
    assert "Amina Rahal asks: Held this morning." in text_of(answer)
    waive, keep = (reverse(f"pages:step-{name}", args=[step.pk]) for name in ("waive", "keep"))
    assert (waive in text_of(answer), keep in text_of(answer)) == (True, True)
    assert "Amina Rahal asks: Held this morning." in text_of(at_the_desk(cast.bev).get(waive))
    assert at_the_desk(cast.amina).post(keep, {"reason": "No."}).status_code == 403
    assert at_the_desk(cast.bev).post(keep, {"reason": "Health was missing."}).status_code == 302
    assert counts(page(cast.bev))["waiver"] == 0
    episode = reverse("pages:episode-detail", args=[step.episode_id])
    assert "Not waived, still to be done" in text_of(at_the_desk(cast.amina).get(episode))
