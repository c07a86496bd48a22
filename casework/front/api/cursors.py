"""Where a page goes on. A cursor is signed, and good for the client and the question it was given for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core import signing

from casework.front.api.problems import Problem

PAGE: Final = 50
LARGEST_PAGE: Final = 100
LONGEST_CURSOR: Final = 500
ALTERED: Final = "Use the cursor as it was given to you, for the same question."


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one question of one client."""

    client_id: UUID
    question: str

    def cursor(self, place: Any) -> str:
        return signing.dumps(place, salt=self._salt)

    def place(self, cursor: str) -> Any:
        """400 for one that was altered, or made for another client or question."""
        try:
            return signing.loads(cursor, salt=self._salt)
        except signing.BadSignature:
            fault = {"field": "cursor", "code": "cursor", "detail": ALTERED}
            raise Problem(400, "invalid", ALTERED, errors=[fault]) from None

    @property
    def _salt(self) -> str:
        return f"casework.api.{self.question}.{self.client_id}"
