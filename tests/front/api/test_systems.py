"""Every address, by every kind of system, with every method: as people are tried by `matrix.txt`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import pytest

from casework.records.models import PoliceClient
from casework.records.services.police_clients import revoke_client
from casework.records.times import now
from incidents.models import MissingEpisode
from tests.access.doors import EVERY_ROUTE, Route
from tests.access.table import METHODS
from tests.front.api.an_absence import a_photo_of_kit
from tests.front.api.calling import JSON, System, a_system

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

WITHOUT_A_TOKEN: Final = {"api:schema", "api:docs", "api:token"}
ROUTES: Final = {
    name: route
    for name, route in EVERY_ROUTE.items()
    if name.startswith("api:") and name not in WITHOUT_A_TOKEN
}
TAKES: Final = {
    "api:episodes": {"GET", "HEAD"},
    "api:events": {"GET", "HEAD"},
    "api:episode": {"GET", "HEAD", "PATCH"},
    "api:photo": {"GET", "HEAD"},
    "api:nothing": set[str](),
}
A_POST: Final = {"POST"}
ACKNOWLEDGES_ONLY: Final = ["episodes:ack"]


def status_of(system: System, route: Route, method: str, rows: Mapping[str, UUID]) -> int:
    address = route.address(rows)
    headers = {**system.keys, "Idempotency-Key": str(uuid4()), "If-Match": '"v1"'}
    body = b"" if method in ("GET", "HEAD", "OPTIONS") else b"{}"
    return system.line.generic(method, address, body, content_type=JSON, headers=headers).status_code


def test_every_address_is_known_here() -> None:
    assert {name for name in ROUTES if name not in TAKES} == {
        f"api:{noun}"
        for noun in ("acknowledgements", "grades", "sightings", "sighting-batches", "found", "receipts")
    }


@pytest.mark.ac("T08.3")
@pytest.mark.parametrize("name", ROUTES)
def test_each_system_gets_what_is_its_own(
    name: str, cast: Cast, system: System, stranger: System, episode: MissingEpisode
) -> None:
    """Its own force's, another's, a revoked one, an expired one, and one that may only acknowledge."""
    route, takes = ROUTES[name], TAKES.get(name, A_POST)
    revoked, expired = (a_system(cast.ada, cast.police).sign_in() for _ in range(2))
    narrow = a_system(cast.ada, cast.police, scopes=ACKNOWLEDGES_ONLY).sign_in()
    revoke_client(by=cast.ada, client=revoked.client, reason="Its server was stolen.")
    PoliceClient.objects.filter(pk=expired.client.pk).update(expires_at=now() - timedelta(seconds=1))
    rows = {"episode_id": episode.pk, "photo_id": a_photo_of_kit(cast).pk}
    for method in METHODS:
        got = {
            kind: status_of(one, route, method, rows)
            for kind, one in {
                "own": system,
                "other": stranger,
                "revoked": revoked,
                "expired": expired,
                "narrow": narrow,
            }.items()
        }
        assert (got["revoked"], got["expired"]) == (401, 401), (method, got)
        if name == "api:nothing":
            assert {got["own"], got["other"], got["narrow"]} == {404}
        elif method == "OPTIONS":
            assert {got["own"], got["other"], got["narrow"]} == {204}
        elif method not in takes:
            assert {got["own"], got["other"], got["narrow"]} == {405}, (method, got)
        else:
            assert got["own"] not in (401, 403, 404, 405), (method, got)
            assert got["other"] == (404 if route.ids else got["own"]), (method, got)
            assert got["narrow"] == (201 if name == "api:acknowledgements" else 403), (method, got)
