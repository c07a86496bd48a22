"""manage.py export_903 --authority EXS --year 2025-26 --out DIR: the Missing file of the SSDA903 return."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from casework.front.returns.missing_file import FILE_NAME
from casework.front.returns.missing_rows import count_rows
from casework.front.returns.on_disk import TRACE_NAME, write_missing_file
from casework.records.errors import Refused
from casework.records.models import LocalAuthority
from casework.records.return_years import ReturnYear

BAR: Final = 40


class Command(BaseCommand):
    help = (
        f"Writes {FILE_NAME} of one return year, and {TRACE_NAME}: which episode each row comes from. "
        "An earlier export in the folder is replaced, a file that somebody has changed is not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", required=True, metavar="CODE", help="whose return, such as EXS")
        parser.add_argument("--year", required=True, type=_year, help="the return year, such as 2025-26")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="made where it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        authority = LocalAuthority.objects.filter(code=options["authority"]).first()
        if authority is None:
            raise CommandError(f"There is no authority with the code {options['authority']}.")
        year, folder = options["year"], options["out"]
        try:
            count = write_missing_file(
                authority=authority,
                year=year,
                folder=folder,
                reason="export_903, at the server's command line",
                progress=_Bar(self, count_rows(authority.pk, year)),
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}.") from error
        self.stdout.write(f"{count} rows of {year} in {folder / FILE_NAME}; where each is from: {TRACE_NAME}")


class _Bar:
    """How far it is, on a terminal; a log gets none of it."""

    def __init__(self, command: Command, total: int) -> None:
        self._out, self._total = command.stderr, total

    def __call__(self, done: int) -> None:
        if self._out.isatty():
            share = min(done / self._total, 1) if self._total else 1
            filled = "█" * round(share * BAR)
            end = "\n" if share == 1 else ""
            self._out.write(f"\r{filled:░<{BAR}} {done:,} of {self._total:,} rows", ending=end)


def _year(text: str) -> ReturnYear:
    try:
        return ReturnYear.parse(text)
    except ValueError as wrong:
        raise ArgumentTypeError(str(wrong)) from wrong
