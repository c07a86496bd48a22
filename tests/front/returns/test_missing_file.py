"""The file itself: its bytes, its place on the disk, what leads back from a row to the record."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from casework.front.returns import on_disk
from casework.front.returns.exporting import give_out
from casework.front.returns.missing_file import MissingFile, cell
from casework.records.formulas import unguarded
from casework.records.models import AuditEntry, Child
from incidents.models import Spell
from tests.front.returns.spring import Y2025, Spring


@pytest.fixture
def spring(db: None) -> Spring:
    """Kit was missing and then away, Ola is missing."""
    spring = Spring()
    episode = spring.goes("2026-03-10 22:40")
    spring.is_away(episode, "2026-03-12 14:00")
    spring.is_back(episode, "2026-03-13 09:00")
    spring.goes("2026-03-14 21:00", child=spring.cast.ola)
    return spring


def export(folder: Path, year: str = "2025-26", code: str = "EXS") -> None:
    call_command("export_903", f"--authority={code}", f"--year={year}", f"--out={folder}")


def exports() -> list[AuditEntry]:
    """The row from before the file, then the one from after it."""
    return list(AuditEntry.objects.filter(action="export").order_by(F("about_id").asc(nulls_first=True)))


def test_the_bytes_are_as_the_return_wants_them(spring: Spring, tmp_path: Path) -> None:
    export(tmp_path)
    assert (tmp_path / "missing.csv").read_bytes() == (
        b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"
        b"EX-20417,01/01/2012,M,10/03/2026,12/03/2026\r\n"
        b"EX-20417,01/01/2012,A,12/03/2026,13/03/2026\r\n"
        b"EX-20588,01/01/2010,M,14/03/2026,\r\n"
    )
    assert (tmp_path / "missing.csv").stat().st_mode & 0o777 == 0o600


def test_each_row_is_traced_to_its_episode_and_spell(spring: Spring, tmp_path: Path) -> None:
    export(tmp_path)
    with (tmp_path / "missing.trace.csv").open(newline="", encoding="utf-8") as file:
        trace = list(csv.DictReader(file))
    spells = list(Spell.objects.select_related("episode").order_by("started_at"))
    assert [(line["ROW"], line["EPISODE"], line["SPELL"]) for line in trace] == [
        (str(number), spell.episode.reference, str(spell.ordinal)) for number, spell in enumerate(spells, 1)
    ]


def test_the_audit_says_how_many_and_which(spring: Spring, tmp_path: Path) -> None:
    export(tmp_path)
    began, ended = exports()
    assert (began.authority_id, began.actor_id) == (spring.cast.exampleshire.pk, None)
    assert (began.fields, began.reason) == (["2025-26"], "export_903, at the server's command line")
    digest = hashlib.sha256((tmp_path / "missing.csv").read_bytes()).hexdigest()
    assert ended.reason == f"2025-26: 3 rows; SHA-256 {digest}"
    assert ended.about_id == began.pk
    in_order = Spell.objects.order_by("started_at").values_list("episode__reference", "ordinal")
    assert ended.fields == [f"{reference}/{ordinal}" for reference, ordinal in in_order]


def test_a_file_that_was_not_read_to_its_end_says_so(spring: Spring) -> None:
    cast = spring.cast
    pieces = give_out(by=cast.ruth, authority=cast.exampleshire, year=Y2025, reason="April’s return")
    assert next(pieces)[0].startswith(b"CHILD,")
    pieces.close()
    began, ended = exports()
    assert (began.reason, began.actor_id, ended.actor_id) == ("April’s return", cast.ruth.pk, cast.ruth.pk)
    assert ended.reason.startswith("2025-26: 0 rows, cut short; SHA-256 ")


def test_a_year_without_rows_is_a_header(spring: Spring, tmp_path: Path) -> None:
    export(tmp_path, "2019-20")
    assert (tmp_path / "missing.csv").read_bytes() == b"CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"


def test_an_export_replaces_an_export_and_nobodys_own_file(spring: Spring, tmp_path: Path) -> None:
    export(tmp_path, "2019-20")
    export(tmp_path)  # as it was left: replaced
    changed = (tmp_path / "missing.csv").read_bytes().replace(b",M,", b",A,")
    (tmp_path / "missing.csv").write_bytes(changed)
    with pytest.raises(CommandError, match="somebody has changed it"):
        export(tmp_path)
    assert (tmp_path / "missing.csv").read_bytes() == changed
    assert len(exports()) == 4


def test_what_breaks_midway_leaves_the_folder_as_it_was(
    spring: Spring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs_dry(self: MissingFile) -> Iterator[tuple[bytes, list[object]]]:
        yield b"CHILD,", []
        raise OSError(28, "No space left on device")

    export(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    monkeypatch.setattr(MissingFile, "written", runs_dry)
    with pytest.raises(CommandError, match="No space left"):
        export(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert set(before) == {"missing.csv", on_disk.TRACE_NAME}


@pytest.mark.parametrize(
    ("year", "code", "words"), [("2025-27", "EXS", "like 2025-26"), ("2025-26", "NOP", "no authority")]
)
def test_what_does_not_exist_is_said(db: None, tmp_path: Path, year: str, code: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        export(tmp_path, year, code)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.ac("T13.1")
def test_a_childs_id_that_is_a_formula_stays_text(spring: Spring, tmp_path: Path) -> None:
    Child.objects.filter(pk=spring.cast.kit.pk).update(reference='=A1,"x"')
    export(tmp_path)
    with (tmp_path / "missing.csv").open(newline="", encoding="utf-8") as file:
        references = [line["CHILD"] for line in csv.DictReader(file)]
    assert references == ['\'=A1,"x"', '\'=A1,"x"', "EX-20588"]
    assert unguarded(references[0]) == '=A1,"x"'


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_comes_back_from_its_cell(text: str) -> None:
    ((read, other),) = csv.reader([f"{cell(text)},DOB\r\n"])
    assert (unguarded(read), other) == (text, "DOB")
