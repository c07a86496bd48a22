"""Absences as an authority's own files have them: days without times, and long past, most of them.

The caller has the transaction, has asked whether the person may, and has compared the files with the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from casework.records.copying import copy_in, in_batches
from casework.records.local_time import WALL
from casework.records.models import ChronologyEntry, User
from casework.records.notify import outbox
from casework.records.services.importing import IMPORTED
from casework.records.times import now
from incidents.facts import lock_episodes
from incidents.models import MissingEpisode, Spell, State
from incidents.verbs import EpisodeVerb

from .numbers import take_numbers

NO_LONGER_IN_FILES: Final = "The authority’s file no longer has it."
OVER: Final = "The authority’s file says that it is over."


@dataclass(frozen=True, slots=True)
class ImportedSpell:
    """`id` is that of the recorded spell, or of the one to be made."""

    id: UUID
    category: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedAbsence:
    """One absence as the files have it. Its moments are midnights, or a minute or so later: guesses, all."""

    authority_id: UUID
    child_id: UUID
    reference: str  # the child's
    placement_id: UUID | None
    home_id: UUID | None
    state: str
    spells: Sequence[ImportedSpell]

    @property
    def started_at(self) -> datetime:
        return self.spells[0].started_at

    @property
    def over_at(self) -> datetime | None:
        """When the child was back; None too for one who turned 18 meanwhile."""
        return self.spells[-1].ended_at if self.state == State.CLOSED else None


def add_imported(*, by: User | None, absences: Iterable[ImportedAbsence]) -> list[UUID]:
    """Record these absences, in the order in which they began; the ids of those that are not over."""
    moment = now()
    ordered = sorted(absences, key=lambda absence: (absence.started_at, absence.reference))
    references = _references(ordered)
    open_ids: list[UUID] = []
    for batch in in_batches(zip(ordered, references, strict=True)):
        rows = [_row(absence, reference, moment) for absence, reference in batch]
        copy_in(rows)
        copy_in(
            spell
            for row, (absence, _) in zip(rows, batch, strict=True)
            for spell in _spell_rows(row.pk, absence, moment)
        )
        copy_in(
            _entry(by, row.pk, absence, EpisodeVerb.IMPORTED, moment)
            for row, (absence, _) in zip(rows, batch, strict=True)
        )
        open_ids += [row.pk for row in rows if row.state == State.OPEN]
    return open_ids


def rewrite_imported(
    *, by: User | None, rewritten: Mapping[UUID, ImportedAbsence], told: Collection[UUID]
) -> list[UUID]:
    """Make imported absences what the files say now; those in `told` say so in their story.

    Returns the ids of those that are not over, or were not until now.
    """
    moment, to_look_at = now(), []
    for episode_id, episode in lock_episodes(rewritten).items():
        absence = rewritten[episode_id]
        was_open = episode.is_open
        for field, value in _columns(absence, moment).items():
            setattr(episode, field, value)
        episode.version += 1
        _rewrite_spells(episode, absence, moment)
        episode.save()
        if episode_id in told:
            _entry(by, episode_id, absence, EpisodeVerb.IMPORT_CORRECTED, moment).save(force_insert=True)
        if was_open and not episode.is_open:
            outbox.withdraw(episode_id, OVER)
        if was_open or episode.is_open:
            to_look_at.append(episode_id)
    return to_look_at


def take_back_imported(*, by: User | None, episode_ids: Collection[UUID]) -> list[UUID]:
    """Call imported absences mistaken that the files do not have any more; those that were not over."""
    moment, to_look_at = now(), []
    for episode in lock_episodes(episode_ids).values():
        if episode.is_open:
            to_look_at.append(episode.pk)
            episode.spells.filter(ended_at__isnull=True).update(
                ended_at=moment, end_recorded_at=moment, version=F("version") + 1
            )
            outbox.withdraw(episode.pk, NO_LONGER_IN_FILES)
        episode.state = State.FALSE_REPORT
        episode.version += 1
        episode.save(update_fields=["state", "version"])
        _tell_of_mistake(by, episode)
    return to_look_at


def _tell_of_mistake(by: User | None, episode: MissingEpisode) -> None:
    ChronologyEntry.objects.create(
        child_id=episode.child_id,
        episode_id=episode.pk,
        actor=by,
        verb=EpisodeVerb.FALSE_REPORT.value,
        about_kind="missingepisode",
        about_id=episode.pk,
        payload={**IMPORTED, "reason": NO_LONGER_IN_FILES},
    )


# ---- rows ----


def _row(absence: ImportedAbsence, reference: str, moment: datetime) -> MissingEpisode:
    return MissingEpisode(
        authority_id=absence.authority_id,
        child_id=absence.child_id,
        reference=reference,
        imported_at=moment,
        **_columns(absence, moment),
    )


def _columns(absence: ImportedAbsence, moment: datetime) -> dict[str, object]:
    """What follows from the files. A child who came back was found by then, as `record_return` has it."""
    over_at = absence.over_at
    columns: dict[str, object] = {
        "placement_id": absence.placement_id,
        "home_id": absence.home_id,
        "state": absence.state,
    }
    for clock, at in (
        ("left", absence.started_at),
        ("noticed", absence.started_at),
        ("located", over_at),
        ("returned", over_at),
    ):
        columns |= {
            f"{clock}_at": at,
            f"{clock}_recorded_at": moment if at else None,
            f"{clock}_estimated": at is not None,
        }
    return columns


def _spell_rows(episode_id: UUID, absence: ImportedAbsence, moment: datetime) -> Iterator[Spell]:
    for ordinal, spell in enumerate(absence.spells, start=1):
        yield Spell(
            id=spell.id,
            episode_id=episode_id,
            ordinal=ordinal,
            category=spell.category,
            started_at=spell.started_at,
            ended_at=spell.ended_at,
            end_recorded_at=moment if spell.ended_at else None,
        )


def _rewrite_spells(episode: MissingEpisode, absence: ImportedAbsence, moment: datetime) -> None:
    """Those that are recorded move aside first, so that one can come before them; what ended, ends first."""
    recorded = {row.pk: row for row in episode.spells.all()}
    episode.spells.update(ordinal=F("ordinal") + 100)
    wanted = list(_spell_rows(episode.pk, absence, moment))
    for row in sorted(wanted, key=lambda row: row.ended_at is None):
        if (before := recorded.get(row.pk)) is not None:
            row.version, row.recorded_at = before.version + 1, before.recorded_at
            row.save(force_update=True)
    Spell.objects.bulk_create(row for row in wanted if row.pk not in recorded)


# ---- references and the story ----


def _references(absences: Sequence[ImportedAbsence]) -> list[str]:
    """A number of its year for each, counted on from the last one given."""
    years = [absence.started_at.astimezone(WALL).year for absence in absences]
    if not absences:
        return []
    numbers = {
        year: take_numbers(absences[0].authority_id, year, count) for year, count in Counter(years).items()
    }
    return [next(numbers[year]) for year in years]


def _entry(
    by: User | None, episode_id: UUID, absence: ImportedAbsence, verb: EpisodeVerb, at: datetime
) -> ChronologyEntry:
    return ChronologyEntry(
        child_id=absence.child_id,
        episode_id=episode_id,
        actor=by,
        verb=verb.value,
        about_kind="missingepisode",
        about_id=episode_id,
        occurred_at=at,
        payload={
            **IMPORTED,
            "state": absence.state,
            "periods": [
                {"category": spell.category, "from": _day(spell.started_at), "until": _day(spell.ended_at)}
                for spell in absence.spells
            ],
        },
    )


def _day(at: datetime | None) -> str | None:
    return at.astimezone(WALL).date().isoformat() if at else None
