"""An authority's files into the record: seen beforehand, then written whole or not at all.

1. Imports of one authority come one after the other.
2. The rows are laid over all that were ever read (`merging`). What the record should be follows from that,
   before this reading and after it (`deriving`).
3. Where the two differ, and only there, the record is looked at (`comparing`).
4. With a fault nothing is written. Otherwise everything is, in one transaction (`writing`).
5. After it, absences that are not over are planned: steps due before now are not needed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from casework.front.imports import kept, merging
from casework.front.imports.comparing import compare_child, is_somebody_else
from casework.front.imports.deriving import derive
from casework.front.imports.differences import Difference, Noun
from casework.front.imports.faults import Fault, Faults
from casework.front.imports.kept import OF_A_YEAR, RowKey, Rows
from casework.front.imports.places import write_registers
from casework.front.imports.plans import ChildPlan
from casework.front.imports.recorded import RecordedChild, day_of, recorded_children
from casework.front.imports.registers import RegisterPlan, compare_registers
from casework.front.imports.rows import Folder, MissingPeriod
from casework.front.imports.storing import Stored, store, stored_rows
from casework.front.imports.whose import Found, authority_of
from casework.front.imports.writing import write_children
from casework.records import audit
from casework.records.models import FileKind, User
from casework.records.services.importing import hold_imports
from casework.records.times import now
from protocols import engine

Progress = Callable[[str, int, int], None]  # what is being done, how much is behind, of how much
REASON: Final = "Import of the authority’s files"
BECOME_ROWS: Final = frozenset({FileKind.EPISODE, FileKind.MISSING})  # of their own: placements and spells
OF_A_CHILD: Final = OF_A_YEAR | {FileKind.CHILD}


@dataclass(slots=True)
class _Import:
    """One reading: what was stored, what is read now, and what follows from both."""

    found: Found
    stored: Stored
    old: Rows
    new: Rows
    gone: list[RowKey]
    registers: RegisterPlan
    children: list[ChildPlan]
    difference: Difference


@transaction.atomic
def preview(folder: Folder, *, by: User | None, progress: Progress | None = None) -> Difference:
    """What an import of this folder would do. Nothing is written.

    FaultyFiles when the files contradict the record; NotAllowed when they are not of an authority that `by`
    administers. `by` is None at the server's command line.
    """
    return _compare(folder, by, progress).difference


@transaction.atomic
def import_folder(folder: Folder, *, by: User | None, progress: Progress | None = None) -> Difference:
    """Write this folder into the record, all of it or nothing; what that changed. Raises like `preview`."""
    compared = _compare(folder, by, progress)
    written = progress or _unseen
    written("Writing organisations and workers", 0, 1)
    with audit.because(by, REASON):
        places = write_registers(compared.registers, by)
        to_wake = write_children(compared.children, places, by, written)
        store(places.authority, compared.stored, compared.new, _about(compared), compared.gone)
    audit.changed(
        by,
        about_kind="authority",
        about_id=places.authority.pk,
        authority_id=places.authority.pk,
        fields=compared.difference.added_words(),
        reason=REASON,
    )
    for episode_id in to_wake:
        engine.wake(episode_id)
    return compared.difference


def _unseen(what: str, behind: int, total: int) -> None:
    """Nobody asked how far it is."""


# ---- comparing ----


def _compare(folder: Folder, by: User | None, progress: Progress | None) -> _Import:
    hold_imports(folder.authority.code)
    found = authority_of(folder.authority, by)
    read = kept.rows_of(folder)
    stored = stored_rows(found.row, read)
    old = {key: one.row for key, one in stored.items() if not one.is_gone}
    new, gone = merging.read_again(old, read)
    faults = Faults()
    for fault in (*_days_to_come(new, day_of(now())), *merging.periods_not_carried_over(new)):
        _add(faults, fault)
    difference = Difference()
    registers = compare_registers(old, new, found, difference)
    plans = list(_plans(found, old, new, stored, faults, progress))
    faults.refuse()
    _tell(plans, difference)
    return _Import(found, stored, old, new, gone, registers, plans, difference)


def _plans(
    found: Found, old: Rows, new: Rows, stored: Stored, faults: Faults, progress: Progress | None
) -> Iterator[ChildPlan]:
    """A plan for each child of whom the files say something new."""
    said, says = merging.by_child(old), merging.by_child(new)
    changed = merging.changed_children(said, says)
    recorded = recorded_children(found.row, changed) if found.row else {}
    for behind, reference in enumerate(changed, start=1):
        before = derive(merging.merge(reference, said.get(reference, {})))
        after = derive(merging.merge(reference, says[reference]))
        row = recorded.get(reference)
        if row is not None and is_somebody_else(before, after, row):
            _add(faults, _bound_to_another(reference, says[reference], row))
        about = {
            key.key: about_id
            for key in (*said.get(reference, {}), *says[reference])
            if key in stored and (about_id := stored[key].about_id) is not None and key.kind in BECOME_ROWS
        }
        yield compare_child(before, after, row, about)
        if progress:
            progress("Comparing", behind, len(changed))


def _bound_to_another(reference: str, rows: Rows, recorded: RecordedChild) -> Fault:
    row = rows.get(RowKey(FileKind.CHILD, reference, 0))
    reason = (
        f"Child {reference} of this file and child {reference} of the record ({recorded.id}) have different "
        "dates of birth: somebody else has this ID here, or one of the dates is wrong."
    )
    return Fault("children.csv", row.line if row else 0, "DOB", reason)


def _days_to_come(rows: Rows, today: date) -> Iterator[Fault]:
    """Nobody can have been missing, or found, on a day that has not come."""
    for key, row in rows.items():
        if isinstance(row, MissingPeriod):
            for column, day in (("MIS_START", row.start), ("MIS_END", row.end)):
                if day is not None and day > today:
                    yield Fault(merging.file_name(key), row.line, column, "This day is still to come.")


def _add(faults: Faults, fault: Fault) -> None:
    faults.add(fault.file, fault.line, fault.column, fault.reason)


def _tell(plans: Iterable[ChildPlan], difference: Difference) -> None:
    for plan in plans:
        difference.added[Noun.CHILD] += plan.is_new
        difference.added[Noun.PLACEMENT] += len(plan.new_stays)
        difference.added[Noun.LEGAL_STATUS] += len(plan.new_statuses)
        for absence in plan.new_absences:
            difference.added[Noun.OPEN_ABSENCE if absence.is_open else Noun.ABSENCE] += 1
        difference.corrections += plan.corrections
        difference.left += plan.left


# ---- writing ----


def _about(compared: _Import) -> dict[RowKey, UUID]:
    """The recorded row that each row of the files is about, where that is known anew."""
    about = dict(compared.registers.about)
    plans = {plan.reference: plan for plan in compared.children}
    for key in compared.new:
        plan = plans.get(key.key.partition("|")[0]) if key.kind in OF_A_CHILD else None
        if plan is None:
            continue
        row_id = plan.about.get(key.key) if key.kind in BECOME_ROWS else plan.child_id
        if row_id is not None:
            about[key] = row_id
    return about
