"""No face fetches a row past the access policy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
FRONT: Final = ROOT / "casework" / "front"

PAST_THE_POLICY: Final = frozenset(
    {"get", "all", "in_bulk", "raw", "get_or_create", "update_or_create", "aget"}
)
SHORTCUTS: Final = frozenset({"get_object_or_404", "get_list_or_404"})
BY_ITS_ID: Final = frozenset({"pk", "id", "reference"})
# Demo and commands write for nobody in particular; they show nothing to anybody.
NO_FACES: Final = ("demo", "management", "imports", "story")


def offences(source: str) -> Iterator[str]:
    """Each place where a row is fetched by its id, or a whole table is, without asking `access`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"line {node.lineno}: {one.name}" for one in node.names if one.name in SHORTCUTS)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not _is_manager(node.func.value):
            continue
        named = {word.arg for word in node.keywords}
        if node.func.attr in PAST_THE_POLICY or (node.func.attr == "filter" and named and named <= BY_ITS_ID):
            yield f"line {node.lineno}: objects.{node.func.attr}"


def _is_manager(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")


@pytest.mark.ac("T01.6")
def test_no_face_fetches_a_row_past_the_policy() -> None:
    modules = [path for path in FRONT.rglob("*.py") if not _is_no_face(path)]
    assert len(modules) > 60
    found = [
        f"{path.relative_to(ROOT)} {offence}"
        for path in modules
        for offence in offences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def _is_no_face(path: Path) -> bool:
    return path.relative_to(FRONT).parts[0].startswith(NO_FACES)


@pytest.mark.ac("T01.6")
@pytest.mark.parametrize(
    "source",
    [
        "Child.objects.get(pk=child_id)",
        "Child.objects.all()",
        "models.Child.objects.filter(pk=child_id).first()",
        "Child._default_manager.in_bulk(ids)",
        "from django.shortcuts import get_object_or_404",
    ],
)
def test_the_search_finds_what_it_is_for(source: str) -> None:
    assert list(offences(source))


@pytest.mark.ac("T01.6")
@pytest.mark.parametrize(
    "source", ["children_visible_to(user).get(pk=x)", "Fact.objects.filter(child=child, pk=x)"]
)
def test_and_nothing_else(source: str) -> None:
    assert not list(offences(source))
