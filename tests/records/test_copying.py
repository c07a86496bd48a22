"""Rows through COPY come out as they went in, whatever was typed; and what INSERT would refuse is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.records.copying import copy_in
from casework.records.models import AuditEntry, Child, ChronologyEntry, Placement
from casework.records.times import now
from tests.cast import Cast

pytestmark = pytest.mark.django_db
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts, texts)
def test_any_text_comes_out_as_it_went_in(cast: Cast, one: str, other: str) -> None:
    entry = ChronologyEntry(
        child=cast.kit, verb="fact.recorded", typed_name=one, payload={other: [one, None]}
    )
    audited = AuditEntry(action="change", about_id=uuid4(), fields=[one, other], reason=other)
    copy_in([entry])
    copy_in([audited])
    kept = ChronologyEntry.objects.get(pk=entry.pk)
    assert (kept.typed_name, kept.payload) == (one, {other: [one, None]})
    assert kept.recorded_at is not None
    row = AuditEntry.objects.get(pk=audited.pk)
    assert (row.fields, row.reason) == ([one, other], other)


def test_periods_days_and_blanks_are_kept_apart(cast: Cast) -> None:
    child = Child(
        authority=cast.exampleshire, reference="9", first_name=r"\N", last_name="", born_on=now().date()
    )
    copy_in([child])
    kept = Child.objects.get(pk=child.pk)
    assert (kept.first_name, kept.last_name, kept.nhs_number) == (r"\N", "", None)
    since = now() - timedelta(days=3)
    stays = [
        Placement(child=child, period=DateTimeTZRange(since, since + timedelta(days=1))),
        Placement(child=child, period=DateTimeTZRange(since + timedelta(days=1), None)),
    ]
    copy_in(stays)
    first, second = Placement.objects.filter(child=child).order_by("period")
    assert (first.period.upper, second.period.upper) == (second.period.lower, None)


def test_the_database_refuses_and_tracks_as_it_does_for_any_insert(cast: Cast) -> None:
    overlapping = Placement(child=cast.kit, period=DateTimeTZRange(now(), None))
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in([overlapping])
    child = Child(authority=cast.exampleshire, reference="9", first_name="Vik", born_on=now().date())
    copy_in([child])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_childevent WHERE pgh_obj_id = %s", [child.pk])
        assert cursor.fetchone() == (1,)
