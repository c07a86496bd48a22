"""Whose value stands: a table."""

import pytest

from casework.front.imports.verdicts import Verdict, verdict

SAME, APPLY, LEAVE = Verdict.SAME, Verdict.APPLY, Verdict.LEAVE


@pytest.mark.parametrize(
    ("before", "new", "recorded", "becomes"),
    [
        ("a", "a", "a", SAME),
        ("a", "b", "a", APPLY),  # the files put it right
        ("a", "a", "p", SAME),  # a person did, and the files say what they said
        ("a", "b", "p", LEAVE),  # both did, and the person's stands
        ("a", "b", "b", SAME),  # both did, and agree
        ("a", "", "a", APPLY),  # the files take it back
        ("", "b", "", APPLY),
        ("", "b", "p", LEAVE),
    ],
)
def test_of_what_the_files_have_spoken_of(before: str, new: str, recorded: str, becomes: Verdict) -> None:
    assert verdict(new, recorded, said_before=before, is_known=True) == becomes


@pytest.mark.parametrize(
    ("new", "recorded", "becomes"),
    [
        ("a", "a", SAME),
        ("a", "", APPLY),
        ("a", "U", APPLY),  # not known
        (True, False, APPLY),  # nobody said so yet
        ("a", "p", LEAVE),
        ("", "p", SAME),  # a blank says nothing
        (None, None, SAME),
    ],
)
def test_of_what_they_speak_of_for_the_first_time(new: object, recorded: object, becomes: Verdict) -> None:
    assert verdict(new, recorded, is_known=False) == becomes


@pytest.mark.parametrize(("new", "recorded"), [("2026-05-01", None), (None, "2026-05-01")])
def test_an_end_is_never_filled_in_and_its_absence_says_something(new: object, recorded: object) -> None:
    assert verdict(new, recorded, is_known=False, may_fill=False) == LEAVE
