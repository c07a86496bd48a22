"""What comes to an end by itself: the time of a force's system, of which somebody is told, and its tokens."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Now
from oauth2_provider.models import AccessToken

from casework.records.acts import Act, roles_that_may
from casework.records.clients import expiring
from casework.records.models import PoliceClient, User
from casework.records.notify import outbox
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow, now


def tell() -> int:
    """Owe the administrators a message about each system that ends within two weeks; how many.

    To be rung at any time: each is told once of each end.
    """
    told = 0
    for client in expiring(now()):
        for user in _keepers(client):
            outbox.queue(
                key=f"ends-{client.expires_at:%Y%m%d%H%M}-{client.pk.hex[:12]}-{user.pk.hex[:12]}",
                recipient_id=user.pk,
                template="police_client_ends",
            )
            told += 1
    return told


def forget_tokens() -> None:
    """Take away the digests of tokens that nobody can use any more."""
    AccessToken.objects.filter(expires__lt=Now()).delete()


def _keepers(client: PoliceClient) -> QuerySet[User]:
    """The administrators of every authority whose force it is."""
    posts = live_memberships(CaseworkNow()).filter(
        role__in=roles_that_may(Act.KEEP_POLICE_CLIENTS), authority__police_force_id=client.force_id
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id"))
