"""Permissions that nobody should hold any more: found, counted and taken away.

None of them opens anything: what a person sees is asked of facts, and of grants that name one child. They go
all the same, because whoever reads the tables later could believe them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from casework.records import audit
from casework.records.chronology import record
from casework.records.models import ChildGrant, User
from casework.records.models.grant import GroupObjectPermission, UserObjectPermission
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb

Loose = TypeVar("Loose", bound=Model)

CASE_APPS: Final = ("records", "incidents", "protocols")
LEFT: Final = "Left behind: this person no longer works anywhere here."


@dataclass(frozen=True, slots=True)
class Leftovers:
    """How many of each kind."""

    grants: int  # live ones of people who are gone
    loose_rows: int  # object permissions that name a row by its number, outlive it and may meet another
    global_rights: int  # permissions on every row of a model at once

    @property
    def total(self) -> int:
        return self.grants + self.loose_rows + self.global_rights


def count() -> Leftovers:
    """What there is at this moment."""
    loose = _loose(UserObjectPermission).count() + _loose(GroupObjectPermission).count()
    return Leftovers(_grants().count(), loose, sum(rows.count() for rows in _global_rights()))


@transaction.atomic
def reconcile() -> Leftovers:
    """Take them all away; how many there were. Grants end and stay on the list, the others are deleted."""
    found = count()
    for grant in _grants().select_related("content_object").select_for_update(of=("self",)):
        _end(grant)
    for model in (UserObjectPermission, GroupObjectPermission):
        _loose(model).delete()
    for rows in _global_rights():
        rows.delete()
    return found


def _end(grant: ChildGrant) -> None:
    with audit.because(None, LEFT):
        ChildGrant.objects.filter(pk=grant.pk).update(until=now())
    child = grant.content_object
    record(child=child, verb=RecordVerb.GRANT_ENDED, actor=None, about_kind="grant", about_id=grant.pk)


def _grants() -> QuerySet[ChildGrant]:
    """Live grants of people whose account is off, or who hold no membership."""
    works_here = live_memberships(CaseworkNow()).filter(user_id=OuterRef("user_id"))
    live = Q(until__isnull=True) | Q(until__gt=CaseworkNow())
    return ChildGrant.objects.filter(live).filter(~Exists(works_here) | Q(user__is_active=False))


def _loose(model: type[Loose]) -> QuerySet[Loose]:
    return model._default_manager.filter(content_type__app_label__in=CASE_APPS)


def _global_rights() -> list[QuerySet[Model]]:
    """Rows that give a person or a group a permission on every row of a case model."""
    holders: tuple[type[Model], ...] = (User.user_permissions.through, Group.permissions.through)
    of_case_models = {"permission__content_type__app_label__in": CASE_APPS}
    return [holder._default_manager.filter(**of_case_models) for holder in holders]
