"""Holding an episode as it is while a message about it goes out."""

from typing import Final
from uuid import UUID

from django.db import connection

from incidents.models import NOT_BACK

# SHARE: several letters about one episode may go at once, and a return waits for the one that is on its way.
HOLD: Final = "SELECT FROM incidents_missingepisode WHERE id = %s AND state = ANY(%s) FOR SHARE"


def hold_while_not_back(episode_id: UUID) -> bool:
    """Whether the child is not back yet; if so, that stays true until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [episode_id, [state.value for state in NOT_BACK]])
        return cursor.fetchone() is not None
