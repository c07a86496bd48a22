"""A force sees an absence by two doors, its officers' pages and its system: the audit says the same."""

from __future__ import annotations

from typing import Final

from casework.records import audit
from casework.records.models import User
from incidents.models import MissingEpisode
from incidents.shared import SharedEpisode

ABOUT: Final = "shared_episode"


def looked_at_shared(user: User, episode: MissingEpisode, view: SharedEpisode) -> None:
    """Somebody of a force was shown this, or its system was: which child, with which sorts of facts."""
    audit.looked(
        user, child=episode.child, about_kind=ABOUT, about_id=episode.pk, fields=sorted(_named(view))
    )


def _named(view: SharedEpisode) -> set[str]:
    """What of it deserves a name in the audit."""
    signs = {"indicators"} if view.signs else set()
    photos = {"photo"} if view.photos else set()
    return {*(fact.kind for fact in view.facts), *signs, *photos}
