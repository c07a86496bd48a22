"""Every look and every change leaves a row that names who, what and from where."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records import audit, chronology
from casework.records.models import AuditEntry, Child, ChronologyEntry
from casework.records.times import now, pretend_now
from casework.records.verbs import RecordVerb
from tests.cast import Cast


def test_a_look_names_the_child_the_authority_and_the_caller(cast: Cast) -> None:
    caller = audit.Caller(session="5e55", address="192.0.2.7", request_id="r-1")
    with audit.calling(caller):
        audit.looked(cast.amina, child=cast.kit, about_kind="child", about_id=cast.kit.pk)
    entry = AuditEntry.objects.get(action="read", about_id=cast.kit.pk)
    assert (entry.action, entry.actor_id) == (AuditEntry.Action.READ, cast.amina.pk)
    assert (entry.child_id, entry.authority_id) == (cast.kit.pk, cast.exampleshire.pk)
    assert (entry.session, entry.address, entry.request_id) == ("5e55", "192.0.2.7", "r-1")


def test_the_caller_is_forgotten_when_the_request_ends(cast: Cast) -> None:
    with audit.calling(audit.Caller(session="5e55")):
        pass
    assert audit.signed_in(cast.amina).session == ""


def test_a_list_is_one_row_that_names_its_children(cast: Cast) -> None:
    audit.looked(cast.amina, child_ids=[cast.kit.pk, cast.ola.pk], about_kind="board", fields=["name"])
    entry = AuditEntry.objects.get(about_kind="board")
    assert entry.child_ids == sorted([cast.kit.pk, cast.ola.pk])
    assert (entry.child_id, entry.authority_id, entry.fields) == (None, cast.exampleshire.pk, ["name"])


def test_a_list_over_two_authorities_is_a_row_in_the_chain_of_each(cast: Cast) -> None:
    nia = Child.objects.create(
        authority=cast.northmoor,
        reference="NM-1",
        first_name="Nia",
        last_name="Pryce",
        born_on=date(2012, 5, 1),
    )
    audit.looked(cast.femi, child_ids=[cast.kit.pk, nia.pk], about_kind="board")
    rows = AuditEntry.objects.filter(about_kind="board").values_list("authority_id", "child_ids")
    assert dict(rows) == {cast.exampleshire.pk: [cast.kit.pk], cast.northmoor.pk: [nia.pk]}


def test_an_empty_list_is_a_look_too(cast: Cast) -> None:
    audit.looked(cast.amina, child_ids=[], about_kind="board")
    assert AuditEntry.objects.get(about_kind="board").child_ids is None


def test_a_refusal_is_written_down_too(cast: Cast) -> None:
    wanted = uuid4()
    entry = audit.refused(cast.eve, about_kind="child", about_id=wanted, reason="x" * 600)
    assert (entry.action, entry.about_id, len(entry.reason)) == (AuditEntry.Action.REFUSED, wanted, 500)


@pytest.mark.parametrize("table", ["records_auditentry", "records_chronologyentry", "records_childevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_what_has_happened(cast: Cast, table: str, statement: str) -> None:
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    chronology.record(child=cast.kit, verb=RecordVerb.FACT_RECORDED, actor=cast.amina)
    column = "pgh_id" if table.endswith("event") else "id"
    sql = statement.replace("id = id", f"{column} = {column}").format(table)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_entry_says_who_did_what_and_when(cast: Cast) -> None:
    about, moment = uuid4(), now()
    pretend_now(moment)
    entry = chronology.record(
        child=cast.kit,
        verb=RecordVerb.FACT_RECORDED,
        actor=cast.tablet,
        about_kind="fact",
        about_id=about,
        payload={"kind": "phone"},
        typed_name="Carl Penrose",
    )
    kept = ChronologyEntry.objects.get(pk=entry.pk)
    assert (kept.verb, kept.actor, kept.typed_name) == ("fact.recorded", cast.tablet, "Carl Penrose")
    assert (kept.about_id, kept.payload) == (about, {"kind": "phone"})
    assert kept.occurred_at == kept.recorded_at == moment, "without a time of its own, it happened just now"
