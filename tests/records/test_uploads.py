"""Files that were handed over: for an hour, for that authority's administrators, one import at a time."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.records.errors import Conflict, NotAllowed, NotFound
from casework.records.models import AuditEntry, Upload, UploadState
from casework.records.services import uploads
from casework.records.times import now, pretend_now
from tests.cast import Cast


def handed_over(cast: Cast, content: bytes = b"files") -> Upload:
    return uploads.take_upload(by=cast.ada, authority=cast.exampleshire, content=content)


def worked_on(upload: Upload) -> Upload | None:
    with uploads.working_on(upload.pk) as row:
        return row


def state_of(upload: Upload) -> str:
    upload.refresh_from_db()
    return upload.state


def test_ada_hands_files_over_and_sees_them_and_nobody_else_does(cast: Cast) -> None:
    upload = handed_over(cast)
    assert (
        uploads.upload_of(cast.exampleshire, upload.pk) == uploads.latest_upload(cast.exampleshire) == upload
    )
    for authority, upload_id in ((cast.northmoor, upload.pk), (cast.exampleshire, uuid4())):
        with pytest.raises(NotFound):
            uploads.upload_of(authority, upload_id)
    for person in (cast.bev, cast.amina, cast.eve, cast.carl):
        with pytest.raises(NotAllowed):
            uploads.take_upload(by=person, authority=cast.exampleshire, content=b"x")
    assert AuditEntry.objects.get(about_id=upload.pk).fields == ["uploaded"]


def test_new_files_take_the_place_of_those_before_but_not_under_an_import(cast: Cast) -> None:
    first, second = handed_over(cast), handed_over(cast)
    assert list(Upload.objects.all()) == [second]
    assert first.pk != second.pk
    uploads.find_ready(second, {}, "digest")
    uploads.agree_to_import(by=cast.ada, upload=second)
    with pytest.raises(Conflict):
        handed_over(cast)
    with pytest.raises(Conflict):
        uploads.discard_upload(by=cast.ada, upload=second)


def test_yes_is_said_once_and_only_to_what_was_shown(cast: Cast) -> None:
    upload = handed_over(cast)
    with pytest.raises(Conflict):
        uploads.agree_to_import(by=cast.ada, upload=upload)
    uploads.find_ready(upload, {"changes": 3}, "digest")
    assert uploads.agree_to_import(by=cast.ada, upload=upload).state == UploadState.AGREED
    with pytest.raises(Conflict):
        uploads.agree_to_import(by=cast.ada, upload=upload)
    with pytest.raises(NotAllowed):
        uploads.agree_to_import(by=cast.bev, upload=upload)


def test_one_works_on_it_at_a_time_and_the_fourth_try_is_none(cast: Cast) -> None:
    upload = handed_over(cast)
    for _ in range(uploads.MOST_ATTEMPTS):
        row = worked_on(upload)
        assert row is not None
        assert row.state == UploadState.CHECKING
    assert worked_on(upload) is None
    assert state_of(upload) == UploadState.FAILED
    assert bytes(upload.content) == b""
    assert worked_on(upload) is None


@pytest.mark.parametrize("finish", [uploads.find_faulty, uploads.finish_upload])
def test_what_is_not_needed_any_more_is_not_kept(cast: Cast, finish: object) -> None:
    upload = handed_over(cast)
    assert callable(finish)
    finish(upload, {"changes": 0})
    upload.refresh_from_db()
    assert (bytes(upload.content), upload.findings) == (b"", {"changes": 0})
    assert worked_on(upload) is None


def test_after_an_hour_nothing_is_left_and_a_yes_gives_another(cast: Cast) -> None:
    upload = handed_over(cast)
    uploads.find_ready(upload, {}, "digest")
    start = now()
    pretend_now(start + timedelta(minutes=59))
    assert uploads.forget_expired() == 0
    uploads.agree_to_import(by=cast.ada, upload=upload)
    pretend_now(start + timedelta(minutes=61))
    assert uploads.forget_expired() == 0
    assert uploads.unfinished_uploads() == [upload.pk]
    pretend_now(start + timedelta(minutes=120))
    assert uploads.unfinished_uploads() == []
    with pytest.raises(NotFound):
        uploads.upload_of(cast.exampleshire, upload.pk)
    assert uploads.forget_expired() == 1
    assert not Upload.objects.exists()
