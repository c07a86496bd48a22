"""Who is calling, whether they still may, from where, how often and for what: asked anew at each call."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from casework.front.api.problems import REALM, Problem, no_token
from casework.records import audit, clients
from casework.records.models import PoliceClient, User
from casework.records.services.leaked_keys import note_call_from_elsewhere

_BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9._~+/-]{20,255}=*)", re.ASCII)
NO_APPLICATION: Final = 0  # asked after when a token is unknown, so that it costs as much as any other
A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """A force's system, and what this token lets it do: never more than the client itself may now."""

    client: PoliceClient
    scopes: frozenset[str]


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer …`, once and as it was given. Nothing is kept for the next call."""

    def authenticate(self, request: Request) -> tuple[User, Caller]:
        found = _BEARER.fullmatch(request.META.get("HTTP_AUTHORIZATION", ""))
        rows = AccessToken.objects.filter(
            token_checksum=digest(found[1] if found else ""), expires__gt=timezone.now()
        )
        application_id, scope = rows.values_list("application_id", "scope").first() or (NO_APPLICATION, "")
        client = clients.live_client(application_id or NO_APPLICATION)
        if client is None:
            raise no_token()
        return client.account, Caller(client, frozenset(scope.split()) & frozenset(client.scopes))

    def authenticate_header(self, request: Request) -> str:
        return REALM


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def admit(client: PoliceClient, address: str) -> None:
    """403 from another network, before it counts: who stole a token uses up nobody's calls.

    429 for more calls in this minute than the client may make.
    """
    if not clients.may_call_from(client, address):
        raise FromElsewhere(403, "ip_not_allowed", "This client may not call from this network.")
    calls = clients.count_call(client, address)
    if calls > client.calls_a_minute:
        words = f"At most {client.calls_a_minute} calls a minute."
        raise TooOften(words, is_first=calls == client.calls_a_minute + 1)


class FromElsewhere(Problem):
    """403: with a key that is live, from a network that is not the client's."""


class TooOften(Problem):
    """429. `is_first`: of this minute; the others are not written down one by one."""

    def __init__(self, words: str, *, is_first: bool) -> None:
        super().__init__(429, "too_many_calls", words, headers={"Retry-After": str(_until_next_minute())})
        self.is_first = is_first


def _until_next_minute() -> int:
    return A_MINUTE - int(time.time()) % A_MINUTE


def write_down(
    problem: Problem, client: PoliceClient, *, about_kind: str, about_id: UUID | None = None
) -> None:
    """Which client was refused what, in the audit; of what repeats itself the first of each minute."""
    if isinstance(problem, TooOften) and not problem.is_first:
        return
    reason = f"{problem.status_code} {problem.code}"
    if isinstance(problem, FromElsewhere):
        note_call_from_elsewhere(client, about_kind=about_kind, about_id=about_id, reason=reason)
    else:
        audit.refused(client.account, about_kind=about_kind, about_id=about_id, reason=reason)


def require(caller: Caller, scope: str) -> None:
    if scope not in caller.scopes:
        raise Problem(403, "scope", f"This token does not have the scope {scope}.", needs=scope)


def database_is_there() -> None:
    """OperationalError when it is not: then nobody is told that their token is wrong."""
    connection.ensure_connection()
