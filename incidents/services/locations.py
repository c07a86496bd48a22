"""Where a child lives, for somebody who looks during an absence: then nobody counts how often."""

from __future__ import annotations

from casework.records.models import Placement, User
from casework.records.services import locations
from casework.records.services.locations import Shown
from incidents.models import MissingEpisode, State

NOT_OVER = (State.OPEN, State.LOCATED, State.FOLLOW_UP)


def show_address(*, by: User, placement: Placement, reason: str, words: str) -> Shown:
    """The address of a placement, after a reason. Limits never stop a duty worker in an open absence."""
    absent = MissingEpisode.objects.filter(child_id=placement.child_id, state__in=NOT_OVER).exists()
    return locations.show_address(by=by, placement=placement, reason=reason, words=words, is_absent=absent)
