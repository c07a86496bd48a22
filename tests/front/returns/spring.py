"""Exampleshire around 31 March 2026: absences lived through by services, with the clock in our hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from casework.front.returns.missing_rows import missing_rows
from casework.records.models import Child
from casework.records.return_years import ReturnYear
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import returns, spells
from incidents.services.reports import report_missing
from tests.cast import Cast, make_cast

Y2025: Final = ReturnYear(2025)
Y2026: Final = ReturnYear(2026)
HOUR: Final = timedelta(hours=1)

Shown = tuple[str, str, str, str]


def on(text: str) -> datetime:
    """ "2026-03-30 22:40", by the clock on the wall; of the hour that happens twice, the first."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


class Spring:
    """The cast, and what happens to its children; each act moves the clock to its time."""

    def __init__(self, begins: str = "2026-03-02 09:00") -> None:
        pretend_now(on(begins))
        self.cast: Cast = make_cast()

    def goes(
        self, at: str, category: str = "missing", child: Child | None = None, **more: object
    ) -> MissingEpisode:
        """Reported at that time; last seen half an hour before, unless told otherwise."""
        pretend_now(on(at))
        known: dict[str, object] = {"noticed_at": now(), "last_seen_at": now() - HOUR / 2}
        whereabouts = "At Jay's, his mother says." if category == "away" else ""
        return report_missing(
            by=self.cast.carl,
            child=child or self.cast.kit,
            category=category,
            whereabouts=whereabouts,
            **{**known, **more},  # type: ignore[arg-type]  # the few answers that a scene is about
        )

    def is_located(self, episode: MissingEpisode, at: str) -> None:
        pretend_now(on(at))
        returns.record_located(
            by=self.cast.femi, episode=episode, located_at=now(), where="Bus station", found_by="police"
        )

    def is_away(self, episode: MissingEpisode, at: str) -> None:
        pretend_now(on(at))
        spells.record_away(
            by=self.cast.amina, episode=episode, at=now(), whereabouts="At Jay's.", spoken_to=True
        )

    def is_missing(self, episode: MissingEpisode, at: str) -> None:
        pretend_now(on(at))
        spells.record_missing(by=self.cast.carl, episode=episode, at=now(), reason="Phone off.")

    def is_back(self, episode: MissingEpisode, at: str, *, returned_at: datetime | None = None) -> None:
        pretend_now(on(at))
        returns.record_return(by=self.cast.carl, episode=episode, returned_at=returned_at or now())

    def passes(self, at: str) -> None:
        """Nothing happens until then."""
        pretend_now(on(at))

    def rows(self, year: ReturnYear = Y2025) -> list[Shown]:
        """The file's rows as a person reads them: child, M or A, first and last day."""
        found = missing_rows(self.cast.exampleshire.pk, year)
        return [(row.child_reference, row.code, shown(row.start_on), shown(row.end_on)) for row in found]


def shown(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
