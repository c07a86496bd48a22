"""Which system of a police force is calling, whether it still may, and how often it does."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound
from casework.records.models import (
    ClientDay,
    ClientSecret,
    ClientUse,
    LocalAuthority,
    PoliceClient,
    PoliceForce,
    User,
)
from casework.records.scopes import SCOPES
from casework.records.standing import Standing, standing_of
from casework.records.times import CaseworkNow

__all__ = ["SCOPES"]  # for whoever asks here what a client may be let do

LONGEST_VALID: Final = timedelta(days=90)
SOON: Final = timedelta(days=14)  # before its end a client is spoken of
SILENCE: Final = timedelta(days=1)
TWO: Final = 2  # secrets at once: the one in use, and the one that takes its place
_NO_DIGEST: Final = "0" * 64
_LONGEST_ASKED: Final = 255

_COUNT: Final = """
WITH today AS (
    INSERT INTO records_clientday (id, client_id, "on", calls)
    VALUES (gen_random_uuid(), %(client)s, (clock_timestamp() AT TIME ZONE 'Europe/London')::date, 1)
    ON CONFLICT (client_id, "on") DO UPDATE SET calls = records_clientday.calls + 1
)
INSERT INTO records_clientuse AS used (id, client_id, minute, calls, last_used_at, last_address)
VALUES (gen_random_uuid(), %(client)s, date_trunc('minute', clock_timestamp()), 1, casework_now(),
    %(address)s)
ON CONFLICT (client_id) DO UPDATE SET
    calls = CASE WHEN used.minute >= excluded.minute THEN used.calls + 1 ELSE 1 END,
    minute = greatest(used.minute, excluded.minute),
    last_used_at = greatest(used.last_used_at, excluded.last_used_at),
    last_address = excluded.last_address
RETURNING calls"""
_READ_UP_TO: Final = """
INSERT INTO records_clientuse AS used (id, client_id, read_up_to) VALUES (gen_random_uuid(), %s, %s)
ON CONFLICT (client_id) DO UPDATE SET read_up_to = greatest(used.read_up_to, excluded.read_up_to)"""


# Who is calling --------------------------------------------------------------------------------------


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so that one round of hashing is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def client_with_secret(client_id: str, secret: str) -> PoliceClient | None:
    """The client that has this identifier and this secret, if both are valid now.

    One question and two comparisons, whether there is such a client or not.
    """
    asked = client_id if client_id.isprintable() and len(client_id) <= _LONGEST_ASKED else ""
    rows = list(
        ClientSecret.objects.filter(
            _live("client__"), client__application__client_id=asked, ends_at__isnull=True
        ).select_related("client__force", "client__account", "client__application")[:TWO]
    )
    given = digest_of(secret)
    kept = [row.digest for row in rows]
    kept += [_NO_DIGEST] * (TWO - len(kept))
    same = [hmac.compare_digest(one, given) for one in kept]
    found = next((row for row, is_same in zip(rows, same, strict=False) if is_same), None)
    if found is None:
        return None
    ClientSecret.objects.filter(pk=found.pk).update(last_used_at=CaseworkNow())
    return found.client


def live_client(application_id: int) -> PoliceClient | None:
    """The client of this application, if it has not been revoked or expired. Asked at each call.

    Its scopes are those of now: a token that was given more opens no more than they say.
    """
    rows = PoliceClient.objects.filter(_live(), application_id=application_id)
    return rows.select_related("force", "account", "application").first()


def may_call_from(client: PoliceClient, address: str) -> bool:
    """Whether the client is used from this address; one that names no networks, from anywhere."""
    if not client.networks:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in ip_network(network) for network in client.networks)


def _live(of: str = "") -> Q:
    return Q(
        (f"{of}revoked_at__isnull", True),
        (f"{of}expires_at__gt", CaseworkNow()),
        (f"{of}account__is_active", True),
    )


# How often -------------------------------------------------------------------------------------------


def count_call(client: PoliceClient, address: str | None) -> int:
    """Count a call, and say how many there were in this minute of the real clock, this one with them.

    Outside any transaction, so that it stays counted whatever becomes of the call.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"client": client.pk, "address": address})
        (calls,) = cursor.fetchone()
    return int(calls)


def note_read_up_to(client: PoliceClient, number: int) -> None:
    """The force's system has taken in the feed as far as this number; it never reads backwards."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_UP_TO, [client.pk, number])


# Who keeps them --------------------------------------------------------------------------------------


def forces_kept(standing: Standing) -> QuerySet[PoliceForce]:
    """The forces of the authorities where this person is an administrator."""
    ids = standing.authorities_where(roles_that_may(Act.KEEP_POLICE_CLIENTS))
    return PoliceForce.objects.filter(
        pk__in=LocalAuthority.objects.filter(pk__in=ids).values("police_force_id")
    )


def clients_visible_to(user: User) -> QuerySet[PoliceClient]:
    """The systems of those forces, the revoked ones too."""
    rows = PoliceClient.objects.filter(force__in=forces_kept(standing_of(user)))
    return rows.select_related("force", "account", "application", "made_by", "revoked_by", "use")


def client_for(user: User, client_id: UUID) -> PoliceClient:
    """One of them; NotFound otherwise."""
    row = clients_visible_to(user).filter(pk=client_id).first()
    if row is None:
        raise NotFound
    return row


def secret_for(user: User, secret_id: UUID) -> ClientSecret:
    """One secret of one of them, to end it; NotFound otherwise."""
    rows = ClientSecret.objects.filter(client__in=clients_visible_to(user))
    row = rows.select_related("client__force", "made_by").filter(pk=secret_id).first()
    if row is None:
        raise NotFound
    return row


def secrets_of(client: PoliceClient) -> list[ClientSecret]:
    """Its secrets, the newest first; nobody can read any of them."""
    return list(client.secrets.select_related("made_by", "ended_by").order_by("-recorded_at"))


def use_of(client: PoliceClient) -> ClientUse | None:
    """How it calls; None before its first call."""
    return getattr(client, "use", None)


def is_silent(client: PoliceClient, moment: datetime) -> bool:
    """Whether it may call and used to, and has not for a day."""
    use = use_of(client)
    may_call = client.revoked_at is None and client.expires_at > moment
    return bool(may_call and use and use.last_used_at and use.last_used_at <= moment - SILENCE)


def days_of(client: PoliceClient, count: int) -> list[ClientDay]:
    """The last days on which it called, the latest first."""
    return list(client.days.order_by("-on")[:count])


def expiring(moment: datetime) -> QuerySet[PoliceClient]:
    """Those that end soon, or have ended and are still to be renewed or revoked."""
    return PoliceClient.objects.filter(revoked_at__isnull=True, expires_at__lte=moment + SOON)
