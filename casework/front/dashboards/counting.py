"""Many counts in one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

NOTHING = "SELECT 1 WHERE false"


def counts_of(rows: Mapping[str, QuerySet[Any, Any]]) -> dict[str, int]:
    """How long each list is. The statement of a count is the list's own, so that the two cannot differ."""
    if not rows:
        return {}
    statements, given = [], list[Any]()
    for queryset in rows.values():
        sql, values = _statement(queryset)
        statements.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  Django's own SQL
        given += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", given)
        return dict(zip(rows, cursor.fetchone(), strict=True))


def _statement(queryset: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # it asks for what cannot be
        return NOTHING, ()
    return sql, values
