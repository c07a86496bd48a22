"""What a page of the police's list costs, beside the plainest view that could give the same answer.

The plain one is Django REST framework with `values()`: the rows of one force by its id, without the policy,
the cursor and our own names. Both stand behind the same door, read the same columns, leave the look in the
audit, and are asked in turn in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any, Final

from .access import queries
from .durable import durable_server
from .people import Country
from .row import Row

CHILDREN: Final = 10_000
A_PAGE: Final = 50
TURNS: Final = 60
AS_FAST: Final = 0.8
MOST_QUERIES: Final = 10

# Every child who is missing is shared with the one force, in the order of their numbers.
SHARES: Final = """
INSERT INTO records_policeforce (id, name, control_room_phone, version)
VALUES (md5('force')::uuid, 'Country Constabulary', '', 1);
UPDATE records_localauthority SET police_force_id = md5('force')::uuid;
INSERT INTO records_user (id, email, name, phone, password, is_active, is_superuser, version)
VALUES (md5('keeper')::uuid, 'keeper@country.example', 'Keeper', '', '!', true, false, 1);
INSERT INTO records_membership (id, user_id, role, authority_id, starts_at, version)
VALUES (md5('keeper')::uuid, md5('keeper')::uuid, 'administrator', md5('authority1')::uuid,
    casework_now() - interval '1 year', 1);
INSERT INTO incidents_episodeshare (id, episode_id, force_id, reason, reference, version, recorded_at)
SELECT md5('share' || e.id)::uuid, e.id, md5('force')::uuid, '', '', 1, e.noticed_at
FROM incidents_missingepisode e WHERE e.state = 'open';
"""


def measure() -> list[Row]:
    with durable_server() as server:
        print(f"api: filling a database with {CHILDREN:,} children", flush=True)
        with Country(server.database("casework")) as country:
            country.found()
            country.grow(1, CHILDREN)
            country.run(SHARES)
            country.rest()
        ours, plain = _calls()
        for call in (ours, plain):
            assert len(call().json()["episodes"]) == A_PAGE
        times: dict[str, list[float]] = {"ours": [], "plain": []}
        for _ in range(TURNS):  # in turn, so that whatever else the machine does is shared out
            times["ours"].append(_ms(ours))
            times["plain"].append(_ms(plain))
        print(f"api: ours {median(times['ours']):.1f} ms, plain {median(times['plain']):.1f} ms", flush=True)
        as_fast = median(times["plain"]) / median(times["ours"])
        return [
            Row("api: list of 50, DRF with values() against it, times", as_fast, AS_FAST, "at_least"),
            Row("api: list of 50, queries of the whole call", queries(ours), MOST_QUERIES),
        ]


def _calls() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """The call of each list, with a token."""
    from django.test import Client
    from django.urls import clear_url_caches, path

    from casework.front.api import urls
    from casework.records.models import PoliceForce, User
    from casework.records.scopes import SCOPES
    from casework.records.services.police_clients import make_client
    from casework.records.times import now

    urls.urlpatterns.insert(0, path("plain", _plain_view().as_view()))
    clear_url_caches()
    client, secret = make_client(
        by=User.objects.get(email="keeper@country.example"),
        force=PoliceForce.objects.get(),
        name="Compass",
        scopes=list(SCOPES),
        calls_a_minute=600,
        expires_at=now() + timedelta(days=1),
    )
    line = Client(SERVER_NAME="localhost")
    asked = {
        "grant_type": "client_credentials",
        "client_id": client.application.client_id,
        "client_secret": secret,
    }
    form = "&".join(f"{name}={value}" for name, value in asked.items())
    given = line.post("/api/v1/token", form, content_type="application/x-www-form-urlencoded").json()
    keys = {"Authorization": f"Bearer {given['access_token']}"}
    return (
        lambda: line.get("/api/v1/episodes", headers=keys),
        lambda: line.get("/api/v1/plain", headers=keys),
    )


def _plain_view() -> Any:
    from rest_framework.response import Response

    from casework.front.api.views import ApiView
    from casework.records import audit
    from incidents.models import EpisodeShare
    from incidents.shared_lines import COLUMNS, WORKED_OUT

    class Plain(ApiView):
        def get(self, request: Any) -> Response:
            ours = EpisodeShare.objects.filter(force=request.auth.client.force)
            rows = ours.annotate(**WORKED_OUT).order_by("-recorded_at", "-pk")
            listed = list(rows.values(*COLUMNS)[:A_PAGE])
            children = [row["episode__child_id"] for row in listed]
            audit.looked(request.user, child_ids=children, about_kind="shared_episode", fields=["list"])
            return Response({"episodes": listed})

    return Plain


def _ms(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
