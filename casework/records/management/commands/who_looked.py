"""manage.py who_looked --child ID: everybody who was shown a child, for a subject access request."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casework.records import audit
from casework.records.local_time import WALL
from casework.records.lookers import Before, lookers_of, looks_at
from casework.records.models import Child

A_BATCH = 1_000


class Command(BaseCommand):
    help = "Lists everybody who was shown a child's record. The command itself leaves a row in the audit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--child", required=True, metavar="ID", help="the record's id, or the reference")
        parser.add_argument("--authority", metavar="CODE", help="whose reference it is, if several use it")
        parser.add_argument(
            "--each", action="store_true", help="each look, newest first, instead of each person"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        child = _child(options["child"], options["authority"])
        audit.looked(None, child=child, about_kind="who_looked", about_id=child.pk)
        if options["each"]:
            self._each_look(child)
            return
        for one in lookers_of(child.pk):
            first, last = (f"{at.astimezone(WALL):%Y-%m-%d %H:%M}" for at in (one.first_at, one.last_at))
            who = f"{one.name} <{one.email}>" if one.email else one.name
            self.stdout.write(f"{who}: opened {one.opened}, in lists {one.listed}, from {first} to {last}")

    def _each_look(self, child: Child) -> None:
        before = None
        while looks := looks_at(child.pk, before=before, limit=A_BATCH):
            for look in looks:
                what = ", ".join([look.kind, *look.fields])
                why = f" ({look.reason})" if look.reason else ""
                self.stdout.write(f"{look.at.astimezone(WALL):%Y-%m-%d %H:%M:%S}  {look.name}: {what}{why}")
            before = Before(looks[-1].at, looks[-1].id)


def _child(wanted: str, code: str | None) -> Child:
    found = Child.objects.filter(authority__code=code) if code else Child.objects.all()
    try:
        found = found.filter(pk=UUID(wanted))
    except ValueError:
        found = found.filter(reference=wanted)
    children = list(found.select_related("authority")[:2])
    if len(children) == 1:
        return children[0]
    if children:
        raise CommandError("Several authorities have a child with this reference: --authority CODE.")
    raise CommandError("There is no such child.")
