"""What is met by telling: the parents settled, host and school told, everybody told again, duty reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from casework.records.models import Disclosure
from casework.records.questions import KEY, OfMany
from casework.records.retelling import last_words, still_to_tell, tellings_of
from incidents.verbs import IMPORT_VERBS

from .values import Met

Audience, How, Of = Disclosure.Audience, Disclosure.How, Disclosure.Of


class TellingFact(NamedTuple):
    """Met by telling one audience that the child is missing; where that is a choice, by deciding not to."""

    name: str
    audience: str
    told: str
    not_told: str = ""
    each_spell: bool = True


TELLINGS: Final = (
    TellingFact(
        "parents_settled", Audience.PARENT, "The parents were told", "It was decided not to tell the parents"
    ),
    TellingFact("host_told", Audience.HOST_AUTHORITY, "The authority where the home is was told"),
    TellingFact(
        "school_told", Audience.SCHOOL, "The school was told", "It was decided not to tell the school", False
    ),
)
NOBODY_TO_RING: Final = "Nobody outside Casework was told, so there is nobody to ring"
EVERYBODY_RUNG: Final = "Everybody who was told has been told of this too"

_TELLINGS: Final = OfMany(lambda: tellings_of(KEY))
# The first thing that somebody of the child's authority did in the episode, be it the report itself.
TAKEN_UP: Final = """
SELECT DISTINCT ON (c.episode_id) c.episode_id, c.recorded_at, c.actor_id
FROM records_chronologyentry c JOIN incidents_missingepisode e ON e.id = c.episode_id
WHERE c.episode_id = ANY(%(ids)s) AND c.actor_id IS NOT NULL AND c.verb <> ALL(%(imports)s)
  AND EXISTS (SELECT FROM records_membership m
              WHERE m.user_id = c.actor_id AND m.authority_id = e.authority_id)
ORDER BY c.episode_id, c.recorded_at"""


def add_tellings(
    met: dict[UUID, dict[str, Met]],
    spell_opened: Mapping[UUID, datetime | None],
    moments: Mapping[UUID, tuple[datetime | None, datetime | None]],
) -> None:
    """Into `met`, by episode. `moments` are when the child was located and when the child was back."""
    rows = defaultdict[UUID, list[Disclosure]](list)
    for row in _TELLINGS.records(met):
        if row.episode_id:
            rows[row.episode_id].append(row)
    for key, of_episode in met.items():
        of_episode.update(_told(rows[key], spell_opened[key]))
        located_at, returned_at = moments[key]
        of_episode.update(_told_again("everyone_told_located", Of.LOCATED, rows[key], located_at))
        of_episode.update(_told_again("everyone_retold", Of.BACK, rows[key], returned_at))
    _add_taken_up(met, rows)


def _told(rows: Iterable[Disclosure], opened: datetime | None) -> dict[str, Met]:
    """The first word to each audience in this spell: what was said before it was about another absence."""
    found: dict[str, Met] = {}
    for row in rows:
        for fact in TELLINGS:
            words = fact.not_told if row.how == How.NOT_TOLD else fact.told
            is_of_it = row.audience == fact.audience and row.told_of == Of.MISSING
            counts = opened is None or not fact.each_spell or row.told_at > opened
            if words and is_of_it and counts:
                found.setdefault(fact.name, Met(row.told_at, row.recorded_by_id, words))
    return found


def _told_again(name: str, told_of: str, rows: list[Disclosure], since: datetime | None) -> dict[str, Met]:
    """Met by the last of the calls; at once, when there is nobody to call."""
    if since is None or still_to_tell(rows, told_of):
        return {}
    heard = [row for row in last_words(rows) if row.told_of != Of.MISSING]
    if not heard:
        return {name: Met(since, None, NOBODY_TO_RING)}
    last = max(heard, key=lambda row: row.told_at)
    return {name: Met(max(last.told_at, since), last.recorded_by_id, EVERYBODY_RUNG)}


def _add_taken_up(met: dict[UUID, dict[str, Met]], rows: Mapping[UUID, list[Disclosure]]) -> None:
    """Somebody of the authority said “I’ve got this”, recorded something, or answered the telephone."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_UP, {"ids": list(met), "imports": [str(verb) for verb in IMPORT_VERBS]})
        taken_up = {key: Met(at, by_id, "The authority has it") for key, at, by_id in cursor.fetchall()}
    for key, of_episode in met.items():
        answered = [
            Met(row.told_at, row.recorded_by_id, f"{row.told_name or 'The duty team'} answered the phone")
            for row in rows[key]
            if row.audience == Audience.AUTHORITY and row.how in (How.PHONE, How.IN_PERSON)
        ]
        said = filter(None, [of_episode.get("duty_accepted"), taken_up.get(key)])
        first = min([*said, *answered], key=lambda one: one.at, default=None)
        if first:
            of_episode["duty_accepted"] = first
