"""An episode that this person may see, and may do this to: the first line of every page about one."""

from uuid import UUID

from django.http import HttpRequest

from casework.front.pages.kit.door import person
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.standing import standing_of
from incidents.access import episode_for
from incidents.models import MissingEpisode


def episode_to(act: Act, request: HttpRequest, episode_id: UUID) -> MissingEpisode:
    """The episode; NotFound when it is not theirs to see, NotAllowed when it is not theirs to do."""
    episode = episode_for(person(request), episode_id)
    require_for(person(request), act, episode.child)
    return episode


def reads_meetings(request: HttpRequest, episode: MissingEpisode) -> bool:
    """Whether this person may read what was agreed and decided: not everybody who may read the episode."""
    try:
        require_for(person(request), Act.READ_MEETINGS, episode.child)
    except NotAllowed:
        return False
    return True


def episode_to_read(request: HttpRequest, episode_id: UUID) -> MissingEpisode:
    """The episode for those who work on it in the authority; homes have a page of their own."""
    episode = episode_for(person(request), episode_id)
    if standing_of(person(request)).is_provider_only:
        raise NotAllowed(
            "This page is the authority’s. What the home needs is on the home’s page of the report."
        )
    return episode


def may_do(request: HttpRequest, act: Act, episode: MissingEpisode) -> bool:
    """Whether `episode_to` would let this person in: by a role here, or by a grant from elsewhere."""
    try:
        require_for(person(request), act, episode.child)
    except NotAllowed:
        return False
    return True
