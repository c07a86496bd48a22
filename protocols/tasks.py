"""Doorbells for Celery. Rung twice, nothing happens twice; not rung at all, the standby loop sweeps."""

from celery import shared_task

from casework.records.heartbeats import beat
from protocols import engine, unexplained


@shared_task(name="protocols.tasks.tick", ignore_result=True)
def tick() -> None:
    """Fire what is due now."""
    with engine.careful_connection():
        engine.sweep_once()
        beat("worker")


@shared_task(name="protocols.tasks.tell_of_unexplained_looks", ignore_result=True)
def tell_of_unexplained_looks() -> None:
    """On Mondays, tell those who watch the audit that there are looks to check."""
    unexplained.tell_of_last_week()
