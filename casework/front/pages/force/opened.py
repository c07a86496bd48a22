"""The way to one shared absence: fetched, allowed and logged in one."""

from uuid import UUID

from django.http import HttpRequest

from casework.front.pages.force.shown import Shown
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.errors import NotFound
from casework.records.times import now
from incidents.access import shared_episode_for
from incidents.models import MissingEpisode
from incidents.shared import shared_views


def opened(request: HttpRequest, episode_id: UUID) -> tuple[MissingEpisode, Shown]:
    """The absence and what this force is shown of it; `NotFound` unless it is shared with them now.

    Whoever gets this has looked at the child: it is logged, with the sorts of facts that stood there.
    """
    user = person(request)
    episode = shared_episode_for(user, episode_id)
    views = shared_views(user, [episode.pk])
    if not views:  # it ended between the two questions
        raise NotFound
    shown = Shown(views[0], now())
    audit.looked(
        user,
        child=episode.child,
        about_kind="shared_episode",
        about_id=episode.pk,
        fields=sorted(_named(shown)),
    )
    return episode, shown


def _named(shown: Shown) -> set[str]:
    """What of it deserves a name in the audit."""
    signs = {"indicators"} if shown.it.signs else set()
    photos = {"photo"} if shown.it.photos else set()
    return {*(fact.kind for fact in shown.it.facts), *signs, *photos}
