"""Whoever changes the audit is found out, and where; nobody who writes to it waits for another."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from casework.records import audit, chain_check, seals
from casework.records.models import AuditEntry
from casework.records.notify import outside
from tests.cast import Cast
from tests.records.audit_rows import a_chain, an_empty_audit, as_owner_without_triggers, asked, do

WRITERS, LOOKS = 50, 200


def verified(*options: str) -> str:
    """What the command says when all is well; it raises when not."""
    said = StringIO()
    call_command("verify_audit", "--authority=EXS", *options, stdout=said)
    return said.getvalue()


def refusal(*options: str) -> str:
    with pytest.raises(CommandError) as refused:
        verified(*options)
    return str(refused.value)


# Untouched --------------------------------------------------------------------------------------------


def test_what_nobody_touched_is_as_it_was_written(cast: Cast) -> None:
    a_chain(cast)
    assert "EXS: 12 rows, as they were written." in verified()


def test_every_kind_of_value_is_in_the_hash_as_the_database_put_it_there(cast: Cast) -> None:
    """The check spells each column itself: quotes, commas, line ends, Welsh, an address, many ids."""
    caller = audit.Caller(session="5e55", address="2001:db8::7", request_id="r-1")
    with audit.calling(caller):
        fields, reason = ['a "b"', "c,d", ""], "ŵ\n'"
        audit.looked(cast.amina, child=cast.kit, about_kind="child", fields=fields, reason=reason)
        audit.looked(cast.femi, child_ids=[cast.kit.pk, cast.ola.pk], about_kind="board", fields=["name"])
        audit.signed_in(cast.amina)
    seals.seal()
    assert chain_check.faults(cast.exampleshire.pk) == []
    assert [fault for fault in chain_check.faults() if fault.chain == seals.OF_NO_AUTHORITY] == []


def test_sealing_again_adds_nothing(cast: Cast) -> None:
    a_chain(cast)
    assert seals.seal() == 0


def test_a_seal_needs_nobody_to_be_first(cast: Cast) -> None:
    """Rows that commit after later ones are at the end of the chain, never left out."""
    a_chain(cast, rows=3)
    audit.looked(cast.bev, child=cast.kit, about_kind="child")
    assert seals.seal() == 1
    assert [seq for (seq,) in asked("SELECT seq FROM records_auditseal WHERE chain = %s ORDER BY seq",
                                    cast.exampleshire.pk)] == [1, 2, 3, 4]  # fmt: skip


# As the application -------------------------------------------------------------------------------------


@pytest.mark.ac("T28.1")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_auditentry SET reason = ''",
        "DELETE FROM records_auditentry",
        "TRUNCATE records_auditentry",
        "INSERT INTO records_auditseal (chain, seq) VALUES (gen_random_uuid(), 1)",
        "UPDATE records_auditseal SET seq = seq",
        "DELETE FROM records_auditseal",
        "TRUNCATE records_auditseal",
        "DELETE FROM records_auditqueue",
        "UPDATE records_auditqueue SET chain = chain",
        "ALTER TABLE records_auditentry DISABLE TRIGGER USER",
    ],
)
def test_the_application_cannot_touch_the_audit(cast: Cast, statement: str) -> None:
    a_chain(cast, rows=1)
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        do(statement)


@pytest.mark.ac("T28.1")
def test_nor_can_it_reach_one_month_past_the_table(cast: Cast) -> None:
    for (month,) in asked("SELECT inhrelid::regclass::text FROM pg_inherits "
                          "WHERE inhparent = 'records_auditentry'::regclass"):  # fmt: skip
        for statement in (
            "INSERT INTO {} DEFAULT VALUES",
            "UPDATE {} SET reason = ''",
            "DELETE FROM {}",
            "TRUNCATE {}",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                do(statement.format(month))


@pytest.mark.ac("T28.1")
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_has_to_switch_triggers_off_first(cast: Cast, statement: str) -> None:
    a_chain(cast, rows=1)
    (month,) = asked("SELECT DISTINCT tableoid::regclass::text FROM records_auditentry WHERE child_id = %s",
                     cast.kit.pk)[0]  # fmt: skip
    do("SET LOCAL ROLE NONE")
    for table in ("records_auditentry", month):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            do(statement.format(table))


def test_the_months_ahead_are_guarded_like_this_one(cast: Cast) -> None:
    do("SELECT audit_keep_partitions(24)")
    unguarded = asked("""
        SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'records_auditentry'::regclass AND NOT (
            EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'append_only')
            AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'never_emptied'))""")
    assert unguarded == []


# As the owner, with the triggers off --------------------------------------------------------------------


@pytest.mark.ac("T28.1")
def test_one_byte_altered_is_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        do("UPDATE records_auditentry SET reason = 'Look 6!' WHERE id = %s", rows[5].pk)
    assert refusal() == "EXS, number 6: its row is not what was sealed."


@pytest.mark.ac("T28.1")
@pytest.mark.parametrize(
    "column", ["at", "actor_id", "child_id", "address", "fields", "session", "request_id"]
)
def test_so_is_any_other_column(cast: Cast, column: str) -> None:
    values = {"at": "at - interval '1 microsecond'", "actor_id": "NULL", "child_id": "NULL",
              "address": "'192.0.2.9'", "fields": "'{x}'"}  # fmt: skip
    value = values.get(column, "'x'")
    rows = a_chain(cast, rows=3)
    with as_owner_without_triggers():
        do(f"UPDATE records_auditentry SET {column} = {value} WHERE id = %s", rows[1].pk)
    assert refusal().startswith("EXS, number 2: its row is")


@pytest.mark.ac("T28.1")
def test_one_row_deleted_is_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        do("DELETE FROM records_auditentry WHERE id = %s", rows[6].pk)
    assert refusal() == "EXS, number 7: its row is gone."


@pytest.mark.ac("T28.1")
def test_one_row_deleted_with_its_seal_is_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        do("DELETE FROM records_auditentry WHERE id = %s", rows[6].pk)
        do("DELETE FROM records_auditseal WHERE entry_id = %s", rows[6].pk)
    assert refusal() == "EXS, number 7: its seal is gone."


@pytest.mark.ac("T28.1")
def test_one_row_inserted_is_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        do("""INSERT INTO records_auditentry (at, authority_id, actor_id, action, about_kind, child_id)
              SELECT at + interval '1 microsecond', authority_id, %s, 'read', 'child', child_id
              FROM records_auditentry WHERE id = %s""", cast.bev.pk, rows[3].pk)  # fmt: skip
    assert refusal().startswith("EXS, number 5: before it stands a row of ")


@pytest.mark.ac("T28.1")
def test_one_row_inserted_with_a_seal_of_its_own_is_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        do("UPDATE records_auditseal SET seq = -seq WHERE chain = %s AND seq > 4", cast.exampleshire.pk)
        do("UPDATE records_auditseal SET seq = 1 - seq WHERE chain = %s AND seq < 0", cast.exampleshire.pk)
        do("""INSERT INTO records_auditseal
              SELECT chain, 5, form, gen_random_uuid(), entry_at, sealed_at, hash, hash
              FROM records_auditseal WHERE entry_id = %s""", rows[3].pk)  # fmt: skip
    assert refusal() == "EXS, number 5: its row is gone."


@pytest.mark.ac("T28.1")
def test_two_rows_swapped_are_found(cast: Cast) -> None:
    rows = a_chain(cast)
    with as_owner_without_triggers():
        for one, other in ((rows[2], rows[8]), (rows[8], rows[2])):
            do("UPDATE records_auditentry SET reason = %s WHERE id = %s", one.reason, other.pk)
    assert refusal() == "EXS, number 3: its row is not what was sealed."


@pytest.mark.ac("T28.1")
def test_two_seals_swapped_are_found(cast: Cast) -> None:
    a_chain(cast)
    with as_owner_without_triggers():
        for was, becomes in ((3, 0), (9, 3), (0, 9)):
            do("UPDATE records_auditseal SET seq = %s WHERE chain = %s AND seq = %s",
               becomes, cast.exampleshire.pk, was)  # fmt: skip
    assert refusal() == "EXS, number 3: it does not follow from the one before it."


@pytest.mark.ac("T28.1")
def test_a_tail_cut_is_found_beside_the_head_that_lies_outside(cast: Cast, tmp_path: Path) -> None:
    rows = a_chain(cast)
    outside.store(seals.heads(), str(tmp_path))
    head = f"--head={tmp_path / outside.FILE_NAME}"
    assert "EXS: 12 rows" in verified(head)
    with as_owner_without_triggers():
        for row in rows[9:]:
            do("DELETE FROM records_auditentry WHERE id = %s", row.pk)
            do("DELETE FROM records_auditseal WHERE entry_id = %s", row.pk)
    assert "EXS: 9 rows, as they were written." in verified(), "nothing inside tells of it"
    assert refusal(head).startswith("EXS, number 10: the end is cut off: number 12 was stored outside at ")


@pytest.mark.ac("T28.1")
def test_a_chain_cut_off_whole_is_found_too(cast: Cast, tmp_path: Path) -> None:
    a_chain(cast, rows=2)
    outside.store(seals.heads(), str(tmp_path))
    with as_owner_without_triggers():
        for table, column in (("entry", "authority_id"), ("seal", "chain")):
            do(f"DELETE FROM records_audit{table} WHERE {column} = %s", cast.exampleshire.pk)
    assert refusal(f"--head={tmp_path / outside.FILE_NAME}").startswith("EXS, number 1: the end is cut off")


@pytest.mark.ac("T28.1")
def test_a_chain_worked_out_again_is_found_beside_the_head_that_lies_outside(
    cast: Cast, tmp_path: Path
) -> None:
    rows = a_chain(cast)
    outside.store(seals.heads(), str(tmp_path))
    with as_owner_without_triggers():
        do("UPDATE records_auditentry SET reason = '' WHERE id = %s", rows[5].pk)
        do("DELETE FROM records_auditseal WHERE chain = %s", cast.exampleshire.pk)
        for row in rows:
            do("INSERT INTO records_auditqueue (entry_id, entry_at, chain) VALUES (%s, %s, %s)",
               row.pk, row.at, cast.exampleshire.pk)  # fmt: skip
        do("SELECT audit_seal()")
    assert "EXS: 12 rows, as they were written." in verified(), "nothing inside tells of it"
    words = refusal(f"--head={tmp_path / outside.FILE_NAME}")
    assert words.startswith("EXS, number 12: it is not what was stored outside at ")


def test_rows_that_wait_too_long_for_a_seal_are_named(cast: Cast) -> None:
    an_empty_audit()
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    assert chain_check.faults(cast.exampleshire.pk) == [], "a second is no fault"
    do("SET LOCAL ROLE NONE")
    do("UPDATE records_auditqueue SET queued_at = queued_at - interval '2 hours'")
    assert "1 rows have waited for a seal since" in refusal()


def test_a_row_that_went_before_its_seal_came_leaves_its_number(cast: Cast) -> None:
    """Deleted within the second: the chain says that something was there."""
    an_empty_audit()
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    with as_owner_without_triggers():
        do("DELETE FROM records_auditentry WHERE child_id = %s", cast.kit.pk)
    seals.seal()
    assert refusal() == "EXS, number 1: its row is gone."


# Many at once -------------------------------------------------------------------------------------------


@pytest.mark.ac("T28.2")
@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_leave_no_gap_and_no_fork(cast: Cast) -> None:
    """While a sealer seals as they write, and a second one gets in its way."""
    finished = Event()

    def write() -> None:
        for _ in range(LOOKS):
            audit.looked(cast.amina, child=cast.kit, about_kind="child")
        connection.close()

    def keep_sealing() -> None:
        while not finished.is_set():
            seals.seal()
        connection.close()

    sealers = [Thread(target=keep_sealing) for _ in range(2)]
    writers = [Thread(target=write) for _ in range(WRITERS)]
    for thread in [*sealers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    finished.set()
    for thread in sealers:
        thread.join()
    seals.seal()
    numbers = asked("SELECT count(*), count(DISTINCT entry_id), min(seq), max(seq) FROM records_auditseal "
                    "WHERE chain = %s", cast.exampleshire.pk)  # fmt: skip
    rows = AuditEntry.objects.filter(authority_id=cast.exampleshire.pk).count()
    assert numbers == [(rows, rows, 1, rows)]
    assert AuditEntry.objects.filter(child_id=cast.kit.pk, action="read").count() == WRITERS * LOOKS
    assert chain_check.faults(cast.exampleshire.pk) == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_is_sealed_after_those_that_overtook_it(cast: Cast) -> None:
    """An import may take minutes: nobody waits for it, and it is not left out."""
    is_written, may_commit = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            audit.looked(cast.ada, child=cast.kit, about_kind="import")
            is_written.set()
            may_commit.wait(30)
        connection.close()

    importer = Thread(target=slowly)
    importer.start()
    is_written.wait(30)
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    assert seals.seal() >= 1, "the look is sealed while the import goes on"
    may_commit.set()
    importer.join()
    assert seals.seal() >= 1
    kinds = asked("""SELECT e.about_kind
                     FROM records_auditseal s JOIN records_auditentry e ON e.id = s.entry_id
                     WHERE s.chain = %s AND e.child_id = %s AND e.action = 'read' ORDER BY s.seq""",
                  cast.exampleshire.pk, cast.kit.pk)  # fmt: skip
    assert kinds == [("child",), ("import",)]
    assert chain_check.faults(cast.exampleshire.pk) == []
