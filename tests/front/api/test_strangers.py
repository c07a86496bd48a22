"""What anybody can send before they are known: refused or answered, and never broken by (over the line)."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.front.api.calling import FORM
from tests.front.api.serving import SECONDS, served

ASKED: Final = b"grant_type=client_credentials"
UNREADABLE: Final = ("charset=hex", "charset=rot13", "charset=undefined", "charset=utf-16", "a*=nonsense''x")
STRANGERS: Final[list[tuple[str, str, bytes, Mapping[str, str], int]]] = [
    *(
        ("GET", "/api/v1/episodes?limit=1", b"", {"Content-Type": f"text/plain; {said}"}, 401)
        for said in UNREADABLE
    ),
    *(
        ("GET", "/accounts/login/?next=/", b"", {"Content-Type": f"{FORM}; {said}"}, 200)
        for said in UNREADABLE
    ),
    *(("POST", "/api/v1/token?x=1", ASKED, {"Content-Type": f"{FORM}; {said}"}, 415) for said in UNREADABLE),
    ("POST", "/accounts/login/?next=/", b"login=x", {"Content-Type": f"{FORM}; charset=utf-16"}, 400),
    ("POST", "/api/v1/token?x=%zz", ASKED, {"Content-Type": FORM}, 400),
    ("POST", "/api/v1/token", ASKED, {"Content-Type": FORM, "Authorization": "Basic \u00e9"}, 401),
    ("GET", "/api/v1/episodes", b"", {"Authorization": "Bearer \u00e9"}, 401),
]


@pytest.mark.django_db(transaction=True)
def test_nothing_that_a_stranger_sends_breaks_it() -> None:
    with served(WEB_WORKERS="1") as address:
        seen = [
            status_of(address, method, path, body, headers) for method, path, body, headers, _ in STRANGERS
        ]
    assert seen == [status for *_, status in STRANGERS]


def status_of(address: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
    line.request(method, path, body or None, dict(headers))
    status = line.getresponse().status
    line.close()
    return status
