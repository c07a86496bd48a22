"""A force's key is where it should not be, in an address or in another network: its keepers are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from oauth2_provider.models import AccessToken

from casework.records import audit
from casework.records.models import AuditEntry, ClientSecret, PoliceClient
from casework.records.times import now

from .one_at_a_time import hold
from .police_keepers import tell_keepers

IN_ADDRESS: Final = "key_in_address"
FROM_ELSEWHERE: Final = "key_from_elsewhere"
A_MINUTE: Final = timedelta(minutes=1)


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


@transaction.atomic
def note_call_from_elsewhere(
    client: PoliceClient, *, about_kind: str, about_id: UUID | None, reason: str
) -> None:
    """A live key was shown in a network that is not the client's, and refused: it may have been stolen.

    At most once a minute in the audit, and a message an hour, so that whoever goes on calling fills neither.
    """
    hold(client.account, FROM_ELSEWHERE)
    moment = now()
    noted = AuditEntry.objects.filter(
        actor_id=client.account_id,
        action=AuditEntry.Action.REFUSED,
        reason=reason,
        at__gt=moment - A_MINUTE,
    )
    if noted.exists():
        return
    audit.refused(client.account, about_kind=about_kind, about_id=about_id, reason=reason)
    _tell_keepers(client, FROM_ELSEWHERE, f"{moment:%Y-%m-%dT%H}")


def _tell_keepers(client: PoliceClient, template: str, once: str) -> None:
    about = uuid5(NAMESPACE_URL, f"{template} {client.pk} {once}")
    tell_keepers(client.force, template, about, but=client.account)
