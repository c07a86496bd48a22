"""Whether a text arrived: GOV.UK Notify is asked for ten minutes; what it says stands beside the message."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import structlog
from django.db import connection, transaction

from casework.records.models import Notification, NotificationEvent

from .settling import disclose
from .texts import TextDoor, TextRefused

log = structlog.get_logger(__name__)

# Seconds from the sending to the first question, from that to the second, …: ten minutes in all.
ASK_AFTER: Final = (3, 5, 10, 15, 30, 60, 120, 180, 180)
DELIVERED: Final = "delivered"
NOT_DELIVERED: Final = "not_delivered"
UNKNOWN: Final = "unknown"
FAILURES: Final = {
    "permanent-failure": "There is no such number, or it takes no text messages.",
    "temporary-failure": "The phone was off or out of reach.",
    "technical-failure": "GOV.UK Notify could not send it.",
    "validation-failed": "GOV.UK Notify could not send it.",
}
NEVER_SAID: Final = "GOV.UK Notify did not say within ten minutes whether it arrived."

# The next question is put off before this one is asked, so that nobody else asks it and no crash loses it.
TAKE_ONE: Final = """
UPDATE records_notification
SET receipt_asks = receipt_asks + 1,
    next_try_at = clock_timestamp() + make_interval(secs => (%(after)s::int[])[receipt_asks + 2])
WHERE id = (
    SELECT id FROM records_notification
    WHERE state = 'sent' AND next_try_at <= clock_timestamp()
    ORDER BY next_try_at FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id, outside_id, next_try_at IS NULL"""


class Asked(NamedTuple):
    """A text whose receipt is due; `is_last` when nobody will ask again."""

    id: UUID
    outside_id: str
    is_last: bool


def ask(door: TextDoor, limit: int = 100) -> int:
    """Ask after the texts whose turn it is; of how many we now know what became of them."""
    known = 0
    for _ in range(limit):
        asked = _take_one()
        if asked is None or door.is_silent:
            break
        known += _settle(asked, _answer(door, asked))
    return known


def _take_one() -> Asked | None:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_ONE, {"after": list(ASK_AFTER)})
        row = cursor.fetchone()
    return Asked(*row) if row else None


def _answer(door: TextDoor, asked: Asked) -> str:
    """Notify's word for it; nothing when it did not answer."""
    try:
        return door.status_of(asked.outside_id)
    except TextRefused as refused:
        log.warning("text.not_asked_after", notification_id=str(asked.id), why=refused.words)
        return ""


@transaction.atomic
def _settle(asked: Asked, status: str) -> bool:
    """Write down what became of the text, once that is known; whether it is."""
    if status == DELIVERED:
        _close(asked.id, DELIVERED)
        disclose(Notification.objects.select_related("recipient", "child").get(pk=asked.id))
        return True
    if status in FAILURES:
        reason = FAILURES[status]
        _close(asked.id, NOT_DELIVERED, reason, state=Notification.State.FAILED, reason=reason)
        return True
    if asked.is_last:
        _close(asked.id, UNKNOWN, NEVER_SAID)
    return asked.is_last


def _close(notification_id: UUID, kind: str, why: str = "", **fields: str) -> None:
    Notification.objects.filter(pk=notification_id).update(next_try_at=None, **fields)
    NotificationEvent.objects.create(notification_id=notification_id, kind=kind, reason=why)
