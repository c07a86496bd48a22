"""The loop that sweeps while its process lives, needs no broker, and sleeps until the next due time."""

import contextlib
import select
import threading
import time
from collections.abc import Iterator
from typing import Final

import structlog
from django.db import Error, connection

from casework.records.heartbeats import beat

from .notify import LISTEN
from .sweep import SweepReport, sweep_once
from .version import NewerEngine

log = structlog.get_logger(__name__)

LONGEST_SLEEP: Final = (
    1.0  # part of being right, not of being fast: a step skipped while locked sends no wake
)
SHORTEST_SLEEP: Final = 0.02  # a step that is due and in other hands would otherwise keep us spinning
GIVEN_BACK_SLEEP: Final = 0.1
RECONNECT_SECONDS: Final = 1.0
STAND_BACK_SECONDS: Final = 30.0

# No statement may outlive the lease (5 s), and no forgotten transaction may keep an episode from the pages.
CAREFUL: Final = (
    "SET statement_timeout = '3s'; SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '10s'"
)
CARELESS_AGAIN: Final = (
    "RESET statement_timeout; RESET lock_timeout; RESET idle_in_transaction_session_timeout"
)


@contextlib.contextmanager
def careful_connection() -> Iterator[None]:
    """The sweeper's time limits on this thread's connection, for one sweep in a process that does more."""
    with connection.cursor() as cursor:
        cursor.execute(CAREFUL)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(CARELESS_AGAIN)


def sweep_forever(stop: threading.Event, part: str = "standby") -> None:
    """Sweep, sleep until the next due time (at most a second, woken by NOTIFY), and again, until `stop`.

    A lost database is waited for; a newer engine's database is left alone, and looked at again now and then.
    """
    is_listening = False
    while not stop.is_set():
        try:
            if not is_listening:
                _listen()
                is_listening = True
            report = sweep_once()
            beat(part)
            _sleep(_seconds_to_sleep(report), stop)
        except Error as error:
            log.warning("sweep.no_database", error=type(error).__name__)
            is_listening = False
            connection.close()
            stop.wait(RECONNECT_SECONDS)
        except NewerEngine as newer:
            log.error("sweep.stands_back", reason=str(newer))
            stop.wait(STAND_BACK_SECONDS)


def _listen() -> None:
    """Before the first sweep, so that nothing falls between looking and listening."""
    with connection.cursor() as cursor:
        cursor.execute(CAREFUL)
        cursor.execute(LISTEN)


def _seconds_to_sleep(report: SweepReport) -> float:
    if not report.is_finished:
        return SHORTEST_SLEEP
    longest = GIVEN_BACK_SLEEP if report.fired.given_back else LONGEST_SLEEP
    if report.next_due_in is None:
        return longest
    return min(max(report.next_due_in.total_seconds(), SHORTEST_SLEEP), longest)


def _sleep(seconds: float, stop: threading.Event) -> None:
    """Wait for a NOTIFY, the time or the stop, whichever is first; then forget all notifications but one."""
    wire, until = connection.connection, time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        wire.poll()
        if wire.notifies:
            break
        select.select([wire], [], [], min(left, 0.2))
    wire.notifies.clear()
