"""Who has a case: somebody of the authority says “I’ve got this”, and the story says from whom it came."""

from __future__ import annotations

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import User
from casework.records.office_hours import cover_began
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.rules import is_worked_on
from incidents.verbs import EpisodeVerb

from .writing import position_of, save_edit, take, tell_story

NOTHING_TO_HAVE = "This case is over, so nobody need take it on."


@transaction.atomic
def accept_responsibility(*, by: User, episode: MissingEpisode) -> MissingEpisode:
    """“I’ve got this”: from now on this person has the case, whoever had it before.

    Conflict when it is over, or theirs already; after a change of cover they may say it again.
    """
    episode = take(by, Act.ACCEPT_RESPONSIBILITY, episode)
    if not is_worked_on(position_of(episode)):
        raise Conflict(NOTHING_TO_HAVE, code="nothing_to_have")
    moment, before = now(), episode.holder_id
    if before == by.pk and episode.holder_at and episode.holder_at >= cover_began(moment):
        raise Conflict("You have this case already.", code="yours_already")
    episode.holder, episode.holder_at = by, moment
    save_edit(episode)
    taken_from = {"taken_from": str(before)} if before and before != by.pk else {}
    tell_story(episode, EpisodeVerb.ACCEPTED, by, episode, payload=taken_from)
    return episode
