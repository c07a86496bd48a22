"""manage.py first_administrator EMAIL: somebody who can set up everything else, in an empty installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from casework.records.models import Role, User
from casework.records.services.organisations import register_authority
from casework.records.services.people import invite


class Command(BaseCommand):
    help = "Makes the first authority and invites its administrator; does nothing once anybody can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            return
        # The administrator gives it its name and code on the pages.
        authority = register_authority(by=None, code="NEW", name="New authority", is_tenant=True)
        invite(
            by=None,
            email=options["email"],
            name="First administrator",
            role=Role.ADMINISTRATOR,
            authority=authority,
        )
        self.stdout.write(f"The first administrator is {options['email']}: the invitation is in the mail.")
