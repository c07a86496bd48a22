"""Every table of the database is watched by the audit's triggers, or says why it need not be."""

from __future__ import annotations

import pghistory.models
import pytest
from django.apps import apps

from casework.audited import AUDITED, NOT_AUDITED, kind_of
from casework.records.models import AuditEntry
from tests.records.audit_rows import asked


def _tables() -> set[str]:
    """Those of our models and of the packages', without the histories that triggers write."""
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if not issubclass(m, pghistory.models.Event)}


def test_a_new_table_is_watched_or_excused() -> None:
    """Name it in `casework/audited.py`; if it need not be watched, with the reason."""
    named = AUDITED.keys() | NOT_AUDITED.keys()
    assert sorted(_tables() - named - {"pghistory_events"}) == []
    assert sorted(named - _tables()) == [], "the list names what is not there"
    assert sorted(AUDITED.keys() & NOT_AUDITED.keys()) == []
    assert all(reason.strip() for reason in NOT_AUDITED.values())


@pytest.mark.django_db
@pytest.mark.ac("T28.1")
def test_the_database_watches_what_the_list_says_and_for_every_way_to_change_it() -> None:
    rows = asked("""SELECT tgrelid::regclass::text, count(*) FROM pg_trigger
                    WHERE starts_with(tgname, 'audited_') AND tgenabled = 'O' GROUP BY 1""")
    assert dict(rows) == dict.fromkeys(AUDITED, 3)


@pytest.mark.django_db
def test_what_the_audit_calls_a_row_fits_its_column() -> None:
    longest = AuditEntry._meta.get_field("about_kind").max_length or 0
    assert max(len(kind_of(table)) for table in AUDITED) <= longest
    columns = asked(
        "SELECT max(length(attname)) FROM pg_attribute WHERE attrelid = ANY(%s::regclass[])", list(AUDITED)
    )
    assert columns[0][0] <= 60
