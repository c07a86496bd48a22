"""A child's death: recorded, confirmed by somebody else, or taken back. No message goes out by itself."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from casework.records import audit
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Changed, Conflict, Invalid
from casework.records.local_time import WALL
from casework.records.models import Child, Death, User
from casework.records.notify import outbox
from casework.records.notify.settling import A_DEATH
from casework.records.services.rows import add, edit
from casework.records.times import now
from casework.records.verbs import RecordVerb

RECORDED: Final = A_DEATH
CLOSED_BECAUSE: Final = "A death is recorded."


@transaction.atomic
def record_death(*, by: User, child: Child, died_on: date, how_known: str) -> Death:
    """Write down that a child has died, and how that is known. In that instant the record closes to all but
    those who answer for it, and what is unsent about the child is withdrawn. Somebody else confirms it.
    """
    require_for(by, Act.RECORD_DEATH, child)
    child = Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    today = now().astimezone(WALL).date()
    if not child.born_on <= died_on <= today:
        raise Invalid("Enter a day between the child’s birth and today.", field="died_on")
    if not how_known.strip():
        raise Invalid("Enter how this is known, and from whom.", field="how_known")
    death = Death(child=child, died_on=died_on, how_known=how_known.strip(), recorded_by=by)
    add(death, conflict="A death is recorded already.", code="death_recorded")
    _close_record(by, child)
    outbox.withdraw_about(child, RECORDED)
    return death


@transaction.atomic
def confirm_death(*, by: User, death: Death, version: int, words: str) -> Death:
    """A second person, a manager, says that it is so. That cannot be undone."""
    held = _held(by, death, version)
    if held.recorded_by_id == by.pk:
        raise Conflict("You recorded it. Somebody else has to confirm it.", code="by_the_same")
    if not words.strip():
        raise Invalid("Enter with whom you made sure.", field="words")
    changes = {"confirmed_at": now(), "confirmed_by": by, "confirmed_words": words.strip()}
    return edit(held, version=version, changes=changes, allowed=changes.keys())


@transaction.atomic
def withdraw_death(*, by: User, death: Death, version: int, reason: str) -> Death:
    """It was a mistake. The row stays, and so does the restriction, until a manager lifts it by hand."""
    held = _held(by, death, version)
    if not reason.strip():
        raise Invalid("Enter how the mistake came about.", field="words")
    changes = {"withdrawn_at": now(), "withdrawn_by": by, "withdrawn_reason": reason.strip()}
    return edit(held, version=version, changes=changes, allowed=changes.keys())


def death_of(child: Child) -> Death | None:
    """The death that stands, confirmed or not yet."""
    return Death.objects.filter(child=child, withdrawn_at=None).first()


def _held(by: User, death: Death, version: int) -> Death:
    require_for(by, Act.CONFIRM_DEATH, death.child)
    held = Death.objects.select_for_update(no_key=True, of=("self",)).get(pk=death.pk)
    if held.confirmed_at or held.withdrawn_at:
        said = "confirmed" if held.confirmed_at else "taken back"
        raise Conflict(f"This has been {said} already.", code="death_settled")
    if held.version != version:
        raise Changed
    return held


def _close_record(by: User, child: Child) -> None:
    if child.is_restricted:
        return
    with audit.because(by, CLOSED_BECAUSE):
        edit(child, version=child.version, changes={"is_restricted": True}, allowed={"is_restricted"})
    record(child=child, verb=RecordVerb.CHILD_RESTRICTED, actor=by, payload={"reason": CLOSED_BECAUSE})
