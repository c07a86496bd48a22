"""What the models declare, the database holds: a migration that alters a column can lose an index unseen."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

OURS = ("records", "incidents", "protocols")


@pytest.mark.django_db
def test_every_declared_constraint_and_index_is_in_the_database() -> None:
    declared = {
        each.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
        for each in (*model._meta.constraints, *model._meta.indexes)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('i', 'I')")
        indexes = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint")
        constraints = {row[0] for row in cursor.fetchall()}

    assert sorted(declared - indexes - constraints) == []
