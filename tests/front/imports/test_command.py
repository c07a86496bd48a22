"""`manage.py import_authority DIR [--dry-run]`, as it is typed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.records.models import LocalAuthority
from incidents.models import MissingEpisode
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests import content
from tests.front.imports.folders import EXAMPLESHIRE, exampleshire, with_cell, with_row


def typed(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("import_authority", *map(str, arguments), stdout=out)
    return out.getvalue()


def on_disk(folder: Path, files: dict[str, bytes]) -> Path:
    for name, written in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(written)
    return folder


@pytest.mark.django_db
def test_dry_run_import_and_import_again() -> None:
    tried = typed(EXAMPLESHIRE, "--dry-run")
    assert tried.startswith("Exampleshire (EXS), 2025-26, 2026-27\nTo add:\n  1 authority\n")
    assert "nothing written: this was a dry run." in tried
    assert not LocalAuthority.objects.exists()
    done = typed(EXAMPLESHIRE)
    for words in ("456 children", "1,052 placements", "820 past absences", "2 open absences"):
        assert f"  {words}\n" in done
    assert typed(EXAMPLESHIRE) == "Exampleshire (EXS), 2025-26, 2026-27\n0 changes.\n"


@pytest.mark.django_db
def test_corrections_are_listed_by_id_and_without_a_name(tmp_path: Path) -> None:
    typed(EXAMPLESHIRE)
    said = typed(on_disk(tmp_path, with_cell("children.csv", 2, "LAST_NAME", "Ashdown")))
    assert said.endswith("Corrected:\n  Child 100000, last name\n1 change.\n")
    assert "Ashdown" not in said


@pytest.mark.django_db
def test_every_fault_is_told_by_file_line_column_and_reason_and_nothing_is_imported(tmp_path: Path) -> None:
    files = with_row("2026-27/missing.csv", "100042,08/06/2009,M,31/11/2026,")
    name = "2025-26/episodes.csv"
    files[name] = with_cell(name, 3, "PLACE", "Q9")[name]
    with pytest.raises(CommandError) as refused:
        typed(on_disk(tmp_path, files))
    said = str(refused.value)
    assert said.startswith("2 faults. Nothing was imported.\n")
    assert "2025-26/episodes.csv:3" in said
    assert "PLACE " in said
    assert "2026-27/missing.csv:332" in said
    assert content.lines() == []


def test_the_years_that_are_there_are_enough(tmp_path: Path, transactional_db: None) -> None:
    files = {name: text for name, text in exampleshire().items() if "2025" not in name}
    publish_default()
    said = typed(on_disk(tmp_path, files))
    assert said.startswith("Exampleshire (EXS), 2026-27\n")
    open_ones = MissingEpisode.objects.filter(state="open")
    assert open_ones.count() == 2
    # Committed and woken: the steps of what is not over are there at once.
    assert (
        StepRun.objects.filter(episode__in=open_ones, step__code="I1", rung=0, state="waiting").count() == 2
    )
    assert not StepRun.objects.exclude(episode__in=open_ones).exists()
