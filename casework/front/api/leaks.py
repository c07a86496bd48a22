"""A key in an address: every log on the way has it now, so it opens nothing more, and somebody is told."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from oauth2_provider.models import AccessToken

from casework.front.api.door import digest
from casework.front.api.problems import no_token
from casework.records.clients import client_with_secret, live_client
from casework.records.models import PoliceClient
from casework.records.services.leaked_keys import tell_of_key_in_address

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
SHORTEST_KEY: Final = 20
NO_KEYS: Final = frozenset({"cursor"})  # long, and no key


def refuse_key_in_address(request: HttpRequest) -> None:
    """401 for a key that stands in the query, whatever its name; one that was live is reported and ended."""
    named = {name.lower() for name in request.GET} & NAMES
    values = [
        value
        for name, given in request.GET.lists()
        if name not in NO_KEYS
        for value in given
        if len(value) >= SHORTEST_KEY
    ]
    if (values and _was_live(request, values)) or named:
        raise no_token()


def _was_live(request: HttpRequest, values: list[str]) -> bool:
    """Whether one of them is a token or a secret of ours."""
    digests = [digest(value) for value in values]
    token = AccessToken.objects.filter(token_checksum__in=digests).first()
    if token is not None:
        client = live_client(token.application_id)
        token.delete()
    else:
        client = _with_its_secret(request.GET.get("client_id", ""), values)
    if client is not None:
        tell_of_key_in_address(client, digest="".join(digests))
    return client is not None or token is not None


def _with_its_secret(client_id: str, values: list[str]) -> PoliceClient | None:
    found = (client_with_secret(client_id, value) for value in values if client_id)
    return next((client for client in found if client is not None), None)
