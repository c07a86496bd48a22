"""An upload is checked, shown, agreed to and imported: whole or not at all, however often the bell rings."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from casework.front.imports import uploading
from casework.front.imports.uploading import work_on
from casework.front.imports.whose import PLACEHOLDER
from casework.front.tasks import look_after_uploads, work_on_upload
from casework.records.models import (
    AuditEntry,
    Child,
    ImportedRow,
    LocalAuthority,
    Membership,
    Role,
    Upload,
    UploadState,
)
from casework.records.services import uploads
from tests.cast import Cast
from tests.front.imports.folders import FEW, exampleshire, few_children, small, with_cell, zipped

pytestmark = pytest.mark.django_db


SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


def handed_over(cast: Cast, content: bytes) -> Upload:
    return uploads.take_upload(by=cast.ada, authority=cast.exampleshire, content=content)


def rung(upload: Upload) -> Upload:
    work_on(upload.pk)
    upload.refresh_from_db()
    return upload


def test_files_are_checked_shown_agreed_to_and_imported(cast: Cast) -> None:
    upload = rung(handed_over(cast, small()))
    assert upload.state == UploadState.READY
    assert f"{len(FEW)} children" in upload.findings["added"]
    assert not Child.objects.filter(reference=FEW[0]).exists()
    assert not ImportedRow.objects.exists()

    rung(upload)
    assert upload.state == UploadState.READY  # without a yes a bell does nothing
    uploads.agree_to_import(by=cast.ada, upload=upload)
    rung(upload)
    assert upload.state == UploadState.IMPORTED
    assert bytes(upload.content) == b""
    assert Child.objects.filter(reference__in=FEW, authority=cast.exampleshire).count() == len(FEW)
    rung(upload)
    assert upload.state == UploadState.IMPORTED
    said = AuditEntry.objects.filter(about_id=upload.pk).order_by("at").values_list("fields", flat=True)
    assert list(said) == [["uploaded"], ["previewed"], ["agreed"], ["imported"]]


@pytest.mark.ac("C08")
def test_the_same_files_again_change_nothing(cast: Cast) -> None:
    upload = rung(handed_over(cast, small()))
    uploads.agree_to_import(by=cast.ada, upload=upload)
    rung(upload)
    again = rung(handed_over(cast, small()))
    assert (again.state, again.findings["changes"]) == (UploadState.READY, 0)


def test_faults_are_kept_for_the_page_and_the_files_are_not(cast: Cast) -> None:
    upload = rung(handed_over(cast, zipped(with_cell("children.csv", 2, "DOB", "soon")).getvalue()))
    assert upload.state == UploadState.FAULTY
    assert upload.findings["fault_count"] == 1
    assert upload.findings["faults"] == [
        ["children.csv", 2, "DOB", "“soon” is no day. Write it as DD/MM/YYYY."]
    ]
    assert bytes(upload.content) == b""


@pytest.mark.parametrize(("code", "name"), [("NMR", "Northmoor"), ("ZZZ", "Nowhere")])
def test_another_authoritys_files_are_not_taken(cast: Cast, code: str, name: str) -> None:
    """Not even by somebody who administers that one too: they hand them over on its own page."""
    files = few_children(exampleshire())
    files["authority.csv"] = files["authority.csv"].replace(
        b"EXS,Exampleshire,", f"{code},{name},".encode(), 1
    )
    files["neighbours.csv"] = files["neighbours.csv"].replace(b"Northmoor", b"Exampleshire")
    files["authority.csv"] = files["authority.csv"].replace(b"Northmoor; Westing", b"Exampleshire; Westing")
    files["homes.csv"] = files["homes.csv"].replace(b",Northmoor,", b",Exampleshire,")
    upload = rung(handed_over(cast, zipped(files).getvalue()))
    assert upload.state == UploadState.FAULTY
    ((file, _, column, _),) = upload.findings["faults"]
    assert (file, column) == ("authority.csv", "CODE")


def test_when_the_record_changed_meanwhile_it_is_shown_anew_and_nothing_is_written(cast: Cast) -> None:
    upload = rung(handed_over(cast, small()))
    uploads.agree_to_import(by=cast.ada, upload=upload)
    Child.objects.create(
        authority=cast.exampleshire,
        reference=FEW[0],
        first_name="Vik",
        last_name="West",
        born_on="2021-09-19",
        sex="F",
    )
    rung(upload)
    assert (upload.state, upload.has_changed) == (UploadState.READY, True)
    assert not Child.objects.filter(reference=FEW[1]).exists()
    assert not ImportedRow.objects.exists()
    uploads.agree_to_import(by=cast.ada, upload=upload)
    assert rung(upload).state == UploadState.IMPORTED


def test_an_administrator_who_is_none_any_more_imports_nothing(cast: Cast) -> None:
    upload = rung(handed_over(cast, small()))
    uploads.agree_to_import(by=cast.ada, upload=upload)
    cast.ada.is_active = False
    cast.ada.save()
    assert rung(upload).state == UploadState.FAULTY
    assert not ImportedRow.objects.exists()


def test_what_breaks_halfway_leaves_nothing_and_no_words_of_it_in_the_log(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    upload = rung(handed_over(cast, small()))
    uploads.agree_to_import(by=cast.ada, upload=upload)

    def break_down(*_: object) -> None:
        raise RuntimeError("Vik West cannot be written")

    monkeypatch.setattr(uploads, "finish_upload", break_down)
    with caplog.at_level(logging.DEBUG):
        rung(upload)
    assert upload.state == UploadState.FAILED
    assert not Child.objects.filter(reference__in=FEW).exists()
    assert not ImportedRow.objects.exists()
    assert "West" not in caplog.text


def test_lists_too_long_to_be_read_are_cut_and_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "FAULTS_KEPT", 3)
    upload = rung(handed_over(cast, zipped({**exampleshire(), "homes.csv": b"URN\r\n"}).getvalue()))
    assert len(upload.findings["faults"]) <= 3
    assert upload.findings["fault_count"] >= 1


def test_the_round_rings_for_what_was_not_heard_and_forgets_what_is_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = handed_over(cast, small())
    rings: list[tuple[str]] = []
    monkeypatch.setattr(work_on_upload, "apply_async", lambda ids, **_: rings.append(ids))
    look_after_uploads()
    assert rings == [(str(upload.pk),)]
    Upload.objects.update(expires_at=upload.recorded_at)
    look_after_uploads()
    assert len(rings) == 1
    assert not Upload.objects.exists()


def test_the_bell_takes_an_id_and_nothing_else(cast: Cast) -> None:
    upload = handed_over(cast, small())
    work_on_upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_whoever_tells_of_progress_hangs_up_afterwards(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check would otherwise leave a connection open."""
    monkeypatch.setattr(uploading, "TOLD_EVERY", 0.0)
    upload = handed_over(cast, small())
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        before = cursor.fetchone()
        rung(upload)
        cursor.execute(SESSIONS)
        assert cursor.fetchone() == before


def test_one_of_several_authorities_names_no_force_by_its_files_either(cast: Cast) -> None:
    files = few_children(exampleshire())
    files["authority.csv"] = files["authority.csv"].replace(b"Exampleshire Constabulary", b"Westing Police")
    content = zipped(files).getvalue()
    upload = rung(uploads.take_upload(by=cast.ada, authority=cast.exampleshire, content=content))
    assert upload.state == UploadState.FAULTY
    assert "POLICE_FORCE" in str(upload.findings)


def test_the_first_authority_gets_its_name_from_the_files(cast: Cast) -> None:
    """As `./run --empty` leaves it: an administrator, of an authority that nobody has named yet."""
    LocalAuthority.objects.update(is_tenant=False)
    nameless = LocalAuthority.objects.create(code=PLACEHOLDER, name="Your authority", is_tenant=True)
    Membership.objects.create(user=cast.ada, role=Role.ADMINISTRATOR, authority=nameless)
    files = few_children(exampleshire())
    files["authority.csv"] = files["authority.csv"].replace(b"EXS,Exampleshire,", b"HOL,Holmshire,")
    files["homes.csv"] = files["homes.csv"].replace(b",Exampleshire,", b",Holmshire,")
    content = zipped(files).getvalue()
    upload = rung(uploads.take_upload(by=cast.ada, authority=nameless, content=content))
    assert upload.state == UploadState.READY, upload.findings
    uploads.agree_to_import(by=cast.ada, upload=upload)
    assert rung(upload).state == UploadState.IMPORTED
    nameless.refresh_from_db()
    assert (nameless.code, nameless.name) == ("HOL", "Holmshire")
