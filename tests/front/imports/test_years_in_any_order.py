"""Whatever years are read, in whatever order, one at a time or all at once: the same record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.front.imports import kept, merging
from casework.front.imports.deriving import CATEGORY_OF, ChildRecord, derive
from casework.front.imports.importing import import_folder, preview
from casework.front.imports.kept import RowKey
from casework.front.imports.rows import Folder, Row
from casework.records.return_years import ReturnYear
from tests import content
from tests.front.imports.folders import as_handed_out
from tests.front.imports.histories import History, folder_of, histories, years_of

YEARS = tuple(years_of(()))
some_children = st.tuples(histories("EX-1"), histories("EX-2"))
orders = st.permutations(YEARS)


def records(folders: Iterable[Folder]) -> dict[str, ChildRecord]:
    """What the record should be after reading these folders one after the other."""
    rows: dict[RowKey, Row] = {}
    for folder in folders:
        rows, _ = merging.read_again(rows, kept.rows_of(folder))
    return {name: derive(merging.merge(name, some)) for name, some in merging.by_child(rows).items()}


@given(some_children, orders)
def test_one_year_after_the_other_in_any_order_is_all_at_once(
    children: tuple[History, ...], order: Sequence[int]
) -> None:
    at_once = records([folder_of(children, YEARS)])
    assert records(folder_of(children, [year]) for year in order) == at_once
    assert not list(merging.periods_not_carried_over(kept.rows_of(folder_of(children, YEARS))))


@given(some_children, orders, st.sampled_from(YEARS))
def test_an_older_file_read_again_changes_nothing(
    children: tuple[History, ...], order: Sequence[int], again: int
) -> None:
    one_by_one = [folder_of(children, [year]) for year in order]
    assert records([*one_by_one, folder_of(children, [again])]) == records(one_by_one)


@given(some_children)
def test_the_record_has_every_absence_that_happened_since_the_first_file(
    children: tuple[History, ...],
) -> None:
    since = ReturnYear(YEARS[0]).first_day
    recorded = records([folder_of(children, YEARS)])
    for one in children:
        periods = [p for absence in recorded[one.reference].absences for p in absence.periods]
        happened = [gone for gone in one.gone if gone.end is None or gone.end >= since]
        assert sorted((p.category, p.start_on, str(p.end_on)) for p in periods) == sorted(
            (CATEGORY_OF[gone.kind], gone.start, str(gone.end)) for gone in happened
        )
        moments = [at for p in periods for at in (p.started_at, p.ended_at) if at]
        assert moments == sorted(moments)


@pytest.mark.django_db
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller failure would cost minutes of imports
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some_children, orders)
def test_so_it_is_in_the_database(children: tuple[History, ...], order: Sequence[int]) -> None:
    def recorded(folders: Sequence[Folder]) -> list[str]:
        with transaction.atomic():
            for folder in folders:
                import_folder(folder, by=None)
            for folder in folders:
                assert preview(folder, by=None).changes == 0
            found = content.lines()
            transaction.set_rollback(True)
        return found

    at_once = recorded([folder_of(children, YEARS)])
    assert recorded([folder_of(children, [year]) for year in order]) == at_once


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_exampleshires_two_years_in_any_order(order: tuple[int, ...]) -> None:
    """Show it: a service that read 2026-27 first and 2025-26 later is the same as one that read both."""
    folder = as_handed_out()
    with transaction.atomic():
        import_folder(folder, by=None)
        both = content.lines()
        transaction.set_rollback(True)
    for number in order:
        import_folder(_with_year(folder, number), by=None)
    assert content.lines() == both


def _with_year(folder: Folder, number: int) -> Folder:
    return Folder(folder.authority, folder.neighbours, folder.homes, folder.children, (folder.years[number],))
