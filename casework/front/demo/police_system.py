"""The demo force's own system, let in by Ada: for trying out the police's interface with `curl`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from casework.front.demo.people import ADA
from casework.front.demo.seeding import BEGINS_SO, take_back_letters
from casework.records.clients import LONGEST_VALID, SOON, client_with_secret
from casework.records.models import PoliceClient, PoliceForce, User
from casework.records.scopes import SCOPES
from casework.records.services.police_clients import make_client, renew_client, revoke_client
from casework.records.services.police_keepers import LET_IN
from casework.records.times import now

FORCE: Final = "Exampleshire Constabulary"
NAME: Final = "Record system (demo)"


@dataclass(frozen=True)
class PoliceSystem:
    """What a system of the force needs to call."""

    client_id: str
    secret: str
    name: str
    force: str
    scopes: list[str]


@transaction.atomic
def let_in(kept: Mapping[str, str]) -> PoliceSystem:
    """The system that `kept` names, if it can call; else a new one, in place of whichever there was.

    Safe to repeat: with the identifier and the secret of before nothing changes, until its time runs out.
    """
    ada = User.objects.get(email=ADA.email)
    there = PoliceClient.objects.filter(force__name=FORCE, name=NAME, revoked_at=None).first()
    if there and there.expires_at <= now() + SOON:
        there = renew_client(by=ada, client=there, version=there.version, expires_at=now() + LONGEST_VALID)
    secret = kept.get("secret", "")
    client = client_with_secret(kept.get("client_id", ""), secret)
    if client is None:
        if there:
            revoke_client(by=ada, client=there, reason="Its secret is lost.")
        client, secret = _made(ada)
    return PoliceSystem(client.application.client_id, secret, client.name, FORCE, client.scopes)


@transaction.atomic
def _made(ada: User) -> tuple[PoliceClient, str]:
    made = make_client(
        by=ada,
        force=PoliceForce.objects.get(name=FORCE),
        name=NAME,
        scopes=SCOPES,
        calls_a_minute=600,
        expires_at=now() + LONGEST_VALID,
    )
    take_back_letters(LET_IN, BEGINS_SO)
    return made
