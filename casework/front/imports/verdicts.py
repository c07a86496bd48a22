"""Whose value stands: what the files say now, what they said before, or what is recorded. Pure."""

from datetime import date
from enum import Enum

CHANGED_HERE = "It was changed here since, and stays as it is recorded."


class Verdict(Enum):
    SAME = "nothing to do"
    APPLY = "the files put it right"
    LEAVE = "the record stays as it is"


def verdict(
    new: object, recorded: object, *, said_before: object = None, is_known: bool, may_fill: bool = True
) -> Verdict:
    """What becomes of one value. `is_known`: the files have spoken of it before, and said `said_before`.

    Only what the files say anew is applied, and only where the record still has what they said before: a
    person's change outlives every reading of the same file. Of what they never spoke of, blanks are filled,
    and their own blanks say nothing; unless a blank does say something: that a placement goes on, say.
    """
    if new == recorded or (is_known and new == said_before):
        return Verdict.SAME
    if not is_known and may_fill and is_blank(new):
        return Verdict.SAME
    if recorded == said_before if is_known else may_fill and is_blank(recorded):
        return Verdict.APPLY
    return Verdict.LEAVE


def is_blank(value: object) -> bool:
    """Nothing is known: empty, or the words that stand for that."""
    return value in (None, "", False, "U")


def shown(value: object) -> str:
    """A value in a list of corrections."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
