"""One child's episode through a real browser, from the first report to the closed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from incidents.models import InterviewState, MissingEpisode, State
from protocols import engine
from protocols.models import StepRun, StepState
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.journeys.a_browser import Reader

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_kit_is_reported_found_heard_and_the_file_is_closed(
    chromium: Browser, live_server: LiveServer, cast: Cast, has_scripts: bool
) -> None:
    publish_default()
    engine.sweep_once()
    seen: list[str] = []

    def somebody() -> Reader:
        reader = Reader.opens(chromium, live_server.url, has_scripts=has_scripts)
        reader.complaints = seen
        return reader

    carl_reports(somebody(), cast)
    episode = MissingEpisode.objects.get()
    engine.sweep_once()
    carl_rings_the_police(somebody(), cast, episode)
    femi_finds_kit(somebody(), cast, episode)
    carl_says_back(somebody(), cast, episode)
    ines_hears_kit(somebody(), cast, episode)
    bev_signs_off(somebody(), cast, episode)
    assert seen == []


def carl_reports(carl: Reader, cast: Cast) -> None:
    """Through every screen, under two minutes for him and a few seconds for us."""
    carl.signs_in(cast.carl).sees("Larch House", "Nobody is missing or away.")
    carl.follows("Report a child missing or away")
    carl.answers(children=str(cast.kit.pk)).presses("Continue")
    carl.answers(where="missing").presses("Continue")
    carl.answers(last_seen_at="60", last_seen_where="Upstairs landing", seen_by="me", noticed_at="30")
    carl.presses("Continue")
    carl.answers(checks="room", circumstances="A call at ten, in tears after it").presses("Continue")
    carl.answers(signs="none").presses("Continue")
    carl.answers(wearing="Grey hoodie").presses("Continue")
    carl.answers(told="not_yet").presses("Continue")
    carl.sees("Check your answers", "Upstairs landing", "Grey hoodie").presses("Send report")
    carl.sees("Report received", "Now phone the police on 101", "What happens next")


def carl_rings_the_police(carl: Reader, cast: Cast, episode: MissingEpisode) -> None:
    """The step of the home falls due, is on its page, and is met by the record of the call."""
    call = StepRun.objects.get(episode=episode, step__code="T0", rung=0)
    carl.signs_in(cast.carl).sees(episode.reference)
    carl.follows(f"{episode.reference}: what to do")
    carl.follows("Record the call to the police")
    carl.answers(answer="taken", told_at="now", reference="XP-1911-0731")
    carl.presses("Save")
    call.refresh_from_db()
    assert (call.state, call.done_by) == (StepState.DONE, cast.carl)


def femi_finds_kit(femi: Reader, cast: Cast, episode: MissingEpisode) -> None:
    """From the board to the episode: a grade, and where Kit is."""
    femi.signs_in(cast.femi).goes_to("/now/").sees("Kit Ashdown", "EX-20417")
    femi.follows("Kit Ashdown").sees("What to do next", "The story so far")
    femi.follows("Grade the risk")
    femi.answers(grade="high", rationale="Fourteen, upset, out at night").presses("Record the grade")
    femi.goes_to(f"/episodes/{episode.pk}/").follows("Located")
    femi.answers(located_at="now", where="At the bus station", found_by="police").presses("Record as located")
    femi.sees("Located")
    episode.refresh_from_db()
    assert episode.state == State.LOCATED


def carl_says_back(carl: Reader, cast: Cast, episode: MissingEpisode) -> None:
    carl.signs_in(cast.carl).follows("They’re back")
    carl.answers(returned_at="now", condition="Cold and tired").presses("They’re back")
    carl.sees("Recorded as back")
    episode.refresh_from_db()
    assert episode.state == State.FOLLOW_UP


def ines_hears_kit(ines: Reader, cast: Cast, episode: MissingEpisode) -> None:
    """The interview waits for her on her own first page."""
    ines.signs_in(cast.ines).sees(episode.reference)
    ines.follows("Record the interview")
    ines.answers(held_at="now", is_caring="no", is_line_managed="no", is_trained="yes")
    ines.answers(own_words="I wanted to see my sister.").presses("Record the interview")
    assert episode.interviews.get().state == InterviewState.HELD


def bev_signs_off(bev: Reader, cast: Cast, episode: MissingEpisode) -> None:
    bev.signs_in(cast.bev).goes_to(f"/episodes/{episode.pk}/")
    bev.unfolds("To do later than tomorrow").follows("Sign the episode off")
    bev.answers(words="Kit sees his sister every second Sunday from now on.").presses("Sign off")
    bev.sees("Closed")
    episode.refresh_from_db()
    assert episode.state == State.CLOSED
    left = StepRun.objects.filter(episode=episode, rung=0, state__in=[StepState.WAITING, StepState.FIRED])
    assert not left.exclude(step__kind="tell").exists(), "a closed file asks nothing more of anybody"
