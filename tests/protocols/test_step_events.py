"""What happened to a step stays as it was written: the application's role may add to it and no more."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from casework.records.times import now
from incidents.services.reports import report_missing
from protocols import engine
from protocols.models import StepEvent
from protocols.publishing import publish_default
from tests.cast import Cast


@pytest.fixture
def fired(cast: Cast) -> StepEvent:
    publish_default()
    episode = report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    engine.reconcile(episode.pk)
    engine.sweep_once()
    event = StepEvent.objects.filter(kind="fired").first()
    assert event is not None
    return event


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE protocols_stepevent SET reason = 'put right' WHERE id = %s",
        "DELETE FROM protocols_stepevent WHERE id = %s",
        "TRUNCATE protocols_stepevent",
    ],
)
def test_no_event_is_changed_or_removed(fired: StepEvent, statement: str) -> None:
    values = [fired.pk] if "%s" in statement else None
    with (
        pytest.raises(ProgrammingError, match="permission denied for table protocols_stepevent"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    fired.refresh_from_db()
    assert fired.reason == ""
