"""Sharing an episode with a police force: by the rule when it is recorded missing, or by a decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from casework.records import audit
from casework.records.access import current_home_id
from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import Home, PoliceForce, User
from casework.records.times import CaseworkNow, now
from incidents import rules
from incidents.models import EpisodeShare, MissingEpisode
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, required, take, tell_story

READS_ON_FOR: Final[timedelta] = settings.POLICE_READ_AFTER_CLOSING


def share_by_rule(by: User, episode: MissingEpisode) -> None:
    """Recording *missing* shares the episode with the force of the home where the child lives at that moment.

    Away and late do not. A share that a person ended stays ended.
    """
    home_id = current_home_id(episode.child)
    home = Home.objects.select_related("police_force").get(pk=home_id) if home_id else None
    force = home.police_force if home else None
    if force and not EpisodeShare.objects.filter(episode=episode, force=force).exists():
        add(EpisodeShare(episode=episode, force=force, shared_by=by))


@transaction.atomic
def share_episode(*, by: User, episode: MissingEpisode, force: PoliceForce, reason: str) -> EpisodeShare:
    """Share with another force, because somebody decided so, while the episode is worked on."""
    episode = take(by, Act.SHARE_WITH_POLICE, episode)
    rules.refuse_if_ended(position_of(episode))
    why = required(reason, "reason", "Enter why this force needs to know.")
    if live_shares(episode).filter(force=force).exists():
        raise Conflict("This force can read the episode already.", code="shared")
    with audit.because(by, why):
        share = add(EpisodeShare(episode=episode, force=force, reason=why, shared_by=by))
    _tell(by, episode, share, EpisodeVerb.SHARED)
    return share


@transaction.atomic
def end_share(*, by: User, share: EpisodeShare, reason: str) -> EpisodeShare:
    """The force stops reading in this instant, and recording the child as missing does not begin it again."""
    episode = take(by, Act.SHARE_WITH_POLICE, share.episode)
    why = required(reason, "reason", "Enter why this force is to stop reading.")
    with audit.because(by, why):
        row = live_shares(episode).filter(pk=share.pk)
        is_ended = row.update(until=now(), ended_by=by, version=F("version") + 1)
    if not is_ended:
        raise Conflict("This force had stopped reading already.", code="share_ended")
    share.refresh_from_db()
    _tell(by, episode, share, EpisodeVerb.SHARE_ENDED)
    return share


def let_shares_run_out(episode: MissingEpisode, closed_at: datetime) -> None:
    """A closed episode can be read for a while longer, then no more."""
    live_shares(episode).update(until=closed_at + READS_ON_FOR, version=F("version") + 1)


def renew_shares(episode: MissingEpisode) -> None:
    """Opened again: those who read it when it was closed read on, except where a person ended it."""
    shares = EpisodeShare.objects.filter(episode=episode, ended_by=None)
    shares.update(until=None, version=F("version") + 1)


def live_shares(episode: MissingEpisode) -> QuerySet[EpisodeShare]:
    """Shares that have not ended."""
    live = Q(until=None) | Q(until__gt=CaseworkNow())
    return EpisodeShare.objects.filter(live, episode=episode, ended_by=None)


def _tell(by: User, episode: MissingEpisode, share: EpisodeShare, verb: EpisodeVerb) -> None:
    tell_story(episode, verb, by, share, payload={"force": share.force.name})
