"""A force's key stood in an address: whoever answers for its authorities is told, once for each key."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from casework.records.holders import who_holds
from casework.records.models import LocalAuthority, PoliceClient, Role
from casework.records.times import now

from .answering import contacts_of, tell_all

TEMPLATE: Final = "key_in_address"


def tell_of_key_in_address(client: PoliceClient, *, digest: str) -> None:
    """Tell the administrators and the data-protection contact of each authority whose force this is.

    `digest` stands for the key, so that a script which goes on calling so fills nobody's post.
    """
    about = uuid5(NAMESPACE_URL, f"{TEMPLATE} {client.pk} {digest}")
    for authority in LocalAuthority.objects.filter(police_force=client.force, is_tenant=True):
        keepers = who_holds(Role.ADMINISTRATOR, authority_id=authority.pk, at=now())
        tell_all([*keepers, *contacts_of(authority, but=client.account)], template=TEMPLATE, about=about)
