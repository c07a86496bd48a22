"""Messages owed to people: queued with the thing they tell of, sent later, each once as far as we know.

PostgreSQL remembers what is owed. Delivering is a doorbell that can be rung by anybody at any time: two rings
at once share the work, and a process killed halfway leaves a lease that runs out. A letter whose fate is not
known is sent again under the same Message-ID. Nothing is ever dropped for having failed too often.
"""

from __future__ import annotations

import re
import threading
import time
from smtplib import SMTPException
from typing import Final
from uuid import UUID, uuid4

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, connection

from casework.records.access import may_be_told
from casework.records.heartbeats import beat
from casework.records.models import Child, Notification, User

from . import receipts, texts
from .settling import Way, settle
from .templates import TEMPLATES

log = structlog.get_logger(__name__)

LEASE_SECONDS: Final = 60
SERVER_SECONDS: Final = 4  # how long a mail server may keep us: a page may be waiting for the same episode
SECONDS_BETWEEN_ROUNDS: Final = 2.0
ROUND_SECONDS: Final = 20  # a round of letters ends well before Celery's time limit
TEXTING_SECONDS: Final = (
    10  # and so does a round of texts, which comes first: there are few, and they are urgent
)
Channel = Notification.Channel
KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

LEASE: Final = """
UPDATE records_notification
SET attempts = attempts + 1, lease_token = %(token)s,
    lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = (
    SELECT id FROM records_notification
    WHERE state = 'queued' AND channel = %(channel)s
      AND (next_try_at IS NULL OR next_try_at <= clock_timestamp())
      AND (lease_until IS NULL OR lease_until <= clock_timestamp())
    ORDER BY recorded_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id"""

WITHDRAW_FOR_EPISODE: Final = """
WITH withdrawn AS (
    UPDATE records_notification
    SET state = 'withdrawn', reason = %(reason)s, lease_token = NULL, lease_until = NULL, next_try_at = NULL
    WHERE episode_id = %(episode)s AND state = 'queued' AND (stops_on_return OR %(is_all)s)
    RETURNING id)
INSERT INTO records_notificationevent (id, notification_id, kind, reason)
SELECT gen_random_uuid(), id, 'withdrawn', %(reason)s FROM withdrawn"""

WITHDRAW_FROM: Final = """
WITH withdrawn AS (
    UPDATE records_notification
    SET state = 'withdrawn', reason = %(reason)s, lease_token = NULL, lease_until = NULL, next_try_at = NULL
    WHERE child_id = %(child)s AND recipient_id = ANY(%(people)s) AND state = 'queued'
    RETURNING id)
INSERT INTO records_notificationevent (id, notification_id, kind, reason)
SELECT gen_random_uuid(), id, 'withdrawn', %(reason)s FROM withdrawn"""

WITHDRAW_ABOUT: Final = """
WITH withdrawn AS (
    UPDATE records_notification
    SET state = 'withdrawn', reason = %(reason)s, lease_token = NULL, lease_until = NULL, next_try_at = NULL
    WHERE child_id = %(child)s AND state = 'queued'
    RETURNING id)
INSERT INTO records_notificationevent (id, notification_id, kind, reason)
SELECT gen_random_uuid(), id, 'withdrawn', %(reason)s FROM withdrawn"""


# Owing -----------------------------------------------------------------------------------------------


def queue(
    *,
    key: str,
    recipient_id: UUID,
    template: str,
    reference: str = "",
    child_id: UUID | None = None,
    episode_id: UUID | None = None,
    step_run_id: UUID | None = None,
    stops_on_return: bool = False,
) -> None:
    """Owe one person one message, in the transaction of what it tells of. The same key again changes nothing.

    ValueError for words that are not on the list or a key that cannot be a Message-ID: both are our mistakes.
    """
    if template not in TEMPLATES:
        raise ValueError(f"There is no template {template!r}.")
    if not KEY.fullmatch(key):
        raise ValueError("A key has up to 64 letters, digits, dots and dashes.")
    owed = Notification(
        key=key,
        recipient_id=recipient_id,
        template=template,
        reference=reference,
        child_id=child_id,
        episode_id=episode_id,
        step_run_id=step_run_id,
        stops_on_return=stops_on_return,
    )
    Notification.objects.bulk_create([owed], ignore_conflicts=True)


def withdraw(episode_id: UUID, reason: str, *, is_all: bool = False) -> int:
    """Take back what is unsent and stops at a return, or all that is unsent; how many.

    The caller holds the episode's lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW_FOR_EPISODE, {"episode": episode_id, "reason": reason, "is_all": is_all})
        return int(cursor.rowcount)


def withdraw_about(child: Child, reason: str) -> int:
    """Take back whatever is unsent about a child, whomever it was for; how many messages."""
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW_ABOUT, {"child": child.pk, "reason": reason})
        return int(cursor.rowcount)


def withdraw_from_strangers(child: Child, reason: str) -> int:
    """Take back what is unsent to people who no longer may be told of this child; how many messages.

    A message that is on its way this very moment has been sent: it is waited for, and stays.
    """
    owed = Notification.objects.filter(child=child, state=Notification.State.QUEUED)
    people = User.objects.filter(pk__in=owed.values("recipient_id"))
    strangers = [user.pk for user in people if not may_be_told(user, child)]
    if not strangers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW_FROM, {"child": child.pk, "people": strangers, "reason": reason})
        return int(cursor.rowcount)


# Sending ---------------------------------------------------------------------------------------------


def deliver(limit: int = 500) -> int:
    """Send up to `limit` letters and as many texts as are owed now; how many went out.

    1. Lease one, in a statement of its own, so that a try that kills the process has been counted.
    2. Reach the mail server before anything is locked; when it does not answer, the round is over.
    3. In one transaction: look again whether the message may go, send it, write down what came of it.
    """
    return _send_texts(limit) + _send_letters(limit)


def _send_letters(limit: int) -> int:
    server: BaseEmailBackend = get_connection(timeout=SERVER_SECONDS)
    try:
        return _round(Channel.EMAIL, server, ROUND_SECONDS, limit)
    finally:
        server.close()


def _send_texts(limit: int) -> int:
    """Texts, and the question whether those before arrived. Without a key, what was owed is taken back."""
    if not texts.are_sent():
        return _round(Channel.SMS, None, TEXTING_SECONDS, limit)
    door = texts.TextDoor()
    try:
        sent = _round(Channel.SMS, door, TEXTING_SECONDS, limit)
        receipts.ask(door)
        return sent
    finally:
        door.close()


def _round(channel: Channel, way: Way | None, seconds: float, limit: int) -> int:
    """The messages of one channel, until nothing is owed, time is up or nobody answers; how many went out."""
    sent, enough = 0, time.monotonic() + seconds
    while sent < limit and time.monotonic() < enough:
        token = uuid4()
        notification_id = _lease(token, channel)
        if notification_id is None:
            break
        if isinstance(way, BaseEmailBackend) and not _is_reached(way):
            settle(notification_id, token, None)
            break
        sent += settle(notification_id, token, way)
        if isinstance(way, texts.TextDoor) and way.is_silent:
            break
    return sent


def deliver_forever(stop: threading.Event) -> None:
    """Deliver whenever something is owed, until `stop`: what the standby does without a broker."""
    while not stop.is_set():
        try:
            deliver()
            beat("deliver")
        except Error as error:
            log.warning("outbox.no_database", error=type(error).__name__)
            connection.close()
        stop.wait(SECONDS_BETWEEN_ROUNDS)


def _lease(token: UUID, channel: Channel = Channel.EMAIL) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(LEASE, {"token": token, "seconds": LEASE_SECONDS, "channel": channel})
        row = cursor.fetchone()
    return row[0] if row else None


def _is_reached(server: BaseEmailBackend) -> bool:
    try:
        server.open()
    except (OSError, SMTPException) as error:
        log.warning("mail.not_reached", error=type(error).__name__)
        return False
    return True
