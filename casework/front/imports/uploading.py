"""An upload on its way: checked and shown, and after a yes imported. A bell for it may be rung at any time.

1. Nobody else is working on it, or there is nothing to do.
2. Waiting: its files are read and compared with the record, and what was found is kept for the page.
3. Agreed to: they are imported, unless that would now do something else than what was shown. Then nothing is
   written, and it is shown anew.
"""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Final
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction

from casework.front.imports.differences import Difference
from casework.front.imports.faults import Fault, FaultyFiles
from casework.front.imports.importing import import_folder, preview
from casework.front.imports.reading import Progress, read_archive
from casework.front.imports.rows import Folder
from casework.front.imports.whose import FILE, authority_of
from casework.records.errors import NotAllowed
from casework.records.models import Upload, UploadState
from casework.records.services import uploads

log = structlog.get_logger(__name__)

FAULTS_KEPT: Final = 1_000
LINES_KEPT: Final = 1_000
TOLD_EVERY: Final = 1.0  # seconds between two words about progress
OF_ANOTHER: Final = "These files are not of the authority whose import this is."


class _DifferentNow(Exception):
    """The import would do something else than what was agreed to."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference


def work_on(upload_id: UUID) -> None:
    """Do what is to be done with this upload now; nothing when there is nothing."""
    with uploads.working_on(upload_id) as upload:
        if upload is None:
            return
        try:
            with _told(upload_id) as progress:
                do = _check if upload.state == UploadState.CHECKING else _import
                do(upload, progress)
        except FaultyFiles as faulty:
            uploads.find_faulty(upload, _faults(faulty))
        except OperationalError:
            raise  # the database went away: whoever comes next tries again
        except Exception as error:
            log.error("import.failed", upload_id=str(upload_id), error=type(error).__name__)
            uploads.give_up(upload)


def _check(upload: Upload, progress: Progress) -> None:
    difference = preview(_folder(upload, progress), by=upload.by, progress=progress)
    uploads.find_ready(upload, told(difference), digest_of(difference))


def _import(upload: Upload, progress: Progress) -> None:
    folder = _folder(upload, progress)
    try:
        with transaction.atomic():
            difference = import_folder(folder, by=upload.by, progress=progress)
            if digest_of(difference) != upload.digest:
                raise _DifferentNow(difference)
            uploads.finish_upload(upload, told(difference))
    except _DifferentNow as now:
        uploads.find_ready(upload, told(now.difference), digest_of(now.difference), has_changed=True)


def _folder(upload: Upload, progress: Progress) -> Folder:
    """The rows of the upload. FaultyFiles too when they are another authority's."""
    folder = read_archive(BytesIO(bytes(upload.content)), progress)
    try:
        row = authority_of(folder.authority, upload.by).row
    except NotAllowed as refused:
        raise FaultyFiles([Fault(FILE, folder.authority.line, "CODE", refused.message)]) from None
    if row is None or row.pk != upload.authority_id:
        raise FaultyFiles([Fault(FILE, folder.authority.line, "CODE", OF_ANOTHER)])
    return folder


# ---- what is kept for the page ----


def told(difference: Difference) -> dict[str, object]:
    """A difference as the page shows it: lists too long to be read are cut, and counted."""
    return {
        "changes": difference.changes,
        "added": difference.added_words(),
        "corrections": [str(one) for one in difference.corrections[:LINES_KEPT]],
        "correction_count": len(difference.corrections),
        "left": [str(one) for one in difference.left[:LINES_KEPT]],
        "left_count": len(difference.left),
    }


def digest_of(difference: Difference) -> str:
    """The same for two differences that say the same."""
    words = (sorted(difference.added.items()), difference.corrections, difference.left)
    return hashlib.sha256(repr(words).encode()).hexdigest()


def _faults(faulty: FaultyFiles) -> dict[str, object]:
    return {
        "faults": [[one.file, one.line, one.column, one.reason] for one in faulty.faults[:FAULTS_KEPT]],
        "fault_count": faulty.count,
    }


@contextmanager
def _told(upload_id: UUID) -> Iterator[Progress]:
    """Progress told through a connection of its own: what an open transaction writes nobody can see."""
    last = 0.0
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress") as teller:

        def progress(doing: str, behind: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= TOLD_EVERY:
                last = time.monotonic()
                teller.submit(uploads.say_progress, upload_id, doing, behind, total)

        try:
            yield progress
        finally:
            teller.submit(_hang_up)


def _hang_up() -> None:
    """Close the connection of whichever thread this is: `connection` is another one in each."""
    connection.close()
