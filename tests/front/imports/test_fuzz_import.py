"""Damaged copies all the way into the record: each goes in whole, or leaves everything as it was."""

from __future__ import annotations

import pytest
from django.db import transaction

from casework.front.imports.faults import FaultyFiles
from casework.front.imports.importing import import_folder
from casework.records.models import AuditEntry, ChronologyEntry
from tests.content import lines
from tests.front.imports.damage import damage
from tests.front.imports.folders import Files, exampleshire, few_children, read

pytestmark = pytest.mark.django_db


def content() -> list[str]:
    """Everything recorded, with how much was written down about it."""
    told = [f"{AuditEntry.objects.count()} audited", f"{ChronologyEntry.objects.count()} told"]
    return [*lines(), *told]


def is_imported(files: Files) -> bool:
    """Whether it went in. A refusal is not caught before its own transaction has ended."""
    try:
        import_folder(read(files), by=None)
    except FaultyFiles:
        return False
    return True


def try_damaged(number: int) -> bool:
    """Whether the copy went in; then it says of itself that nothing is left to do."""
    files = few_children(exampleshire())
    damage(number, files)
    before = content()
    if not is_imported(files):
        assert content() == before, number
        return False
    assert import_folder(read(files), by=None).changes == 0, number
    return True


@pytest.mark.parametrize("seed", range(0, 60, 20))
def test_into_an_empty_record(seed: int) -> None:
    went_in = 0
    for number in range(seed, seed + 20):
        with transaction.atomic():
            went_in += try_damaged(number)
            transaction.set_rollback(True)
    assert 0 < went_in < 20


def test_over_what_was_read_before_they_were_damaged() -> None:
    assert is_imported(few_children(exampleshire()))
    went_in = 0
    for number in range(60, 100):
        with transaction.atomic():
            went_in += try_damaged(number)
            transaction.set_rollback(True)
    assert 0 < went_in < 40
