"""`python -m tests.house.falling_due SECONDS NAME …`, in a demo's environment: days of steps within a minute.

These children are reported missing. What their protocol asks of people over the next days falls due one step
after the other within these seconds, in its own order. A due time that moves earlier stays where it was put.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
django.setup()

from django.db import transaction  # noqa: E402  Django's house must stand first

from casework.records.models import Child, User  # noqa: E402
from casework.records.times import now  # noqa: E402
from incidents.services.reports import report_missing  # noqa: E402
from protocols import engine  # noqa: E402
from protocols.models import StepRun, StepState  # noqa: E402


@transaction.atomic
def go_missing(names: Collection[str], over: timedelta) -> int:
    """How many steps will fall due; some at once."""
    amina, episodes = User.objects.get(name="Amina Rahal"), []
    for child in Child.objects.filter(first_name__in=names):
        episodes.append(report_missing(by=amina, child=child, category="missing", noticed_at=now()))
        engine.reconcile(episodes[-1].pk)
    waiting = StepRun.objects.filter(episode__in=episodes, state=StepState.WAITING)
    moment = now()
    later = list(waiting.filter(due_at__gt=moment + over).order_by("due_at", "rung", "id"))
    for number, step in enumerate(later, start=1):
        step.due_at = moment + over * number / len(later)
        step.save(update_fields=["due_at"])
    return waiting.count()


if __name__ == "__main__":
    sys.stdout.write(f"{go_missing(sys.argv[2:], timedelta(seconds=int(sys.argv[1])))}\n")
