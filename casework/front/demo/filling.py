"""Filling the demo in while the service runs: an authority's files, then story after story, each whole.

A start that was cut off goes on where it was; a demo that has everything is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from casework.front.demo.arriving import take_in
from casework.front.demo.children import Young
from casework.front.demo.places import make_places
from casework.front.demo.story.more_children import MORE_CHILDREN, NED
from casework.front.demo.story.stage import Stage
from casework.front.demo.story.stories import STORIES, Story
from casework.front.filling_lock import filling
from casework.front.imports.as_of import as_it_stood
from casework.front.imports.importing import import_folder
from casework.front.imports.reading import read_folder
from casework.records import audit
from casework.records.local_time import WALL
from casework.records.models import AuditEntry, Child
from casework.records.times import now, pretend_now

EXAMPLESHIRE: Final = Path(__file__).parents[1] / "imports" / "exampleshire"
FILES: Final = "Exampleshire’s files"
TOLD: Final = "demo_story"  # the mark that files and stories leave, each in its own transaction
NAMES: Final = UUID("7d6a4b9e-1c57-4f0e-9a53-0b0f4c1d2e61")

Progress = Callable[[int, int], None]  # so many done, of so many
Task = Callable[[], None]


def fill(progress: Progress = lambda done, all_: None) -> int:
    """Do what is missing, each in a transaction; how many that were. AlreadyFilling when another does."""
    with filling():
        tasks = missing()
        for done, task in enumerate(tasks):
            progress(done, len(tasks))
            task()
        progress(len(tasks), len(tasks))
    return len(tasks)


def missing() -> list[Task]:
    """What this demo does not have yet, in the order in which it is done."""
    known = set(Child.objects.values_list("reference", flat=True))
    told = set(AuditEntry.objects.filter(about_kind=TOLD).values_list("about_id", flat=True))
    arrivals = [partial(_arrive, young) for young in (*MORE_CHILDREN, NED) if young.reference not in known]
    files = [] if mark_of(FILES) in told else [bring_files]
    return [
        *files,
        *arrivals,
        *(partial(tell, story) for story in STORIES if mark_of(story.name) not in told),
    ]


@transaction.atomic
def bring_files() -> None:
    """Exampleshire's own files, as they stood today. First, so that no report waits for their numbers."""
    import_folder(as_it_stood(read_folder(EXAMPLESHIRE), now().astimezone(WALL).date()), by=None)
    _mark(FILES)


@transaction.atomic
def _arrive(young: Young) -> None:
    take_in(young, make_places(), now())
    pretend_now(None)


@transaction.atomic
def tell(story: Story) -> None:
    """Play one story up to this moment, and leave its mark."""
    stage = Stage(now())
    story.tell(stage)
    stage.end()
    _mark(story.name)


def _mark(name: str) -> None:
    audit.changed(None, about_kind=TOLD, about_id=mark_of(name))


def mark_of(name: str) -> UUID:
    return uuid5(NAMES, name)
