"""What the scenes about looking share: a look at an address, an emergency, and a clock that is moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.records.models import BrokenGlass, Child, Placement, User
from casework.records.services import emergencies
from casework.records.services.locations import Shown
from casework.records.times import now, pretend_now
from incidents.services.locations import show_address

WHY = "A neighbour rang: shouting in the flat."


def look(by: User, child: Child) -> Shown:
    """Ask for the address where this child lives now."""
    placement = Placement.objects.select_related("child__authority", "home").get(child=child)
    return show_address(by=by, placement=placement, reason="visit", words="Taking a letter")


def break_glass(by: User, child: Child, **more: object) -> BrokenGlass:
    """Open the record by its reference; it has to be there."""
    opened = emergencies.break_glass(
        by=by,
        category="danger",
        reason=WHY,
        reference=child.reference,
        **more,  # type: ignore[arg-type]
    )
    assert opened is not None
    return opened


def later(by: timedelta) -> datetime:
    """Move this transaction's clock on."""
    moment = now() + by
    pretend_now(moment)
    return moment
