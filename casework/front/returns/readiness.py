"""What would fail today, row by row: the rules asked of the file as it would be exported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from casework.front.returns.missing_rows import MissingRow, missing_rows
from casework.front.returns.rules import RULES, Around, Days, Rule
from casework.records.local_time import eighteenth_birthday
from casework.records.models import FileKind, ImportedRow, LegalStatus, LocalAuthority, Placement
from casework.records.return_years import ReturnYear
from casework.records.times import LONDON, now
from incidents.models import Return


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a row would fail, or one to think about, in a sentence."""

    rule: Rule
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row at its place in the file, from 1, with what is wrong with it."""

    number: int
    row: MissingRow
    faults: Sequence[Fault]
    before: MissingRow | None

    @property
    def would_fail(self) -> bool:
        return any(not fault.rule.is_warning for fault in self.faults)


def checked_rows(
    authority: LocalAuthority, year: ReturnYear, *, without: Collection[UUID] = ()
) -> list[CheckedRow]:
    """Every row of the file, each with its faults. The number of queries does not grow with the rows.

    `without`: children who do not exist for the reader; the rest is numbered as if they didn't.
    """
    rows = [row for row in missing_rows(authority.pk, year) if row.child_id not in without]
    known = _Known(authority, year, rows)
    return [
        CheckedRow(number, row, _faults(row, known.around(row, before)), before)
        for number, (before, row) in enumerate(_with_the_one_before(rows), 1)
    ]


def _faults(row: MissingRow, around: Around) -> list[Fault]:
    answers = ((rule, rule.asks(row, around)) for rule in RULES)
    return [Fault(rule, sentence) for rule, sentence in answers if sentence]


def _with_the_one_before(rows: Sequence[MissingRow]) -> Iterator[tuple[MissingRow | None, MissingRow]]:
    for before, row in pairwise([None, *rows]):
        if row is not None:
            is_same_child = before is not None and before.child_id == row.child_id
            yield before if is_same_child else None, row


class _Known:
    """What the rules ask besides the rows, fetched for all of them at once."""

    def __init__(self, authority: LocalAuthority, year: ReturnYear, rows: Sequence[MissingRow]) -> None:
        children = {row.child_id for row in rows}
        self.year = year
        self.today = now().astimezone(LONDON).date()
        self.care = _care(children)
        self.placements = _placements(children)
        self.reasons = _reasons_ceased(authority, rows)
        self.left_open = _left_open(authority, year)
        self.guessed = _guessed_returns(authority)

    def around(self, row: MissingRow, before: MissingRow | None) -> Around:
        return Around(
            year=self.year,
            today=self.today,
            before=before,
            care=self.care[row.child_id],
            placements=self.placements[row.child_id],
            reason_ceased=self.reasons.get((row.child_reference, row.end_on)),
            left_open=self.left_open[row.child_reference],
            needs_time=row.end_on is not None and (row.episode_id, row.code) in self.guessed,
        )


def _care(children: Collection[UUID]) -> dict[UUID, list[Days]]:
    """When each child was looked after: legal statuses, one after the other made one."""
    found: dict[UUID, list[Days]] = defaultdict(list)
    statuses = LegalStatus.objects.filter(child__in=children).order_by("child", "from_on")
    for child_id, from_on, until_on in statuses.values_list("child_id", "from_on", "until_on"):
        care = found[child_id]
        if care and care[-1].hold_or_end_on(from_on):
            both = (care[-1].until_on, until_on)
            from_on = care.pop().from_on
            until_on = None if None in both else max(filter(None, both))
        care.append(Days(from_on, until_on))
    return found


def _placements(children: Collection[UUID]) -> dict[UUID, list[Days]]:
    """Where each child lived, by day: on a day of moving, the new placement."""
    found: dict[UUID, list[Days]] = defaultdict(list)
    rows = Placement.objects.filter(child__in=children).order_by("child", "period")
    for child_id, period in rows.values_list("child_id", "period"):
        until_on = period.upper.astimezone(LONDON).date() if period.upper else None
        found[child_id].append(Days(period.lower.astimezone(LONDON).date(), until_on))
    return found


def _reasons_ceased(
    authority: LocalAuthority, rows: Iterable[MissingRow]
) -> dict[tuple[str, date | None], str]:
    """REC of the care that ended on the 18th birthday, by child and day, as the authority's own files gave
    it: the record has no such code of its own (decision 5)."""
    wanted = {row.child_reference for row in rows if row.end_on == eighteenth_birthday(row.born_on)}
    stays = ImportedRow.objects.filter(
        authority=authority, kind=FileKind.EPISODE, gone_at=None, values__reference__in=wanted
    )
    return {
        (values["reference"], date.fromisoformat(values["dec"])): values["rec"]
        for values in stays.order_by("year").values_list("values", flat=True)
        if values["dec"]
    }


def _left_open(authority: LocalAuthority, year: ReturnYear) -> dict[str, list[tuple[str, date]]]:
    """By child, the periods without an end in the authority's own file of the year before."""
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    open_rows = ImportedRow.objects.filter(
        authority=authority, kind=FileKind.MISSING, gone_at=None, year=year.year - 1, values__end=None
    )
    for values in open_rows.values_list("values", flat=True):
        found[values["reference"]].append((values["kind"], date.fromisoformat(values["start"])))
    return found


def _guessed_returns(authority: LocalAuthority) -> set[tuple[UUID, str]]:
    """Episode and kind of the rows that end with a return of which nobody knows the time yet."""
    returns = Return.objects.filter(episode__authority=authority, needs_time=True)
    known = returns.values_list("episode_id", "episode__located_at", "episode__returned_at")
    guessed = set[tuple[UUID, str]]()
    for episode_id, located_at, returned_at in known:
        guessed.add((episode_id, "A"))
        if located_at is not None and located_at == returned_at:  # walked in
            guessed.add((episode_id, "M"))
    return guessed
