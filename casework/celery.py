"""Celery: a doorbell for work whose truth is in PostgreSQL. Every task may be rung twice or not at all."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from celery import Celery
from celery.signals import task_prerun, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from kombu import Queue

if TYPE_CHECKING:
    from celery import Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

TICK_SECONDS = 2.0
DELIVER_SECONDS = 5.0
SEAL_SECONDS = 5.0
HOUR_SECONDS = 3_600.0
LOOK_SECONDS = 60.0
DAY_SECONDS = 86_400.0


def _configuration() -> dict[str, object]:
    return {
        "broker_url": settings.REDIS_URL,
        # One failed nudge must not keep a page waiting: the row is committed, the next sweep sees it.
        "task_publish_retry": False,
        "broker_transport_options": {
            "visibility_timeout": 120,
            "socket_connect_timeout": 1,
            "socket_timeout": 10,
        },
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_max_tasks_per_child": 5_000,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "task_time_limit": 60,
        "task_soft_time_limit": 50,
        "timezone": "UTC",
        "enable_utc": True,
        "task_default_queue": "bulk",
        "task_queues": [Queue("clock"), Queue("deliver"), Queue("bulk")],
        "task_routes": {
            "protocols.tasks.tick": {"queue": "clock"},
            "protocols.tasks.*": {"queue": "bulk"},
            "casework.records.tasks.deliver_notifications": {"queue": "deliver"},
            "casework.records.tasks.keep_audit": {"queue": "deliver"},
            "casework.records.tasks.*": {"queue": "bulk"},
            "casework.front.tasks.*": {"queue": "bulk"},
        },
        # Intervals only, never the wall clock: a crontab entry is skipped or doubled when the clocks change.
        # A nudge that waited longer than its period is stale, so it expires.
        "beat_schedule": {
            "look for steps that have fallen due": {
                "task": "protocols.tasks.tick",
                "schedule": TICK_SECONDS,
                "options": {"expires": TICK_SECONDS},
            },
            "send messages that wait in the outbox": {
                "task": "casework.records.tasks.deliver_notifications",
                "schedule": DELIVER_SECONDS,
                "options": {"expires": DELIVER_SECONDS},
            },
            "seal what was looked at and changed": {
                "task": "casework.records.tasks.keep_audit",
                "schedule": SEAL_SECONDS,
                "options": {"expires": SEAL_SECONDS},
            },
            "look after the files that were handed over": {
                "task": "casework.front.tasks.look_after_uploads",
                "schedule": LOOK_SECONDS,
                "options": {"expires": LOOK_SECONDS},
            },
            "tell on Mondays of looks without an explanation": {
                "task": "protocols.tasks.tell_of_unexplained_looks",
                "schedule": HOUR_SECONDS,
                "options": {"expires": HOUR_SECONDS},
            },
            "tell of police systems whose time ends": {
                "task": "casework.records.tasks.look_after_police_clients",
                "schedule": HOUR_SECONDS,
                "options": {"expires": HOUR_SECONDS},
            },
            "take away permissions left behind": {
                "task": "casework.records.tasks.reconcile_permissions",
                "schedule": DAY_SECONDS,
                "options": {"expires": DAY_SECONDS},
            },
            "make room for next month's audit": {
                "task": "casework.records.tasks.keep_audit_partitions",
                "schedule": DAY_SECONDS,
                "options": {"expires": DAY_SECONDS},
            },
        },
    }


app = Celery("casework")
app.add_defaults(_configuration)  # read when first needed: importing the package must not need the settings
app.autodiscover_tasks()


@task_prerun.connect
def name_the_task(sender: Task[..., None], **_: object) -> None:
    """The database, and so the audit, knows the connection by the task that it works for now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [sender.name])


@worker_init.connect
def refuse_moved_clock(**_: object) -> None:
    """A worker does not start on a database whose clock can be moved, unless it is a demo's."""
    times = import_module("casework.records.times")  # it needs the settings, which importing us must not
    try:
        times.refuse_moved_clock()
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from refusal  # anything milder Celery logs, and goes on
    except OperationalError:
        return  # without the database a worker does nothing; it is asked again when it is started again
    finally:
        connection.close()  # or the worker's children would share it
