"""A POST is done once: the client's own key, and what it did, commit together (`reliability` T15.1)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api.problems import Problem
from casework.front.api.views import account_of
from casework.records.errors import Refused
from casework.records.services.forms import do_once

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_OURS: Final = {"key_used": 422, "in_hand": 409}
_WORDS: Final = {
    "key_used": "This key was used with another body or address. Take a new one for a new request.",
    "in_hand": "The same request is being carried out at this moment.",
}


def key_of(request: Request) -> UUID:
    """The key that the sender chose: a UUID, one for each thing that is to happen."""
    key = request.headers.get(HEADER)
    if not key:
        raise Problem(400, "key_missing", f"Send a UUID of your own in the header “{HEADER}”.")
    if not _KEY.fullmatch(key):
        raise Problem(400, "key_malformed", f"“{HEADER}” has to be a UUID.")
    return UUID(key)


def answer_once(request: Request, act: Callable[[], str], show: Callable[[str], dict[str, Any]]) -> Response:
    """201 with what `act` made; the same key with the same body again shows it once more.

    `act` gives the id of what it made, `show` renders it: rows that nobody edits, so both times alike.
    A client's keys are its own: another's are other keys.
    """
    key, by, was_done = key_of(request), account_of(request), False

    def once() -> str:
        nonlocal was_done
        was_done = True
        return act()

    try:
        with transaction.atomic():
            made = do_once(
                user=by,
                key=uuid5(by.pk, str(key)),
                path=request.path,
                digest=_digest(request.data),
                act=once,
            )
            body = show(made)
    except Refused as refused:
        raise _our_own(refused) from refused
    headers = {} if was_done else {"Idempotent-Replayed": "true"}
    return Response(body, status=201, headers=headers)


def _our_own(refused: Refused) -> Exception:
    if refused.code not in _OURS:
        return refused
    later = {"Retry-After": "1"} if refused.code == "in_hand" else {}
    return Problem(_OURS[refused.code], refused.code, _WORDS[refused.code], headers=later)


def _digest(sent: Any) -> str:
    """Of what it says: spaces and the order of names do not make another request."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
