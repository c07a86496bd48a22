"""An authority's files that an administrator handed over in the browser: kept for an hour, and told about.

What is in them is `front/imports`' business. Here a row says how far it is, so that it can be shown, and so
that work that was cut off is taken up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from casework.records import audit
from casework.records.access import require
from casework.records.acts import Act
from casework.records.errors import Conflict, NotFound
from casework.records.models import LocalAuthority, Upload, UploadState, User
from casework.records.times import CaseworkNow, now

KEPT_FOR: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 3
UNDER_WAY: Final = (UploadState.AGREED, UploadState.IMPORTING)
UNFINISHED: Final = (UploadState.WAITING, UploadState.CHECKING, *UNDER_WAY)
BUSY: Final = "An import of this authority is under way. Wait until it has finished."
NOT_READY: Final = "These files are not waiting for a yes any more. Look again at what became of them."


# ---- what people do ----


@transaction.atomic
def take_upload(*, by: User, authority: LocalAuthority, content: bytes) -> Upload:
    """Keep these files for an hour, in place of any that this authority has here."""
    require(by, Act.IMPORT_FILES, authority_id=authority.pk)
    LocalAuthority.objects.select_for_update(no_key=True).get(pk=authority.pk)  # one after the other
    others = Upload.objects.filter(authority=authority)
    if others.filter(state__in=UNDER_WAY).exists():
        raise Conflict(BUSY, code="import_under_way")
    others.delete()
    upload = Upload.objects.create(authority=authority, by=by, content=content, expires_at=now() + KEPT_FOR)
    _note(upload, by, "uploaded")
    return upload


@transaction.atomic
def agree_to_import(*, by: User, upload: Upload) -> Upload:
    """Yes to what was shown. Conflict when somebody was first, or the files are gone."""
    require(by, Act.IMPORT_FILES, authority_id=upload.authority_id)
    upload = _locked(upload.pk)
    if upload.state != UploadState.READY:
        raise Conflict(NOT_READY, code="not_ready")
    _set(
        upload,
        state=UploadState.AGREED,
        by=by,
        attempts=0,
        doing="",
        behind=0,
        total=0,
        expires_at=now() + KEPT_FOR,
    )
    _note(upload, by, "agreed")
    return upload


@transaction.atomic
def discard_upload(*, by: User, upload: Upload) -> None:
    """Throw the files away. Conflict while they are being imported."""
    require(by, Act.IMPORT_FILES, authority_id=upload.authority_id)
    upload = _locked(upload.pk)
    if upload.state in UNDER_WAY:
        raise Conflict(BUSY, code="import_under_way")
    _note(upload, by, "discarded")
    upload.delete()


def upload_of(authority: LocalAuthority, upload_id: UUID) -> Upload:
    """One that is here still, without its content; NotFound for another authority's as if it were gone."""
    upload = _still_here().filter(authority=authority, pk=upload_id).select_related("authority").first()
    if upload is None:
        raise NotFound
    return upload


def latest_upload(authority: LocalAuthority) -> Upload | None:
    return _still_here().filter(authority=authority).order_by("-recorded_at").first()


# ---- what the worker does ----


@contextmanager
def working_on(upload_id: UUID) -> Iterator[Upload | None]:
    """The upload, while nobody else works on it; None when somebody does, or nothing is to be done.

    The hold ends with the connection: after a crash whoever comes next has it. The fourth try gives it up.
    """
    with _held(upload_id) as is_held:
        upload = Upload.objects.filter(pk=upload_id, state__in=UNFINISHED).first() if is_held else None
        if upload is not None and upload.attempts >= MOST_ATTEMPTS:
            give_up(upload)
            upload = None
        if upload is not None:
            begun = UploadState.IMPORTING if upload.state in UNDER_WAY else UploadState.CHECKING
            _set(upload, state=begun, attempts=upload.attempts + 1)
        yield upload


def say_progress(upload_id: UUID, doing: str, behind: int, total: int) -> None:
    Upload.objects.filter(pk=upload_id).update(doing=doing[:80], behind=behind, total=total)


def find_faulty(upload: Upload, findings: Mapping[str, object]) -> None:
    """The files cannot be taken, and so need not be kept."""
    _set(upload, state=UploadState.FAULTY, findings=dict(findings), content=b"")
    _note(upload, upload.by, "found faulty")


def find_ready(
    upload: Upload, findings: Mapping[str, object], digest: str, *, has_changed: bool = False
) -> None:
    """This is what the import would do. `has_changed`: it is not what was agreed to."""
    _set(
        upload,
        state=UploadState.READY,
        findings=dict(findings),
        digest=digest,
        has_changed=has_changed,
        attempts=0,
    )
    _note(upload, upload.by, "previewed")


def finish_upload(upload: Upload, findings: Mapping[str, object]) -> None:
    """The files are in the record. Within the import's transaction: both stand, or neither."""
    _set(upload, state=UploadState.IMPORTED, findings=dict(findings), content=b"", has_changed=False)
    _note(upload, upload.by, "imported")


def give_up(upload: Upload) -> None:
    """It could not be finished; nothing was imported."""
    _set(upload, state=UploadState.FAILED, content=b"", findings={})
    _note(upload, upload.by, "given up")


def unfinished_uploads() -> list[UUID]:
    """Those somebody should work on: for a bell that was not heard."""
    return list(_still_here().filter(state__in=UNFINISHED).values_list("pk", flat=True))


def forget_expired() -> int:
    """Delete every upload whose hour is over; how many. An import that still runs then comes to nothing."""
    return Upload.objects.filter(expires_at__lte=CaseworkNow()).delete()[0]


# ---- parts ----


def _still_here() -> QuerySet[Upload]:
    return Upload.objects.defer("content").filter(expires_at__gt=CaseworkNow())


def _locked(upload_id: UUID) -> Upload:
    rows = Upload.objects.select_for_update(of=("self",)).select_related("by").defer("content")
    upload = rows.filter(pk=upload_id).first()
    if upload is None:
        raise NotFound
    return upload


def _set(upload: Upload, **values: object) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))


def _note(upload: Upload, by: User, what: str) -> None:
    audit.changed(
        by,
        about_kind="upload",
        about_id=upload.pk,
        authority_id=upload.authority_id,
        fields=[what],
        reason="The authority’s own files",
    )


@contextmanager
def _held(upload_id: UUID) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 1))", [str(upload_id)])
        (held,) = cursor.fetchone()
    try:
        yield bool(held)
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 1))", [str(upload_id)])
