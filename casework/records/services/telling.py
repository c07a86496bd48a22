"""Who was told by a person, in what role, how, what and why; or why somebody was not told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.models import Child, Disclosure, User
from casework.records.retelling import LAST_WORDS, person_of, still_to_tell, tellings_of
from casework.records.services.rows import add
from casework.records.times import now
from casework.records.verbs import RecordVerb

CLOCKS_DIFFER: Final = timedelta(minutes=5)  # a watch on a wall may be ahead of the database's
TOLD_BEFORE: Final = "They were told of the absence."
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
    told_phone: str = "",
    told_of: str = Disclosure.Of.MISSING,
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
            told_phone=told_phone,
            told_of=told_of,
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
    told_of: str = Disclosure.Of.MISSING,
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
            told_of=told_of,
            how=Disclosure.How.NOT_TOLD,
            told_at=now(),
            reason_not_told=reason,
            recorded_by=by,
        )
    )
    _tell_the_story(not_told, RecordVerb.PERSON_NOT_TOLD, by)
    return not_told


@transaction.atomic
def tell_again(
    *,
    by: User,
    child: Child,
    episode_id: UUID,
    told_of: str,
    told: Sequence[Disclosure] = (),
    how: str = "",
    told_at: datetime | None = None,
    not_told: Sequence[Disclosure] = (),
    reason: str = "",
) -> list[Disclosure]:
    """Those who were told of the absence are told how it stands now: one telling each, or why not.

    `told` and `not_told` are the tellings by which we know them. Invalid when somebody is in both, or nobody
    in either; Conflict when somebody has told one of them meanwhile.
    """
    require_for(by, Act.TELL, child)
    if told_of not in LAST_WORDS:
        raise Conflict("The child is missing, so there is nothing new to tell.", code="nothing_to_tell")
    chosen = [person_of(row) for row in (*told, *not_told)]
    if not chosen:
        raise Invalid("Tick whom you told, or who is not to be told.", field="told")
    if len(set(chosen)) != len(chosen):
        raise Invalid("Somebody is ticked both as told and as not to be told.", field="not_told")
    Child.objects.select_for_update(no_key=True).get(pk=child.pk)  # so that two people don't tell one twice
    left = {person_of(row) for row in still_to_tell(tellings_of(episode_id), told_of)}
    if not left.issuperset(chosen):
        raise Conflict("Somebody has told one of them meanwhile. Look at the list again.", code="told")
    about: dict[str, Any] = {"by": by, "child": child, "told_of": told_of, "episode_id": episode_id}
    again = [
        tell(
            audience=row.audience,
            told_name=row.told_name or str(row.get_audience_display()),
            told_role=row.told_role,
            told_phone=row.told_phone,
            how=how,
            told_at=told_at,
            what=str(Disclosure.Of(told_of).label),
            purpose=TOLD_BEFORE,
            **about,
        )
        for row in told
    ]
    return again + [
        decide_not_to_tell(
            audience=row.audience, told_name=row.told_name, told_role=row.told_role, reason=reason, **about
        )
        for row in not_told
    ]


def _tell_the_story(disclosure: Disclosure, verb: RecordVerb, by: User) -> None:
    record(
        child=disclosure.child,
        verb=verb,
        actor=by,
        episode_id=disclosure.episode_id,
        about_kind="disclosure",
        about_id=disclosure.pk,
        occurred_at=disclosure.told_at,
        payload={"audience": disclosure.audience, "how": disclosure.how, "of": disclosure.told_of},
    )
