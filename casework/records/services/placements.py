"""Where a child lives: starting, ending, moving. An ended placement is never edited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from psycopg2.extras import DateTimeTZRange

from casework.records import audit
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.local_time import WALL
from casework.records.models import Child, Home, Placement, User
from casework.records.notify import outbox
from casework.records.services.rows import add, edit
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb

BACKDATED_AFTER: Final = timedelta(minutes=5)  # filling in the form takes a moment, too
THE_CHILD_MOVED: Final = "The child no longer lives there."
OVERLAP: Final = "This child already has a placement in that period."


@transaction.atomic
def start_placement(
    *,
    by: User,
    child: Child,
    home: Home | None,
    starts_at: datetime,
    place_code: str = "",
    provider_code: str = "",
    address: str = "",
) -> Placement:
    """Place the child in a home from a moment on, past or to come. The home sees the child from then."""
    require_for(by, Act.PLACE_CHILD, child)
    if home is None and not address.strip():
        raise Invalid("Choose a home, or give the address.", field="home")
    placement = Placement(
        child=child,
        home=home,
        period=DateTimeTZRange(starts_at, None),
        place_code=place_code,
        provider_code=provider_code,
        address=address,
        recorded_by=by,
    )
    add(placement, conflict=OVERLAP, code="placement_overlap")
    _tell_the_story(placement, RecordVerb.PLACEMENT_STARTED, by, starts_at)
    return placement


@transaction.atomic
def end_placement(*, by: User, placement: Placement, ends_at: datetime, reason: str = "") -> Placement:
    """End a placement. The home stops seeing the child in that instant; a back-dated end needs a reason.

    Messages to the home that are not sent by then are withdrawn.
    """
    ended = _end(by, placement, ends_at, reason)
    outbox.withdraw_from_strangers(ended.child, THE_CHILD_MOVED)
    return ended


def _end(by: User, placement: Placement, ends_at: datetime, reason: str) -> Placement:
    require_for(by, Act.PLACE_CHILD, placement.child)
    placement = Placement.objects.select_for_update(no_key=True).get(pk=placement.pk)
    moment = now()
    if placement.period.upper is not None and placement.period.upper <= moment:
        ended = placement.period.upper.astimezone(WALL)
        raise Conflict(f"This placement already ended on {ended:%-d %B %Y at %H:%M}.", code="placement_ended")
    if ends_at <= placement.period.lower:
        raise Invalid("A placement ends after it starts.", field="ends_at")
    if ends_at < moment - BACKDATED_AFTER and not reason.strip():
        raise Invalid("This end is in the past. Say why it is recorded only now.", field="reason")
    with audit.because(by, reason):
        placement = edit(
            placement,
            version=placement.version,
            changes={"period": DateTimeTZRange(placement.period.lower, ends_at), "reason_ended": reason},
            allowed={"period", "reason_ended"},
        )
    _tell_the_story(placement, RecordVerb.PLACEMENT_ENDED, by, ends_at)
    return placement


@transaction.atomic
def move_child(
    *,
    by: User,
    child: Child,
    home: Home | None,
    at: datetime,
    reason: str = "",
    place_code: str = "",
    provider_code: str = "",
    address: str = "",
) -> Placement:
    """End the present placement and start the next at the same moment, or do neither."""
    current = Placement.objects.filter(child=child, period__contains=CaseworkNow()).first()
    if current is None:
        raise Conflict("This child has no placement now. Start one instead.", code="no_placement")
    _end(by, current, at, reason)
    started = start_placement(
        by=by,
        child=child,
        home=home,
        starts_at=at,
        place_code=place_code,
        provider_code=provider_code,
        address=address,
    )
    outbox.withdraw_from_strangers(child, THE_CHILD_MOVED)
    return started


def _tell_the_story(placement: Placement, verb: RecordVerb, by: User, at: datetime) -> None:
    record(
        child=placement.child,
        verb=verb,
        actor=by,
        about_kind="placement",
        about_id=placement.pk,
        occurred_at=at,
        payload={"home_id": str(placement.home_id) if placement.home_id else None},
    )
