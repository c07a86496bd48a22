"""manage.py import_authority DIR [--dry-run]: an authority's own files into the record."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.front.imports.differences import Difference
from casework.front.imports.faults import FaultyFiles
from casework.front.imports.importing import import_folder, preview
from casework.front.imports.reading import read_folder
from casework.front.imports.rows import Folder
from casework.front.progress import ProgressBar
from casework.records.errors import Refused
from casework.records.return_years import ReturnYear


class Command(BaseCommand):
    help = (
        "Reads an authority's files (authority, neighbours, homes, children, and a folder of SSDA903 files "
        "for each year) and makes the record say what they say. All of it is written, or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = ProgressBar(sys.stderr)
        try:
            folder = read_folder(options["dir"], progress)
            run = preview if options["dry_run"] else import_folder
            difference = run(folder, by=None, progress=progress)
        except FaultyFiles as faulty:
            raise CommandError(_table(faulty)) from None
        except Refused as refused:
            raise CommandError(refused.message) from refused
        finally:
            progress.clear()
        self._tell(folder, difference, dry_run=options["dry_run"])

    def _tell(self, folder: Folder, difference: Difference, *, dry_run: bool) -> None:
        years = ", ".join(ReturnYear(files.year).label for files in folder.years)
        self.stdout.write(f"{folder.authority.name} ({folder.authority.code}), {years}")
        self._list("To add" if dry_run else "Added", difference.added_words())
        self._list("To correct" if dry_run else "Corrected", difference.corrections)
        self._list("Left as it is recorded", difference.left)
        count = difference.changes
        changes = f"{count:,} change" if count == 1 else f"{count:,} changes"
        self.stdout.write(f"{changes}, nothing written: this was a dry run." if dry_run else f"{changes}.")

    def _list(self, heading: str, items: Iterable[object]) -> None:
        lines = [str(item) for item in items]
        if lines:
            self.stdout.write(f"{heading}:")
            for line in lines:
                self.stdout.write(f"  {line}")


def _table(faulty: FaultyFiles) -> str:
    """Every fault as file:line, column and reason, one below the other."""
    rows = [
        (f"{fault.file}:{fault.line}" if fault.line else fault.file, fault.column, fault.reason)
        for fault in faulty.faults
    ]
    places, columns = (max((len(row[n]) for row in rows), default=0) for n in (0, 1))
    lines = [f"{place:<{places}}  {column:<{columns}}  {reason}" for place, column, reason in rows]
    if faulty.count > len(rows):
        lines.append(f"And {faulty.count - len(rows):,} more.")
    found = "1 fault" if faulty.count == 1 else f"{faulty.count:,} faults"
    return "\n".join([f"{found}. Nothing was imported.", *lines])
