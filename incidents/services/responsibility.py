"""Who has a case: somebody of the authority says “I’ve got this”, and the story says from whom it came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import User
from casework.records.models.record import Record
from casework.records.office_hours import change_at_hand, cover_began
from casework.records.times import now
from incidents import moments
from incidents.models import Handover, MissingEpisode
from incidents.rules import is_worked_on
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, save_edit, take, tell_story

NOTHING_TO_ACCEPT = "There is nothing to accept: somebody was first, or the child is back."
NOTHING_TO_HAVE = "This case is over, so nobody need take it on."


@transaction.atomic
def accept_responsibility(*, by: User, episode: MissingEpisode) -> MissingEpisode:
    """“I’ve got this”: from now on this person has the case, whoever had it before.

    Conflict when it is over, or theirs already; after a change of cover they may say it again.
    """
    episode = take(by, Act.ACCEPT_RESPONSIBILITY, episode)
    if not is_worked_on(position_of(episode)):
        raise Conflict(NOTHING_TO_HAVE, code="nothing_to_have")
    moment = now()
    if episode.holder_id == by.pk and episode.holder_at and episode.holder_at >= cover_began(moment):
        raise Conflict("You have this case already.", code="yours_already")
    _have(by, episode, moment, EpisodeVerb.ACCEPTED, episode)
    return episode


@transaction.atomic
def accept_handovers(*, by: User, episodes: Iterable[MissingEpisode], words: str = "") -> list[Handover]:
    """Whoever comes on accepts these cases by name at the change of cover that is at hand, and has them now.

    What somebody else accepted meanwhile, or is over, is left as it is. Conflict when nothing is left.
    """
    rows = [_accept(by, episode, words) for episode in sorted(episodes, key=lambda one: str(one.pk))]
    accepted = [row for row in rows if row is not None]
    if not accepted:
        raise Conflict(NOTHING_TO_ACCEPT, code="accepted")
    return accepted


@transaction.atomic
def accept_handover(*, by: User, episode: MissingEpisode, words: str = "") -> Handover:
    """The same for one case. Conflict names who was first."""
    change = change_at_hand(now())
    first = Handover.objects.filter(episode=episode, change_at=change).select_related("accepted_by").first()
    if first is not None:
        at = moments.clock_words(first.recorded_at, now())
        raise Conflict(f"{first.accepted_by.name} accepted this at {at}.", code="accepted")
    (row,) = accept_handovers(by=by, episodes=[episode], words=words)
    return row


def _accept(by: User, episode: MissingEpisode, words: str) -> Handover | None:
    episode = take(by, Act.ACCEPT_RESPONSIBILITY, episode)
    moment = now()
    change = change_at_hand(moment)
    if not needs_handover(episode, change) or episode.handovers.filter(change_at=change).exists():
        return None
    row = add(Handover(episode=episode, change_at=change, accepted_by=by, words=words.strip()))
    _have(by, episode, moment, EpisodeVerb.HANDED_OVER, row)
    return row


def needs_handover(episode: MissingEpisode, change_at: datetime) -> bool:
    """Whether the case is one to hand over at that change: the child is not back, and was gone before it."""
    return episode.is_open and episode.noticed_at < change_at


def _have(by: User, episode: MissingEpisode, moment: datetime, verb: EpisodeVerb, about: Record) -> None:
    before = episode.holder_id
    episode.holder, episode.holder_at = by, moment
    save_edit(episode)
    taken_from = {"taken_from": str(before)} if before and before != by.pk else {}
    tell_story(episode, verb, by, about, payload=taken_from)
