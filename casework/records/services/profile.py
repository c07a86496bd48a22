"""The facts to have ready before a child goes missing, each with its source and its freshness."""

from __future__ import annotations

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.models import Child, FactKind, ProfileFact, User
from casework.records.services.rows import add
from casework.records.times import now
from casework.records.verbs import RecordVerb


@transaction.atomic
def record_fact(
    *,
    by: User,
    child: Child,
    kind: str,
    words: str,
    source: str = "",
    replaces: ProfileFact | None = None,
) -> ProfileFact:
    """Write down a fact, or put a newer one in an older one's place. The older keeps its words."""
    require_for(by, Act.RECORD_FACT, child)
    if kind not in FactKind.values:
        raise Invalid("Choose one from the list.", field="kind")
    if not words.strip():
        raise Invalid("Enter what you know.", field="words")
    old = _current(replaces) if replaces is not None else None
    if old is not None and old.child_id != child.pk:
        raise Invalid("That fact belongs to another record.", field="replaces")
    fact = add(
        ProfileFact(
            child=child,
            kind=kind,
            words=words,
            source=source,
            confirmed_at=now(),
            confirmed_by=by,
            recorded_by=by,
        )
    )
    if old is not None:
        old.replaced_by = fact
        old.save(update_fields=["replaced_by"])
    _tell_the_story(fact, RecordVerb.FACT_RECORDED, by)
    return fact


@transaction.atomic
def confirm_fact(*, by: User, fact: ProfileFact) -> ProfileFact:
    """Say that the fact is still true: it is fresh again."""
    require_for(by, Act.RECORD_FACT, fact.child)
    fact = _current(fact)
    fact.confirmed_at, fact.confirmed_by = now(), by
    fact.save(update_fields=["confirmed_at", "confirmed_by"])
    _tell_the_story(fact, RecordVerb.FACT_CONFIRMED, by)
    return fact


@transaction.atomic
def withdraw_fact(*, by: User, fact: ProfileFact, reason: str) -> ProfileFact:
    """Say that the fact no longer holds, and why. Its words stay in the history."""
    require_for(by, Act.RECORD_FACT, fact.child)
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    fact = _current(fact)
    fact.withdrawn_at = now()
    fact.save(update_fields=["withdrawn_at"])
    _tell_the_story(fact, RecordVerb.FACT_WITHDRAWN, by, reason)
    return fact


def _current(fact: ProfileFact) -> ProfileFact:
    """The fact as it is now, locked; refused when another has taken its place or it was withdrawn."""
    fact = ProfileFact.objects.select_for_update(no_key=True, of=("self",)).get(pk=fact.pk)
    if fact.withdrawn_at is not None or fact.replaced_by_id is not None:
        raise Conflict("Somebody has already changed or withdrawn this fact.", code="fact_not_current")
    return fact


def _tell_the_story(fact: ProfileFact, verb: RecordVerb, by: User, reason: str = "") -> None:
    payload = {"kind": fact.kind, **({"reason": reason} if reason else {})}
    record(child=fact.child, verb=verb, actor=by, about_kind="fact", about_id=fact.pk, payload=payload)
