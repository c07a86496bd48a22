"""A question about one row, put into words once and asked again of other rows.

Whose a row is makes a long statement, and Django takes longer to word it than PostgreSQL to answer it. The
words alone are kept: each fact is asked anew each time. To be sure of that, nothing may be asked of the
database while they are looked for, and no moment may stand among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, Generic, NoReturn, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)

Words = tuple[str, tuple[Any, ...]]  # a statement and its values

THE_KEY: Final = UUID(int=0)  # stands in the statement for the key of the row
# How a row of the answer becomes an object. The compiler itself would keep its connection with it.
FOUND_WITH_THE_WORDS: Final = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")


class Kept(Generic[Row]):
    """The words for "the row with this key, if it is among these"."""

    def __init__(self, among: Callable[[UUID], QuerySet[Any, Row]]) -> None:
        """Word what `among` says of a key. ValueError when it depends on anything but the key."""
        with connection.execute_wrapper(_refused):
            rows = among(THE_KEY).order_by()[:1]
            compiler = rows.query.get_compiler(rows.db)
            try:
                self._statement, self._values = compiler.as_sql()
                self._found = {name: getattr(compiler, name) for name in FOUND_WITH_THE_WORDS}
            except EmptyResultSet:  # nobody's row can be among them
                self._statement, self._values, self._found = "", (), {}
        self._model = rows.model
        if any(isinstance(value, date) for value in self._values):
            raise ValueError("A moment cannot be kept: ask the database for it, with CaseworkNow")

    def row(self, key: UUID) -> Row | None:
        """The row, asked of the database now."""
        if not self._statement:
            return None
        values = [key if value == THE_KEY else value for value in self._values]
        query = _Worded(self._model, self._found, (self._statement, tuple(values)))
        return next(iter(QuerySet(self._model, query)), None)


class _Worded(Query):
    """A query whose words another one's compiler has found."""

    def __init__(self, model: type[Model], found: Mapping[str, Any], words: Words) -> None:
        super().__init__(model)
        self._found, self._words = found, words

    def get_compiler(self, *_: Any, **__: Any) -> SQLCompiler:
        compiler = _Compiler(self, connection, connection.alias)
        compiler.words = self._words
        for name, value in self._found.items():
            setattr(compiler, name, value)
        return compiler


class _Compiler(SQLCompiler):
    words: Words

    def as_sql(self, *_: Any, **__: Any) -> Words:
        return self.words


def _refused(*_: object) -> NoReturn:
    raise ValueError("An answer cannot be kept: put the question into the statement")
