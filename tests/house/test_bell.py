"""Every door wakes the engine: a page that changes an episode, or a step of one, also rings the bell.

Read from the code: from each view of the URL table, along everything in `casework.front` that it mentions.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Final, NamedTuple

from django.urls import URLPattern, get_resolver
from django.utils.module_loading import import_string

ROOT: Final = Path(__file__).resolve().parents[2]
FRONT: Final = "casework.front"
CHANGING: Final = ("incidents.services", "protocols.acts")  # what their functions do moves due times
LOOKING: Final = ("incidents.services.locations",)  # writes down who looked, and changes nothing of it
BELL: Final = "protocols.engine.wake"


class Place(NamedTuple):
    """A name at the top level of a module."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        return f"{self.module}.{self.name}"


# Reading modules -----------------------------------------------------------------------------------------


@cache
def mentions_in(module: str) -> Mapping[str, frozenset[Place]]:
    """For each function and class of a module of ours, the names that it mentions, as they are imported."""
    tree = ast.parse(_source(module))
    names = {**dict(_imported(tree, module)), **{name: Place(module, name) for name in _defined(tree)}}
    return {
        node.name: frozenset(_mentioned(node, names))
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }


def _source(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8")


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


def _imported(tree: ast.Module, module: str) -> Iterator[tuple[str, Place]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            package = module.rsplit(".", node.level)[0] if node.level else ""
            origin = ".".join(part for part in (package, node.module or "") if part)
            for alias in node.names:
                yield alias.asname or alias.name, Place(origin, alias.name)


def _mentioned(node: ast.AST, names: Mapping[str, Place]) -> Iterator[Place]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            yield names[part.id]
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            yield Place(names[part.value.id].dotted, part.attr)


def reached_from(start: Place) -> set[Place]:
    """Everything that may be called once `start` is: in the front by its code, below it by name."""
    seen, waiting = set[Place](), [start]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place.module.startswith(FRONT) and _is_module(place.module):
            waiting += mentions_in(place.module).get(place.name, ())
    return seen


def _is_module(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


# What the views do ---------------------------------------------------------------------------------------


def views() -> dict[str, Place]:
    """Each page's view by the page's name."""
    patterns = get_resolver().namespace_dict["pages"][1].url_patterns
    found = {}
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view = inspect.unwrap(pattern.callback)
            found[str(pattern.name)] = Place(view.__module__, view.__name__)
    return found


def changes_an_episode(place: Place) -> bool:
    """Whether this is a service or an act: a function done `by` somebody."""
    if not place.module.startswith(CHANGING) or place.module in LOOKING:
        return False
    if not _is_module(place.module):  # something asked of a table that stands there
        return False
    thing = import_string(place.dotted)
    return isinstance(thing, FunctionType) and "by" in inspect.signature(thing).parameters


def test_a_page_that_changes_an_episode_wakes_the_engine() -> None:
    silent: list[str] = []
    ringing: list[str] = []
    for name, view in views().items():
        reached = reached_from(view)
        if any(changes_an_episode(place) for place in reached):
            (ringing if BELL in {place.dotted for place in reached} else silent).append(name)
    assert silent == []
    assert set(ringing) >= {"phone-report", "episode-returned", "report-check", "step-complete"}


def test_what_a_view_hands_on_is_followed() -> None:
    """Through a page that asks, a closure in it, and a service that is passed by name."""
    reached = {place.dotted for place in reached_from(Place(f"{FRONT}.pages.episodes.returns", "locate"))}
    assert {"incidents.services.returns.record_located", BELL} <= reached
    handed_on = {place.dotted for place in reached_from(Place(f"{FRONT}.pages.episodes.interviews", "offer"))}
    assert {"incidents.services.interviews.offer_interview", BELL} <= handed_on
