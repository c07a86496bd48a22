"""Revoked is felt on the next request, whichever of eight workers it meets (T08.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from casework.records.services.police_clients import add_secret, end_secret, revoke_client
from tests.front.api.calling import a_system
from tests.front.api.serving import WORKERS, ask, call, served, token_at

if TYPE_CHECKING:
    from tests.cast import Cast

ROUNDS = 20


@pytest.mark.ac("T08.2")
@pytest.mark.django_db(transaction=True)
def test_revoked_means_the_next_request_twenty_times_of_twenty(cast: Cast) -> None:
    felt = 0
    with served() as address:
        for number in range(ROUNDS):
            system = a_system(cast.ada, cast.police)
            bearer = f"Bearer {token_at(address, system.client_id, system.secret)}"
            before = [
                call(f"{address}/api/v1/episodes", Authorization=bearer).status for _ in range(WORKERS * 2)
            ]
            assert set(before) == {200}
            if number % 2:
                revoke_client(by=cast.ada, client=system.client, reason="The key was seen.")
            else:  # or the secret that it was given for
                add_secret(by=cast.ada, client=system.client)
                end_secret(by=cast.ada, secret=system.client.secrets.order_by("recorded_at")[0])
            felt += call(f"{address}/api/v1/episodes", Authorization=bearer).status == 401
        assert felt == ROUNDS


@pytest.mark.ac("A18")
@pytest.mark.ac("A24")
@pytest.mark.django_db(transaction=True)
def test_what_a_test_client_cannot_send(cast: Cast) -> None:
    """Chunks without a length, five megabytes, a method of its own: over a real connection."""
    system = a_system(cast.ada, cast.police)
    with served(WEB_WORKERS="1") as address:
        sent = {
            "Authorization": f"Bearer {token_at(address, system.client_id, system.secret)}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        there = f"{address}/api/v1/receipts"
        chunks = iter([b'{"read_', b'up_to":1}'])
        assert ask(there, "POST", chunks, sent, is_chunked=True).status == 413
        assert ask(there, "POST", b" " * 5_000_000, sent).status == 413
        assert ask(there, "POST", b"{}", {**sent, "Content-Encoding": "gzip"}).status == 415
        assert ask(there, "PROPFIND", headers=sent).status == 405
        assert ask(there, "TRACE", headers=sent).status == 405
        assert ask(there, "POST", b"{}", sent).status == 400
