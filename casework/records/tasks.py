"""Doorbells for Celery: each calls one function that may be called at any time, by anybody, twice at once."""

from celery import shared_task
from django.db import connection

from casework.records.notify import outbox, outside
from casework.records.services import client_ends, leftovers

MONTHS_AHEAD = 3


@shared_task(name="casework.records.tasks.deliver_notifications", ignore_result=True)
def deliver_notifications() -> None:
    """Send what is owed."""
    outbox.deliver()


@shared_task(name="casework.records.tasks.keep_audit", ignore_result=True)
def keep_audit() -> None:
    """Seal the audit's new rows, and store the heads of its chains outside when that is due."""
    outside.keep()


@shared_task(name="casework.records.tasks.reconcile_permissions", ignore_result=True)
def reconcile_permissions() -> None:
    """Take away the permissions that nobody should hold any more."""
    leftovers.reconcile()


@shared_task(name="casework.records.tasks.look_after_police_clients", ignore_result=True)
def look_after_police_clients() -> None:
    """Tell of the forces' systems whose time ends, and forget the tokens that have ended."""
    client_ends.tell()
    client_ends.forget_tokens()


@shared_task(name="casework.records.tasks.keep_audit_partitions", ignore_result=True)
def keep_audit_partitions() -> None:
    """Make room for the audit's coming months. The database's own function does it: we have no DDL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_keep_partitions(%s)", [MONTHS_AHEAD])
