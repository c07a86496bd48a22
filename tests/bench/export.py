"""The export of a return: 100,000 rows beside the csv module writing the same rows, and the download."""

import csv
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from .absences import ROWS, fill
from .clock import say
from .durable import durable_server
from .row import Row

TURNS: Final = 5
TIMES: Final = 10


def measure() -> list[Row]:
    """Medians of five, in turn, so that a busy machine is busy for both."""
    with durable_server() as server, tempfile.TemporaryDirectory() as name:
        say("filling a year with 100,000 rows")
        fill(server.database("casework"))
        folder = Path(name)
        before = _peak_megabytes()
        exported, written, first_bytes, first_rows, growth = [], [], [], [], 0.0
        for turn in range(TURNS):
            say(f"turn {turn + 1} of {TURNS}")
            exported.append(_seconds(lambda: _export(folder)))
            growth = growth or _peak_megabytes() - before  # before this file's own copy of the rows
            written.append(_write_the_same(folder))
            first_byte, first_row = _download()
            first_bytes.append(first_byte)
            first_rows.append(first_row)
        if (folder / "same.csv").read_bytes() != (folder / "missing.csv").read_bytes():
            raise SystemExit("The csv module wrote other rows, so the two cannot be compared.")
    export, plain = median(exported), median(written)
    say(f"seconds: export {export:.2f}, csv {plain:.3f}; download, first row {median(first_rows):.2f}")
    return [
        Row("export of 100,000 rows, speed over csv's", plain / export, 0.08, "at_least"),
        Row("export, memory grows by, MB", growth, 300),
        Row("download, first byte, s", median(first_bytes), 0.5),
    ]


def _export(folder: Path) -> None:
    """What the command does: the file, its trace, and both rows of the audit."""
    from casework.front.returns.on_disk import write_missing_file
    from casework.records.models import LocalAuthority
    from casework.records.return_years import ReturnYear

    count = write_missing_file(
        authority=LocalAuthority.objects.get(),
        year=ReturnYear(2025),
        folder=folder,
        reason="The benchmark",
        progress=lambda count: None,
    )
    if count != ROWS:
        raise SystemExit(f"{count} rows were exported, not {ROWS}.")


def _write_the_same(folder: Path) -> float:
    """Seconds in which the csv module writes the rows, once it has them in its hands.

    Written several times over, so that what else the machine does meanwhile falls on both alike.
    """
    with (folder / "missing.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    began = time.monotonic()
    for _ in range(TIMES):
        with (folder / "same.csv").open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(rows)
    return (time.monotonic() - began) / TIMES


def _download() -> tuple[float, float]:
    """Seconds from the request until the first byte, and until the first row; then it is broken off."""
    from django.http import StreamingHttpResponse
    from django.http.response import HttpResponseBase
    from django.test import Client
    from django.urls import reverse

    from casework.records.models import LocalAuthority, User
    from casework.records.return_years import ReturnYear

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("returns:ssda903-download", args=[LocalAuthority.objects.get().pk, ReturnYear(2025)])
    began = time.monotonic()
    answer: HttpResponseBase = client.post(address, {"reason": "The benchmark"})
    if not isinstance(answer, StreamingHttpResponse):
        raise SystemExit(f"The download answered {answer.status_code}.")
    pieces = iter(answer)
    next(pieces)
    first_byte = time.monotonic() - began
    next(pieces)
    first_row = time.monotonic() - began
    answer.close()
    return first_byte, first_row


def _seconds(act: Callable[[], None]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
