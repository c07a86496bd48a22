"""The systems of police forces: made, given a second secret, changed, renewed, revoked."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction
from oauth2_provider.models import AccessToken, Application

from casework.records import audit
from casework.records.acts import Act
from casework.records.clients import LONGEST_VALID, TWO, digest_of, forces_kept
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import (
    ClientSecret,
    LocalAuthority,
    Membership,
    PoliceClient,
    PoliceForce,
    Role,
    User,
)
from casework.records.models.police_client import MOST_CALLS, NO_MAILBOX
from casework.records.scopes import SCOPES
from casework.records.services.police_keepers import tell_of_police_let_in
from casework.records.services.rows import add, edit
from casework.records.standing import standing_of
from casework.records.times import now

MOST_NETWORKS: Final = 20
_BYTES: Final = 32  # 256 bits
_SAME_NAME: Final = "This force has a system of this name already. Give it another name."


@transaction.atomic
def make_client(
    *,
    by: User,
    force: PoliceForce,
    name: str,
    scopes: Collection[str],
    networks: Collection[str] = (),
    calls_a_minute: int = 60,
    expires_at: datetime,
) -> tuple[PoliceClient, str]:
    """Let a system of a force call here. The secret is in what is returned and nowhere else."""
    _require_kept(by, force)
    name = _named(name)
    with audit.because(by):
        account = _account(name, force)
        post = Membership(user=account, role=Role.POLICE_SYSTEM, police_force=force, invited_by=by)
        add(post)
        client = PoliceClient(
            force=force,
            name=name,
            account=account,
            application=_application(account),
            scopes=_scopes(scopes),
            networks=_networks(networks),
            calls_a_minute=_limit(calls_a_minute),
            expires_at=_not_too_far(expires_at),
            made_by=by,
        )
        add(client, conflict=_SAME_NAME, code="same_name")
        tell_of_police_let_in(force, client.pk, but=by)
        return client, _new_secret(client, by)


@transaction.atomic
def add_secret(*, by: User, client: PoliceClient) -> str:
    """A second secret, so that the system can change over while the first still works. Shown once."""
    held = _held(by, client)
    with audit.because(by):
        secret = _new_secret(held, by)
    tell_of_police_let_in(held.force, uuid4(), but=by)
    return secret


@transaction.atomic
def end_secret(*, by: User, secret: ClientSecret) -> ClientSecret:
    """End a secret at once, and with it every token: nobody can tell which secret a token was given for.

    Conflict for the only one: a system without a secret is one that nobody meant to keep.
    """
    held = _held(by, secret.client)
    live = list(held.secrets.filter(ends_at__isnull=True))
    if secret not in live:
        raise Conflict("This secret has been ended already.", code="secret_ended")
    if len(live) == 1:
        raise Conflict(
            "This is its only secret. Make a new one first, or revoke the system.", code="last_secret"
        )
    with audit.because(by):
        ClientSecret.objects.filter(pk=secret.pk).update(ends_at=now(), ended_by=by)
    _forget_tokens(held)
    secret.refresh_from_db()
    return secret


@transaction.atomic
def change_client(
    *,
    by: User,
    client: PoliceClient,
    version: int,
    name: str,
    scopes: Collection[str],
    networks: Collection[str],
    calls_a_minute: int,
) -> PoliceClient:
    """Change what it is called, what it may do, from where and how often. It holds from the next call on."""
    held = _held(by, client)
    name = _named(name)
    changes = {
        "name": name,
        "scopes": _scopes(scopes),
        "networks": _networks(networks),
        "calls_a_minute": _limit(calls_a_minute),
    }
    with audit.because(by):
        try:
            changed = edit(held, version=version, changes=changes, allowed=changes.keys())
        except Changed:
            raise
        except Conflict as conflict:
            raise Conflict(_SAME_NAME, code="same_name") from conflict
        User.objects.filter(pk=held.account_id).update(name=_account_name(name, held.force))
    return changed


@transaction.atomic
def renew_client(*, by: User, client: PoliceClient, version: int, expires_at: datetime) -> PoliceClient:
    """Let it call until a later day, ninety days ahead at the most; also when its time has run out."""
    held = _held(by, client)
    changes = {"expires_at": _not_too_far(expires_at)}
    with audit.because(by):
        return edit(held, version=version, changes=changes, allowed=changes.keys())


@transaction.atomic
def revoke_client(*, by: User, client: PoliceClient, reason: str) -> PoliceClient:
    """Shut it out for good: its role, its account, its secrets and its tokens end in one transaction."""
    reason = reason.strip()
    held = _held(by, client)
    if not reason:
        raise Invalid("Say why.", field="reason")
    if len(reason) > (longest := PoliceClient._meta.get_field("revoked_reason").max_length or 0):
        raise Invalid(f"Use {longest} characters or fewer.", field="reason")
    moment = now()
    changes = {"revoked_at": moment, "revoked_by": by, "revoked_reason": reason}
    with audit.because(by, reason):
        revoked = edit(held, version=held.version, changes=changes, allowed=changes.keys())
        Membership.objects.filter(user_id=held.account_id, ends_at__isnull=True).update(ends_at=moment)
        User.objects.filter(pk=held.account_id).update(is_active=False)
        held.secrets.filter(ends_at__isnull=True).update(ends_at=moment, ended_by=by)
    _forget_tokens(held)
    return revoked


# Who, and which one ------------------------------------------------------------------------------------


def _require_kept(by: User, force: PoliceForce) -> None:
    """An administrator of an authority whose force it is. Elsewhere nobody is told that there is such a
    system.
    """
    standing = standing_of(by)
    if forces_kept(standing).filter(pk=force.pk).exists():
        return
    if LocalAuthority.objects.filter(pk__in=standing.authority_ids, police_force=force).exists():
        raise NotAllowed(
            "Your role here does not allow this. Ask an administrator.",
            code=f"not_allowed_{Act.KEEP_POLICE_CLIENTS}",
        )
    raise NotFound


def _held(by: User, client: PoliceClient) -> PoliceClient:
    """The client as it is now, until this transaction ends; Conflict once it is revoked."""
    _require_kept(by, client.force)
    rows = PoliceClient.objects.select_related("force").select_for_update(no_key=True, of=("self",))
    held = rows.get(pk=client.pk)
    if held.revoked_at is not None:
        raise Conflict("This system has been revoked. Make a new one.", code="client_revoked")
    return held


# Its parts -----------------------------------------------------------------------------------------------


def _account(name: str, force: PoliceForce) -> User:
    """An account with which nobody can sign in, and which nobody can write to."""
    user = User(email=f"{uuid4()}@{NO_MAILBOX}", name=_account_name(name, force))
    user.set_unusable_password()
    return add(user)


def _account_name(name: str, force: PoliceForce) -> str:
    """As the chronology names it: the system, and whose it is."""
    return f"{name} ({force.name})"[: User._meta.get_field("name").max_length]


def _application(account: User) -> Application:
    """The library's row. The secret that it makes is forgotten here: nobody has ever known it."""
    application = Application(
        name=account.name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    application.save(force_insert=True)
    return application


def _new_secret(client: PoliceClient, by: User) -> str:
    """Taken while the client is held, or new: nobody else gives it a secret meanwhile."""
    taken = set(client.secrets.filter(ends_at__isnull=True).values_list("place", flat=True))
    free = {1, 2} - taken
    if len(taken) >= TWO:
        raise Conflict("Two secrets are valid. End one of them first.", code="two_secrets")
    words = secrets.token_urlsafe(_BYTES)
    add(ClientSecret(client=client, place=min(free), digest=digest_of(words), made_by=by))
    return words


def _forget_tokens(client: PoliceClient) -> None:
    AccessToken.objects.filter(application_id=client.application_id).delete()


# What it may be given --------------------------------------------------------------------------------


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid("Enter the system’s name.", field="name")
    return name.strip()


def _scopes(chosen: Collection[str]) -> list[str]:
    if not chosen or not set(chosen) <= SCOPES.keys():
        raise Invalid("Choose what it may do.", field="scopes")
    return [scope for scope in SCOPES if scope in chosen]


def _networks(written: Collection[str]) -> list[str]:
    if len(written) > MOST_NETWORKS:
        raise Invalid(f"Enter {MOST_NETWORKS} networks or fewer.", field="networks")
    return list(dict.fromkeys(_network(one.strip()) for one in written))


def _network(text: str) -> str:
    """An address or a network, as the standard writes it. The whole internet is no network of a force's."""
    try:
        network = ipaddress.ip_network(text, strict=False)
        address = ipaddress.ip_interface(text)
    except ValueError:
        raise Invalid(_no_network(text), field="networks") from None
    if "%" in text:
        raise Invalid(_no_network(text), field="networks")
    if network.prefixlen == 0:
        raise Invalid("Leave it empty to let the system call from anywhere.", field="networks")
    if address.ip != network.network_address:
        raise Invalid(f"Write {address.ip} for one address, or {network} for a network.", field="networks")
    return str(network)


def _no_network(text: str) -> str:
    return f"“{text[:50]}” is not a network. Write it like 192.0.2.0/24 or 2001:db8::/32."


def _limit(calls: int) -> int:
    if not 1 <= calls <= MOST_CALLS:
        raise Invalid(f"Enter a whole number from 1 to {MOST_CALLS}.", field="calls_a_minute")
    return calls


def _not_too_far(moment: datetime) -> datetime:
    at = now()
    if moment <= at:
        raise Invalid("Choose a day that is still to come.", field="expires_at")
    if moment > at + LONGEST_VALID:
        raise Invalid(f"Choose a day within {LONGEST_VALID.days} days.", field="expires_at")
    return moment
