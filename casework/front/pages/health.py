"""Addresses for machines that watch: is the process there, the clock on time, the audit kept. Counts only."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from casework.records.notify import outside
from casework.records.services import leftovers
from casework.records.times import now
from protocols.watchdog import Reading, reading


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def escalations(request: HttpRequest) -> JsonResponse:
    """200 while steps fire on time; 503 "late" or "unknown" otherwise, never 200 in doubt."""
    seen = reading()
    return JsonResponse(_counts(seen), status=200 if seen.state == "ok" else 503)


@login_not_required
@require_safe
def audit(request: HttpRequest) -> JsonResponse:
    """200 while the audit is sealed and its head stored outside; 503 with why, or when it cannot be asked.

    Apart from the clock's, because nobody at a duty desk at night can do anything about it.
    """
    try:
        troubles, left = outside.troubles(), leftovers.count().total
    except Error:
        troubles, left = ["the database cannot be asked"], None
    status = {"status": "late" if troubles else "ok", "why": troubles, "leftover_permissions": left}
    return JsonResponse(status, status=503 if troubles else 200)


def _counts(seen: Reading) -> dict[str, str | int | float | None]:
    oldest = now() - seen.oldest_due_at if seen.oldest_due_at else timedelta(0)
    return {
        "status": seen.state,
        "overdue": seen.late_count,
        "oldest_overdue_s": int(oldest.total_seconds()),
        "sweep_age_s": _seconds(seen.sweep_age),
        "outbox_oldest_s": _seconds(seen.outbox_age),
        "skew_s": round(seen.skew.total_seconds(), 1),
    }


def _seconds(age: timedelta | None) -> int | None:
    return int(age.total_seconds()) if age is not None else None
