"""The watchdog says late, unknown or ok, and a late person never turns it red."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from casework.records.heartbeats import beat
from casework.records.models import Notification
from casework.records.times import now
from protocols import watchdog
from protocols.models import StepRun, StepState
from tests.cast import Cast
from tests.protocols.rows import waiting_step

pytestmark = pytest.mark.django_db


def test_nobody_swept_is_unknown_not_ok(cast: Cast, client: Client) -> None:
    assert watchdog.reading().state == "unknown"
    answer = client.get("/health/escalations")
    assert (answer.status_code, answer.json()["status"]) == (503, "unknown")
    assert client.get("/health/live").status_code == 200


def test_on_time_is_ok(cast: Cast, client: Client) -> None:
    waiting_step(cast, due_in=timedelta(hours=1))
    beat("sweep")

    answer = client.get("/health/escalations")

    assert (answer.status_code, answer.json()["status"], answer.json()["overdue"]) == (200, "ok", 0)


def test_a_step_that_did_not_fire_is_late_however_old(cast: Cast, client: Client) -> None:
    _known_for(waiting_step(cast, due_in=-timedelta(days=40)), timedelta(days=40))
    beat("sweep")

    answer = client.get("/health/escalations")

    assert (answer.status_code, answer.json()["status"], answer.json()["overdue"]) == (503, "late", 1)
    assert answer.json()["oldest_overdue_s"] >= 40 * 86_400


def test_what_a_late_report_brings_is_not_late_before_anybody_could_fire_it(cast: Cast) -> None:
    step = waiting_step(cast, due_in=-timedelta(hours=5))
    beat("sweep")

    assert watchdog.reading().state == "ok"

    _known_for(step, timedelta(seconds=61))
    assert (watchdog.reading().state, watchdog.reading().late_count) == ("late", 1)


def _known_for(step: StepRun, age: timedelta) -> None:
    StepRun.objects.filter(pk=step.pk).update(recorded_at=now() - age)


def test_a_late_person_never_turns_health_red(cast: Cast) -> None:
    step = waiting_step(cast, due_in=-timedelta(days=2))
    StepRun.objects.filter(pk=step.pk).update(state=StepState.FIRED, fired_at=now())
    beat("sweep")

    assert watchdog.reading().state == "ok"


def test_a_message_that_waits_is_late(cast: Cast) -> None:
    beat("sweep")
    Notification.objects.create(
        key="k", recipient=cast.amina, template="step_due", recorded_at=now() - timedelta(minutes=6)
    )

    seen = watchdog.reading()

    assert seen.state == "late"
    assert "messages have not been sent for 5 minutes" in seen.why


def test_an_episode_that_nobody_planned_is_late(cast: Cast) -> None:
    step = waiting_step(cast, due_in=timedelta(hours=1))
    beat("sweep")
    run = step.run
    run.stopped_at = now()
    run.save()
    episode = step.episode
    assert episode is not None
    type(episode).objects.filter(pk=episode.pk).update(recorded_at=now() - timedelta(minutes=2))

    assert watchdog.reading().state == "late"


def test_the_watchdogs_own_role_may_ask_and_nothing_more(cast: Cast) -> None:
    beat("sweep")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SET LOCAL ROLE casework_watchdog")
        assert watchdog.reading().state == "ok"
        cursor.execute("SELECT has_table_privilege('casework_watchdog', 'records_child', 'SELECT')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SET LOCAL ROLE casework_app")
