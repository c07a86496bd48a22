"""A force's system at the other end of the line: it gets a token, and calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from casework.records.models import PoliceClient, PoliceForce, User
from casework.records.scopes import SCOPES
from casework.records.services.police_clients import make_client
from casework.records.times import now

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

MOST_CALLS: Final = 600
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass
class System:
    """One client, with its secret and its token."""

    client: PoliceClient
    secret: str
    token: str = ""
    line: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @property
    def client_id(self) -> str:
        return str(self.client.application.client_id)

    @property
    def keys(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def sign_in(self, **more: str) -> System:
        """Show the secret, keep the token."""
        self.token = self.ask_for_token(**more).json()["access_token"]
        return self

    def ask_for_token(self, **more: str) -> Answer:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            **more,
        }
        return self.line.post(reverse("api:token"), asked_as_form(asked), content_type=FORM)

    def get(
        self, address: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return self.line.get(address, query, headers={**self.keys, **(headers or {})})

    def post(self, address: str, body: object, *, key: UUID | str | None = None, **headers: str) -> Answer:
        sent = {**self.keys, "Idempotency-Key": str(key or uuid4()), **headers}
        return self.line.post(address, json.dumps(body), content_type=JSON, headers=sent)

    def patch(self, address: str, body: object, version: str | None, **headers: str) -> Answer:
        sent = {**self.keys, **({"If-Match": version} if version is not None else {}), **headers}
        return self.line.patch(address, json.dumps(body), content_type=JSON, headers=sent)

    def send_raw(self, address: str, body: bytes, content_type: str = JSON, **headers: str) -> Answer:
        """A POST of just these bytes."""
        sent = {**self.keys, "Idempotency-Key": str(uuid4()), **headers}
        return self.line.generic("POST", address, body, content_type=content_type, headers=sent)


def asked_as_form(asked: dict[str, str]) -> str:
    return urlencode(asked)


def a_system(by: User, force: PoliceForce, **more: Any) -> System:
    """Made by an administrator, with everything that a client may be given."""
    made = {
        "name": f"Compass {uuid4().hex[:6]}",
        "scopes": list(SCOPES),
        "calls_a_minute": MOST_CALLS,
        "expires_at": now() + timedelta(days=60),
        **more,
    }
    client, secret = make_client(by=by, force=force, **made)
    return System(client, secret)


def path(name: str, *keys: object) -> str:
    return reverse(f"api:{name}", args=keys)
