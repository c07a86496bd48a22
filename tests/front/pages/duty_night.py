"""A night at the duty desk: the cast, the protocol in force, a report taken; and somebody at the keyboard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.test import Client
from django.urls import reverse

from casework.records.models import User
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import reports, returns
from protocols import engine, publishing
from protocols.models import StepRun
from tests.cast import Cast

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def at_the_desk(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def in_force(cast: Cast) -> None:
    """Exampleshire works by the shipped protocol."""
    publishing.publish_default(authority=cast.exampleshire)


def missing(cast: Cast, *, indicators: dict[str, str] | None = None) -> MissingEpisode:
    """Carl reports Kit missing, last seen an hour ago; nobody has phoned the police."""
    episode = reports.report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=now() - timedelta(minutes=10),
        last_seen_at=now() - timedelta(hours=1),
        last_seen_where="Front door",
        last_seen_by="Carl Penrose",
        circumstances="Left after tea without a word.",
        indicators=indicators or {},
    )
    engine.fire_due(episode.pk)
    return episode


def back(cast: Cast, episode: MissingEpisode) -> None:
    returns.record_return(by=cast.carl, episode=episode)
    engine.fire_due(episode.pk)


def later(episode: MissingEpisode, after: timedelta) -> datetime:
    """Let the clock of this test run on, firing what falls due."""
    moment = now() + after
    engine.live_through(episode.pk, moment)
    pretend_now(moment)
    return moment


def step_of(episode: MissingEpisode, code: str) -> StepRun:
    """The live row of a step, not of its ladder."""
    return StepRun.objects.get(episode=episode, step__code=code, rung=0, superseded_at=None)


def path_of(page: str, key: UUID) -> str:
    return reverse(f"pages:{page}", args=[key])


def text_of(answer: Answer) -> str:
    return answer.content.decode()
