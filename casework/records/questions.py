"""A question about many rows that is put into SQL once: finding the words takes longer than the answer.

It is written as ever, about the one row whose key is `KEY`; what is asked is about all keys at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

KEY: Final = UUID(int=0)  # nobody's

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class _Words:
    """The statement, what is put into it (`KEY` for the keys), and how many columns are asked for."""

    sql: str
    values: tuple[Any, ...]
    columns: int


class OfMany(Generic[Row]):
    """Asks for rows, or for some of their fields, of everything that has one of the keys."""

    def __init__(self, question: Callable[[], QuerySet[Row, Any]]) -> None:
        self._question = question

    def rows(self, keys: Collection[UUID]) -> list[tuple[Any, ...]]:
        """The fields that the question names, in its order; no keys, no question."""
        if not keys:
            return []
        words, wanted = self._words, list(keys)
        with connection.cursor() as cursor:
            cursor.execute(words.sql, [wanted if one == KEY else one for one in words.values])
            return [row[: words.columns] for row in cursor.fetchall()]

    def records(self, keys: Collection[UUID]) -> list[Row]:
        """Whole rows; for a question that names no fields."""
        model, names = self._model
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in self.rows(keys)]

    @cached_property
    def _model(self) -> tuple[type[Row], list[str]]:
        model = self._question().model
        return model, [field.attname for field in model._meta.concrete_fields]

    @cached_property
    def _words(self) -> _Words:
        compiler = self._question().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        asked = compiler.select[: compiler.col_count]
        if compiler.get_converters([expression for expression, *_ in asked]):
            raise TypeError("The driver alone does not read what this asks for.")
        return _Words(_about_many(sql, values), tuple(values), compiler.col_count)


def _about_many(sql: str, values: Collection[object]) -> str:
    """The same words, with every `= KEY` made `= ANY(keys)`."""
    first, *rest = sql.split("%s")
    if len(rest) != len(values) or KEY not in values:
        raise TypeError("The question is to be about KEY, and about one row at a time.")
    said = [first]
    for value, words in zip(values, rest, strict=True):
        if value == KEY and not said[-1].endswith("= "):
            raise TypeError("A key is compared with '=' alone.")
        said += ["ANY(%s)" if value == KEY else "%s", words]
    return "".join(said)
