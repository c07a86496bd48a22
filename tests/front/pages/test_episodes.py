"""The board and the episode, as the duty desk reads them through a night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.models import AuditEntry
from casework.records.times import now
from incidents.models import IndicatorCode
from incidents.services.risk import assess_risk
from protocols import engine
from tests.cast import Cast
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

TABS = (
    "episode-detail", "episode-details", "episode-risk", "episode-police", "episode-tellings",
    "episode-interviews", "episode-grab-sheet",
)  # fmt: skip


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


def test_the_board_shows_kit_to_femi_and_nobody_to_eve(night: Cast) -> None:
    missing(night)
    assert "Kit Ashdown" in text_of(at_the_desk(night.femi).get("/now/"))
    eve = text_of(at_the_desk(night.eve).get("/now/"))
    assert "Kit Ashdown" not in eve
    assert "Nobody is missing or away." in eve


def test_each_tile_counts_the_rows_that_it_opens(night: Cast) -> None:
    later(missing(night), timedelta(hours=2))
    femi = at_the_desk(night.femi)
    for tile in femi.get("/now/").context["tiles"]:
        assert len(femi.get(tile.url).context["rows"]) == tile.count
    assert len(femi.get("/now/?show=overdue").context["rows"]) == 1


def test_a_look_at_the_board_is_logged_with_whom_it_showed(night: Cast) -> None:
    episode = missing(night)
    at_the_desk(night.femi).get("/now/")
    look = AuditEntry.objects.get(about_kind="board", actor_id=night.femi.pk)
    assert look.child_ids == [episode.child_id]


def test_the_episode_says_what_to_do_next_and_why_then(night: Cast) -> None:
    episode = missing(night)
    page = text_of(at_the_desk(night.femi).get(path_of("episode-detail", episode.pk)))
    assert "Phone the police" in page
    assert "10 minutes" in page
    assert "Runs on version 1" in page
    assert "Reported missing" in page


def test_titles_and_addresses_of_pages_do_not_name_the_child(night: Cast) -> None:
    episode = missing(night)
    for tab in TABS:
        page = text_of(at_the_desk(night.femi).get(path_of(tab, episode.pk)))
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert episode.reference in title
        assert "Kit" not in title


@pytest.mark.parametrize("tab", TABS)
def test_eve_gets_404_wherever_femi_may_look(night: Cast, tab: str) -> None:
    episode = missing(night)
    assert at_the_desk(night.femi).get(path_of(tab, episode.pk)).status_code == 200
    assert at_the_desk(night.eve).get(path_of(tab, episode.pk)).status_code == 404


def test_a_home_is_sent_to_its_own_page(night: Cast) -> None:
    episode = missing(night)
    carl = at_the_desk(night.carl)
    assert carl.get("/now/")["Location"] == "/home/"
    assert carl.get(path_of("episode-detail", episode.pk))["Location"] == path_of("report-detail", episode.pk)
    assert carl.get(path_of("episode-risk", episode.pk)).status_code == 403


def test_a_sign_of_danger_is_a_badge_and_brings_its_steps(night: Cast) -> None:
    episode = missing(night, indicators={IndicatorCode.TRAFFICKING: "An unknown car collected Kit."})
    page = text_of(at_the_desk(night.femi).get(path_of("episode-detail", episode.pk)))
    assert "Trafficking concern" in page
    assert "Ask the police to treat the child as trafficked" in page


def test_what_is_late_is_overdue_and_says_who_owes_it(night: Cast) -> None:
    episode = missing(night)
    later(episode, timedelta(minutes=40))
    page = text_of(at_the_desk(night.femi).get("/overdue/"))
    assert "Phone the police" in page
    assert "Carl Penrose" in page


def test_after_the_return_what_is_left_is_the_follow_up(night: Cast) -> None:
    episode = missing(night)
    back(night, episode)
    page = text_of(at_the_desk(night.amina).get(path_of("episode-detail", episode.pk)))
    assert "Offer the return interview" in page
    assert step_of(episode, "T0").state == "not_needed"
    assert "Back, follow-up" in text_of(at_the_desk(night.amina).get("/now/"))


def test_the_story_can_be_narrowed_to_people(night: Cast) -> None:
    episode = missing(night)
    femi = at_the_desk(night.femi)
    everything = femi.get(path_of("episode-detail", episode.pk)).context["story"]
    people = femi.get(path_of("episode-detail", episode.pk), {"show": "people"}).context["story"]
    assert any(item.is_system for item in everything)
    assert people
    assert not any(item.is_system for item in people)


def test_a_step_that_moved_is_told_in_the_story(night: Cast) -> None:
    episode = missing(night)
    assess_risk(
        by=night.bev, episode=episode, made_by="authority", grade="high", rationale="Cold", assessor="Bev"
    )
    engine.fire_due(episode.pk)
    page = text_of(at_the_desk(night.femi).get(path_of("episode-detail", episode.pk)))
    assert "Worked out again" in page


def test_the_grab_sheet_is_logged_and_holds_no_address(night: Cast) -> None:
    night.larch_house.address = "1 Larch Lane"
    night.larch_house.save()
    episode = missing(night)
    page = text_of(at_the_desk(night.femi).get(path_of("episode-grab-sheet", episode.pk)))
    assert "Front door" in page
    assert "Larch Lane" not in page
    assert AuditEntry.objects.filter(about_kind="grab_sheet", child_id=night.kit.pk).exists()


# ---- fifty steps, and the page is no wall ----


def test_what_is_due_later_than_tomorrow_is_there_to_be_opened(night: Cast) -> None:
    steps = at_the_desk(night.femi).get(path_of("episode-detail", missing(night).pk)).context["steps"]
    due = [card.due_at for card in steps.to_do]
    assert due == sorted(due)
    assert due[-1] <= now() + timedelta(hours=24)
    later_titles = {card.title for card in steps.later}
    assert {"Review the week", "Plan for the eighteenth birthday"} <= later_titles
    assert not later_titles & {card.title for card in steps.to_do}


def test_what_a_return_ends_is_put_away_and_what_was_done_is_not(night: Cast) -> None:
    episode = missing(night)
    assess_risk(by=night.femi, episode=episode, made_by="authority", grade="medium", rationale="Known to us.")
    engine.fire_due(episode.pk)
    back(night, episode)
    steps = at_the_desk(night.bev).get(path_of("episode-detail", episode.pk)).context["steps"]
    settled = {one.step.title for one in steps.settled}
    assert "Grade the risk and share what we know" in settled
    assert settled.isdisjoint(one.title for one in steps.to_do)
    assert "Review the week" in {one.title for one in steps.unneeded}


def test_a_hand_over_that_nobody_accepted_stays_in_the_record(night: Cast) -> None:
    episode = missing(night)
    later(episode, timedelta(hours=25))
    steps = at_the_desk(night.bev).get(path_of("episode-detail", episode.pk)).context["steps"]
    title = "Accept the child at the change of cover"
    assert ("Not done", title) in {(one.step.outcome, one.step.title) for one in steps.settled}
    late = [card for card in steps.to_do if card.title == title and card.due_at <= now()]
    assert len(late) == 1  # the last change, not all of them


def test_a_card_says_whom_to_ring(night: Cast) -> None:
    steps = at_the_desk(night.femi).get(path_of("episode-detail", missing(night).pk)).context["steps"]
    words = {card.title: card.paragraphs[-1] for card in steps.to_do}
    assert words["Send the form and photo"] == "To be told by phone: police."
    assert words["Tell the parents, or decide not to"] == (
        "To be told by phone: parents or whoever has parental responsibility."
    )
    assert "by phone" not in words["Phone the police"]  # the call is the step itself
