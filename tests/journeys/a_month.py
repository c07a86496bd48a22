"""March 2027 in Exampleshire, lived in real browsers, with the database's clock in our hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import connection, transaction
from django.urls import reverse
from playwright.sync_api import Browser

from casework.records.models import Child, User
from casework.records.times import LONDON
from incidents.models import MissingEpisode
from protocols.publishing import publish_default
from tests.cast import make_cast
from tests.journeys.a_browser import Reader

# What Carl or Mo answers on each screen of the report, by the last part of its address.
SCREENS: Final = {
    "seen": {
        "last_seen_at": "60",
        "last_seen_where": "Upstairs landing",
        "seen_by": "me",
        "noticed_at": "30",
    },
    "checks": {"checks": "room", "circumstances": "A call at ten, in tears after it"},
    "urgent": {"signs": "none"},
    "with-them": {"wearing": "Grey hoodie"},
    "police": {"told": "not_yet"},
}


class March:
    """Each act is a page that somebody of the cast opens in their own browser, fills in and sends."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._signed_in: dict[User, Reader] = {}
        self.it_is("2027-03-01 09:00")
        publish_default()
        self.cast = make_cast()

    def it_is(self, text: str) -> None:
        set_clock(self.at(text))

    def at(self, text: str) -> datetime:
        """By the clock on the wall."""
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)

    def browser_of(self, person: User) -> Reader:
        """Theirs for the whole month: they sign in once."""
        if person not in self._signed_in:
            reader = Reader.opens(self._browser, self._address, is_critical=False)
            self._signed_in[person] = reader.signs_in(person)
        return self._signed_in[person]

    def reports(self, at: str, by: User, child: Child, where: str = "missing", **more: str) -> MissingEpisode:
        """The screens of a home's report: the child was last seen an hour ago."""
        self.it_is(at)
        desk = self.browser_of(by).goes_to(reverse("pages:report-new"))
        desk.answers(children=str(child.pk)).presses("Continue")
        desk.answers(where=where, **more).presses("Continue")
        while (screen := desk.page.url.rstrip("/").rsplit("/", 1)[1]) != "check":
            desk.answers(**SCREENS[screen]).presses("Continue")
        desk.presses("Send report").sees("Report received")
        return MissingEpisode.objects.filter(child=child).latest("noticed_at")

    def sends(self, then: str, by: User, page: str, episode: MissingEpisode, **answers: str) -> None:
        """One page about an episode, filled in and sent."""
        self.it_is(then)
        desk = self.browser_of(by).goes_to(reverse(f"pages:{page}", args=[episode.pk]))
        asked = desk.page.url
        desk.answers(**answers).sends()
        assert desk.page.url != asked, desk.page.locator("main").inner_text()

    def is_located(self, at: str, by: User, episode: MissingEpisode) -> None:
        self.sends(
            at, by, "episode-located", episode, located_at="now", where="Bus station", found_by="police"
        )

    def is_away(self, at: str, by: User, episode: MissingEpisode) -> None:
        answers = {"category": "away", "at": "now", "whereabouts": "At Jay's, his mother says."}
        self.sends(at, by, "episode-category", episode, **answers, spoken_to="yes", is_free_to_return="yes")

    def is_missing(self, at: str, by: User, episode: MissingEpisode) -> None:
        answers = {"category": "missing", "at": "now", "reason": "Nobody can reach him."}
        self.sends(at, by, "episode-category", episode, **answers)

    def is_back(self, at: str, by: User, episode: MissingEpisode) -> None:
        self.sends(at, by, "episode-back", episode, returned_at="now")

    def downloads(self, by: User, year: str) -> list[str]:
        """The lines of the file from the page of the return, after its heading."""
        desk = self.browser_of(by).goes_to(f"/returns/ssda903/{self.cast.exampleshire.pk}/{year}/")
        desk.follows("Download missing.csv").answers(reason="To read it beside the month")
        heading, *lines = desk.downloads("Download").splitlines()
        assert heading == "CHILD,DOB,MISSING,MIS_START,MIS_END"
        return lines


def set_clock(moment: datetime | None) -> None:
    """The clock of the whole test database, which only its owner may move; None: the real time again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            "UPDATE casework_clock SET shown = coalesce(%s, clock_timestamp()), started = clock_timestamp()",
            [moment],
        )


def moment(name: str, at: datetime) -> dict[str, str]:
    """The parts in which a page asks for a time."""
    wall = at.astimezone(LONDON)
    parts = {"day": wall.day, "month": wall.month, "year": wall.year, "time": f"{wall:%H:%M}"}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}
