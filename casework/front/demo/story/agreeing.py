"""Meetings, decisions and the law in a story, at the moments at which it tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casework.front.demo.people import Person
from casework.front.demo.story.absence import Absence
from casework.front.demo.story.recording import EVERYBODY
from incidents.services import decisions, legal, meetings
from incidents.services.actions import Agreed
from incidents.services.meetings import Came


def has_met(
    absence: Absence,
    at: datetime,
    kind: str,
    by: Person,
    *,
    decided: str,
    known: str = "",
    not_known: str = "",
    next_at: datetime | None = None,
    agreed: Sequence[Agreed] = (),
) -> None:
    """A meeting by phone with everybody who has to be there; `by` chaired it and wrote it down."""
    absence.stage.until(at)
    chair = absence.stage.user(by)
    meetings.record_meeting(
        by=chair,
        episode=absence.episode,
        kind=kind,
        held_at=at,
        how="call",
        chaired_by=chair.name,
        decided=decided,
        known=known,
        not_known=not_known,
        next_at=next_at,
        attendees=(Came(chair.name, "authority", str(by.role.label)), *EVERYBODY),
        actions=agreed,
    )
    absence.wake()


def has_agreed_to_publish(
    absence: Absence, at: datetime, by: Person, reason: str, *, what: str, approved_by: str
) -> None:
    """The police asked, somebody further up approved, and it is looked at again in a week."""
    absence.stage.until(at)
    decisions.record_decision(
        by=absence.stage.user(by),
        episode=absence.episode,
        kind="publicity",
        outcome="publish",
        reason=reason,
        what=what,
        approved_by=approved_by,
        decided_at=at,
    )
    absence.wake()


def was_refused_by_legal(
    absence: Absence, at: datetime, kind: str, by: Person, *, why: str, by_whom: str, words: str
) -> None:
    """Legal was asked, and said why not."""
    absence.stage.until(at)
    legal.begin_tool(
        by=absence.stage.user(by),
        episode=absence.episode,
        kind=kind,
        stage="refused",
        why=why,
        at=at,
        by_whom=by_whom,
        words=words,
    )
    absence.wake()
