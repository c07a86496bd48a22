"""What has been promised is shown by a test: `docs/acceptance.csv` lists each promise and when it binds."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parents[2]
CURRENT: Final = 6  # the issue that was built last; a promise with a higher number does not bind yet
SHAPE = re.compile(r"(T\d\d|BG)\.\d|I\d{1,2}|[ABCHQUW]\d\d")


def promises() -> list[dict[str, str]]:
    with (ROOT / "docs" / "acceptance.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def marks_in(source: str) -> Iterator[str]:
    """The codes that `pytest.mark.ac(…)` names anywhere in a module, on tests and on single cases."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "ac":
            yield from (str(code.value) for code in node.args if isinstance(code, ast.Constant))


def shown() -> set[str]:
    modules = (ROOT / "tests").rglob("test_*.py")
    return {code for module in modules for code in marks_in(module.read_text(encoding="utf-8"))}


def test_every_promise_that_binds_is_shown_by_a_test() -> None:
    binding = {row["id"] for row in promises() if int(row["binds"]) <= CURRENT}
    assert binding
    assert sorted(binding - shown()) == []


def test_every_mark_names_a_promise() -> None:
    assert sorted(shown() - {row["id"] for row in promises()}) == []


def test_the_list_is_whole() -> None:
    """Each id once and well written, each group without a gap, each with what it is about."""
    rows = promises()
    ids = [row["id"] for row in rows]
    assert [code for code, times in Counter(ids).items() if times > 1] == []
    assert [code for code in ids if not SHAPE.fullmatch(code)] == []
    assert [row["id"] for row in rows if not row["shows"]] == []
    for letter, last in {"A": 29, "B": 33, "C": 10, "H": 11, "Q": 10, "U": 9, "W": 9}.items():
        assert {f"{letter}{number:02}" for number in range(1, last + 1)} <= set(ids)
    assert {f"I{number}" for number in range(1, 17)} <= set(ids)


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('@pytest.mark.ac("B01", "B02")\ndef test_x(): ...', ["B01", "B02"]),
        ('pytest.param(1, marks=pytest.mark.ac("T07.2"))', ["T07.2"]),
        ("# pytest.mark.ac('B03') in a comment shows nothing", []),
    ],
)
def test_marks_are_read_where_they_stand(source: str, codes: list[str]) -> None:
    assert list(marks_in(source)) == codes
