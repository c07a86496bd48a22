"""manage.py prepare: bring the database to this version of the service. Runs as the database's owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from casework.records.times import install_movable_clock


class Command(BaseCommand):
    help = "Migrates, makes the table of sign-in limits and, for a demo only, a clock that can be moved."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=options["verbosity"])
        call_command("createcachetable", verbosity=options["verbosity"])
        if settings.DEMO:
            install_movable_clock("demo")
