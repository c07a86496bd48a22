"""How a child of the demo came to be on record: registered, allocated, placed, and described since then."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from casework.front.demo.children import Young
from casework.front.demo.places import Places
from casework.front.demo.portraits import portrait
from casework.records.local_time import WALL
from casework.records.models import Child, FactKind, Placement, User
from casework.records.services.children import allocate_worker, record_legal_status, register_child
from casework.records.services.photos import add_photo
from casework.records.services.placements import start_placement
from casework.records.services.profile import record_fact
from casework.records.times import pretend_now
from protocols import engine
from protocols.acts import complete_step
from protocols.models import StepRun, StepState

PLACED_BEFORE: Final = timedelta(days=160)
A_DAY_EARLY: Final = timedelta(days=1)
AS_ON_FILE: Final = "Written down with the home, and on the child’s page."
AT_SCHOOL: Final = frozenset({"EX-19984", "EX-20733", "EX-20815", "EX-20877"})
NOT_APPROVED: Final = frozenset({"EX-20123", "EX-20478", "EX-20702"})  # their pages say so
IN_CARE_BEFORE: Final = timedelta(days=700)


def take_in(young: Young, places: Places, today: datetime) -> Child:
    """Register one child, allocated to a worker and placed since then. Moves the transaction's clock."""
    pretend_now(today - PLACED_BEFORE)
    worker_post = young.worker.post(places)
    ada, worker = (User.objects.get(email=person.email) for person in (young.registered_by, young.worker))
    child = register_child(
        by=ada,
        authority=worker_post.get("authority") or worker_post["team"].authority,
        reference=young.reference,
        first_name=young.first_name,
        last_name=young.last_name,
        born_on=young.born_on(today.astimezone(WALL).date()),
        sex=young.sex,
        is_unaccompanied=young.is_unaccompanied,
        languages=young.languages,
        needs_interpreter=young.needs_interpreter,
    )
    in_care_on = (today - IN_CARE_BEFORE).astimezone(WALL).date()
    record_legal_status(by=ada, child=child, code=young.legal_status, from_on=in_care_on)
    child = allocate_worker(by=ada, child=child, worker=worker, team=worker_post.get("team"))
    placement = start_placement(
        by=ada,
        child=child,
        home=young.home(places),
        starts_at=today - PLACED_BEFORE,
        place_code=young.place_code,
        provider_code=young.provider_code,
    )
    _plan_ahead(placement, worker, today)
    _describe(young, child, today)
    _photograph(young, child, today)
    return child


def _plan_ahead(placement: Placement, worker: User, today: datetime) -> None:
    """The plan for the day the child goes missing: written in the first days, and looked at again since."""
    engine.reconcile_placement(placement.pk)
    while step := _due_before(placement, today):
        pretend_now(max(step.due_at - A_DAY_EARLY, placement.period.lower))
        complete_step(by=worker, step_run=step, evidence=dict.fromkeys(step.step.evidence, AS_ON_FILE))
        pretend_now(step.due_at)
        engine.reconcile_placement(placement.pk)


def _due_before(placement: Placement, today: datetime) -> StepRun | None:
    waiting = StepRun.objects.filter(run__placement=placement, rung=0, state=StepState.WAITING)
    return waiting.filter(due_at__lt=today).select_related("step").order_by("due_at").first()


def _describe(young: Young, child: Child, today: datetime) -> None:
    recorder = User.objects.get(email=young.recorder.email)
    for fact in sorted(young.facts, key=attrgetter("days_ago"), reverse=True):
        pretend_now(today - timedelta(days=fact.days_ago))
        record_fact(by=recorder, child=child, kind=fact.kind, words=fact.words, source=fact.source)


def _photograph(young: Young, child: Child, today: datetime) -> None:
    """Of most there is one, and most of those were approved for the police on the same day."""
    drawn = portrait(young.reference)
    if drawn is None:
        return
    taken_at = today - timedelta(days=photographed_days_ago(young))
    pretend_now(taken_at)
    add_photo(
        by=User.objects.get(email=young.recorder.email),
        child=child,
        picture=drawn,
        source="School photo" if young.reference in AT_SCHOOL else young.recorder.name.split()[0],
        taken_on=taken_at.astimezone(WALL).date(),
        is_rough=young.reference in AT_SCHOOL,
        for_police=young.reference not in NOT_APPROVED,
    )


def photographed_days_ago(young: Young) -> int:
    """With the description, or well before."""
    described = min((fact.days_ago for fact in young.facts if fact.kind == FactKind.DESCRIPTION), default=30)
    return described + (90 if young.reference in AT_SCHOOL else 0)
