"""Any history of one child, played through services: the file says what a small model of its own says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.front.returns.missing_file import MissingFile
from casework.front.returns.missing_rows import missing_rows
from casework.records.models import Child
from casework.records.return_years import ReturnYear
from casework.records.times import LONDON, now
from incidents.models import MissingEpisode
from tests.front.returns.spring import HOUR, Shown, Spring, on, shown
from tests.incidents.nights import call_false

pytestmark = pytest.mark.django_db
KIT: Final = "EX-20417"
BEGINS: Final = on("2026-02-20 09:00")
LINE: Final = re.compile(r"EX-20417,\d{2}/\d{2}/\d{4},[MA],\d{2}/\d{2}/\d{4},(\d{2}/\d{2}/\d{4})?")
YEARS: Final = (ReturnYear(2025), ReturnYear(2026))

# What may happen next, by how the child stands.
NEXT: Final = {
    "home": ("missing", "away", "concern"),
    "concern": ("missing", "away", "home", "false"),
    "missing": ("away", "located", "home", "false"),
    "away": ("missing", "located", "home", "false"),
    "located": ("missing", "away", "home"),
}


@dataclass
class Row:
    code: str
    start: date
    end: date | None = None


@dataclass
class Model:
    """What the rows should be, told as a story: one row is running at the most."""

    stands: str = "home"
    gone_on: date | None = None  # the day from which the absence counts
    rows: list[Row] = field(default_factory=list)  # of absences that are over
    now_gone: list[Row] = field(default_factory=list)  # of this one

    def happens(self, act: str, at: datetime, last_seen: datetime) -> None:
        day = at.astimezone(LONDON).date()
        if self.stands == "home":
            self.gone_on = last_seen.astimezone(LONDON).date()
        running = self.now_gone[-1] if self.now_gone and self.now_gone[-1].end is None else None
        # Being found ends M alone; anything else ends whatever runs.
        if running and (act != "located" or running.code == "M"):
            running.end = day
        if act in ("missing", "away"):
            start = day if self.now_gone or self.gone_on is None else self.gone_on
            self.now_gone.append(Row("M" if act == "missing" else "A", start))
        if act in ("home", "false"):
            self.rows += self.now_gone if act == "home" else []
            self.now_gone, self.gone_on = [], None
        self.stands = "home" if act == "false" else act

    def file(self, year: ReturnYear, adult_on: date, today: date) -> list[Shown]:
        found = []
        for row in (*self.rows, *self.now_gone):
            end = row.end
            if adult_on <= today and (end is None or end > adult_on):
                end = adult_on
            if row.start > min(adult_on, year.last_day) or (end is not None and end < year.first_day):
                continue
            found.append((row, end if end is not None and end <= year.last_day else None))
        found.sort(key=lambda pair: (pair[0].start, pair[1] or date.max))
        return [(KIT, row.code, shown(row.start), shown(end)) for row, end in found]


def what_is_held_holds(spring: Spring, year: ReturnYear) -> None:
    """The rules that no row can fail (`rules.HELD`), asked of these rows and of the cells of their file."""
    authority_id, kit = spring.cast.exampleshire.pk, spring.cast.kit
    for row in missing_rows(authority_id, year):
        assert row.code in ("M", "A")  # 565, 566, 1006
        assert row.start_on <= year.last_day  # 564, 570
        assert row.end_on is None or row.end_on in year  # 571
        assert (row.child_reference, row.born_on) == (kit.reference, kit.born_on)  # INT04, INT13
    file = b"".join(piece for piece, _ in MissingFile(authority_id, year).written()).decode()
    assert all(LINE.fullmatch(line) for line in file.splitlines()[1:])  # 1004, 1005


def play(spring: Spring, episode: MissingEpisode | None, act: str, at: str) -> MissingEpisode | None:
    """The act by its service; the child's absence, if there is one now."""
    if episode is None:
        return spring.goes(at, act)
    match act:
        case "missing":
            spring.is_missing(episode, at)
        case "away":
            spring.is_away(episode, at)
        case "located":
            spring.is_located(episode, at)
        case "home":
            spring.is_back(episode, at)
        case "false":
            spring.passes(at)
            call_false(spring.cast, episode)
    return None if act in ("home", "false") else episode


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 140)), min_size=1, max_size=14),
    adult_in=st.integers(5, 500),
)
def test_the_file_is_what_the_model_says(db: None, steps: list[tuple[int, int]], adult_in: int) -> None:
    with transaction.atomic():
        spring, model, at = Spring(f"{BEGINS:%Y-%m-%d %H:%M}"), Model(), BEGINS
        adult_on = (BEGINS + timedelta(days=adult_in)).date()
        Child.objects.filter(pk=spring.cast.kit.pk).update(born_on=adult_on.replace(year=adult_on.year - 18))
        spring.cast.kit.refresh_from_db()
        episode = None
        for choice, hours in steps:
            at += hours * HOUR
            act = NEXT[model.stands][choice % len(NEXT[model.stands])]
            episode = play(spring, episode, act, f"{at:%Y-%m-%d %H:%M}")
            model.happens(act, now(), now() - HOUR / 2)
            today = now().astimezone(LONDON).date()
            for year in YEARS:
                assert spring.rows(year) == model.file(year, adult_on, today)
                what_is_held_holds(spring, year)
        transaction.set_rollback(True)
