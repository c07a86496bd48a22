"""manage.py move_clock 15m: try out a long night by hand. Runs as the database's owner, in a demo only."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from casework.records.times import clock_kind, move_clock

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
PARTS: Final = re.compile(r"(\d{1,5})([smhd])")


class Command(BaseCommand):
    help = "Moves a demo's clock forward: 30s, 15m, 2h, 1d, 1h30m. It never goes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("by", type=duration, metavar="15m")

    def handle(self, *args: Any, **options: Any) -> None:
        if clock_kind() == "real":
            raise CommandError("This database's clock is the real one and cannot be moved.")
        moment = localtime(move_clock(options["by"]))
        self.stdout.write(f"It is now {moment:%A} {moment.day} {moment:%B %Y, %H:%M:%S %Z}.")


def duration(words: str) -> timedelta:
    """'1h30m' as a timedelta; argparse's own error for anything else."""
    found = PARTS.findall(words)
    if not found or "".join(number + unit for number, unit in found) != words:
        raise ArgumentTypeError(f"{words!r} is not a time like 15m, 2h or 1h30m")
    moved = timedelta()
    for number, unit in found:
        moved += timedelta(**{UNITS[unit]: int(number)})
    if not moved:
        raise ArgumentTypeError("the clock only moves forward")
    return moved
