"""Placements for the engine: a protocol with two steps that count from one, and children placed today."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from casework.records.models import Child, ChronologyEntry, Home, Notification, Placement
from casework.records.services import placements
from casework.records.times import now, pretend_now
from protocols import engine
from protocols.conditions import Question
from protocols.document import read_document, write_document
from protocols.models import ProtocolRun, StepEvent, StepRun
from protocols.publishing import draft_version, publish_version
from protocols.rulebook import Rung, StepRule, Timing
from tests.cast import Cast
from tests.protocols.kits_night import DOCUMENT

SHIPPED = read_document(DOCUMENT)
P1 = StepRule(
    code="P1",
    title="Prepare for the day the child goes missing",
    what="Write down what helps to find the child.",
    kind="task",
    basis="local",
    citation="Local option",
    anchor="P",
    responsible="social_worker",
    told=(),
    timings=(Timing(calendar="working_days", days=5, at=time(17)),),
    repeat=timedelta(days=91),
    evidence=("What was written down",),
    ladder=(Rung(timedelta(days=1), "team_manager"), Rung(timedelta(days=3), "service_manager")),
)
P2 = replace(
    P1,
    code="P2",
    title="Plan for a child at risk of trafficking",
    applies=Question("at_risk_of_trafficking"),
    timings=(Timing(),),
    repeat=None,
    ladder=(Rung(timedelta(days=1), "team_manager"),),
)
SHIPPED_WITHOUT = tuple(step for step in SHIPPED.steps if step.anchor != "P")
RULES = (*SHIPPED_WITHOUT, P1, P2)
DONE = {"What was written down": "Photo, phone, friends."}


def plans_in_force() -> None:
    """The edition in force has P1 and P2, as this page has them."""
    in_force(RULES)


def in_force(rules: tuple[StepRule, ...]) -> None:
    """Publish an edition with these steps."""
    source = write_document(replace(SHIPPED, steps=rules))
    version = draft_version(by=None, authority=None, source=source)
    publish_version(by=None, version_id=version.pk)


def moved_in(cast: Cast, child: Child, *, home: Home | None = None, at: datetime | None = None) -> Placement:
    """Ada moves the child to Fenwick House, and the steps are planned, as the page's wake would do."""
    moment = at or now()
    placement = placements.move_child(
        by=cast.ada, child=child, home=home or cast.fenwick_house, at=moment, reason="Nearer to school."
    )
    engine.reconcile_placement(placement.pk)
    return placement


def plan_step(placement: Placement, code: str, *, rung: int = 0, number: int = 0) -> StepRun:
    """The row of a step that counts now."""
    return StepRun.objects.get(
        run__placement=placement, step__code=code, rung=rung, round=number, superseded_at=None
    )


def plan_rows(placement: Placement) -> list[tuple[object, ...]]:
    """Every row that the engine writes for a placement, to compare before and after."""
    steps = StepRun.objects.filter(run__placement=placement)
    ids = list(steps.values_list("pk", flat=True))
    return [
        *ProtocolRun.objects.filter(placement=placement).order_by("pk").values_list("pk", "settled_at"),
        *steps.order_by("pk").values_list("pk", "state", "due_at", "fired_at", "done_at", "reason"),
        *StepEvent.objects.filter(step_run__in=ids).order_by("pk").values_list("pk", "kind"),
        *ChronologyEntry.objects.filter(about_id__in=ids).order_by("pk").values_list("pk", "verb"),
        *Notification.objects.filter(step_run_id__in=ids).order_by("pk").values_list("pk", "state"),
    ]


def falls_due(placement: Placement, code: str = "P1", *, ago: timedelta = timedelta(hours=1)) -> None:
    """Time passes for this transaction until the step has been due for so long."""
    pretend_now(plan_step(placement, code).due_at + ago)
