"""Where a page goes on. A cursor is signed, and good for the client and the question it was given for."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core import signing

from casework.front.api.problems import Problem

PAGE: Final = 50
LARGEST_PAGE: Final = 100
LONGEST_CURSOR: Final = 500


def cursor_for(place: Any, *, client_id: UUID, question: str) -> str:
    return signing.dumps(place, salt=_salt(client_id, question))


def place_of(cursor: str, *, client_id: UUID, question: str) -> Any:
    """The place that it names; 400 for one that was altered, or made for another client or question."""
    try:
        return signing.loads(cursor, salt=_salt(client_id, question))
    except signing.BadSignature:
        fault = {"field": "cursor", "code": "cursor", "detail": "Use the cursor as it was given to you."}
        raise Problem(400, "invalid", fault["detail"], errors=[fault]) from None


def _salt(client_id: UUID, question: str) -> str:
    return f"casework.api.{question}.{client_id}"
