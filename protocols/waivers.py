"""Waivers that somebody asked for: they wait for whoever may decide, and the step is owed meanwhile."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from protocols.models import StepEvent, StepRun, StepState

UNDECIDED = (StepState.WAITING, StepState.FIRED, StepState.FAILED)


def waivers_asked(steps: QuerySet[StepRun]) -> QuerySet[StepEvent]:
    """What was asked of these steps and not answered: the step is owed still, and nobody said so since."""
    asked = StepEvent.objects.filter(kind=StepEvent.Kind.WAIVER_ASKED)
    answered = StepEvent.objects.filter(
        step_run=OuterRef("step_run"),
        kind=StepEvent.Kind.WAIVER_KEPT,
        recorded_at__gte=OuterRef("recorded_at"),
    )
    return asked.filter(~Exists(answered), step_run__in=steps, step_run__state__in=UNDECIDED)


def waiver_asked_of(step_run: StepRun) -> StepEvent | None:
    """The request that waits, if there is one."""
    return waivers_asked(StepRun.objects.filter(pk=step_run.pk)).select_related("actor").first()
