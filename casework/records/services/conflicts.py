"""Conflicts of interest: declared by the person or recorded by a manager, and ended by a manager."""

from __future__ import annotations

from django.db import transaction

from casework.records import audit
from casework.records.access import children_answered_for, require, require_for
from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Child, ConflictOfInterest, LocalAuthority, User
from casework.records.services.answering import managers_in, managers_of, tell_all
from casework.records.services.rows import add
from casework.records.standing import standing_of
from casework.records.times import now

THERE_ALREADY = "This conflict of interest is recorded already."


@transaction.atomic
def declare_conflict(*, by: User, child: Child, reason: str) -> ConflictOfInterest:
    """Say of oneself that one must not see this child's record. It is closed from this moment."""
    return _record(by, by, child.authority, reason, child=child)


@transaction.atomic
def declare_conflict_in_words(
    *, by: User, authority: LocalAuthority, about: str, reason: str
) -> ConflictOfInterest:
    """The same for a child whose record one cannot see, in one's own words; a manager finds the child.

    An exact reference needs nobody to find it, so it counts at once; whether it did is not said.
    """
    if not about.strip():
        raise Invalid("Say which child, as well as you know.", field="about")
    child = Child.objects.filter(authority=authority, reference__iexact=about.strip()).first()
    if child is not None and _live(by, child):
        child = None
    return _record(by, by, authority, reason, child=child, about=about.strip())


@transaction.atomic
def record_conflict(*, by: User, person: User, child: Child, reason: str) -> ConflictOfInterest:
    """A manager records it of somebody else."""
    require_for(by, Act.RECORD_CONFLICT, child)
    if person == by:
        raise Invalid("For yourself, declare it instead.", field="person")
    return _record(by, person, child.authority, reason, child=child)


@transaction.atomic
def find_child_of_conflict(*, by: User, conflict: ConflictOfInterest, reference: str) -> ConflictOfInterest:
    """Say which child somebody meant. From now on the record is closed to them."""
    conflict = _held(by, conflict)
    child = (
        children_answered_for(standing_of(by))
        .filter(authority_id=conflict.authority_id, reference__iexact=reference.strip())
        .first()
    )
    if child is None:
        raise Invalid("You can open no record with this reference. Check it.", field="reference")
    if conflict.child_id is not None:
        raise Conflict("Somebody has found the child already.", code="found")
    if _live(conflict.user, child):
        raise Conflict(THERE_ALREADY, code="exists")
    conflict.child, conflict.found_by = child, by
    with audit.because(by):
        conflict.save(update_fields=["child", "found_by"])
    return conflict


@transaction.atomic
def end_conflict(*, by: User, conflict: ConflictOfInterest, reason: str) -> ConflictOfInterest:
    """From now on the person may see the record again, as far as anything else allows it."""
    if not reason.strip():
        raise Invalid("Say why it is over.", field="reason")
    conflict = _held(by, conflict)
    conflict.ended_at, conflict.ended_by, conflict.end_reason = now(), by, reason.strip()
    with audit.because(by, reason):
        conflict.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return conflict


def _record(
    by: User,
    person: User,
    authority: LocalAuthority,
    reason: str,
    *,
    child: Child | None = None,
    about: str = "",
) -> ConflictOfInterest:
    if not reason.strip():
        raise Invalid("Say what the conflict is.", field="reason")
    if child is not None and _live(person, child):
        raise Conflict(THERE_ALREADY, code="exists")
    conflict = ConflictOfInterest(
        user=person,
        authority=authority,
        child=child,
        about=about,
        reason=reason.strip(),
        recorded_by=by,
    )
    with audit.because(by, reason):
        add(conflict, conflict=THERE_ALREADY)
    _tell_managers(by, conflict)
    return conflict


def _held(by: User, conflict: ConflictOfInterest) -> ConflictOfInterest:
    require(by, Act.RECORD_CONFLICT, authority_id=conflict.authority_id)
    rows = ConflictOfInterest.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    conflict = rows.get(pk=conflict.pk)
    if conflict.user_id == by.pk:
        raise NotAllowed("Another manager has to do this.", code="not_oneself")
    if conflict.ended_at is not None:
        raise Conflict("This conflict of interest has ended already.", code="conflict_ended")
    return conflict


def _live(person: User, child: Child) -> bool:
    return ConflictOfInterest.objects.filter(user=person, child=child, ended_at=None).exists()


def _tell_managers(by: User, conflict: ConflictOfInterest) -> None:
    """Somebody may have to take over the work; and words have to be turned into a child."""
    if conflict.child is not None:
        people = managers_of(conflict.child, but=conflict.user)
    else:
        teams = [post.team_id for post in standing_of(conflict.user).posts if post.team_id]
        people = managers_in(conflict.authority, teams[0] if teams else None, but=conflict.user)
    tell_all([one for one in people if one != by], template="conflict_recorded", about=conflict.pk)
