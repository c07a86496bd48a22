"""Who was told by a person, in what role, how, what and why; or why somebody was not told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Invalid
from casework.records.models import Child, Disclosure, User
from casework.records.services.rows import add
from casework.records.times import now
from casework.records.verbs import RecordVerb

CLOCKS_DIFFER: Final = timedelta(minutes=5)  # a watch on a wall may be ahead of the database's
BY_A_PERSON: Final = (Disclosure.How.PHONE, Disclosure.How.IN_PERSON, Disclosure.How.EMAIL)


@transaction.atomic
def tell(
    *,
    by: User,
    child: Child,
    audience: str,
    told_name: str,
    how: str,
    what: str,
    purpose: str,
    told_at: datetime | None = None,
    told_role: str = "",
    episode_id: UUID | None = None,
    step_run_id: UUID | None = None,
) -> Disclosure:
    """Record that somebody was told by phone, in person or by e-mail. `told_at` None means now."""
    require_for(by, Act.TELL, child)
    if how not in BY_A_PERSON:
        raise Invalid("Choose how they were told.", field="how")
    if not told_name.strip():
        raise Invalid("Enter who was told.", field="told_name")
    moment = now()
    if told_at is not None and told_at > moment + CLOCKS_DIFFER:
        raise Invalid("That time is in the future.", field="told_at")
    told = add(
        Disclosure(
            child=child,
            episode_id=episode_id,
            step_run_id=step_run_id,
            audience=audience,
            told_name=told_name,
            told_role=told_role,
            how=how,
            told_at=told_at or moment,
            what=what,
            purpose=purpose,
            recorded_by=by,
        )
    )
    _tell_the_story(told, RecordVerb.PERSON_TOLD, by)
    return told


@transaction.atomic
def decide_not_to_tell(
    *,
    by: User,
    child: Child,
    audience: str,
    reason: str,
    told_name: str = "",
    told_role: str = "",
    episode_id: UUID | None = None,
    step_run_id: UUID | None = None,
) -> Disclosure:
    """Record the decision that somebody, a parent say, is not to be told; it needs its reason."""
    require_for(by, Act.TELL, child)
    if not reason.strip():
        raise Invalid("Say why they are not told.", field="reason")
    not_told = add(
        Disclosure(
            child=child,
            episode_id=episode_id,
            step_run_id=step_run_id,
            audience=audience,
            told_name=told_name,
            told_role=told_role,
            how=Disclosure.How.NOT_TOLD,
            told_at=now(),
            reason_not_told=reason,
            recorded_by=by,
        )
    )
    _tell_the_story(not_told, RecordVerb.PERSON_NOT_TOLD, by)
    return not_told


def _tell_the_story(disclosure: Disclosure, verb: RecordVerb, by: User) -> None:
    record(
        child=disclosure.child,
        verb=verb,
        actor=by,
        episode_id=disclosure.episode_id,
        about_kind="disclosure",
        about_id=disclosure.pk,
        occurred_at=disclosure.told_at,
        payload={"audience": disclosure.audience, "how": disclosure.how},
    )
