"""March 2027 in Exampleshire, lived through the pages, with the database's clock in our hand."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from casework.records.models import Child, User
from casework.records.times import LONDON, pretend_now
from incidents.models import MissingEpisode
from protocols.publishing import publish_default
from tests.cast import make_cast
from tests.front.pages.a_report import answer_all, signed_in


class March:
    """Each act is a page that somebody of the cast opens and sends at its time."""

    def __init__(self) -> None:
        self.it_is("2027-03-01 09:00")
        publish_default()
        self.cast = make_cast()

    def it_is(self, text: str) -> None:
        pretend_now(self.at(text))

    def at(self, text: str) -> datetime:
        """By the clock on the wall."""
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)

    def reports(self, at: str, by: User, child: Child, where: str = "missing", **more: Any) -> MissingEpisode:
        """The eight screens of a home's report: the child was last seen an hour ago."""
        self.it_is(at)
        client = signed_in(by)
        sent = client.post(answer_all(client, child, where={"where": where, **more}))
        assert sent.status_code == 302, sent.content.decode()
        return MissingEpisode.objects.filter(child=child).latest("noticed_at")

    def sends(self, then: str, by: User, page: str, episode: MissingEpisode, **answers: Any) -> None:
        """One page about an episode, filled in and sent."""
        self.it_is(then)
        client = signed_in(by)
        address = reverse(f"pages:{page}", args=[episode.pk])
        assert client.get(address).status_code == 200
        sent = client.post(address, {"form_key": str(uuid.uuid4()), **answers})
        assert sent.status_code == 302, sent.content.decode()

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

    def browser_of(self, person: User) -> Client:
        return signed_in(person)

    def downloads(self, by: User, year: str) -> list[str]:
        """The lines of the file from the page of the return, after its heading."""
        client = signed_in(by)
        page = client.get("/returns/ssda903/", follow=True).redirect_chain[-1][0]
        address = page.rsplit("/", 2)[0] + f"/{year}/download/"
        answer = client.post(
            address, {"reason": "To read it beside the month", "form_key": str(uuid.uuid4())}
        )
        lines = _text_of(answer).splitlines()
        assert lines[0] == "CHILD,DOB,MISSING,MIS_START,MIS_END"
        return lines[1:]


def moment(name: str, at: datetime) -> dict[str, str]:
    """The parts in which a page asks for a time."""
    wall = at.astimezone(LONDON)
    parts = {"day": wall.day, "month": wall.month, "year": wall.year, "time": f"{wall:%H:%M}"}
    return {f"{name}_{part}": str(value) for part, value in parts.items()}


def _text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()
