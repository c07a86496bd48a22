"""Whoever turns 18 while missing: the absence of a child ends on that day, and people are told.

A bounded look in the loop that sweeps anyway, never a timer: when nothing ran, it is done afterwards.
"""

import hashlib
import time
from datetime import date
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from casework.records.holders import Holders
from casework.records.models import Child
from casework.records.notify import outbox
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.queries import turned_18_while_gone
from incidents.services import endings

from .reconcile import reconcile

log = structlog.get_logger(__name__)

SECONDS_BETWEEN: Final = 30.0
AT_ONCE: Final = 25
# Who hands over to adults’ services, and the worker; where nobody is manager, the next above.
MANAGERS: Final = ("team_manager", "service_manager", "head_of_service", "assistant_director", "director")

_next_look = 0.0


def end_at_18_now_and_then() -> int:
    """Every half minute: how many absences ended."""
    global _next_look
    if time.monotonic() < _next_look:
        return 0
    _next_look = time.monotonic() + SECONDS_BETWEEN
    return end_at_18()


def end_at_18() -> int:
    """End the absences of those who turned 18, each by itself; how many."""
    return sum(_ended(episode_id, born_on) for episode_id, born_on in turned_18_while_gone(AT_ONCE))


def _ended(episode_id: UUID, born_on: date) -> int:
    """One that cannot be ended must not keep the others from it."""
    try:
        with transaction.atomic():
            ending = endings.turn_18(episode_id=episode_id, born_on=born_on)
            if ending is None:
                return 0
            reconcile(episode_id)
            _tell(ending.episode)
        return 1
    except Exception as error:
        log.error("turned_18.failed", episode_id=str(episode_id), error=type(error).__name__)
        return 0


def _tell(episode: MissingEpisode) -> None:
    """The managers and the worker hear that there is something to know; the page says what."""
    child = episode.child
    holders = Holders.load({episode.authority_id}, set(), at=now())
    found = next((people for role in MANAGERS if (people := _people(holders, role, child))), set[UUID]())
    for user_id in found | _people(holders, "social_worker", child):
        digest = hashlib.sha256(f"{episode.pk} {user_id}".encode()).hexdigest()
        outbox.queue(
            key=f"turned-18.{digest[:40]}",
            recipient_id=user_id,
            template="step_notice",
            reference=episode.reference,
            child_id=child.pk,
            episode_id=episode.pk,
        )


def _people(holders: Holders, role: str, child: Child) -> set[UUID]:
    rows = holders.of(
        role,
        authority_id=child.authority_id,
        home_id=None,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        child_id=child.pk,
    )
    return {row.user_id for row in rows}
