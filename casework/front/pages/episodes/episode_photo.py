"""The photograph on the page of an absence: whom people look for, and whether the police have one."""

from __future__ import annotations

from dataclasses import dataclass

from casework.front.pages.children.photo_cards import Photographs
from casework.front.pages.episodes.episode_steps import may_here
from casework.records.acts import Act
from casework.records.standing import Standing
from incidents.facts import EpisodeFacts
from incidents.models import Category, MissingEpisode, State


@dataclass(frozen=True)
class Lacking:
    """The police have no photograph of a child who is missing; where this reader mends that, if they may."""

    words: str
    url: str


def lacking_for_police(
    episode: MissingEpisode, facts: EpisodeFacts, photographs: Photographs | None, standing: Standing
) -> Lacking | None:
    """None when they have one, when nobody looks for the child, and for who is shown no photographs."""
    if photographs is None or photographs.police_have_one or not _is_missing(episode, facts):
        return None
    if photographs.cards:
        url = photographs.url if may_here(standing, Act.APPROVE_PHOTO, episode) else ""
        return Lacking("Approve one that is here", url)
    return Lacking("Add one", photographs.add_url if may_here(standing, Act.ADD_PHOTO, episode) else "")


def _is_missing(episode: MissingEpisode, facts: EpisodeFacts) -> bool:
    """Then the police read what there is of the child."""
    return episode.state == State.OPEN and facts.spells[-1].category == Category.MISSING
