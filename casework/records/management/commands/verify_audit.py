"""manage.py verify_audit: is the audit what it was when it was written? Exit 1 names the first bad number."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from casework.records.chain_check import Stored, faults, heads_in
from casework.records.models import LocalAuthority
from casework.records.seals import OF_NO_AUTHORITY, heads


class Command(BaseCommand):
    help = "Works the audit's chains out again from their first row, and compares with heads stored outside."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--authority", metavar="CODE", help="one authority's chain (default: every chain)"
        )
        parser.add_argument("--head", metavar="FILE", type=Path, help="what the sink stored outside")

    def handle(self, *args: Any, **options: Any) -> None:
        chain = _chain(options["authority"])
        stored = _stored(options["head"]) if options["head"] else None
        found = faults(chain, stored=stored, progress=self._show)
        if found:
            raise CommandError(
                "\n".join(f"{_name(one.chain)}, number {one.seq}: {one.words}." for one in found)
            )
        for head in heads():
            if chain in (None, head.chain):
                self.stdout.write(f"{_name(head.chain)}: {head.seq} rows, as they were written. {head.hash}")
        if stored is None:
            self.stdout.write("Cut ends show only beside what was stored outside: --head FILE.")

    def _show(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            end = "\n" if done >= total else ""
            self.stderr.write(f"\r{done} of {total} rows ({done * 100 // max(total, 1)} %)", ending=end)


def _chain(code: str | None) -> UUID | None:
    if code is None:
        return None
    authority = LocalAuthority.objects.filter(code=code).first()
    if authority is None:
        raise CommandError(f"There is no authority with the code {code}.")
    return authority.pk


def _stored(file: Path) -> Stored:
    try:
        stored = heads_in(file.read_text().splitlines())
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"{file} cannot be read as heads of the audit: {error}") from error
    if not stored:
        raise CommandError(f"{file} has no head of the audit in it.")
    return stored


def _name(chain: UUID) -> str:
    if chain == OF_NO_AUTHORITY:
        return "Without an authority"
    return LocalAuthority.objects.filter(pk=chain).values_list("code", flat=True).first() or str(chain)
