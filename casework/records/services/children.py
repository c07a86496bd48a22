"""Children: registering, putting right, allocating, restricting, and the law they are looked after under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from casework.records import audit
from casework.records.access import require, require_for
from casework.records.acts import Act
from casework.records.chronology import record
from casework.records.errors import Conflict, Invalid
from casework.records.local_time import WALL
from casework.records.models import (
    Child,
    LegalStatus,
    LegalStatusCode,
    LocalAuthority,
    Sex,
    Team,
    User,
)
from casework.records.services.reasons import open_to_registrar
from casework.records.services.rows import add, edit
from casework.records.standing import CASE_ROLES, live_memberships
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb

OLDEST_YEARS: Final = 25  # care leavers stay with the authority until then
CORRECTABLE: Final = frozenset(
    {
        "reference",
        "first_name",
        "last_name",
        "known_as",
        "born_on",
        "sex",
        "ethnicity",
        "upn",
        "nhs_number",
        "is_unaccompanied",
        "unaccompanied_until",
        "languages",
        "needs_interpreter",
    }
)
_SAME_REFERENCE: Final = "Another child of this authority already has this reference."


@transaction.atomic
def register_child(
    *,
    by: User,
    authority: LocalAuthority,
    reference: str,
    first_name: str,
    last_name: str,
    born_on: date,
    sex: str = Sex.UNKNOWN,
    known_as: str = "",
    ethnicity: str = "",
    upn: str = "",
    nhs_number: str | None = None,
    is_unaccompanied: bool = False,
    languages: str = "",
    needs_interpreter: bool = False,
    team: Team | None = None,
) -> Child:
    """Open a child's record in an authority. `reference` is the authority's own ID (the 903 CHILD)."""
    require(by, Act.REGISTER_CHILD, authority_id=authority.pk)
    _check_born_on(born_on)
    _check_team(team, authority)
    child = Child(
        authority=authority,
        reference=reference,
        first_name=first_name,
        last_name=last_name,
        born_on=born_on,
        sex=sex,
        known_as=known_as,
        ethnicity=ethnicity,
        upn=upn,
        nhs_number=nhs_number or None,
        is_unaccompanied=is_unaccompanied,
        languages=languages,
        needs_interpreter=needs_interpreter,
        team=team,
    )
    add(child, conflict=_SAME_REFERENCE, code="reference_taken")
    record(child=child, verb=RecordVerb.CHILD_REGISTERED, actor=by)
    open_to_registrar(by, child)
    return child


@transaction.atomic
def correct_child(*, by: User, child: Child, version: int, changes: Mapping[str, object]) -> Child:
    """Put a child's details right. The old values stay in the history, with who changed them."""
    require_for(by, Act.CHANGE_CHILD, child)
    if isinstance(born_on := changes.get("born_on"), date):
        _check_born_on(born_on)
    corrected = edit(child, version=version, changes=changes, allowed=CORRECTABLE)
    record(child=child, verb=RecordVerb.CHILD_CORRECTED, actor=by, payload={"fields": sorted(changes)})
    return corrected


@transaction.atomic
def allocate_worker(*, by: User, child: Child, worker: User, team: Team | None = None) -> Child:
    """Give the child a social worker of the authority, and the team whose manager answers for the work."""
    require_for(by, Act.ALLOCATE_WORKER, child)
    _check_team(team, child.authority)
    _check_works_for(worker, child)
    child = Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    changes: dict[str, object] = {"allocated_worker": worker}
    if team is not None:
        changes["team"] = team
    child = edit(child, version=child.version, changes=changes, allowed=changes.keys())
    record(
        child=child,
        verb=RecordVerb.CHILD_ALLOCATED,
        actor=by,
        about_kind="user",
        about_id=worker.pk,
    )
    return child


@transaction.atomic
def restrict_child(*, by: User, child: Child, is_restricted: bool, reason: str) -> Child:
    """Hide the record from all but those who answer for it and those named in a grant; or lift that."""
    require_for(by, Act.RESTRICT_CHILD, child)
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    child = Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    with audit.because(by, reason):
        child = edit(
            child,
            version=child.version,
            changes={"is_restricted": is_restricted},
            allowed={"is_restricted"},
        )
    verb = RecordVerb.CHILD_RESTRICTED if is_restricted else RecordVerb.CHILD_UNRESTRICTED
    record(child=child, verb=verb, actor=by, payload={"reason": reason})
    return child


@transaction.atomic
def record_legal_status(*, by: User, child: Child, code: str, from_on: date) -> LegalStatus:
    """The law under which the child is looked after from this day; the one before ends on it."""
    require_for(by, Act.CHANGE_CHILD, child)
    if code not in LegalStatusCode.values:
        raise Invalid("Choose one from the list.", field="code")
    current = (
        LegalStatus.objects.select_for_update(no_key=True).filter(child=child, until_on__isnull=True).first()
    )
    if current is not None:
        if from_on <= current.from_on:
            raise Conflict(
                f"The present legal status began on {current.from_on:%-d %B %Y}. Give a later day.",
                code="before_current",
            )
        edit(current, version=current.version, changes={"until_on": from_on}, allowed={"until_on"})
    status = add(LegalStatus(child=child, code=code, from_on=from_on))
    record(
        child=child,
        verb=RecordVerb.LEGAL_STATUS_RECORDED,
        actor=by,
        about_kind="legal_status",
        about_id=status.pk,
        payload={"code": code},
    )
    return status


def _check_born_on(born_on: date) -> None:
    today = now().astimezone(WALL).date()
    if born_on > today:
        raise Invalid("The date of birth is in the future.", field="born_on")
    if born_on < today - timedelta(days=round(OLDEST_YEARS * 365.25)):
        raise Invalid(
            f"A child on this record is under {OLDEST_YEARS}. Check the year of birth.", field="born_on"
        )


def _check_team(team: Team | None, authority: LocalAuthority) -> None:
    if team is not None and team.authority_id != authority.pk:
        raise Invalid("Choose one from the list.", field="team")


def _check_works_for(worker: User, child: Child) -> None:
    """A worker is allocated from among the people who work with children in the child's authority."""
    posts = live_memberships(CaseworkNow()).filter(
        user=worker, user__is_active=True, authority_id=child.authority_id, role__in=CASE_ROLES
    )
    if not posts.exists():
        raise Invalid("Choose one from the list.", field="worker")
