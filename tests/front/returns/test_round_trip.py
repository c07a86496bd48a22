"""Exampleshire's own files in, and the same rows out again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest
from django.core.management import call_command

from casework.front import imports
from casework.front.returns.readiness import checked_rows
from casework.records.models import LocalAuthority
from casework.records.return_years import ReturnYear
from casework.records.times import pretend_now
from protocols.publishing import publish_default
from tests.front.returns.spring import on

pytestmark = pytest.mark.django_db
FOLDER: Final = Path(imports.__file__).parent / "exampleshire"
YEARS: Final = ("2025-26", "2026-27")


def rows_of(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as opened:
        return sorted(csv.reader(opened))


def test_each_year_comes_out_as_it_went_in_and_nothing_would_fail(tmp_path: Path) -> None:
    pretend_now(on("2026-11-22 18:00"))  # the day of which the files tell
    publish_default()
    call_command("import_authority", FOLDER)
    exampleshire = LocalAuthority.objects.get(code="EXS")
    for year in YEARS:
        call_command("export_903", "--authority=EXS", f"--year={year}", f"--out={tmp_path / year}")
        assert rows_of(tmp_path / year / "missing.csv") == rows_of(FOLDER / year / "missing.csv")
        wrong = [line for line in checked_rows(exampleshire, ReturnYear.parse(year)) if line.faults]
        assert wrong == []
