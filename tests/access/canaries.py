"""A world in which every word that a row can hold is one of a kind, so that it is known wherever it turns up.

The words are made from the models, so a new field is tried by itself. A new model gets its row in
`tests/access/a_full_world.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import JSONField, Model

from casework.embedded import APPLICATION
from casework.records.field_rules import EVERY_ROW, Place, field_rules
from casework.records.models import (
    Role,
    User,
)
from tests.access.a_full_world import READER, fill, one_of_each
from tests.access.a_world import World, make_world

OURS: Final = ("records", "incidents", "protocols")
SHORTEST: Final = 7  # a canary's length; a field that is shorter holds a code from a list
_TOKEN: Final = "zq{:03}qz"
NO_WORDS: Final = frozenset({"key"})
CANARY: Final = re.compile(r"zq\d{3}qz", re.IGNORECASE)
# Canary days lie in years that nothing else on a page speaks of.
_FIRST_DAY: Final = date(2011, 1, 1)


def our_models() -> list[type[Model]]:
    """Every model of the three floors, the histories that triggers write included."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def is_history(model: type[Model]) -> bool:
    """Whether the rows are written by a trigger: former values of another model's rows."""
    return hasattr(model, "pgh_tracked_model")


def of_what(history: type[Model]) -> type[Model]:
    """The model whose former values these are."""
    tracked: type[Model] = getattr(history, "pgh_tracked_model")  # noqa: B009  the library's types don't know it
    return tracked


@dataclass(frozen=True)
class Canaries:
    """Which word, or day, stands in which field."""

    words: Mapping[str, Place]
    days: Mapping[date, Place]

    @cached_property
    def places(self) -> set[Place]:
        return {*self.words.values(), *self.days.values()}

    def found_in(self, text: str) -> Iterator[Place]:
        """Every field whose canary sings in a page, a header or a log."""
        for token in set(CANARY.findall(text)):
            if place := self.words.get(token.lower()):
                yield place
        for day, place in self.days.items():
            if f"{day.day} {day:%B %Y}" in text or f"{day:%Y-%m-%d}" in text:
                yield place


def make_canary_world() -> tuple[World, Mapping[Role, User], Canaries]:
    """Everything that can be recorded, recorded; then every word of it put out by a canary.

    With somebody of each role: those whom only this test knows keep names that are no canaries.
    """
    world = make_world()
    readers = one_of_each(world.cast)
    world, canaries = fill(world, readers), stamp()
    User.objects.filter(pk__in=[one.pk for one in readers.values() if one.name == READER]).update(name=READER)
    return world, readers, canaries


def stamp() -> Canaries:
    """Put a canary into every word of every row; which stands for which field."""
    numbers = count()
    words: dict[str, Place] = {}
    days: dict[date, Place] = {}
    _as_the_owner("SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica")
    for model in our_models():
        fresh = {field.name: (_TOKEN.format(next(numbers)), field) for field in _stamped(model)}
        for at, row in enumerate(model._base_manager.all()):
            changes = {name: _sung(row, field, token, at) for name, (token, field) in fresh.items()}
            kept = {name: value for name, value in changes.items() if value is not _UNCHANGED}
            if kept:
                model._base_manager.filter(pk=row.pk).update(**kept)
            for name in kept:
                token, _ = fresh[name]
                place = (model._meta.label, name)
                if isinstance(day := kept[name], date):
                    days[day] = place
                else:
                    words[token] = place
    _as_the_owner("SET LOCAL session_replication_role = origin", f"SET LOCAL ROLE {APPLICATION}")
    return Canaries(words, days)


_UNCHANGED: Final = object()


def _stamped(model: type[Model]) -> Iterator[models.Field[Any, Any]]:
    """The fields that hold words or days; not codes, which are short or chosen, nor keys."""
    for field in model._meta.concrete_fields:
        is_word = isinstance(field, models.CharField | models.TextField) and not field.choices
        is_long = field.max_length is None or field.max_length >= SHORTEST
        is_day = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
        is_many = isinstance(field, JSONField | ArrayField)
        if ((is_word and is_long) or is_day or is_many) and not _is_key(model, field.name):
            yield field


def _is_key(model: type[Model], field: str) -> bool:
    """Keys and marks are never words; the trigger's own columns beside a former value are such marks."""
    if is_history(model):
        return field.startswith("pgh_") or _is_key(of_what(model), field)
    if field in EVERY_ROW:
        return True
    kind = field_rules().places.get((model._meta.label, field))
    return kind is not None and kind.name in NO_WORDS


def _sung(row: Model, field: models.Field[Any, Any], token: str, at: int) -> object:
    """The row's value with a canary in it: the same shape, and as unique as it was."""
    value = getattr(row, field.attname)
    if isinstance(field, models.DateField):
        return _FIRST_DAY + timedelta(days=int(token[2:5])) if value else _UNCHANGED
    if isinstance(field, JSONField | ArrayField):
        sung = _in_words(value, token)
        return sung if sung != value else _UNCHANGED
    if isinstance(value, str) and value.startswith(("[", "{")):
        return json.dumps(_in_words(json.loads(value), token))
    numbered = f"{token}{at}"
    if isinstance(field, models.EmailField):
        return f"{numbered}@canary.example"
    return numbered if field.max_length is None or len(numbered) <= field.max_length else token


def _in_words(value: object, token: str) -> object:
    """Words are what has a space in it; keys, codes and moments have none."""
    match value:
        case str():
            return f"{token} {token}" if " " in value else value
        case dict():
            return {key: _in_words(one, token) for key, one in value.items()}
        case list():
            return [_in_words(one, token) for one in value]
    return value


def _as_the_owner(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
