"""The bell after a change: steps come up to date, sweepers hear, and no trouble reaches the page."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports
from protocols import engine
from protocols.engine import waking
from protocols.engine.notify import LISTEN
from protocols.models import StepRun, StepState
from protocols.publishing import publish_default
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def _report(cast: Cast) -> MissingEpisode:
    return reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())


@pytest.fixture(autouse=True)
def no_nudge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nudge goes to a broker in a thread of its own; here nobody waits for it."""
    monkeypatch.setattr(waking, "nudge", lambda: None)


def test_wake_plans_once_the_facts_are_committed_and_not_before(cast: Cast) -> None:
    publish_default()
    with transaction.atomic():
        episode = _report(cast)
        engine.wake(episode.pk)
        assert not StepRun.objects.filter(episode=episode).exists()

    assert StepRun.objects.filter(episode=episode, state=StepState.WAITING).exists()


def test_a_rolled_back_report_wakes_nobody(cast: Cast) -> None:
    publish_default()
    with transaction.atomic():
        engine.wake(_report(cast).pk)
        transaction.set_rollback(True)

    assert not StepRun.objects.exists()


def test_trouble_while_waking_is_logged_and_the_page_goes_on(cast: Cast) -> None:
    episode = _report(cast)  # and no protocol was ever published

    engine.wake(episode.pk)

    assert MissingEpisode.objects.filter(pk=episode.pk).exists()
    assert not StepRun.objects.exists()


def test_sweepers_hear_the_wake(cast: Cast) -> None:
    publish_default()
    episode = _report(cast)
    heard = threading.Event()
    listening = threading.Event()

    def listen() -> None:
        with connection.cursor() as cursor:
            cursor.execute(LISTEN)
        listening.set()
        wire = connection.connection
        for _ in range(100):
            wire.poll()
            if wire.notifies:
                heard.set()
                break
            threading.Event().wait(0.05)
        connection.close()

    listener = threading.Thread(target=listen)
    listener.start()
    listening.wait(10)
    engine.wake(episode.pk)
    listener.join()

    assert heard.is_set()


def test_the_loop_fires_what_a_wake_brings_and_ends_when_asked(cast: Cast) -> None:
    publish_default()
    episode, stop = _report(cast), threading.Event()
    loop = threading.Thread(target=_sweep_until, args=[stop])
    loop.start()
    engine.wake(episode.pk)
    for _ in range(200):
        if StepRun.objects.filter(episode=episode, state=StepState.FIRED).exists():
            break
        threading.Event().wait(0.05)
    stop.set()
    loop.join(10)

    assert not loop.is_alive()
    assert StepRun.objects.filter(episode=episode, state=StepState.FIRED).exists()


def _sweep_until(stop: threading.Event) -> None:
    engine.sweep_forever(stop)
    connection.close()
