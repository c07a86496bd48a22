"""manage.py export_903 --authority EXS --year 2025-26 --out DIR: the Missing file of the SSDA903 return."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.front.progress import ProgressBar
from casework.front.returns.missing_file import FILE_NAME
from casework.front.returns.missing_rows import count_rows
from casework.front.returns.on_disk import TRACE_NAME, write_missing_file
from casework.records.errors import Refused
from casework.records.models import LocalAuthority
from casework.records.return_years import ReturnYear


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
        bar, total = ProgressBar(sys.stderr), count_rows(authority.pk, year)
        try:
            count = write_missing_file(
                authority=authority,
                year=year,
                folder=folder,
                reason="export_903, at the server's command line",
                progress=lambda done: bar(f"{done:,} of {total:,} rows", done, total),
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}.") from error
        finally:
            bar.clear()
        self.stdout.write(f"{count} rows of {year} in {folder / FILE_NAME}; where each is from: {TRACE_NAME}")


def _year(text: str) -> ReturnYear:
    try:
        return ReturnYear.parse(text)
    except ValueError as wrong:
        raise ArgumentTypeError(str(wrong)) from wrong
