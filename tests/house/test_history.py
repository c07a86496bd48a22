"""What tracked rows were: each former value with its context, and no subtransaction for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from casework.records.services.rows import edit

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def contexts_of(cast: Cast) -> list[dict[str, str] | None]:
    rows = apps.get_model("records", "ChildEvent").objects.filter(pgh_obj=cast.kit).order_by("pgh_id")
    return [row.pgh_context.metadata if row.pgh_context else None for row in rows]


def test_a_change_outside_a_context_names_none_and_one_inside_names_it(cast: Cast) -> None:
    who = str(cast.amina.pk)
    kit = edit(cast.kit, version=cast.kit.version, changes={"languages": "Welsh"}, allowed={"languages"})
    with pghistory.context(user=who):
        edit(kit, version=kit.version, changes={"languages": ""}, allowed={"languages"})
    assert contexts_of(cast)[-2:] == [None, {"user": who}]


def test_a_statement_of_many_rows_begins_no_subtransaction_for_each() -> None:
    """The libraries' own functions did, and a hundred thousand rows took a quarter of an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname IN ('_pgh_attach_context', '_pgtrigger_should_ignore')"
        )
        sources = [source for (source,) in cursor.fetchall()]
    assert len(sources) == 2
    assert not any("EXCEPTION" in source.upper() for source in sources)


def test_a_trigger_can_still_be_passed_over(cast: Cast) -> None:
    before = len(contexts_of(cast))
    with pgtrigger.ignore("records.Child:update_update"):
        edit(cast.kit, version=cast.kit.version, changes={"languages": "Welsh"}, allowed={"languages"})
    assert len(contexts_of(cast)) == before
