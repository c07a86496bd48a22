"""A form sent twice is done once: its one-time key and its effect commit together (`reliability` T15.1)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from casework.records.errors import Conflict, Invalid
from casework.records.models import FormKey, User

USED_OTHERWISE = "This page was already sent with other answers. Open it again to send these."
IN_HAND = "This page is being sent at this moment. Wait a few seconds and look again."


@transaction.atomic
def do_once(*, user: User, key: UUID, path: str, digest: str, act: Callable[[], str]) -> str:
    """Run `act` under a one-time key and return the path it gives; the same key again gives the first path.

    `digest` is of what was sent. Invalid: the key was used with other answers, on another page or by somebody
    else. Conflict: the same page is being sent right now. When `act` refuses, the key stays unused.
    """
    _claim(key)
    used = FormKey.objects.filter(key=key).first()
    if used is not None:
        if (used.user_id, used.path, used.digest) != (user.pk, path, digest):
            raise Invalid(USED_OTHERWISE, code="key_used")
        return used.result_path
    result = act()
    FormKey.objects.create(key=key, user=user, path=path, digest=digest, result_path=result)
    return result


def _claim(key: UUID) -> None:
    """Hold the key until this transaction ends; two sendings of one page never run side by side."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
        (held,) = cursor.fetchone()
    if not held:
        raise Conflict(IN_HAND, code="in_hand")
