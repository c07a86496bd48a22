"""Whom people of a story ring for steps that are met by telling, when no story says more about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from casework.records.models import Disclosure, User
from casework.records.retelling import still_to_tell, tellings_of
from casework.records.services import telling
from incidents.models import MissingEpisode

Audience, Of = Disclosure.Audience, Disclosure.Of

TOLD: Final[Mapping[str, tuple[str, str, str]]] = {
    "duty_accepted": (Audience.AUTHORITY, "Duty team", "That the child is not back; they have read it."),
    "parents_settled": (
        Audience.PARENT,
        "A parent",
        "That the child is missing. Will ring if they hear anything.",
    ),
    "host_told": (Audience.HOST_AUTHORITY, "Duty desk", "That the child is missing. They look out; no news."),
    "school_told": (
        Audience.SCHOOL,
        "Safeguarding lead",
        "That the child is missing. One teacher asks around.",
    ),
}
AGAIN: Final[Mapping[str, str]] = {"everyone_told_located": Of.LOCATED, "everyone_retold": Of.BACK}
NOBODY_HERE: Final = "Nobody with parental responsibility is in this country. The authority answers for him."
MET_BY_TELLING: Final = (*TOLD, *AGAIN)


def tell_for(met_by: str, episode: MissingEpisode, by: User, at: datetime) -> None:
    """Ring whom the step has told, and write it down."""
    about: dict[str, Any] = {"by": by, "child": episode.child, "episode_id": episode.pk}
    if told_of := AGAIN.get(met_by):
        left = still_to_tell(tellings_of(episode.pk), told_of)
        if left:
            telling.tell_again(**about, told_of=told_of, told=left, how="phone", told_at=at)
        return
    audience, name, what = TOLD[met_by]
    if audience == Audience.PARENT and episode.child.is_unaccompanied:
        telling.decide_not_to_tell(**about, audience=audience, told_name="His parents", reason=NOBODY_HERE)
        return
    telling.tell(
        **about,
        audience=audience,
        told_name=name,
        how="phone",
        told_at=at,
        what=what,
        purpose="To find them.",
    )
