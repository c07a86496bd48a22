"""The bell that every page rings after it changed an episode, or what is known of a child."""

import threading
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from celery import current_app
from django.db import connection, transaction

from .notify import NOTIFY
from .reconcile import reconcile, reconcile_placement
from .unplanned import placements_to_look_at

log = structlog.get_logger(__name__)

TICK: Final = "protocols.tasks.tick"
STALE_AFTER_SECONDS: Final = 2

_nudging = threading.Lock()


def wake(episode_id: UUID) -> None:
    """Once the facts are committed: bring the episode's steps up to date, and wake whoever sweeps.

    Nothing here can break the page: the facts stand, and a later sweep does what was left out.
    """
    transaction.on_commit(partial(_wake_now, episode_id), robust=True)


def wake_placements(child_id: UUID) -> None:
    """The same for where the child lives: a placement began or ended, or what its steps depend on changed."""
    transaction.on_commit(partial(_wake_placements_now, child_id), robust=True)


def _wake_now(episode_id: UUID) -> None:
    try:
        reconcile(episode_id)
        with connection.cursor() as cursor:
            cursor.execute(NOTIFY)
    except Exception as error:
        log.error("wake.failed", episode_id=str(episode_id), error=type(error).__name__)
    nudge()


def _wake_placements_now(child_id: UUID) -> None:
    """New due times wake the sweepers by themselves; there is nothing else to hurry for."""
    try:
        for placement_id in placements_to_look_at(child_id):
            reconcile_placement(placement_id)
    except Exception as error:
        log.error("wake.failed", child_id=str(child_id), error=type(error).__name__)


def nudge() -> None:
    """Ask Celery for a tick without waiting: a broker that hangs must not keep a page. One at a time."""
    if _nudging.acquire(blocking=False):
        threading.Thread(target=_nudge, name="nudge", daemon=True).start()


def _nudge() -> None:
    try:
        current_app.send_task(TICK, expires=STALE_AFTER_SECONDS, ignore_result=True)
    except Exception as error:  # no broker, no nudge: the standby loop has heard the NOTIFY
        log.info("nudge.not_heard", error=type(error).__name__)
    finally:
        _nudging.release()
