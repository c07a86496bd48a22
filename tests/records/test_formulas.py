"""A text that a spreadsheet would calculate is guarded in CSV, and comes back as it was."""

from __future__ import annotations

import random

import pytest

from casework.records.formulas import guarded, unguarded

SIGNS = "=+-@|%\t\r'\n \ufeff\u00a0＝＋－＠ab1."


@pytest.mark.ac("C05")
@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x.example")', "@SUM(A1)", "\t=1", "+44 1632 960001", "-5", " =1", "＝1", "'=1"],
)
def test_what_would_be_calculated_is_written_with_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Ashdown", "O'Shea", "'Twas", "01632 960001", "a=b", "'"])
def test_any_other_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@pytest.mark.ac("T13.1")
def test_there_and_back_is_the_same_text_whatever_it_is() -> None:
    chance = random.Random(903)  # noqa: S311 - the same on every run
    for _ in range(20_000):
        text = "".join(chance.choices(SIGNS, k=chance.randrange(8)))
        assert unguarded(guarded(text)) == text
        shown = guarded(text)
        assert shown.startswith("'") or not shown.lstrip().startswith(("=", "+", "-", "@", "|", "%"))
