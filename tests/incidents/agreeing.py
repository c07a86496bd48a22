"""What people agree about an absence: a meeting with somebody in it, something to do, a legal tool."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from casework.records.models import User
from casework.records.times import now
from incidents.models import Meeting, MissingEpisode
from incidents.services.actions import Agreed
from incidents.services.legal import begin_tool
from incidents.services.meetings import Came, record_meeting

EVERYBODY: Final = (
    Came("Amina Rahal", "authority", "Social worker"),
    Came("Sgt Odell", "police"),
    Came("Nurse Okoro", "health", "Looked-after children’s nurse"),
)


def meet(
    by: User,
    episode: MissingEpisode,
    kind: str = "strategy",
    *,
    attendees: tuple[Came, ...] = EVERYBODY,
    actions: tuple[Agreed, ...] = (),
    **said: Any,
) -> Meeting:
    """A meeting a moment ago, with whoever has to be there."""
    answers: dict[str, Any] = {
        "held_at": now(),
        "how": "call",
        "chaired_by": "Bev Aldous",
        "decided": "The police visit both addresses tonight.",
        **said,
    }
    return record_meeting(by=by, episode=episode, kind=kind, attendees=attendees, actions=actions, **answers)


def agree_on_everything(by: User, episode: MissingEpisode) -> None:
    """A meeting, something for the home to do, a recovery order that legal is asked for."""
    for_the_home = Agreed(
        "Ring his friends each evening.",
        now() + timedelta(hours=4),
        owner_home=episode.home,
        owner_words="PC Lowther",
    )
    meet(by, episode, actions=(for_the_home,))
    begin_tool(
        by=by,
        episode=episode,
        kind="recovery_order",
        stage="asked",
        why="A cousin hides him.",
        by_whom="Ms Adeyemi, legal",
    )
