"""Whatever changes a row leaves one of the audit, page or raw SQL: with who and why, never what."""

from __future__ import annotations

from datetime import timedelta

import pghistory
import pytest
from celery.signals import task_prerun
from django.test import Client

from casework.records import audit
from casework.records.models import (
    AuditEntry,
    Child,
    FactKind,
    Membership,
    Placement,
    ProfileFact,
    Role,
    User,
)
from casework.records.services import grants, people, placements, profile
from casework.records.tasks import keep_audit
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports, risk
from tests.cast import Cast
from tests.records.audit_rows import asked, do

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def rows_about(row: object) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(about_id=row.pk).exclude(action="read").order_by("at"))  # type: ignore[attr-defined]  # any model's


def newest(row: object) -> AuditEntry:
    return rows_about(row)[-1]


def test_a_page_that_changes_a_child_says_who_from_where_and_which_columns(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.bev, backend=BACKEND)
    answer = browser.post(f"/children/{cast.kit.pk}/restrict/", {"reason": "A threat was made"})
    assert answer.status_code == 302
    entry = newest(cast.kit)
    assert (entry.action, entry.about_kind, entry.actor_id) == ("change", "child", cast.bev.pk)
    assert (entry.child_id, entry.authority_id) == (cast.kit.pk, cast.exampleshire.pk)
    assert (entry.fields, entry.reason) == (["is_restricted"], "A threat was made")
    assert (len(entry.session), entry.address, bool(entry.request_id)) == (64, "127.0.0.1", True)


def test_adding_changing_and_removing_are_told_apart(cast: Cast) -> None:
    fact = profile.record_fact(by=cast.amina, child=cast.kit, kind=FactKind.PHONE, words="07700 900123")
    ProfileFact.objects.filter(pk=fact.pk).update(words="07700 900124", source="Kit")
    do("SET LOCAL ROLE NONE")  # the application deletes no record
    do("DELETE FROM records_profilefact WHERE id = %s", fact.pk)
    told = [(entry.action, entry.fields, entry.child_id) for entry in rows_about(fact)]
    assert told == [
        ("add", [], cast.kit.pk),
        ("change", ["source", "words"], cast.kit.pk),
        ("remove", [], cast.kit.pk),
    ]


def test_a_bulk_write_leaves_a_row_for_each_row_that_changed(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    Child.objects.filter(authority=cast.exampleshire).exclude(pk=cast.kit.pk).update(languages="English")
    entries = AuditEntry.objects.order_by("-at")[: AuditEntry.objects.count() - before]
    assert {entry.child_id for entry in entries} == {
        c.pk for c in (cast.ola, cast.rosie, cast.maisie, cast.biniam)
    }


def test_a_write_that_changes_nothing_leaves_nothing(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    do("UPDATE records_child SET languages = languages, version = version + 1")
    assert AuditEntry.objects.count() == before


def test_what_hangs_on_an_absence_names_the_child_and_the_authority(cast: Cast) -> None:
    episode = reports.report_missing(
        by=cast.amina,
        child=cast.kit,
        category="missing",
        noticed_at=now(),
        circumstances="Left after a call.",
    )
    graded = risk.assess_risk(
        by=cast.bev,
        episode=episode,
        made_by="authority",
        grade="high",
        rationale="A car waited.",
        assessor="Bev",
    )
    assert (newest(graded).child_id, newest(graded).authority_id) == (cast.kit.pk, cast.exampleshire.pk)
    kinds = set(
        AuditEntry.objects.filter(child_id=cast.kit.pk, action="add").values_list("about_kind", flat=True)
    )
    assert {"missingepisode", "spell", "riskassessment"} <= kinds


@pytest.mark.ac("T28.1")
def test_raw_sql_by_the_owner_is_written_down_with_the_role(cast: Cast) -> None:
    do("SET LOCAL ROLE NONE")
    do("SET LOCAL application_name = 'psql'")
    do("UPDATE records_child SET first_name = 'Kitty' WHERE id = %s", cast.kit.pk)
    entry = newest(cast.kit)
    assert (entry.actor_id, entry.on_behalf_of) == (None, "psql as casework_owner")
    assert entry.fields == ["first_name"]


def test_a_change_by_nobody_names_the_program(cast: Cast) -> None:
    do("SET LOCAL application_name = 'casework import_authority'")
    Placement.objects.filter(child=cast.kit).update(place_code="U4")
    entry = newest(Placement.objects.get(child=cast.kit))
    assert (entry.actor_id, entry.on_behalf_of) == (None, "casework import_authority")


def test_a_task_is_named(cast: Cast) -> None:
    task_prerun.send(sender=keep_audit)
    Placement.objects.filter(child=cast.kit).update(place_code="U4")
    entry = newest(Placement.objects.get(child=cast.kit))
    assert entry.on_behalf_of == "casework.records.tasks.keep_audit"


def test_the_reason_for_a_change_of_access_is_with_it(cast: Cast) -> None:
    grant = grants.grant_access(by=cast.bev, child=cast.kit, to=cast.ines, reason="Interviews Kit")
    entry = newest(grant)
    assert (entry.action, entry.about_kind, entry.actor_id) == ("add", "childgrant", cast.bev.pk)
    assert (entry.reason, entry.child_id) == ("Interviews Kit", cast.kit.pk)
    grants.end_grant(by=cast.ruth, grant=grant, reason="The interview is held")
    assert (newest(grant).reason, newest(grant).fields) == ("The interview is held", ["until"])


@pytest.mark.ac("T02.5")
def test_an_end_in_the_past_shows_its_reason(cast: Cast) -> None:
    placement = Placement.objects.get(child=cast.kit)
    placements.end_placement(
        by=cast.ada, placement=placement, ends_at=now() - timedelta(days=3), reason="The home rang late"
    )
    assert newest(placement).reason == "The home rang late"


def test_a_reason_ends_with_what_it_was_for(cast: Cast) -> None:
    with audit.because(cast.bev, "Only this"):
        Placement.objects.filter(child=cast.kit).update(place_code="U4")
    Placement.objects.filter(child=cast.ola).update(place_code="U4")
    entry = newest(Placement.objects.get(child=cast.ola))
    assert (entry.actor_id, entry.reason) == (None, "")


def test_an_act_within_an_act_keeps_the_reason_and_gives_it_back(cast: Cast) -> None:
    with audit.because(cast.ada, "Import of files"):
        with audit.because(cast.bev):
            Placement.objects.filter(child=cast.kit).update(place_code="U4")
        Placement.objects.filter(child=cast.ola).update(place_code="U4")
    inner, outer = (newest(Placement.objects.get(child=child)) for child in (cast.kit, cast.ola))
    assert (inner.actor_id, inner.reason) == (cast.bev.pk, "Import of files")
    assert (outer.actor_id, outer.reason) == (cast.ada.pk, "Import of files")


def test_people_and_roles_are_watched_too(cast: Cast) -> None:
    post = Membership.objects.get(user=cast.amina)
    people.end_membership(by=cast.ada, membership=post, reason="She moved to Northmoor")
    entry = newest(post)
    assert (entry.fields, entry.reason, entry.authority_id) == (
        ["ends_at"],
        "She moved to Northmoor",
        cast.exampleshire.pk,
    )
    Membership.objects.create(user=cast.amina, role=Role.HOME_STAFF, home=cast.larch_house)
    added = AuditEntry.objects.filter(about_kind="membership", action="add").latest("at")
    assert added.authority_id == cast.exampleshire.pk, "a home's people belong to whoever keeps the home"


def test_a_password_is_named_and_a_sign_in_is_no_change(cast: Cast) -> None:
    person = User.objects.get(pk=cast.amina.pk)
    person.set_password("another long pass phrase")
    person.save()
    assert newest(person).fields == ["password"]
    before = AuditEntry.objects.count()
    User.objects.filter(pk=person.pk).update(last_login=now())
    assert AuditEntry.objects.count() == before


def test_a_request_that_writes_nothing_asks_the_database_nothing_more(cast: Cast) -> None:
    """Who it is rides on the writes themselves."""
    with pghistory.context(user=str(cast.amina.pk), session="5e55"):
        do("SELECT 1")
        assert asked("SELECT current_setting('pghistory.context_metadata', true)")[0][0] in (None, "")
        MissingEpisode.objects.filter(pk=cast.kit.pk).update(version=1)
        assert "5e55" in asked("SELECT current_setting('pghistory.context_metadata', true)")[0][0]
