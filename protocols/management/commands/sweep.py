"""Fire what is due: once, or for as long as the process lives."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from casework.records.stopping import stopped_by_signal
from protocols import engine


class Command(BaseCommand):
    help = "Fire steps that have fallen due. With --forever: the standby loop, which needs no broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="go on until stopped")

    def handle(self, *args: object, **options: object) -> None:
        if options["forever"]:
            engine.sweep_forever(stopped_by_signal())
            return
        try:
            report = engine.sweep_once()
        except engine.NewerEngine as newer:
            raise CommandError(str(newer)) from newer
        self.stdout.write(f"{report.settled} settled, {report.failed} failed.")
