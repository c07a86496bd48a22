"""The return's year runs from April to March."""

from __future__ import annotations

from datetime import date

import pytest

from casework.records.return_years import ReturnYear


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2026, 1, 1), 2025),
        (date(2026, 3, 31), 2025),
        (date(2024, 2, 29), 2023),
    ],
)
def test_a_day_lies_in_the_year_that_began_in_april(day: date, year: int) -> None:
    assert ReturnYear.of(day) == ReturnYear(year)
    assert day in ReturnYear(year)
    assert day not in ReturnYear(year + 1)


def test_a_year_is_written_as_people_write_it_and_read_back() -> None:
    assert str(ReturnYear(2025)) == "2025-26"
    assert str(ReturnYear(1999)) == "1999-00"
    assert ReturnYear.parse("2025-26") == ReturnYear(2025)
    assert ReturnYear.parse("1999-00") == ReturnYear(1999)
    assert (ReturnYear(2025).first_day, ReturnYear(2025).last_day) == (date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    "text", ["2025", "2025-27", "25-26", "2025/26", "2025-26 ", "٢٠٢٥-٢٦", "0001-02", ""]
)
def test_what_is_no_return_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        ReturnYear.parse(text)
