"""The list of what is shared with a force: a line for each episode, the newest share first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf

from casework.records.models import User
from incidents.access import shares_of
from incidents.models import RiskAssessment, State
from incidents.shared import CLOSED, STATES


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ended: after this share."""

    at: datetime
    share_id: UUID

    def written(self) -> list[str]:
        return [self.at.isoformat(), str(self.share_id)]

    @classmethod
    def read(cls, words: list[str]) -> Place:
        return cls(datetime.fromisoformat(words[0]), UUID(words[1]))


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of one episode."""

    share_id: UUID
    id: UUID
    child_id: UUID
    version: int
    reference: str
    force_reference: str
    stands: str
    shared_since: datetime
    acknowledged_at: datetime | None
    missing_since: datetime
    last_seen_at: datetime | None
    last_seen_where: str
    police_grade: str | None
    authority_grade: str | None
    first_name: str
    last_name: str
    known_as: str
    born_on: date
    sex: str

    @property
    def state(self) -> str:
        """As a force is told it."""
        return STATES.get(self.stands, CLOSED)

    @property
    def place(self) -> Place:
        return Place(self.shared_since, self.share_id)


def _grade(made_by: str) -> Subquery:
    rows = RiskAssessment.objects.filter(episode=OuterRef("episode_id"), made_by=made_by)
    return Subquery(rows.order_by("-assessed_at", "-recorded_at").values("grade")[:1])


_LATER: Final = Greatest("episode__left_at", "episode__last_seen_at")  # whichever is known
# As `shared.reference_of` has it.
_HEARD_BY_PHONE: Final = Case(When(reason="", then=F("episode__police_reference")), default=Value(""))
WORKED_OUT: Final = {
    "force_reference": Coalesce(NullIf("reference", Value("")), _HEARD_BY_PHONE),
    "seen_version": F("episode__version") + F("version") - 1,
    "missing_since": Coalesce(_LATER, "episode__noticed_at"),
    "police_grade": _grade(RiskAssessment.MadeBy.POLICE),
    "authority_grade": _grade(RiskAssessment.MadeBy.AUTHORITY),
}
COLUMNS: Final = (
    "pk",
    "episode_id",
    "episode__child_id",
    "seen_version",
    "episode__reference",
    "force_reference",
    "episode__state",
    "recorded_at",
    "acknowledged_at",
    "missing_since",
    "episode__last_seen_at",
    "episode__last_seen_where",
    "police_grade",
    "authority_grade",
    "episode__child__first_name",
    "episode__child__last_name",
    "episode__child__known_as",
    "episode__child__born_on",
    "episode__child__sex",
)


def lines_of(user: User, *, state: str = "", after: Place | None = None, limit: int = 50) -> list[Line]:
    """One query. `state` as a force is told it; empty for all."""
    rows = shares_of(user)
    if state:
        rows = rows.filter(episode__state__in=[one for one in State if STATES.get(one, CLOSED) == state])
    if after:
        older = Q(recorded_at__lt=after.at)
        rows = rows.filter(older | Q(recorded_at=after.at, pk__lt=after.share_id))
    found = rows.annotate(**WORKED_OUT).order_by("-recorded_at", "-pk").values_list(*COLUMNS)[:limit]
    return [Line(*row) for row in found]
