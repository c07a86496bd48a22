"""manage.py mark_demo: let this database's clock be moved. Runs as the database's owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.records.times import clock_kind, install_movable_clock


class Command(BaseCommand):
    help = "Marks a demo's database, so that its clock can be moved. It can never serve anything else again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demo's clock may be moved: set DEMO=1.")
        install_movable_clock("demo")
        self.stdout.write(f"This database's clock can be moved ({clock_kind()}).")
