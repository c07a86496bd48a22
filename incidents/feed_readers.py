"""How far a force's systems say that they have read the feed, and since when the next line waits for each."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from casework.records.clients import use_of
from casework.records.errors import NotAllowed
from casework.records.models import PoliceClient
from casework.records.times import now
from incidents.feed import number_at
from incidents.models import SharedEvent

LATE: Final = timedelta(hours=1)
NEEDED: Final = frozenset({"episodes:read", "receipts:write"})  # to read it, and to say so


@dataclass(frozen=True, slots=True)
class HowFar:
    """The number that it confirmed last, that of the last line, and when the next was written down for it."""

    read_up_to: int
    last: int
    waits_since: datetime | None


def how_far(clients: Collection[PoliceClient]) -> dict[UUID, HowFar]:
    """Of each of these systems of one force, in as many questions as of one.

    What nobody has read yet has no number, and a system that has stopped reading would be behind nothing. So
    it is numbered for this look, and not for good: whoever looks changes nothing.
    """
    with transaction.atomic():
        _number(clients)
        found = _how_far(clients)
        transaction.set_rollback(True)
    return found


def _how_far(clients: Collection[PoliceClient]) -> dict[UUID, HowFar]:
    lines = SharedEvent.objects.filter(force=OuterRef("force"))
    unread = lines.filter(number__gt=OuterRef("read")).order_by("number").values("happened_at")
    rows = PoliceClient.objects.filter(pk__in=[client.pk for client in clients]).annotate(
        read=Coalesce("use__read_up_to", 0),
        last=Coalesce(Subquery(lines.order_by("-number").values("number")[:1]), 0),
        came=Subquery(unread[:1]),
    )
    return {
        # What is older than the system has waited for it since it was let in.
        pk: HowFar(read, last, came and max(came, let_in))
        for pk, read, last, came, let_in in rows.values_list("pk", "read", "last", "came", "recorded_at")
    }


def says_how_far(client: PoliceClient) -> bool:
    """Whether it may; of another nobody can tell."""
    return set(client.scopes) >= NEEDED


def is_behind(client: PoliceClient, far: HowFar, moment: datetime) -> bool:
    """Whether it has called when a line had waited for an hour, and has not said that it has read it."""
    use = use_of(client)
    called = use.last_used_at if use else None
    may_call = client.revoked_at is None and client.expires_at > moment
    is_late = bool(called and far.waits_since and called >= far.waits_since + LATE)
    return may_call and says_how_far(client) and is_late


def _number(clients: Collection[PoliceClient]) -> None:
    reader = next((client for client in clients if client.revoked_at is None), None)
    if reader is not None:
        with suppress(NotAllowed):  # an account that was shut out otherwise
            number_at(reader.account, now())
