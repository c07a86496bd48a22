"""manage.py reconcile_permissions: what nobody should hold any more is counted and taken away."""

from typing import Any

from django.core.management.base import BaseCommand

from casework.records.services import leftovers


class Command(BaseCommand):
    help = "Take away permissions left behind. It is done every night; --dry-run only counts."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = leftovers.count() if options["dry_run"] else leftovers.reconcile()
        did = "There are" if options["dry_run"] else "Taken away:"
        self.stdout.write(
            f"{did} {found.grants} grants of people who are gone, {found.loose_rows} loose permissions, "
            f"{found.global_rights} permissions on whole tables."
        )
