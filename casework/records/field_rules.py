"""What of a record each role is shown and may write: `field_rules.yaml`, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.core.exceptions import ImproperlyConfigured

from casework.records.models import Role

FILE: Final = Path(__file__).with_name("field_rules.yaml")
EVERY_ROW: Final = frozenset({"id", "recorded_at", "version"})  # a key, a moment, a count: of no kind

Place = tuple[str, str]  # a model's label, such as records.Child, and a field of it


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of information, and the roles that are shown it or may write it."""

    name: str
    what: str
    shown: frozenset[Role]
    written: frozenset[Role]


@dataclass(frozen=True)
class FieldRules:
    """The kind of every field of every record."""

    kinds: Mapping[str, Kind]
    places: Mapping[Place, Kind]

    def kind_of(self, label: str, field: str) -> Kind:
        """KeyError, at the first test, for a field that nobody has thought about."""
        return self.places[label, field]

    def shown_to(self, role: Role) -> frozenset[Place]:
        """Every field that this role may be shown, of a record that it may open."""
        return frozenset(place for place, kind in self.places.items() if role in kind.shown)

    def written_by(self, role: Role) -> frozenset[Place]:
        """Every field in which this role's words may end up."""
        return frozenset(place for place, kind in self.places.items() if role in kind.written)


@cache
def field_rules() -> FieldRules:
    """The file as it stands."""
    return read_rules(FILE.read_text(encoding="utf-8"))


def read_rules(text: str) -> FieldRules:
    """ImproperlyConfigured for a role, a kind or a field that is named twice, never, or not at all."""
    document = yaml.safe_load(text)
    people = _people(document["people"])
    kinds = {name: _kind(name, words, people) for name, words in document["kinds"].items()}
    places: dict[Place, Kind] = {}
    for label, by_kind in document["records"].items():
        for name, fields in by_kind.items():
            for field in fields:
                if name not in kinds or (label, field) in places:
                    raise ImproperlyConfigured(f"{label}.{field} stands twice, or under no known kind.")
                places[label, field] = kinds[name]
    return FieldRules(kinds, places)


def _people(groups: Mapping[str, list[str]]) -> dict[str, frozenset[Role]]:
    people = {name: frozenset(Role(role) for role in roles) for name, roles in groups.items()}
    named = [role for roles in people.values() for role in roles]
    if sorted(named) != sorted(Role):
        raise ImproperlyConfigured("Every role belongs to one group of people, and to one only.")
    return people


def _kind(name: str, words: Mapping[str, Any], people: Mapping[str, frozenset[Role]]) -> Kind:
    strange = {*words["shown"], *words["written"]} - people.keys()
    if strange:
        raise ImproperlyConfigured(f"The kind {name} speaks of {', '.join(sorted(strange))}, who are nobody.")
    shown, written = (
        frozenset(role for group in words[who] for role in people[group]) for who in ("shown", "written")
    )
    return Kind(name, words["what"], shown, written)
