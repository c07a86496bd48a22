"""The heads of the audit's chains, kept where whoever can rewrite the database cannot reach them.

AUDIT_SINK says where: a file, a folder (for `audit-heads.jsonl` in it), or mailto:somebody. One line of JSON
for each chain; `manage.py verify_audit --head FILE` reads them back.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from smtplib import SMTPException
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import Error, connection, transaction

from casework.records.heartbeats import age_of, beat
from casework.records.seals import LATE_AFTER as SEALED_LATE_AFTER
from casework.records.seals import Head, heads, seal, sealing_age

log = structlog.get_logger(__name__)

STORED: Final = "audit head stored outside"
FAILED: Final = "audit head not stored"
EVERY: Final = timedelta(minutes=5)
AGAIN_AFTER: Final = timedelta(seconds=30)
LATE_AFTER: Final = timedelta(minutes=10)
SECONDS_BETWEEN_ROUNDS: Final = 1.0
SERVER_SECONDS: Final = 4
FILE_NAME: Final = "audit-heads.jsonl"
SUBJECT: Final = "Heads of the audit: keep this letter"


def keep() -> None:
    """Seal what is committed; every five minutes store the heads outside. Ring it at any time."""
    seal()
    if settings.AUDIT_SINK and _is_due():
        _store_once()


def keep_forever(stop: threading.Event) -> None:
    """The same every second, until `stop`: what the standby does without a broker."""
    while not stop.is_set():
        try:
            keep()
        except Error as error:
            log.warning("audit.no_database", error=type(error).__name__)
            connection.close()
        stop.wait(SECONDS_BETWEEN_ROUNDS)


def troubles() -> list[str]:
    """What is wrong with the audit's keeping, in words for whoever is woken. No step waits for it."""
    found = {"the audit has not been sealed for a minute": _is_over(sealing_age(), SEALED_LATE_AFTER)}
    if settings.AUDIT_SINK:
        words = "no head of the audit has been stored outside for ten minutes"
        found[words] = _is_over(age_of(STORED), LATE_AFTER)
    return [words for words, is_so in found.items() if is_so]


def _is_over(age: timedelta | None, limit: timedelta) -> bool:
    return age is None or age > limit


def _is_due() -> bool:
    return _is_over(age_of(STORED), EVERY) and _is_over(age_of(FAILED), AGAIN_AFTER)


@transaction.atomic
def _store_once() -> None:
    """Store them, unless somebody else is doing so. What fails is tried again, and in the end is late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('casework audit heads', 0))")
        is_ours = cursor.fetchone()[0]
    if not is_ours or not _is_due():
        return
    try:
        store(heads(), settings.AUDIT_SINK)
    except (OSError, SMTPException) as error:
        log.error("audit.heads_not_stored", error=type(error).__name__)
        beat(FAILED)
        return
    beat(STORED)


def store(found: Sequence[Head], sink: str) -> None:
    """Write the heads to the sink, safely on its disk or taken by its mail server. OSError, SMTPException."""
    lines = "".join(f"{_line(head)}\n" for head in found)
    if sink.startswith("mailto:"):
        _send(lines, sink.removeprefix("mailto:"))
    else:
        _append(lines, Path(sink))


def _line(head: Head) -> str:
    at = head.sealed_at.isoformat(timespec="seconds")
    return json.dumps(
        {"chain": str(head.chain), "authority": head.code, "seq": head.seq, "hash": head.hash, "at": at}
    )


def _append(lines: str, path: Path) -> None:
    file = path / FILE_NAME if path.is_dir() else path
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as kept:
        kept.write(lines)
        kept.flush()
        os.fsync(kept.fileno())


def _send(lines: str, address: str) -> None:
    server = get_connection(timeout=SERVER_SECONDS)
    EmailMessage(
        subject=SUBJECT,
        body=lines,
        to=[parseaddr(address)[1]],
        headers={"Auto-Submitted": "auto-generated"},
        connection=server,
    ).send()
