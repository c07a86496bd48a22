"""Saying why, before a record is opened in which one has no part."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from casework.records import audit
from casework.records.errors import Invalid
from casework.records.models import Child, ReasonGiven, User, WhyLook
from casework.records.services.rows import add
from casework.records.times import now

OPEN_FOR: Final = timedelta(hours=1)
FEWEST_LETTERS: Final = 10


@transaction.atomic
def give_reason(*, by: User, child: Child, kind: str, words: str) -> ReasonGiven:
    """Open one child's record to this person, in this session, for an hour. The reason is in the audit.

    The caller has made sure that the child is one this person may know of.
    """
    said = words.strip()
    if len(said) < FEWEST_LETTERS:
        raise Invalid("Say in a few words why you need this record.", code="required", field="words")
    return _open(by, child, WhyLook(kind), said)


def open_to_registrar(by: User, child: Child) -> None:
    """Whoever has just made a record at a page goes on with it: a placement, a worker, a legal status."""
    if audit.caller().session:
        _open(by, child, WhyLook.REGISTERED, "")


def _open(by: User, child: Child, kind: WhyLook, words: str) -> ReasonGiven:
    session, until = audit.caller().session, now() + OPEN_FOR
    with audit.because(by, f"{kind.label}: {words}" if words else str(kind.label)):
        return add(ReasonGiven(user=by, child=child, kind=kind, words=words, session=session, until=until))
