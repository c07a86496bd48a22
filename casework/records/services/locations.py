"""Where a child lives: shown after a reason, once the look is in the audit, and only so often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, Q

from casework.records import audit
from casework.records.access import may_see_location
from casework.records.errors import Invalid, NotAllowed, Unavailable
from casework.records.models import AddressLookUp, BrokenGlass, Placement, User
from casework.records.services.answering import contacts_of, tell_all
from casework.records.services.one_at_a_time import hold
from casework.records.services.rows import add
from casework.records.times import now

log = structlog.get_logger(__name__)

NOT_SHOWN_TO_YOU: Final = "Your role does not show addresses. Ask the child’s social worker."
NOT_NOW: Final = "We cannot show this just now."


@dataclass(frozen=True, slots=True)
class Shown:
    """An address that was asked for. Empty lines when it was one too many: then nobody is shown anything."""

    look_up: AddressLookUp
    lines: tuple[str, ...] = ()


def show_address(*, by: User, placement: Placement, reason: str, words: str, is_absent: bool) -> Shown:
    """Write down who looks and why, then say where the placement is.

    `is_absent`: the child has an absence that is not over, so the look is not counted. One too many is no
    error: its row and the alert are to stay. Unavailable when nothing could be written down.
    """
    _check(by, placement, reason, words)
    try:
        with transaction.atomic():
            return _look(by, placement, reason, words.strip(), is_absent)
    except DatabaseError as error:
        log.error("address.not_written_down", error=type(error).__name__)
        raise Unavailable(NOT_NOW, code="not_written_down") from error


def _check(by: User, placement: Placement, reason: str, words: str) -> None:
    if not may_see_location(by, placement.child):
        raise NotAllowed(NOT_SHOWN_TO_YOU, code="not_allowed_view_location")
    if reason not in AddressLookUp.Reason.values:
        raise Invalid("Choose why you need the address.", field="reason")
    if not words.strip():
        raise Invalid("Say in a few words what for.", field="words")


def _look(by: User, placement: Placement, reason: str, words: str, is_absent: bool) -> Shown:
    hold(by, "address")
    moment, child = now(), placement.child
    is_counted = not (is_absent or child.allocated_worker_id == by.pk or _broke_glass(by, placement, moment))
    look_up = AddressLookUp(
        user=by,
        child=child,
        placement=placement,
        reason=reason,
        words=words,
        is_counted=is_counted,
        was_refused=is_counted and _has_reached_the_limit(by, moment),
        recorded_at=moment,
    )
    add(look_up)
    said = f"{look_up.get_reason_display()}: {words}"
    if look_up.was_refused:
        audit.refused(by, about_kind="address", about_id=placement.pk, reason=said)
        _alert(look_up)
        return Shown(look_up)
    audit.looked(
        by, child=child, about_kind="address", about_id=placement.pk, fields=["address"], reason=said
    )
    return Shown(look_up, _lines(placement))


def _has_reached_the_limit(by: User, moment: datetime) -> bool:
    """Whether this many were shown already in any of the spans of the settings, counted in one query."""
    counts = {
        f"within_{at}": Count("pk", filter=Q(recorded_at__gt=moment - span))
        for at, (_, span) in enumerate(settings.ADDRESS_LIMITS)
    }
    longest = max(span for _, span in settings.ADDRESS_LIMITS)
    looked = AddressLookUp.objects.filter(
        user=by, is_counted=True, was_refused=False, recorded_at__gt=moment - longest
    ).aggregate(**counts)
    return any(looked[f"within_{at}"] >= allowed for at, (allowed, _) in enumerate(settings.ADDRESS_LIMITS))


def _broke_glass(by: User, placement: Placement, moment: datetime) -> bool:
    opened = BrokenGlass.objects.filter(user=by, child_id=placement.child_id, until__gt=moment)
    return opened.exists()


def _alert(look_up: AddressLookUp) -> None:
    """The data-protection contact hears once an hour, however often somebody tries again."""
    person, authority = look_up.user, look_up.child.authority
    hour = f"{person.pk} {look_up.recorded_at:%Y-%m-%d %H}"
    tell_all(contacts_of(authority, but=person), template="many_addresses", about=uuid5(NAMESPACE_URL, hour))


def _lines(placement: Placement) -> tuple[str, ...]:
    """The address as it stands on an envelope; what is not recorded is said to be so."""
    home = placement.home
    if home is None:
        return tuple(placement.address.splitlines())
    where = [*home.address.splitlines(), home.postcode] if home.address else ["No address is recorded."]
    return (home.name, *filter(None, where))
