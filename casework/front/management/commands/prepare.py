"""manage.py prepare: bring the database to this version of the service. Runs as the database's owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from casework.records.times import install_movable_clock
from protocols.publishing import publish_default


class Command(BaseCommand):
    help = "Migrates, publishes the shipped protocol and, for a demo only, makes a clock that can be moved."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=options["verbosity"])
        call_command("createcachetable", verbosity=options["verbosity"])
        publish_default()  # an absence reported on the first night has its steps
        if settings.DEMO:
            install_movable_clock("demo")
