"""One small authority whose files a test writes by hand: who lives where, and who was gone when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.front.imports.differences import Difference
from casework.front.imports.importing import import_folder
from casework.front.imports.rows import Child, Folder
from casework.records.models import Child as ChildRow
from casework.records.models import User
from incidents.models import MissingEpisode
from tests.front.imports.histories import Gone, History, Stay, folder_of

VIK = "100000"
HOUSE_1, HOUSE_2 = "SC1000001", "SC1000002"
SINCE, MAY = date(2025, 1, 6), date(2026, 5, 1)


def stay(
    start: date = SINCE, *, rne: str = "S", ls: str = "C2", place: str = "K2", urn: str = HOUSE_1
) -> Stay:
    return Stay(start, rne, ls, place, urn)


def gone(start: date, end: date | None, kind: str = "M") -> Gone:
    return Gone("A" if kind == "A" else "M", start, end)


@dataclass(frozen=True)
class World:
    """Vik's history as the files tell it; each change of it is another edition of the files."""

    stays: tuple[Stay, ...] = (stay(),)
    care_ended: date | None = None
    gone: tuple[Gone, ...] = ()
    years: tuple[int, ...] = (2025, 2026)

    def folder(self) -> Folder:
        return folder_of([History(VIK, self.stays, self.care_ended, self.gone)], self.years)

    def read(self, by: User | None = None) -> Difference:
        return import_folder(self.folder(), by=by)


def with_child(folder: Folder, **values: object) -> Folder:
    """The folder with other values in Vik's row of children.csv."""
    (row,) = folder.children
    changed: Child = replace(row, **values)  # type: ignore[arg-type]  # the fields of a row, as a test names them
    return replace(folder, children=(changed,))


def vik() -> ChildRow:
    return ChildRow.objects.get(reference=VIK)


def absences() -> Sequence[MissingEpisode]:
    return list(MissingEpisode.objects.filter(child__reference=VIK).order_by("noticed_at"))


def told(difference: Difference) -> list[str]:
    return [str(one) for one in difference.corrections]


def left(difference: Difference) -> list[str]:
    return [str(one) for one in difference.left]
