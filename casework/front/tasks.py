"""Doorbells of the front for Celery: each may be rung by anybody, at any time, twice at once."""

from uuid import UUID

from celery import shared_task

from casework.front.imports.uploading import work_on
from casework.records.services.uploads import forget_expired, unfinished_uploads

IMPORT_SECONDS = 15 * 60


@shared_task(
    name="casework.front.tasks.work_on_upload",
    ignore_result=True,
    soft_time_limit=IMPORT_SECONDS,
    time_limit=IMPORT_SECONDS + 30,
)
def work_on_upload(upload_id: str) -> None:
    """Check an upload, or import it once it was agreed to."""
    work_on(UUID(upload_id))


@shared_task(name="casework.front.tasks.look_after_uploads", ignore_result=True)
def look_after_uploads() -> None:
    """Let go of what has expired, and ring for whatever a bell was not heard for."""
    forget_expired()
    for upload_id in unfinished_uploads():
        work_on_upload.apply_async((str(upload_id),), expires=IMPORT_SECONDS)
