"""Reading many placements' facts at once: what the plan for the day that a child goes missing depends on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypedDict
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from casework.records.models import HomeKind, LegalStatus, Placement
from casework.records.times import LONDON, now

from .looking import GRACE_WITHOUT_A_HOME, age_on, is_out_of_area, is_unaccompanied_on, live_indicators
from .values import Met, PlacementFacts

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

NOTHING_MET: Final[Mapping[str, Met]] = MappingProxyType({})


class Beside(TypedDict):
    """What is looked up beside each placement's own row."""

    legal_code: str | None


def lock_placement(placement_id: UUID) -> None:
    """Hold the row until the transaction ends, whatever has become of it: a move waits, or came first."""
    rows = Placement._base_manager.filter(pk=placement_id)
    rows.select_for_update(no_key=True, of=("self",)).get()


def facts_of_placements(placement_ids: Collection[UUID]) -> dict[UUID, PlacementFacts]:
    """The facts of each placement, withdrawn ones too, in three queries, however many they are."""
    rows, moment = list(_rows(placement_ids)), now()
    signs = live_indicators({row.child_id for row in rows})
    return {row.pk: _facts(row, signs[row.child_id], moment) for row in rows}


def _rows(placement_ids: Collection[UUID]) -> QuerySet[WithAnnotations[Placement, Beside]]:
    current = LegalStatus.objects.filter(child=OuterRef("child"), until_on__isnull=True)
    return (
        Placement._base_manager.filter(pk__in=list(placement_ids))
        .select_related("child", "home")
        .annotate(legal_code=Subquery(current.values("code")[:1]))
    )


def _facts(
    row: WithAnnotations[Placement, Beside], signs: Mapping[str, datetime], moment: datetime
) -> PlacementFacts:
    child, home, today = row.child, row.home, moment.astimezone(LONDON).date()
    start, end = row.period.lower, row.period.upper
    return PlacementFacts(
        placement_id=row.pk,
        authority_id=child.authority_id,
        child_id=row.child_id,
        home_id=row.home_id,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        placed_at=start,
        ended_at=end if end is not None and end <= moment else None,
        is_withdrawn=row.withdrawn_at is not None,
        born_on=child.born_on,
        age=age_on(child.born_on, today),
        indicators=frozenset(signs),
        indicators_at=signs,
        is_unaccompanied=is_unaccompanied_on(child, today),
        is_out_of_area=is_out_of_area(child, home),
        legal_status=row.legal_code or "",
        home_kind=home.kind if home else HomeKind.OTHER,
        grace=home.grace if home else GRACE_WITHOUT_A_HOME,
        met=NOTHING_MET,
    )
