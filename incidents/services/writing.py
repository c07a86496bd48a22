"""What every service does around its own rule: take the rows, ask for words, write the story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeVar

from casework.records import chronology
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Changed, Invalid
from casework.records.models import User
from casework.records.models.record import EditableRecord, Record
from casework.records.standing import standing_of
from incidents import rules
from incidents.facts import lock_episode
from incidents.models import MissingEpisode, Spell
from incidents.rules import Move, Position
from incidents.verbs import EpisodeVerb

LONGEST_NARRATIVE: Final = 10_000

Row = TypeVar("Row", bound=Record)


def take(by: User, act: Act, episode: MissingEpisode) -> MissingEpisode:
    """The episode as it is now, held for this transaction; `NotAllowed` unless `by` may do this to it."""
    held = lock_episode(episode.pk)
    require_for(by, act, held.child)
    return held


def running_spell(episode: MissingEpisode) -> Spell | None:
    return episode.spells.filter(ended_at__isnull=True).first()


def position_of(episode: MissingEpisode) -> Position:
    """Where the episode stands; ask while it is held."""
    spell = running_spell(episode)
    return rules.position(episode.state, spell.category if spell else None)


def move(episode: MissingEpisode, wanted: Move) -> Position:
    """Set the state that the move leads to, not yet saved; Conflict when it is not in the table."""
    reached = rules.follow(wanted, position_of(episode))
    episode.state = rules.STATE_OF[reached]
    return reached


def add(row: Row) -> Row:
    """Insert a row whose words fit."""
    refuse_what_does_not_fit(row)
    row.save(force_insert=True)
    return row


def save_edit(row: EditableRecord) -> None:
    """Save an edited row under its next version."""
    refuse_what_does_not_fit(row)
    row.version += 1
    row.save()


def refuse_what_does_not_fit(row: Record) -> None:
    """Invalid for words that the database would not take; a form says the same, but is not the only door."""
    for field in row._meta.concrete_fields:
        words = getattr(row, field.attname)
        if not isinstance(words, str):
            continue
        longest = field.max_length or LONGEST_NARRATIVE
        if len(words) > longest:
            raise Invalid(f"Use {longest:,} characters or fewer.", code="too_long", field=field.name)
        if any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in words):
            raise Invalid("Remove the characters that can’t be shown.", code="unreadable", field=field.name)


def refuse_stale(row: EditableRecord, version: int) -> None:
    """`Changed` when the person saw another version than the row has."""
    if row.version != version:
        raise Changed


def required(words: str, field: str, sentence: str) -> str:
    """The words, trimmed; Invalid with the sentence when there are none."""
    trimmed = words.strip()
    if not trimmed:
        raise Invalid(sentence, code="required", field=field)
    return trimmed


def require_typed_name(by: User, typed_name: str) -> str:
    """On a home's shared tablet nobody knows who is typing: they give their name."""
    name = typed_name.strip()
    if not name and standing_of(by).is_tablet:
        raise Invalid("Enter your name.", code="required", field="typed_name")
    return name


def tell_story(
    episode: MissingEpisode,
    verb: EpisodeVerb,
    by: User | None,
    about: Record,
    *,
    occurred_at: datetime | None = None,
    payload: Mapping[str, object] | None = None,
    typed_name: str = "",
) -> None:
    """Add the entry for `about` to the child's chronology."""
    chronology.record(
        child=episode.child,
        verb=verb,
        actor=by,
        episode_id=episode.pk,
        about_kind=about._meta.model_name or "",
        about_id=about.pk,
        occurred_at=occurred_at,
        payload=payload,
        typed_name=typed_name,
    )
