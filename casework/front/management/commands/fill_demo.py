"""manage.py fill_demo: bring the demo's children and tell their story. Safe to repeat, and to cut off."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.front.demo.filling import fill
from casework.front.filling_lock import AlreadyFilling
from casework.records.times import clock_kind

LINES: Final = 8


class Command(BaseCommand):
    help = "Fills the demo in while the service runs: weeks of history, and who is missing now."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or clock_kind() == "real":
            raise CommandError("Invented children belong into a demo only: set DEMO=1 and run prepare.")
        try:
            fill(self._progress)
        except AlreadyFilling:
            raise CommandError("The demo is being filled in by another process.") from None

    def _progress(self, done: int, of: int) -> None:
        """A line for each eighth, and nothing when there was nothing to do."""
        if not of or (done < of and done * LINES // of == (done - 1) * LINES // of):
            return
        bar = "#" * (done * 24 // of)
        self.stdout.write(f"Filling in the demo  [{bar:.<24}] {done} of {of}")
        self.stdout.flush()
