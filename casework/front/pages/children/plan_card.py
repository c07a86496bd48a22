"""The plan for the day a child goes missing: the steps that count from where the child lives now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse

from casework.front.pages.kit.cards import Action
from casework.front.pages.kit.words import moment
from casework.records.access import may_see, may_within
from casework.records.acts import Act
from casework.records.models import Child
from casework.records.standing import Standing
from protocols.access import placement_of, plan_steps_within
from protocols.clock import explain
from protocols.models import StepRun, StepState
from protocols.queries import OWED
from protocols.rulebook import ROLES

SETTLED_SHOWN: Final = 3
ACTS: Final = (
    (Act.COMPLETE_STEP, "Record as done", "complete"),
    (Act.HAND_OVER_STEP, "Hand over", "hand-over"),
    (Act.WAIVE_STEP, "Waive with a reason", "waive"),
)


@dataclass(frozen=True)
class OwedPlan:
    """A step that waits for somebody, or will."""

    title: str
    what: str
    due_at: datetime
    responsible: str
    why: str
    actions: Sequence[Action]


@dataclass(frozen=True)
class SettledPlan:
    """A step that is over, in a line: what became of it, who, when, or why not."""

    outcome: str
    title: str
    detail: str


@dataclass(frozen=True)
class PlanCard:
    owed: Sequence[OwedPlan]
    settled: Sequence[SettledPlan]


def plan_card(standing: Standing, child: Child, now: datetime) -> PlanCard | None:
    """None while nothing is planned for the child, or for a reader who does not read cases."""
    rows = list(
        plan_steps_within(standing)
        .filter(run__placement__child=child, run__settled_at=None, run__stopped_at=None, rung=0)
        .exclude(state=StepState.SUPERSEDED)
        .select_related("step", "holder", "done_by", "run__placement__child")
        .order_by("due_at", "step__ordinal")
    )
    if not rows:
        return None
    over = [row for row in reversed(rows) if row.state not in OWED]
    return PlanCard(
        owed=[_owed(row, standing) for row in rows if row.state in OWED],
        settled=[_settled(row, standing, now) for row in over[:SETTLED_SHOWN]],
    )


def _owed(row: StepRun, standing: Standing) -> OwedPlan:
    who = row.holder.name if row.holder else f"the {ROLES[row.role]}".replace("'", "’")
    return OwedPlan(
        row.step.title, row.step.what, row.due_at, who, explain(row.derivation), _actions(row, standing)
    )


def _actions(row: StepRun, standing: Standing) -> list[Action]:
    child_id, title = placement_of(row).child_id, row.step.title
    return [
        Action(text, reverse(f"pages:step-{name}", args=[row.pk]), title, is_main=name == "complete")
        for act, text, name in ACTS
        if may_within(standing, act, child_id=child_id, **_where(row)) and not _is_anothers(row, standing)
    ]


def _where(row: StepRun) -> dict[str, UUID | None]:
    """The authority and the home whose people may do it."""
    placement = placement_of(row)
    return {"authority_id": placement.child.authority_id, "home_id": placement.home_id}


def _is_anothers(row: StepRun, standing: Standing) -> bool:
    """People of a home do the home's own steps; what the authority answers for is the authority's."""
    mine = row.role == "carer" or row.holder_id == standing.user_id
    return not mine and not standing.roles_in(placement_of(row).child.authority_id)


def _settled(row: StepRun, standing: Standing, now: datetime) -> SettledPlan:
    who = row.done_by.name if row.done_by else ""
    when = moment(row.done_at, now) if row.done_at else ""
    said = " ".join(part for part in (who, when) if part)
    reason = row.reason if may_see(standing, StepRun, "reason", **_where(row)) else ""
    return SettledPlan(
        str(StepState(row.state).label), row.step.title, ": ".join(part for part in (said, reason) if part)
    )
