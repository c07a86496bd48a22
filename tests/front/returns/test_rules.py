"""The DfE's rules for Missing, each with a row that fails it and one that only just does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import pytest

from casework.front.returns.missing_rows import MissingRow
from casework.front.returns.rules import HELD, RULES, Around, Days
from casework.records.local_time import eighteenth_birthday
from casework.records.return_years import ReturnYear

DAY: Final = timedelta(days=1)
BORN: Final = date(2012, 5, 1)
MARCH: Final = date(2026, 3, 10)
NOBODY: Final = UUID(int=0)

ROW: Final = MissingRow(
    child_reference="EX-20417",
    born_on=BORN,
    code="M",
    start_on=MARCH,
    end_on=MARCH + 2 * DAY,
    child_id=NOBODY,
    episode_id=NOBODY,
    episode_reference="E-2026-0001",
    spell_id=NOBODY,
)
OPEN: Final = ROW._replace(end_on=None)
CARE: Final = (Days(date(2024, 1, 1), None),)
AROUND: Final = Around(
    year=ReturnYear(2025),
    today=date(2026, 5, 1),
    before=None,
    care=CARE,
    placements=CARE,
    reason_ceased=None,
    left_open=(),
    needs_time=False,
)


def broken(row: MissingRow = ROW, around: Around = AROUND) -> list[str]:
    """The codes of the rules that the row breaks; warnings come with a question mark."""
    found = [rule for rule in RULES if rule.asks(row, around)]
    return [f"{rule.code}?" if rule.is_warning else rule.code for rule in found]


@pytest.mark.parametrize("row", [ROW, OPEN])
def test_an_ordinary_row_breaks_nothing(row: MissingRow) -> None:
    assert broken(row) == []


def test_every_rule_for_missing_is_asked_or_held() -> None:
    asked = {rule.code for rule in RULES}
    of_the_dfe = {564, 565, 566, 567, 570, 571, 574, 575, 576, 577, 578, 580, 581, 586, 1004, 1005, 1006}
    assert asked | set(HELD) == {*map(str, of_the_dfe), "INT04", "INT13", "Return"}
    assert asked.isdisjoint(HELD)


def test_567_ends_before_it_begins() -> None:
    assert broken(ROW._replace(end_on=MARCH - DAY)) == ["567"]
    assert broken(ROW._replace(end_on=MARCH)) == []


def test_574_begins_before_the_one_before_ended() -> None:
    before = ROW._replace(start_on=MARCH - 5 * DAY, end_on=MARCH + DAY)
    assert broken(around=replace(AROUND, before=before)) == ["574"]
    assert broken(around=replace(AROUND, before=before._replace(end_on=None))) == ["574"]
    assert broken(around=replace(AROUND, before=before._replace(end_on=MARCH))) == []


def test_575_is_open_after_its_placement_ended() -> None:
    until = MARCH + 5 * DAY
    moved = replace(AROUND, placements=(Days(date(2024, 1, 1), until), Days(until, None)))
    assert broken(OPEN, moved) == ["575?"]
    assert broken(ROW, moved) == []
    assert broken(OPEN._replace(start_on=until), moved) == []  # on a day of moving, the new one
    planned = replace(AROUND, placements=(Days(date(2024, 1, 1), date(2026, 4, 1)),))
    assert broken(OPEN, planned) == []  # after the year that the file speaks of


def test_576_was_left_open_last_year_and_is_not_first_this_year() -> None:
    left = replace(AROUND, year=ReturnYear(2026), left_open=(("M", MARCH),))
    assert broken(OPEN._replace(start_on=MARCH + DAY), left) == ["576"]
    assert broken(OPEN._replace(code="A"), left) == ["576"]
    assert broken(OPEN, left) == []
    later = ROW._replace(start_on=MARCH + 9 * DAY, end_on=MARCH + 9 * DAY)
    assert broken(later, replace(left, before=ROW)) == []


def test_577_is_open_after_care_ceased_or_ends_outside_it() -> None:
    ceased = replace(AROUND, care=(Days(date(2024, 1, 1), MARCH + DAY),))
    assert broken(OPEN, ceased) == ["577"]
    assert broken(ROW, ceased) == ["577"]
    assert broken(ROW._replace(end_on=MARCH + DAY), ceased) == []
    came_back = replace(ceased, care=(*ceased.care, Days(MARCH + 9 * DAY, None)))
    assert broken(ROW, came_back) == ["577"]


def test_578_begins_after_care_ceased() -> None:
    ceased = replace(AROUND, care=(Days(date(2024, 1, 1), MARCH - DAY),))
    assert "578" in broken(ROW, ceased)
    assert "578" not in broken(ROW, replace(AROUND, care=(Days(date(2024, 1, 1), MARCH),)))


def test_580_ends_with_care_at_18_and_another_reason() -> None:
    birthday = date(2026, 3, 20)
    adult = ROW._replace(born_on=date(2008, 3, 20), end_on=birthday)
    ceased = replace(AROUND, care=(Days(date(2024, 1, 1), birthday),))
    assert broken(adult, replace(ceased, reason_ceased="E4A")) == ["580"]
    assert broken(adult, replace(ceased, reason_ceased="E8")) == []
    assert broken(adult, ceased) == ["580?"]  # no file says: a reminder
    assert broken(adult, AROUND) == ["580?"]  # care ends by law, written down or not
    assert broken(adult._replace(end_on=birthday - DAY), ceased) == []


def test_581_begins_outside_care_or_outside_any_placement() -> None:
    later = (Days(MARCH + DAY, None),)
    assert broken(around=replace(AROUND, care=later)) == ["581"]
    assert broken(around=replace(AROUND, care=())) == ["581"]
    assert broken(around=replace(AROUND, placements=later)) == ["581"]
    assert broken(around=replace(AROUND, care=(Days(MARCH, None),), placements=(Days(MARCH, None),))) == []


def test_586_begins_on_the_day_of_birth_or_before() -> None:
    assert broken(ROW._replace(born_on=MARCH)) == ["586"]
    assert broken(ROW._replace(born_on=MARCH - DAY)) == []


def test_a_return_without_its_time_is_worth_a_second_look() -> None:
    assert broken(around=replace(AROUND, needs_time=True)) == ["Return?"]


def test_the_eighteenth_birthday_of_29_february_is_1_march() -> None:
    assert eighteenth_birthday(date(2008, 2, 29)) == date(2026, 3, 1)
    assert eighteenth_birthday(date(2008, 2, 28)) == date(2026, 2, 28)
