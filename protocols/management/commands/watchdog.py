"""Look at the clock every half minute, in a process that knows neither Celery nor Redis."""

import urllib.request
from argparse import ArgumentParser
from typing import Final

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from casework.records.heartbeats import beat
from casework.records.notify import outside
from casework.records.stopping import stopped_by_signal
from protocols.watchdog import Reading, reading

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_LOOKS: Final = 30.0
SECONDS_TO_ANSWER: Final = 5
CAREFUL: Final = "SET statement_timeout = '2s'"


class Command(BaseCommand):
    help = "The watchdog: look, write a heartbeat, and ping the outside monitor only while all is well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and say what is seen")

    def handle(self, *args: object, **options: object) -> None:
        if options["once"]:
            seen = look()
            self.stdout.write(f"{seen.state}{': ' if seen.why else ''}{'; '.join(seen.why)}")
            return
        stop = stopped_by_signal()
        while not stop.is_set():
            look()
            stop.wait(SECONDS_BETWEEN_LOOKS)


def look() -> Reading:
    """One look. A lost database is an answer: the outside monitor then hears nothing, and rings."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(CAREFUL)
        seen, troubles = reading(), outside.troubles()
        beat("watchdog")
    except Error:
        connection.close()
        seen, troubles = Reading("unknown"), []
    if seen.state == "ok" and not seen.why and not troubles:
        _ping()
    else:
        log.error("watchdog.alarm", state=seen.state, why=[*seen.why, *troubles], late=seen.late_count)
    return seen


def _ping() -> None:
    """Tell the outside monitor that all is well; its alarm is our silence."""
    if not settings.WATCHDOG_PING_URL:
        return
    try:
        request = urllib.request.Request(settings.WATCHDOG_PING_URL, method="POST")  # noqa: S310  # from the settings
        urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER).close()  # noqa: S310
    except OSError as error:
        log.warning("watchdog.monitor_not_reached", error=type(error).__name__)
