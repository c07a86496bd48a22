"""manage.py name_police_force CODE FORCE: which police force an authority's is, where several work here."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casework.records import audit
from casework.records.models import LocalAuthority, PoliceForce
from casework.records.services.rows import edit


class Command(BaseCommand):
    help = (
        "Names an authority's police force. Its administrators, and those of every other authority with that "
        "force, let in its people and systems, who read what all of them share with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("authority", metavar="CODE")
        parser.add_argument("force", metavar="FORCE", help="its name, as it is written in Set up")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        authority = LocalAuthority.objects.filter(code=options["authority"]).first()
        if authority is None:
            raise CommandError(f"There is no authority with the code {options['authority']}.")
        force = PoliceForce.objects.filter(name__iexact=options["force"]).first()
        if force is None:
            raise CommandError(f"There is no police force called {options['force']}.")
        with audit.because(None):
            edit(
                authority,
                version=authority.version,
                changes={"police_force": force},
                allowed={"police_force"},
            )
        self.stdout.write(f"{force.name} is the police force of {authority.name}.")
