"""Fire what is due: once, or for as long as the process lives."""

import threading
from argparse import ArgumentParser
from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from casework.records.notify import outbox, outside
from casework.records.stopping import stopped_by_signal
from casework.records.times import refuse_moved_clock
from protocols import engine


class Command(BaseCommand):
    help = (
        "Fire steps that have fallen due. With --forever: the standby, which needs no broker, sends messages "
        "and seals the audit too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="go on until stopped")

    def handle(self, *args: object, **options: object) -> None:
        if options["forever"]:
            with suppress(OperationalError):  # the loop waits for a database that is not there yet
                refuse_moved_clock()
            stop = stopped_by_signal()
            # Letters take as long as a mail server takes, so they never stand in the sweep's way.
            threading.Thread(target=outbox.deliver_forever, args=[stop], name="post", daemon=True).start()
            threading.Thread(target=outside.keep_forever, args=[stop], name="audit", daemon=True).start()
            engine.sweep_forever(stop)
            return
        try:
            report = engine.sweep_once()
        except engine.NewerEngine as newer:
            raise CommandError(str(newer)) from newer
        self.stdout.write(f"{report.settled} settled, {report.failed} failed.")
