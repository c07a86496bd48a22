"""A key in an address: every log on the way has it now, so it opens nothing here, and somebody is told."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, QueryDict

from casework.front.api.problems import no_token
from casework.records.clients import digest_of
from casework.records.services.leaked_keys import end_keys_in_address

NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "bearer",
        "client_secret",
        "key",
        "password",
        "secret",
        "token",
    }
)
# As our tokens and secrets are written. What an address may say is never so long a word: cursors and moments
# have colons. So nothing is looked up for the calls of every minute.
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{20,255}", re.ASCII)


def refuse_key_in_address(request: HttpRequest) -> None:
    """401 for a key that stands in the query, whatever its name; one of ours is reported, a token ended."""
    named = {name.lower() for name in request.GET} & NAMES
    digests = {digest_of(word) for word in _words(request.GET) if _KEY.fullmatch(word)}
    if (digests and end_keys_in_address(digests)) or named:
        raise no_token()


def _words(query: QueryDict) -> list[str]:
    """Of the names too, and each by itself: `?authorization=Bearer …`."""
    return [word for name, given in query.lists() for said in (name, *given) for word in said.split()]
