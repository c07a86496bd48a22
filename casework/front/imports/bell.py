"""The bell that the page rings when there is an upload to work on."""

import threading
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)

WORK_ON_UPLOAD: Final = "casework.front.tasks.work_on_upload"


def ring_for(upload_id: UUID) -> None:
    """Once the row is committed, and without waiting. A round each minute rings again where nobody heard."""
    transaction.on_commit(partial(_ring_aside, upload_id), robust=True)


def _ring_aside(upload_id: UUID) -> None:
    threading.Thread(target=_ring, args=[upload_id], name="ring", daemon=True).start()


def _ring(upload_id: UUID) -> None:
    try:
        current_app.send_task(WORK_ON_UPLOAD, args=[str(upload_id)], ignore_result=True)
    except Exception as error:
        log.info("ring.not_heard", error=type(error).__name__)
