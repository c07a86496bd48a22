"""What the DfE asks of a Missing file (SSDA903 validation rules), one question to one row. Pure.

A rule answers with a sentence when the row would fail it, and with nothing when it holds. The rules of
`HELD` cannot fail: the way in which rows are made from spells sees to it, and a test says so for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.front.returns.missing_rows import MissingRow
from casework.records.local_time import eighteenth_birthday
from casework.records.return_years import ReturnYear

DIED_OR_TURNED_18_MISSING: Final = "E8"
Reason = str  # a REC code; "" where the authority's files have not said


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day until the last, which belongs to what comes next; or still going on."""

    from_on: date
    until_on: date | None

    def hold(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)

    def hold_or_end_on(self, day: date) -> bool:
        return self.hold(day) or day == self.until_on


@dataclass(frozen=True, slots=True)
class Around:
    """What the record knows of the child besides the row."""

    year: ReturnYear
    today: date
    before: MissingRow | None  # the child's row above it in the file
    care: Sequence[Days]  # one after the other, with gaps where the child was not looked after
    placements: Sequence[Days]
    reason_ceased: Reason | None  # why care ended on the day the row ends; None when no file says
    left_open: Sequence[tuple[str, date]]  # kind and start of what last year's own file left open
    needs_time: bool  # somebody has still to say when the child came back

    @property
    def as_of(self) -> date:
        """The last day that the file speaks of."""
        return min(self.today, self.year.last_day)


class Mend(StrEnum):
    """Where what is wrong is put right."""

    REPORT = "report"
    RETURN = "return"
    EPISODE = "episode"
    EPISODE_BEFORE = "episode_before"
    LEGAL_STATUS = "legal_status"
    PLACEMENT = "placement"
    CHILD = "child"
    OWN_FILES = "own_files"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, the question it asks, and the places where an answer can be mended."""

    code: str
    asks: Callable[[MissingRow, Around], str | None]
    mends: tuple[Mend, ...]
    is_warning: bool = False


def ends_before_it_begins(row: MissingRow, around: Around) -> str | None:
    if row.end_on is None or row.end_on >= row.start_on:
        return None
    return f"It ends on {day(row.end_on)}, before it begins on {day(row.start_on)}."


def overlaps_the_one_before(row: MissingRow, around: Around) -> str | None:
    before = around.before
    if before is None or (before.end_on is not None and row.start_on >= before.end_on):
        return None
    if before.end_on is None:
        return f"The row before it, from {day(before.start_on)}, has no end."
    return f"It begins on {day(row.start_on)}, but the one before it ends on {day(before.end_on)}."


def outlasts_its_placement(row: MissingRow, around: Around) -> str | None:
    began_in = next((stay for stay in around.placements if stay.hold(row.start_on)), None)
    ended = began_in.until_on if began_in else None
    if row.end_on is not None or ended is None or ended > around.as_of:
        return None
    return (
        f"It is open, but the placement it began in ended on {day(ended)}. Decide: is the absence over, or "
        "was the placement ended too early?"
    )


def is_not_as_left_open(row: MissingRow, around: Around) -> str | None:
    left = around.left_open
    if not left or around.before is not None or (row.code, row.start_on) in left:
        return None
    was = " and ".join(f"{kind} from {day(start)}" for kind, start in left)
    return f"Last year’s file left open {was}: that has to be the child’s first row, with the same start."


def outlasts_care(row: MissingRow, around: Around) -> str | None:
    if row.end_on is not None:
        if not around.care or any(stay.hold_or_end_on(row.end_on) for stay in around.care):
            return None
        return f"It ends on {day(row.end_on)}, when the child was not looked after."
    if not around.care or any(stay.hold(around.as_of) for stay in around.care):
        return None
    ceased = _last_day_of(around.care)
    return f"It is open, but care ended on {day(ceased)}. Say when it ended, or put the end of care right."


def begins_after_care(row: MissingRow, around: Around) -> str | None:
    if not around.care or any(stay.until_on is None or row.start_on <= stay.until_on for stay in around.care):
        return None
    return f"It begins on {day(row.start_on)}, after care ended on {day(_last_day_of(around.care))}."


def is_not_put_down_to_turning_18(row: MissingRow, around: Around) -> str | None:
    if not _ends_with_care_at_18(row, around) or around.reason_ceased in (None, DIED_OR_TURNED_18_MISSING):
        return None
    given = around.reason_ceased or "no reason"
    return f"It ends with care on the 18th birthday, so REC has to be E8; the Episodes file has {given}."


def must_be_put_down_to_turning_18(row: MissingRow, around: Around) -> str | None:
    if not _ends_with_care_at_18(row, around) or around.reason_ceased is not None:
        return None
    return "It ends with care on the 18th birthday: see to it that REC is E8 in the Episodes file."


def begins_outside_care(row: MissingRow, around: Around) -> str | None:
    if not any(stay.hold(row.start_on) for stay in around.care):
        return f"No legal status covers {day(row.start_on)}, the day it begins."
    if not any(stay.hold(row.start_on) for stay in around.placements):
        return f"No placement covers {day(row.start_on)}, the day it begins."
    return None


def begins_before_birth(row: MissingRow, around: Around) -> str | None:
    if row.start_on > row.born_on:
        return None
    return f"It begins on {day(row.start_on)}; the child was born on {day(row.born_on)}."


def has_a_guessed_end(row: MissingRow, around: Around) -> str | None:
    if not around.needs_time:
        return None
    return "The time of the return is still to be given: the end is a guess."


RULES: Final = (
    Rule("567", ends_before_it_begins, (Mend.REPORT, Mend.RETURN)),
    Rule("574", overlaps_the_one_before, (Mend.REPORT, Mend.EPISODE_BEFORE)),
    Rule("575", outlasts_its_placement, (Mend.EPISODE, Mend.PLACEMENT), is_warning=True),
    Rule("576", is_not_as_left_open, (Mend.REPORT, Mend.OWN_FILES)),
    Rule("577", outlasts_care, (Mend.EPISODE, Mend.LEGAL_STATUS)),
    Rule("578", begins_after_care, (Mend.REPORT, Mend.LEGAL_STATUS)),
    Rule("580", is_not_put_down_to_turning_18, (Mend.OWN_FILES,)),
    Rule("580", must_be_put_down_to_turning_18, (Mend.OWN_FILES,), is_warning=True),
    Rule("581", begins_outside_care, (Mend.REPORT, Mend.LEGAL_STATUS, Mend.PLACEMENT)),
    Rule("586", begins_before_birth, (Mend.REPORT, Mend.CHILD)),
    Rule("Return", has_a_guessed_end, (Mend.RETURN,), is_warning=True),
)

HELD: Final[Mapping[str, str]] = {
    "564": "A row is a spell, and a spell has its category and its beginning.",
    "565": "A row is a spell, and a spell has its category.",
    "566": "A row is a spell, and a spell has its category.",
    "570": "A spell that began after 31 March is in the next year’s file.",
    "571": "An end after 31 March is left blank; what ended before 1 April is in the year before.",
    "1004": "Days are written by the database, as DD/MM/YYYY; a spell always has its beginning.",
    "1005": "Days are written by the database, as DD/MM/YYYY.",
    "1006": "Only spells of category missing (M) and away (A) are rows.",
    "INT04": "A row takes the child’s ID from the child’s record, as the Header does.",
    "INT13": "A row takes the date of birth from the child’s record, as the Header does.",
}


def day(on: date) -> str:
    """ "3 December 2026"."""
    return f"{on.day} {on:%B %Y}"


def _last_day_of(care: Sequence[Days]) -> date:
    return max(stay.until_on or date.max for stay in care)


def _ends_with_care_at_18(row: MissingRow, around: Around) -> bool:
    """At 18 care ends by law, whether or not somebody has written that down."""
    on_birthday = row.end_on is not None and row.end_on == eighteenth_birthday(row.born_on)
    return on_birthday and any(stay.until_on in (row.end_on, None) for stay in around.care)
