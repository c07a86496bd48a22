"""What the page of a return year shows: counts, and each row with its episode and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Min
from django.urls import reverse

from casework.front.pages.kit.cards import Action, Tile
from casework.front.pages.kit.furniture import NavItem
from casework.front.returns.readiness import CheckedRow, Fault, checked_rows
from casework.front.returns.rules import HELD, Mend
from casework.records.access import children_in_conflict
from casework.records.models import Child, LocalAuthority, User
from casework.records.return_years import ReturnYear
from casework.records.times import LONDON, now
from incidents.access import episodes_visible_to
from incidents.models import MissingEpisode

A_PAGE: Final = 50
YEARS_SHOWN: Final = 6

KINDS: Final = {"M": "Missing", "A": "Away"}

# The tiles, in order: name in the address, words, which rows.
SHOWN: Final[Mapping[str, tuple[str, Callable[[CheckedRow], bool]]]] = {
    "all": ("rows", lambda checked: True),
    "missing": ("missing (M)", lambda checked: checked.row.code == "M"),
    "away": ("away (A)", lambda checked: checked.row.code == "A"),
    "open": ("with no end", lambda checked: checked.row.end_on is None),
    "failing": ("would fail", lambda checked: checked.would_fail),
    "second-look": (
        "worth a second look",
        lambda checked: bool(checked.faults) and not checked.would_fail,
    ),
}

_PAGES: Final[Mapping[Mend, tuple[str, str]]] = {
    Mend.REPORT: ("Correct the report", "episode-correct"),
    Mend.RETURN: ("Complete the return", "episode-return"),
    Mend.EPISODE: ("Open the episode", "episode-detail"),
    Mend.EPISODE_BEFORE: ("Open the episode before it", "episode-detail"),
    Mend.LEGAL_STATUS: ("Record the legal status", "legal-status-record"),
    Mend.PLACEMENT: ("See the placements", "child-detail"),
    Mend.CHILD: ("Put the date of birth right", "child-change"),
}


@dataclass(frozen=True)
class FaultLine:
    """One thing wrong with a row, and the ways to mend it that are open to the reader."""

    heading: str
    sentence: str
    is_warning: bool
    actions: Sequence[Action]
    advice: str


@dataclass(frozen=True)
class Line:
    """A row of the file as the page shows it."""

    number: int
    child_id: UUID
    child_reference: str
    kind: str
    start_on: date
    end_on: date | None
    episode_reference: str
    episode_url: str  # "" where the reader may not open it
    would_fail: bool
    faults: Sequence[FaultLine]


@dataclass(frozen=True)
class YearPage:
    """One authority's file of one year, seen by one reader."""

    authority: LocalAuthority
    year: ReturnYear
    years: Sequence[NavItem]
    tiles: Sequence[Tile]
    shown: Page[CheckedRow]
    lines: Sequence[Line]
    keep: str  # what the pages of a long list go on with
    failing: int
    is_running: bool
    download_url: str
    held: Mapping[str, str]

    @classmethod
    def of(cls, user: User, authority: LocalAuthority, year: ReturnYear, asked: Mapping[str, str]) -> Self:
        closed = frozenset(children_in_conflict(user).values_list("pk", flat=True))
        rows = checked_rows(authority, year, without=closed)
        show = asked.get("show", "all")
        wanted = [checked for checked in rows if SHOWN[show][1](checked)]
        shown = Paginator(wanted, A_PAGE).get_page(asked.get("page"))
        today = now().astimezone(LONDON).date()
        return cls(
            authority=authority,
            year=year,
            years=_years(authority, year, today, closed),
            tiles=_tiles(rows, show, year_url(authority, year)),
            shown=shown,
            lines=_lines(user, list(shown.object_list)),
            keep=f"show={show}",
            failing=sum(checked.would_fail for checked in rows),
            is_running=today in year,
            download_url=reverse("returns:ssda903-download", args=[authority.pk, year]),
            held=HELD,
        )


def year_url(authority: LocalAuthority, year: ReturnYear) -> str:
    return reverse("returns:ssda903-year", args=[authority.pk, year])


def _years(
    authority: LocalAuthority, chosen: ReturnYear, today: date, closed: Collection[UUID]
) -> list[NavItem]:
    """From this year back to the first with an absence, and no further than people look."""
    this = ReturnYear.of(today).year
    absences = MissingEpisode.objects.filter(authority=authority).exclude(child__in=closed)
    first = absences.aggregate(at=Min("noticed_at"))["at"]
    earliest = ReturnYear.of(first.astimezone(LONDON).date()).year if first else this
    years = [ReturnYear(year) for year in range(this, max(earliest, this - YEARS_SHOWN + 1) - 1, -1)]
    return [NavItem(year.label, year_url(authority, year), year == chosen) for year in years]


def _tiles(rows: Sequence[CheckedRow], show: str, url: str) -> list[Tile]:
    tiles = []
    for name, (text, is_wanted) in SHOWN.items():
        count = sum(map(is_wanted, rows))
        is_late = name == "failing" and count > 0
        tiles.append(Tile(count, text, f"{url}?show={name}", current=name == show, is_late=is_late))
    return tiles


def _lines(user: User, rows: Sequence[CheckedRow]) -> list[Line]:
    near = {checked.row.episode_id for checked in rows}
    near |= {checked.before.episode_id for checked in rows if checked.before}
    may_open = set(episodes_visible_to(user).filter(pk__in=near).values_list("pk", flat=True))
    whom = _whom_to_ask({checked.row.child_id for checked in rows if checked.faults})
    return [_line(checked, may_open, whom.get(checked.row.child_id, "")) for checked in rows]


def _line(checked: CheckedRow, may_open: Collection[UUID], whom: str) -> Line:
    row = checked.row
    opens = row.episode_id in may_open
    return Line(
        number=checked.number,
        child_id=row.child_id,
        child_reference=row.child_reference,
        kind=KINDS[row.code],
        start_on=row.start_on,
        end_on=row.end_on,
        episode_reference=row.episode_reference,
        episode_url=reverse("pages:episode-detail", args=[row.episode_id]) if opens else "",
        would_fail=checked.would_fail,
        faults=[_fault_line(checked, fault, may_open, whom) for fault in checked.faults],
    )


def _fault_line(checked: CheckedRow, fault: Fault, may_open: Collection[UUID], whom: str) -> FaultLine:
    rule = fault.rule
    actions = [action for mend in rule.mends if (action := _action(checked, mend, may_open))]
    in_own_files = "Mend it in the authority’s own files." if Mend.OWN_FILES in rule.mends else ""
    return FaultLine(
        heading=f"Rule {rule.code}" if rule.code.isdigit() else rule.code,
        sentence=fault.sentence,
        is_warning=rule.is_warning,
        actions=actions,
        advice=in_own_files or ("" if actions else f"Ask {whom} to mend it."),
    )


def _action(checked: CheckedRow, mend: Mend, may_open: Collection[UUID]) -> Action | None:
    """The way to mend it, if there is a page for it that the reader may open."""
    row = checked.before if mend == Mend.EPISODE_BEFORE else checked.row
    if row is None or mend not in _PAGES or row.episode_id not in may_open:
        return None
    text, page = _PAGES[mend]
    about_child = mend in (Mend.LEGAL_STATUS, Mend.PLACEMENT, Mend.CHILD)
    url = reverse(f"pages:{page}", args=[row.child_id if about_child else row.episode_id])
    return Action(text, url, about=f"for row {checked.number}")


def _whom_to_ask(children: Collection[UUID]) -> dict[UUID, str]:
    """The child's worker and team, for a reader who works with figures only."""
    rows = Child.objects.filter(pk__in=children).select_related("allocated_worker", "team")
    names = {
        row.pk: [named.name for named in (row.allocated_worker, row.team) if named is not None]
        for row in rows
    }
    return {pk: ", ".join(found) or "the team manager" for pk, found in names.items()}
