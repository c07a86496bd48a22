"""Placements and legal statuses: the files against the record. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.front.imports.deriving import Status, Stay, midnight
from casework.front.imports.differences import Noun
from casework.front.imports.plans import ChildPlan, StatusChange, StayChange
from casework.front.imports.recorded import RecordedStatus, RecordedStay, day_of
from casework.front.imports.verdicts import CHANGED_HERE, Verdict, shown, verdict

OVERLAPS = "It overlaps with a placement that was recorded here."
ANOTHER_CURRENT = "Another legal status was recorded here, and still holds."
NO_LONGER = "no longer in the files"

_STAY_WORDS = {
    "start_on": "first day",
    "end_on": "end",
    "urn": "home",
    "place_code": "kind of placement",
    "provider_code": "provider code",
}


# ---- placements ----


def compare_stays(
    plan: ChildPlan,
    old: Sequence[Stay],
    new: Sequence[Stay],
    recorded: Sequence[RecordedStay],
    about: Mapping[str, UUID],
) -> None:
    """Add, change or take out placements, so that they are what the files say and never overlap."""
    bound = _bind_stays(new, recorded, about)
    plan.stay_ids = {stay.start_on: row.id for stay, row in bound}
    plan.about |= {key: row.id for stay, row in bound for key in stay.keys}
    matched = {id(stay) for stay, _ in bound}
    taken = {row.id for _, row in bound}
    said = {key: stay for stay in old for key in stay.keys}
    withdrawn = _withdraw_stays(plan, said, recorded, about, taken)
    changed = [change for stay, row in bound if (change := _stay_change(plan, said, stay, row)) is not None]
    fresh = [stay for stay in new if id(stay) not in matched and not _is_said(stay, said)]
    _keep_what_fits(plan, changed, fresh, [row for row in recorded if row.id not in withdrawn])


def _bind_stays(
    new: Sequence[Stay], recorded: Sequence[RecordedStay], about: Mapping[str, UUID]
) -> list[tuple[Stay, RecordedStay]]:
    """Which recorded placement each one is: the one its rows were about, else one that began that day."""
    free = {row.id: row for row in recorded}
    bound: list[tuple[Stay, RecordedStay]] = []
    unbound: list[Stay] = []
    for stay in new:
        row_id = next((about[key] for key in stay.keys if about.get(key) in free), None)
        if row_id is None:
            unbound.append(stay)
        else:
            bound.append((stay, free.pop(row_id)))
    for stay in unbound:
        row = next((row for row in free.values() if row.start_on == stay.start_on), None)
        if row is not None:
            bound.append((stay, free.pop(row.id)))
    return bound


def _is_said(stay: Stay, said: Mapping[str, Stay]) -> bool:
    """The files said just this before, and yet it is not recorded: it was left out then."""
    return said.get(stay.keys[0]) == stay


def _withdraw_stays(
    plan: ChildPlan,
    said: Mapping[str, Stay],
    recorded: Sequence[RecordedStay],
    about: Mapping[str, UUID],
    taken: set[UUID],
) -> set[UUID]:
    """Placements that the files had brought and do not have any more."""
    brought = {about[key]: stay for key, stay in said.items() if key in about}
    for row in recorded:
        stay = brought.get(row.id)
        if stay is None or row.id in taken:
            continue
        what = f"from {shown(row.start_on)}"
        if _is_as_said(row, stay):
            plan.withdrawn_stays.append(row.id)
            plan.correct(Noun.PLACEMENT, f"{what}: {NO_LONGER}")
        else:
            plan.leave(Noun.PLACEMENT, f"{what}: {NO_LONGER}", CHANGED_HERE)
    return set(plan.withdrawn_stays)


def _is_as_said(row: RecordedStay, stay: Stay) -> bool:
    return all(getattr(row, name) == getattr(stay, name) for name in _STAY_WORDS)


def _stay_change(
    plan: ChildPlan, said: Mapping[str, Stay], stay: Stay, row: RecordedStay
) -> StayChange | None:
    """The recorded placement with what the files put right; None when that is nothing."""
    before = next((said[key] for key in stay.keys if key in said), None)
    applied: dict[str, Any] = {}
    for name, words in _STAY_WORDS.items():
        what = f"from {shown(row.start_on)}, {words}"
        ruling = verdict(
            getattr(stay, name),
            getattr(row, name),
            said_before=getattr(before, name, None),
            is_known=before is not None,
            may_fill=name != "end_on",
        )
        if ruling == Verdict.APPLY:
            applied[name] = getattr(stay, name)
        elif ruling == Verdict.LEAVE:
            plan.leave(Noun.PLACEMENT, what, CHANGED_HERE)
    return _changed_stay(stay, row, applied) if applied else None


def _changed_stay(stay: Stay, row: RecordedStay, applied: Mapping[str, Any]) -> StayChange:
    end_on = applied.get("end_on", row.end_on)
    return StayChange(
        row=row,
        corrected=tuple(applied),
        starts_at=midnight(applied["start_on"]) if "start_on" in applied else row.starts_at,
        ends_at=row.ends_at if "end_on" not in applied else midnight(end_on) if end_on else None,
        urn=applied.get("urn", row.urn),
        place_code=applied.get("place_code", row.place_code),
        provider_code=applied.get("provider_code", row.provider_code),
        reason_ended=stay.reason_ended if end_on else "",
    )


def _tell_stay(plan: ChildPlan, change: StayChange) -> None:
    after = {
        "start_on": day_of(change.starts_at),
        "end_on": day_of(change.ends_at) if change.ends_at else None,
        "urn": change.urn,
        "place_code": change.place_code,
        "provider_code": change.provider_code,
    }
    for name in change.corrected:
        what = f"from {shown(change.row.start_on)}, {_STAY_WORDS[name]}"
        old, new = getattr(change.row, name), after[name]
        plan.correct(Noun.PLACEMENT, what, _stay_shown(name, old), _stay_shown(name, new))


def _stay_shown(name: str, value: object) -> str:
    return shown(value).upper() if name == "urn" else shown(value)


Interval = tuple[datetime, datetime | None]


def _keep_what_fits(
    plan: ChildPlan,
    changed: Sequence[StayChange],
    fresh: Sequence[Stay],
    standing: Sequence[RecordedStay],
) -> None:
    """Whatever would overlap with a placement that stays as it is recorded is left out, and said."""
    rows = {row.id: row for row in standing}
    going = list(changed)
    while True:
        moving = {change.row.id for change in going}
        fixed = [_of_row(row) for row in rows.values() if row.id not in moving]
        fitting = [change for change in going if not _overlaps(_of_change(change), fixed)]
        if len(fitting) == len(going):
            break
        for change in going:
            if change not in fitting:
                plan.leave(Noun.PLACEMENT, f"from {shown(change.row.start_on)}", OVERLAPS)
        going = fitting
    plan.changed_stays = going
    for change in going:
        _tell_stay(plan, change)
    taken = fixed + [_of_change(change) for change in going]
    for stay in fresh:
        if _overlaps(_of_stay(stay), taken):
            plan.leave(Noun.PLACEMENT, f"from {shown(stay.start_on)}", OVERLAPS)
        else:
            plan.new_stays.append(stay)


def _of_row(row: RecordedStay) -> Interval:
    return row.starts_at, row.ends_at


def _of_change(change: StayChange) -> Interval:
    return change.starts_at, change.ends_at


def _of_stay(stay: Stay) -> Interval:
    return midnight(stay.start_on), midnight(stay.end_on) if stay.end_on else None


def _overlaps(one: Interval, others: Iterable[Interval]) -> bool:
    return any(
        (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1]) for other in others
    )


# ---- legal statuses ----


def compare_statuses(
    plan: ChildPlan, old: Sequence[Status], new: Sequence[Status], recorded: Sequence[RecordedStatus]
) -> None:
    """Add, change or take out legal statuses, so that they are what the files say and one holds at most."""
    said = {status.from_on: status for status in old}
    bound = _bind_statuses(new, recorded, said)
    taken = {row.id for _, row in bound}
    for row in recorded:
        if row.from_on in said and row.id not in taken:
            _withdraw_status(plan, row, said[row.from_on])
    for status, row in bound:
        _change_status(plan, status, row, said.get(row.from_on))
    matched = {status.from_on for status, _ in bound}
    holding = _still_holding(plan, recorded)
    for status in new:
        if status.from_on in matched or said.get(status.from_on) == status:
            continue
        if status.until_on is None and holding:
            plan.leave(Noun.LEGAL_STATUS, f"from {shown(status.from_on)}", ANOTHER_CURRENT)
        else:
            plan.new_statuses.append(status)


def _bind_statuses(
    new: Sequence[Status], recorded: Sequence[RecordedStatus], said: Mapping[date, Status]
) -> list[tuple[Status, RecordedStatus]]:
    """The one that began that day; else one of ours with the same code, whose beginning was not known yet."""
    free = {row.from_on: row for row in recorded}
    bound = [(status, free.pop(status.from_on)) for status in new if status.from_on in free]
    matched = {status.from_on for status, _ in bound}
    for status in new:
        if status.from_on in matched:
            continue
        row = next((r for r in free.values() if r.from_on in said and _goes_on(status, r)), None)
        if row is not None:
            bound.append((status, free.pop(row.from_on)))
    return bound


def _goes_on(status: Status, row: RecordedStatus) -> bool:
    return (
        status.code == row.code
        and (status.until_on is None or row.from_on < status.until_on)
        and (row.until_on is None or status.from_on < row.until_on)
    )


def _withdraw_status(plan: ChildPlan, row: RecordedStatus, before: Status) -> None:
    what = f"from {shown(row.from_on)}: {NO_LONGER}"
    if (row.code, row.until_on) == (before.code, before.until_on):
        plan.withdrawn_statuses.append(row.id)
        plan.correct(Noun.LEGAL_STATUS, what)
    else:
        plan.leave(Noun.LEGAL_STATUS, what, CHANGED_HERE)


def _change_status(plan: ChildPlan, status: Status, row: RecordedStatus, before: Status | None) -> None:
    words = {"from_on": "first day", "code": "code", "until_on": "end"}
    values = {name: getattr(row, name) for name in words}
    for name, word in words.items():
        wanted, what = getattr(status, name), f"from {shown(row.from_on)}, {word}"
        said_before = getattr(before, name, None)
        match verdict(
            wanted,
            values[name],
            said_before=said_before,
            is_known=before is not None,
            may_fill=name != "until_on",
        ):
            case Verdict.APPLY:
                plan.correct(Noun.LEGAL_STATUS, what, shown(values[name]), shown(wanted))
                values[name] = wanted
            case Verdict.LEAVE:
                plan.leave(Noun.LEGAL_STATUS, what, CHANGED_HERE)
    if values != {name: getattr(row, name) for name in words}:
        plan.changed_statuses.append(StatusChange(row.id, **values))


def _still_holding(plan: ChildPlan, recorded: Sequence[RecordedStatus]) -> bool:
    """Whether a recorded legal status has no end once the changes are made."""
    until = {row.id: row.until_on for row in recorded}
    until |= {change.id: change.until_on for change in plan.changed_statuses}
    return any(day is None for key, day in until.items() if key not in plan.withdrawn_statuses)
