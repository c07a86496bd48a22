"""Carrying out the plans of all children: set by set, in the order in which rows need each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.front.imports.comparing_absences import state_of
from casework.front.imports.deriving import Absence, Stay, midnight
from casework.front.imports.places import Places
from casework.front.imports.plans import ChildPlan, StayChange
from casework.records.copying import in_batches
from casework.records.models import Child, LegalStatus, Placement, User
from casework.records.services import importing as children
from incidents.services import importing as absences
from incidents.services.importing import ImportedAbsence, ImportedSpell

STAGES: Final = 5

Progress = Callable[[str, int, int], None]


def write_children(
    plans: Sequence[ChildPlan], places: Places, by: User | None, progress: Progress
) -> list[UUID]:
    """Write every plan; the plans then know the rows that were made. Returns the absences to plan for."""
    homes_before = _homes_of([row_id for plan in plans for row_id in plan.stay_ids.values()])
    progress("Writing children", 0, STAGES)
    children.register_children(by=by, children=_new_children(plans, places))
    children.correct_children(by=by, corrected=_corrected(plans, places))
    progress("Writing placements", 1, STAGES)
    homes = _write_placements(plans, places, by)
    progress("Writing legal statuses", 2, STAGES)
    _write_statuses(plans, by)
    progress("Writing absences", 3, STAGES)
    to_look_at = _write_absences(plans, places, homes_before | homes, by)
    progress("Writing what was read", 4, STAGES)
    return to_look_at


# ---- children ----


def _new_children(plans: Sequence[ChildPlan], places: Places) -> Iterator[Child]:
    for plan in plans:
        if plan.is_new:
            yield Child(pk=plan.child_id, authority=places.authority, **_columns(plan.person, places))


def _corrected(plans: Sequence[ChildPlan], places: Places) -> Mapping[UUID, Mapping[str, object]]:
    return {plan.child_id: _columns(plan.person, places) for plan in plans if plan.person and not plan.is_new}


def _columns(person: Mapping[str, object], places: Places) -> dict[str, Any]:
    """The columns of a child. A worker who may not sign in any more is not allocated."""
    columns = dict(person)
    if "team" in columns:
        columns["team_id"] = places.teams.get(str(columns.pop("team")).casefold())
    if "worker_email" in columns:
        columns["allocated_worker_id"] = places.workers.get(str(columns.pop("worker_email")))
    return columns


# ---- placements and legal statuses ----


def _write_placements(plans: Sequence[ChildPlan], places: Places, by: User | None) -> dict[UUID, UUID | None]:
    """The home of each placement that was made or changed."""
    homes: dict[UUID, UUID | None] = {}
    for plan in plans:
        for stay in plan.new_stays:
            plan.stay_ids[stay.start_on] = row_id = uuid4()
            plan.about |= dict.fromkeys(stay.keys, row_id)
            homes[row_id] = places.homes.get(stay.urn)
        homes |= {change.row.id: places.homes.get(change.urn) for change in plan.changed_stays}
    children.settle_placements(
        by=by,
        new=(_new_placement(plan, stay, places, by) for plan in plans for stay in plan.new_stays),
        changed=(_changed_placement(change, places) for plan in plans for change in plan.changed_stays),
        withdrawn=[row_id for plan in plans for row_id in plan.withdrawn_stays],
    )
    return homes


def _new_placement(plan: ChildPlan, stay: Stay, places: Places, by: User | None) -> Placement:
    return Placement(
        pk=plan.stay_ids[stay.start_on],
        child_id=plan.child_id,
        home_id=places.homes.get(stay.urn),
        period=DateTimeTZRange(midnight(stay.start_on), midnight(stay.end_on) if stay.end_on else None),
        place_code=stay.place_code,
        provider_code=stay.provider_code,
        reason_ended=stay.reason_ended,
        recorded_by=by,
    )


def _changed_placement(change: StayChange, places: Places) -> Placement:
    return Placement(
        pk=change.row.id,
        home_id=places.homes.get(change.urn),
        period=DateTimeTZRange(change.starts_at, change.ends_at),
        place_code=change.place_code,
        provider_code=change.provider_code,
        reason_ended=change.reason_ended,
    )


def _homes_of(placement_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    rows: dict[UUID, UUID | None] = {}
    for some in in_batches(placement_ids):
        rows |= dict(Placement.objects.filter(pk__in=some).values_list("pk", "home_id"))
    return rows


def _write_statuses(plans: Sequence[ChildPlan], by: User | None) -> None:
    children.settle_legal_statuses(
        by=by,
        new=(
            LegalStatus(
                child_id=plan.child_id, code=status.code, from_on=status.from_on, until_on=status.until_on
            )
            for plan in plans
            for status in plan.new_statuses
        ),
        changed=(
            LegalStatus(pk=change.id, code=change.code, from_on=change.from_on, until_on=change.until_on)
            for plan in plans
            for change in plan.changed_statuses
        ),
        withdrawn=[row_id for plan in plans for row_id in plan.withdrawn_statuses],
    )


# ---- absences ----


def _write_absences(
    plans: Sequence[ChildPlan], places: Places, homes: Mapping[UUID, UUID | None], by: User | None
) -> list[UUID]:
    """What is over comes to its end first: a child has one open absence."""
    mistaken = [row_id for plan in plans for row_id in plan.mistaken]
    to_look_at = absences.take_back_imported(by=by, episode_ids=mistaken)
    rewritten = {
        change.episode_id: _imported(plan, change.absence, places, homes)
        for plan in plans
        for change in plan.rewritten
    }
    told = {change.episode_id for plan in plans for change in plan.rewritten if change.is_told}
    to_look_at += absences.rewrite_imported(by=by, rewritten=rewritten, told=told)
    new = (_imported(plan, absence, places, homes) for plan in plans for absence in plan.new_absences)
    return to_look_at + absences.add_imported(by=by, absences=new)


def _imported(
    plan: ChildPlan, absence: Absence, places: Places, homes: Mapping[UUID, UUID | None]
) -> ImportedAbsence:
    placement_id = plan.stay_ids.get(absence.stay_from) if absence.stay_from else None
    return ImportedAbsence(
        authority_id=places.authority.pk,
        child_id=plan.child_id,
        reference=plan.reference,
        placement_id=placement_id,
        home_id=homes.get(placement_id) if placement_id else None,
        state=state_of(absence),
        spells=[
            ImportedSpell(
                plan.about.setdefault(period.key, uuid4()),
                period.category,
                period.started_at,
                period.ended_at,
            )
            for period in absence.periods
        ],
    )
