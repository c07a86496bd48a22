"""Two administrators hand over the same files at the same moment: one import waits for the other."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from casework.front.imports.importing import import_folder
from casework.records.models import Child, ImportedRow
from incidents.models import MissingEpisode
from tests.front.imports.a_world import MAY, World, gone

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_of_two_imports_finds_nothing_left_to_do() -> None:
    folder = World(gone=(gone(MAY, MAY),)).folder()
    start, changes = Barrier(2), list[int]()

    def run() -> None:
        try:
            start.wait()
            changes.append(import_folder(folder, by=None).changes)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    second, first = sorted(changes)
    assert (first > 0, second) == (True, 0)
    assert (Child.objects.count(), MissingEpisode.objects.count()) == (1, 1)
    assert ImportedRow.objects.filter(kind="missing").count() == 1
