"""A force's key stood in an address: a token ends, and whoever answers for its authorities is told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from oauth2_provider.models import AccessToken

from casework.records.holders import who_holds
from casework.records.models import ClientSecret, LocalAuthority, PoliceClient, Role
from casework.records.times import now

from .answering import contacts_of, tell_all

IN_ADDRESS: Final = "key_in_address"


@transaction.atomic
def end_keys_in_address(digests: Collection[str]) -> bool:
    """End every token among these, and tell of every key that is ours; whether one was.

    A secret goes on: the system would be shut out until somebody makes another, at night too. Each is told
    of once, so that a script which goes on calling so fills nobody's post.
    """
    tokens = AccessToken.objects.filter(token_checksum__in=digests)
    secrets = ClientSecret.objects.filter(digest__in=digests, ends_at__isnull=True)
    ours = [
        *tokens.values_list("token_checksum", "application__police_client"),
        *secrets.values_list("digest", "client"),
    ]
    tokens.delete()
    clients = PoliceClient.objects.select_related("force", "account").in_bulk({whose for _, whose in ours})
    for digest, whose in ours:
        if whose in clients:
            _tell_keepers(clients[whose], IN_ADDRESS, digest)
    return bool(ours)


def _tell_keepers(client: PoliceClient, template: str, once: str) -> None:
    """Tell the administrators and the data-protection contact of each authority whose force it is."""
    about = uuid5(NAMESPACE_URL, f"{template} {client.pk} {once}")
    for authority in LocalAuthority.objects.filter(police_force=client.force, is_tenant=True):
        keepers = who_holds(Role.ADMINISTRATOR, authority_id=authority.pk, at=now())
        tell_all([*keepers, *contacts_of(authority, but=client.account)], template=template, about=about)
