"""A force's system as its keepers read it: what it may do, how it calls, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from casework.front.pages.kit import words
from casework.front.pages.kit.cards import SummaryRow
from casework.records.clients import SOON, is_silent, use_of
from casework.records.models import ClientUse, PoliceClient
from incidents.feed_readers import HowFar, is_behind, says_how_far

IN_SHORT: Final = {
    "episodes:read": "read",
    "episodes:ack": "acknowledge",
    "reference:write": "give a reference",
    "grade:write": "give a grade",
    "sightings:write": "report sightings",
    "found:write": "report a child found",
    "receipts:write": "say what it has read",
}
ANYWHERE: Final = "Anywhere: no network is named"
NEVER: Final = "Never"
CANNOT_SAY: Final = "It may not say"
NOTHING_YET: Final = "Nothing has changed yet"
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class ClientRow:
    """One system in the list. `state` is "" while there is nothing to do about it."""

    client: PoliceClient
    use: ClientUse | None
    may: str
    has_read: str
    is_behind: bool
    until: date
    state: str = ""
    colour: str = ""


def client_rows(
    clients: Iterable[PoliceClient], far: Mapping[UUID, HowFar], now: datetime
) -> list[ClientRow]:
    """Those that can call first, the ones that end soonest at the top; what is revoked below."""
    ordered = sorted(clients, key=lambda one: (one.revoked_at is not None, one.expires_at))
    return [
        ClientRow(
            client=one,
            use=use_of(one),
            may=may_in_short(one.scopes),
            has_read=has_read(one, far[one.pk]),
            is_behind=is_behind(one, far[one.pk], now),
            until=last_day_of(one),
            state=state_of(one, now)[0],
            colour=state_of(one, now)[1],
        )
        for one in ordered
    ]


def last_day_of(client: PoliceClient) -> date:
    """The last day at whose end it still calls; the moment kept is the midnight after it."""
    return words.wall(client.expires_at - timedelta(microseconds=1)).date()


def state_of(client: PoliceClient, now: datetime) -> tuple[str, str]:
    """The one thing to know about it, and its colour."""
    if client.revoked_at:
        return "Revoked", "grey"
    if client.expires_at <= now:
        return "Expired", "red"
    if client.expires_at <= now + SOON:
        return _left(client.expires_at - now), "yellow"
    return ("Silent", "yellow") if is_silent(client, now) else ("", "")


def _left(left: timedelta) -> str:
    days = left // ONE_DAY
    return "Ends today" if not days else f"Ends in {days} {'day' if days == 1 else 'days'}"


def has_read(client: PoliceClient, far: HowFar) -> str:
    """How far it says that it has read what changed."""
    if not says_how_far(client):
        return CANNOT_SAY
    if not far.last:
        return NOTHING_YET
    return f"Up to {far.read_up_to:,} of {far.last:,}" if far.read_up_to else f"None of {far.last:,}"


def may_in_short(scopes: Iterable[str]) -> str:
    found = ", ".join(IN_SHORT.get(scope, scope) for scope in scopes)
    return found[:1].upper() + found[1:]


def summary_of(client: PoliceClient, far: HowFar, now: datetime) -> list[SummaryRow]:
    """Everything about it but its secrets."""
    rows = [
        SummaryRow("Police force", client.force.name),
        SummaryRow("Client identifier", client.application.client_id),
        SummaryRow("It may", may_in_short(client.scopes)),
        SummaryRow("It calls from", _networks(client.networks)),
        SummaryRow("Limit", f"{client.calls_a_minute} calls a minute"),
        SummaryRow("Last call", _last_call(client, now)),
        SummaryRow("News read", has_read(client, far), lines=_waits(client, far, now)),
        SummaryRow("Until the end of", words.calendar_day(last_day_of(client))),
        SummaryRow("Let in by", f"{client.made_by.name}, {words.moment(client.recorded_at, now)}"),
    ]
    if client.revoked_at and client.revoked_by:
        revoked = f"{words.moment(client.revoked_at, now)} by {client.revoked_by.name}"
        rows.append(SummaryRow("Revoked", revoked, lines=[client.revoked_reason]))
    return rows


def _waits(client: PoliceClient, far: HowFar, now: datetime) -> list[str]:
    if not says_how_far(client) or far.waits_since is None:
        return []
    return [f"The next came {words.moment(far.waits_since, now)}"]


def _networks(networks: Sequence[str]) -> str:
    return ", ".join(networks) or ANYWHERE


def _last_call(client: PoliceClient, now: datetime) -> str:
    use = use_of(client)
    if use is None or use.last_used_at is None:
        return NEVER
    place = f" from {use.last_address}" if use.last_address else ""
    return f"{words.moment(use.last_used_at, now)}{place}"
