"""`matrix.txt` read: for each route and method, what each kind of person gets for a row of each belonging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.access.people import COLLEAGUES, FOREIGN, KINDS, OWN

FILE: Final = Path(__file__).with_name("matrix.txt")
BELONGINGS: Final = (OWN, COLLEAGUES, FOREIGN)
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
LETTERS: Final = frozenset("ynw-lxukm")

Wanted = Mapping[str, str]  # a letter by belonging


@dataclass(frozen=True)
class Expected:
    """What the table says of one route: by method, by kind of person, a letter for each belonging."""

    by_method: Mapping[str, Mapping[str, str]]

    def letter(self, method: str, kind: str, belonging: str) -> str:
        """The letter for a method that the route takes."""
        word = self.by_method[method][kind]
        return word[BELONGINGS.index(belonging)] if len(word) > 1 else word

    def is_for_nobody_signed_out(self, kind: str) -> bool:
        """Whether this kind of person is sent to the sign-in, whatever they ask of the route."""
        return all(words[kind] == "l" for words in self.by_method.values())

    @property
    def is_for_systems_only(self) -> bool:
        """Whether a token is asked for before anything else."""
        return all(set(words.values()) == {"k"} for words in self.by_method.values())


class Unreadable(ValueError):
    """The table does not hold together; the message names the line."""


def read(text: str) -> dict[str, Expected]:
    """The table by route; `Unreadable` for a line that says nothing or the same thing twice."""
    routes: dict[str, dict[str, Mapping[str, str]]] = {}
    for methods, names, words in _groups(text):
        for name in names:
            for method in methods:
                if method in routes.setdefault(name, {}):
                    raise Unreadable(f"{name} {method} stands there twice")
                routes[name][method] = words
    return {name: Expected(by_method) for name, by_method in routes.items()}


def _groups(text: str) -> Iterator[tuple[list[str], list[str], Mapping[str, str]]]:
    """Routes (at the margin: methods, then names) wait for the indented line of words that holds for them."""
    waiting: list[tuple[list[str], list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#")[0].rstrip()
        if not bare:
            continue
        if not bare.startswith(" "):
            methods, *names = bare.split()
            waiting.append((_methods(methods, number), names))
        elif bare.lstrip().startswith("+"):
            waiting[-1][1].extend(bare.split()[1:])
        else:
            words = _words(bare, number)
            yield from ((methods, names, words) for methods, names in waiting)
            waiting = []
    if waiting:
        raise Unreadable(f"nothing is said of {waiting[0][1]}")


def _methods(text: str, number: int) -> list[str]:
    methods = text.split(",")
    if unknown := set(methods) - set(METHODS):
        raise Unreadable(f"line {number}: {unknown} are no methods")
    return methods


def _words(bare: str, number: int) -> Mapping[str, str]:
    words = bare.split()
    if len(words) != len(KINDS):
        raise Unreadable(f"line {number}: {len(words)} words for {len(KINDS)} kinds of people")
    if wrong := [word for word in words if set(word) - LETTERS or len(word) not in (1, 3)]:
        raise Unreadable(f"line {number}: {wrong}")
    return dict(zip(KINDS, words, strict=True))


def read_file() -> dict[str, Expected]:
    return read(FILE.read_text(encoding="utf-8"))
