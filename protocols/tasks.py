"""Doorbells for Celery. Rung twice, nothing happens twice; not rung at all, the standby loop sweeps."""

from celery import shared_task

from casework.records.heartbeats import beat
from protocols import engine


@shared_task(name="protocols.tasks.tick", ignore_result=True)
def tick() -> None:
    """Fire what is due now."""
    with engine.careful_connection():
        engine.sweep_once()
        beat("worker")
