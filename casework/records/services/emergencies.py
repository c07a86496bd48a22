"""A closed record, opened for an hour in an emergency; and what a manager says of it after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from casework.records import audit
from casework.records.access import children_answered_for, children_to_break_glass_for, require
from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from casework.records.models import AuditEntry, BrokenGlass, Child, User
from casework.records.office_hours import end_of_next_working_day
from casework.records.services.answering import contacts_of, managers_of, tell_all
from casework.records.services.one_at_a_time import hold
from casework.records.services.rows import add
from casework.records.standing import standing_of
from casework.records.times import now

OPEN_FOR: Final = timedelta(minutes=60)
FEWEST_CHARACTERS: Final = 20
REVIEW_WAITS_AT_MOST: Final = timedelta(days=3)
TRIES: Final = 5
WITHIN: Final = timedelta(hours=1)


@transaction.atomic
def break_glass(
    *,
    by: User,
    category: str,
    reason: str,
    reference: str = "",
    first_name: str = "",
    last_name: str = "",
    born_on: date | None = None,
) -> BrokenGlass | None:
    """Open one child's record to this person for an hour, to read; None when there is nothing to open.

    The face has asked for the password again. A child of another authority, one with whom the person has a
    conflict of interest and one that does not exist all give None, alike, and each such try is in the audit.

    1. A reason of 20 characters; no earlier emergency that has waited for its review for 3 days; fewer than
       5 tries an hour that opened nothing.
    2. The row; a record that is open already stays open until it was to close.
    3. The child's managers and the data-protection contact are told, without a name.
    """
    require(by, Act.BREAK_GLASS)
    _check_words(category, reason)
    hold(by, "emergency")
    moment = now()
    _refuse_while_unreviewed(by, moment)
    _refuse_another_try(by, moment)
    child = _the_child(by, reference, first_name, last_name, born_on)
    if child is None:
        audit.refused(by, about_kind="emergency", reason=reason)
        return None
    opened = BrokenGlass.objects.filter(user=by, child=child, until__gt=moment).first()
    return opened or _open(by, child, category, reason.strip(), moment)


@transaction.atomic
def review_glass(*, by: User, glass: BrokenGlass, outcome: str, words: str) -> BrokenGlass:
    """Say whether it was justified. Somebody else says so, who may open the record without an emergency."""
    require(by, Act.REVIEW_GLASS, authority_id=glass.authority_id)
    if outcome not in BrokenGlass.Outcome.values:
        raise Invalid("Say whether it was justified.", field="outcome")
    if not words.strip():
        raise Invalid("Say what you found.", field="words")
    glass = BrokenGlass.objects.select_for_update(no_key=True, of=("self",)).get(pk=glass.pk)
    if glass.user_id == by.pk:
        raise NotAllowed("Another manager has to review this.", code="not_oneself")
    if not children_answered_for(standing_of(by)).filter(pk=glass.child_id).exists():
        raise NotFound
    if glass.reviewed_at is not None:
        raise Conflict("This has been reviewed already.", code="already_reviewed")
    glass.outcome, glass.review_words = BrokenGlass.Outcome(outcome), words.strip()
    glass.reviewed_at, glass.reviewed_by = now(), by
    with audit.because(by, words):
        glass.save(update_fields=["outcome", "review_words", "reviewed_at", "reviewed_by"])
    return glass


# The parts of opening -----------------------------------------------------------------------------------


def _check_words(category: str, reason: str) -> None:
    if category not in BrokenGlass.Category.values:
        raise Invalid("Choose what kind of emergency it is.", field="category")
    if len(reason.strip()) < FEWEST_CHARACTERS:
        raise Invalid(f"Say why in {FEWEST_CHARACTERS} characters or more.", field="reason")


def _refuse_while_unreviewed(by: User, moment: datetime) -> None:
    waiting = BrokenGlass.objects.filter(
        user=by, reviewed_at=None, recorded_at__lt=moment - REVIEW_WAITS_AT_MOST
    )
    if waiting.exists():
        raise NotAllowed(
            "A record that you opened in an emergency has waited for its review for more than 3 days. Ask a "
            "manager to review it, and a colleague to open this one.",
            code="review_waits",
        )


def _refuse_another_try(by: User, moment: datetime) -> None:
    tries = AuditEntry.objects.filter(
        actor_id=by.pk,
        action=AuditEntry.Action.REFUSED,
        about_kind="emergency",
        at__gt=moment - WITHIN,
    )
    if tries.count() >= TRIES:
        raise TooMany("You have tried several times. Ask your manager or the emergency duty team.")


def _the_child(
    by: User, reference: str, first_name: str, last_name: str, born_on: date | None
) -> Child | None:
    """The one child in reach whom all of this fits; None for none, and for two of the same name and day."""
    wanted = Q()
    if reference.strip():
        wanted &= Q(reference__iexact=reference.strip())
    if first_name.strip() or last_name.strip() or born_on or not wanted:
        called = Q(first_name__iexact=first_name.strip()) | Q(known_as__iexact=first_name.strip())
        wanted &= called & Q(last_name__iexact=last_name.strip(), born_on=born_on)
    found = children_to_break_glass_for(standing_of(by)).select_related("authority").filter(wanted)[:2]
    return found[0] if len(found) == 1 else None


def _open(by: User, child: Child, category: str, reason: str, moment: datetime) -> BrokenGlass:
    glass = add(
        BrokenGlass(
            user=by,
            child=child,
            authority=child.authority,
            category=category,
            reason=reason,
            recorded_at=moment,
            until=moment + OPEN_FOR,
            review_due_at=end_of_next_working_day(moment),
        )
    )
    audit.looked(by, child=child, about_kind="emergency", about_id=glass.pk, reason=reason)
    told = [*managers_of(child, but=by), *contacts_of(child.authority, but=by)]
    tell_all(told, template="glass_broken", about=glass.pk)
    return glass
