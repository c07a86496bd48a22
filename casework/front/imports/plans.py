"""What is to be done to one child's record; made by `comparing`, carried out by `writing`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from casework.front.imports.deriving import Absence, Status, Stay
from casework.front.imports.differences import Correction, Left, Noun
from casework.front.imports.recorded import RecordedStay


@dataclass(frozen=True, slots=True)
class StayChange:
    """A recorded placement as it should be. Where the day stays, so does the moment that was recorded."""

    row: RecordedStay
    corrected: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    urn: str
    place_code: str
    provider_code: str
    reason_ended: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A recorded legal status as it should be."""

    id: UUID
    code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An imported absence as it should be; `is_told` unless only moments within a day have moved."""

    episode_id: UUID
    absence: Absence
    is_told: bool


@dataclass(slots=True)
class ChildPlan:
    """One child: of one who is new, `person` has every value; else those that change.

    `stay_ids` has the recorded placement by its first day, `about` the recorded row by the key of the file's.
    """

    reference: str
    child_id: UUID
    is_new: bool
    person: dict[str, object] = field(default_factory=dict)
    new_stays: list[Stay] = field(default_factory=list)
    changed_stays: list[StayChange] = field(default_factory=list)
    withdrawn_stays: list[UUID] = field(default_factory=list)
    new_statuses: list[Status] = field(default_factory=list)
    changed_statuses: list[StatusChange] = field(default_factory=list)
    withdrawn_statuses: list[UUID] = field(default_factory=list)
    new_absences: list[Absence] = field(default_factory=list)
    rewritten: list[Rewriting] = field(default_factory=list)
    mistaken: list[UUID] = field(default_factory=list)
    stay_ids: dict[date, UUID] = field(default_factory=dict)
    about: dict[str, UUID] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def correct(self, noun: Noun, what: str, old: str = "", new: str = "") -> None:
        self.corrections.append(Correction(noun, self.reference, what, old, new))

    def leave(self, noun: Noun, what: str, reason: str) -> None:
        self.left.append(Left(noun, self.reference, what, reason))
