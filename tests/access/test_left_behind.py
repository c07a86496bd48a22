"""Permissions left behind by mistake: they open nothing, and every night they are found and taken away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from guardian.models import GroupObjectPermission, UserObjectPermission

from casework.records.access import children_visible_to
from casework.records.models import AuditEntry, Child, ChildGrant, ChronologyEntry, Membership
from casework.records.services import grants, leftovers
from casework.records.tasks import reconcile_permissions
from casework.records.times import now
from tests.front.pages.a_report import signed_in

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.ac("T02.2")


def leave_behind(cast: Cast) -> ChildGrant:
    """Everything that guardian and Django's own tables could hold for Eve and Carl, on Kit."""
    view = Permission.objects.get(codename="view_child", content_type__app_label="records")
    kind, people = ContentType.objects.get_for_model(Child), Group.objects.create(name="everybody")
    kit = {"permission": view, "content_type": kind, "object_pk": str(cast.kit.pk)}
    UserObjectPermission.objects.create(user=cast.eve, **kit)
    UserObjectPermission.objects.create(user=cast.mo, **kit)
    GroupObjectPermission.objects.create(group=people, **kit)
    people.permissions.add(view)
    for person in (cast.eve, cast.mo):
        person.groups.add(people)
        person.user_permissions.add(view)
    grant = grants.grant_access(by=cast.bev, child=cast.kit, to=cast.ines, reason="Interviews Kit.")
    Membership.objects.filter(user=cast.ines).update(ends_at=now())
    return grant


def test_what_is_left_behind_opens_nothing(cast: Cast) -> None:
    leave_behind(cast)
    for person in (cast.eve, cast.mo):
        assert cast.kit not in children_visible_to(person)
        assert signed_in(person).get(reverse("pages:child-detail", args=[cast.kit.pk])).status_code == 404


def test_it_is_counted_on_the_health_page_and_gone_in_the_morning(cast: Cast) -> None:
    grant = leave_behind(cast)
    assert leftovers.count() == leftovers.Leftovers(grants=1, loose_rows=3, global_rights=3)
    assert _on_the_health_page() == 7

    reconcile_permissions()

    assert leftovers.count().total == 0
    assert _on_the_health_page() == 0
    grant.refresh_from_db()
    assert grant.until is not None  # it stays on the list, ended
    assert AuditEntry.objects.filter(about_id=grant.pk, reason=leftovers.LEFT).exists()
    assert ChronologyEntry.objects.filter(about_id=grant.pk, verb="grant.ended").exists()
    reconcile_permissions()


def test_the_command_counts_first(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    leave_behind(cast)
    call_command("reconcile_permissions", "--dry-run")
    assert "There are 1 grants of people who are gone, 3 loose" in capsys.readouterr().out
    assert leftovers.count().total == 7
    call_command("reconcile_permissions")
    assert leftovers.count().total == 0


def _on_the_health_page() -> int:
    return int(json.loads(Client().get("/health/audit").content)["leftover_permissions"])
