"""What is recorded of the children whose files have changed, in a few queries, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from casework.records.local_time import WALL
from casework.records.models import Child, ChronologyEntry, LegalStatus, LocalAuthority, Placement
from incidents.models import NO_ABSENCE, NOT_BACK, Category, MissingEpisode, Spell
from incidents.verbs import IMPORT_VERBS

CODE_OF: Final = {Category.MISSING: "M", Category.AWAY: "A"}
AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class RecordedStay:
    id: UUID
    starts_at: datetime
    ends_at: datetime | None
    urn: str
    place_code: str
    provider_code: str

    @property
    def start_on(self) -> date:
        return day_of(self.starts_at)

    @property
    def end_on(self) -> date | None:
        return day_of(self.ends_at) if self.ends_at else None


@dataclass(frozen=True, slots=True)
class RecordedStatus:
    id: UUID
    code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class RecordedSpell:
    """A spell of being away or missing, as the return would tell it."""

    id: UUID
    episode_id: UUID
    category: str
    start_on: date
    end_on: date | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedEpisode:
    """`is_ours` is one that an import made and nobody has worked on since: an import may change it."""

    id: UUID
    reference: str
    state: str
    is_ours: bool
    placement_id: UUID | None
    spells: tuple[RecordedSpell, ...]

    @property
    def is_not_back(self) -> bool:
        return self.state in NOT_BACK


@dataclass(frozen=True, slots=True)
class RecordedChild:
    """One child as recorded. `values` are those of `deriving.Person`, by their names there."""

    id: UUID
    values: dict[str, object]
    stays: tuple[RecordedStay, ...]
    statuses: tuple[RecordedStatus, ...]
    episodes: tuple[RecordedEpisode, ...]


def day_of(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(WALL).date()


def recorded_children(authority: LocalAuthority, references: Collection[str]) -> dict[str, RecordedChild]:
    """Those of the children who have a record, by ID."""
    found: dict[str, RecordedChild] = {}
    wanted = list(references)
    for start in range(0, len(wanted), AT_ONCE):
        rows = list(
            Child.objects.filter(authority=authority, reference__in=wanted[start : start + AT_ONCE])
            .select_related("team", "allocated_worker")
            .order_by("reference")
        )
        found |= _with_everything(rows)
    return found


def _with_everything(rows: Collection[Child]) -> dict[str, RecordedChild]:
    ids = [row.pk for row in rows]
    stays, statuses, episodes = _stays(ids), _statuses(ids), _episodes(ids)
    return {
        row.reference: RecordedChild(
            row.pk,
            _values(row),
            tuple(stays[row.pk]),
            tuple(statuses[row.pk]),
            tuple(episodes[row.pk]),
        )
        for row in rows
    }


def _values(row: Child) -> dict[str, object]:
    return {
        "reference": row.reference,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "born_on": row.born_on,
        "sex": row.sex,
        "ethnicity": row.ethnicity,
        "upn": row.upn,
        "is_unaccompanied": row.is_unaccompanied,
        "unaccompanied_until": row.unaccompanied_until,
        "team": row.team.name if row.team else "",
        "worker_email": row.allocated_worker.email if row.allocated_worker else "",
    }


def _stays(ids: Collection[UUID]) -> defaultdict[UUID, list[RecordedStay]]:
    stays = defaultdict[UUID, list[RecordedStay]](list)
    rows = Placement.objects.filter(child__in=ids).select_related("home").order_by("period")
    for row in rows:
        urn = row.home.urn or "" if row.home else ""
        stays[row.child_id].append(
            RecordedStay(
                row.pk,
                row.period.lower,
                row.period.upper,
                urn.casefold(),
                row.place_code,
                row.provider_code,
            )
        )
    return stays


def _statuses(ids: Collection[UUID]) -> defaultdict[UUID, list[RecordedStatus]]:
    statuses = defaultdict[UUID, list[RecordedStatus]](list)
    for row in LegalStatus.objects.filter(child__in=ids).order_by("from_on"):
        statuses[row.child_id].append(RecordedStatus(row.pk, row.code, row.from_on, row.until_on))
    return statuses


# ---- episodes ----


def _episodes(ids: Collection[UUID]) -> defaultdict[UUID, list[RecordedEpisode]]:
    """Every episode but false reports: of those nothing stands in a file."""
    worked_on = (
        ChronologyEntry.objects.filter(episode_id=OuterRef("pk"))
        .filter(Q(actor__isnull=False) | ~Q(typed_name=""))
        .exclude(verb__in=IMPORT_VERBS)
    )
    rows = list(
        MissingEpisode.objects.filter(child__in=ids)
        .exclude(state__in=NO_ABSENCE)
        .annotate(is_worked_on=Exists(worked_on))
        .order_by("noticed_at")
    )
    spells = _spells(rows)
    episodes = defaultdict[UUID, list[RecordedEpisode]](list)
    for row in rows:
        episodes[row.child_id].append(
            RecordedEpisode(
                row.pk,
                row.reference,
                row.state,
                row.imported_at is not None and not row.is_worked_on,
                row.placement_id,
                tuple(spells[row.pk]),
            )
        )
    return episodes


def _spells(rows: Iterable[MissingEpisode]) -> defaultdict[UUID, list[RecordedSpell]]:
    episodes = {row.pk: row for row in rows}
    spells = defaultdict[UUID, list[RecordedSpell]](list)
    gone = Spell.objects.filter(episode__in=episodes).exclude(category=Category.CONCERN)
    for row in gone.order_by("episode", "ordinal"):
        episode = episodes[row.episode_id]
        started_at = row.started_at if spells[row.episode_id] else episode.missing_from
        spells[row.episode_id].append(
            RecordedSpell(
                row.pk,
                row.episode_id,
                row.category,
                day_of(started_at),
                day_of(end) if (end := _over_at(row, episode)) else None,
                row.started_at,
                row.ended_at,
            )
        )
    return spells


def _over_at(row: Spell, episode: MissingEpisode) -> datetime | None:
    """When the return says that it was over: away when the child is back, missing when they are found."""
    if row.ended_at is None or row.category == Category.MISSING or episode.returned_at is None:
        return row.ended_at
    return max(row.ended_at, episode.returned_at)
