"""Whom people told of an absence, and who of them has not heard how it went on.

What somebody heard last is what they believe. Whoever heard last that the child is missing still has to hear
that the child was located; and whoever heard anything, that the child is back. Casework's own messages go by
themselves.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from casework.records.models import Disclosure

Audience, Of = Disclosure.Audience, Disclosure.Of

# Who rings an office speaks to whoever is on duty there: the office was told, whatever the name.
OFFICES: Final = frozenset({Audience.POLICE, Audience.HOST_AUTHORITY, Audience.HOME_OFFICE})
READS_CASEWORK: Final = Audience.AUTHORITY
# What may be the last word to whoever need not be rung about this any more.
LAST_WORDS: Final = {Of.LOCATED: frozenset({Of.LOCATED, Of.BACK}), Of.BACK: frozenset({Of.BACK})}

Person = tuple[str, str]


def tellings_of(episode_id: UUID) -> QuerySet[Disclosure]:
    """What people told, or decided not to tell, of this episode: the oldest first."""
    rows = Disclosure.objects.filter(episode_id=episode_id).exclude(how=Disclosure.How.SYSTEM)
    return rows.exclude(told_of=Of.INTERVIEW).order_by("told_at", "recorded_at", "pk")


def person_of(row: Disclosure) -> Person:
    """One and the same, however often they were told."""
    return row.audience, "" if row.audience in OFFICES else " ".join(row.told_name.casefold().split())


def last_words(rows: Iterable[Disclosure]) -> list[Disclosure]:
    """What each person who ever was told heard last, or was decided not to hear.

    "Just now" means a minute, so within one minute the order is that of the writing down.
    """
    last: dict[Person, Disclosure] = {}
    for row in sorted(rows, key=lambda row: (row.told_at.replace(second=0, microsecond=0), row.recorded_at)):
        was_told = row.how != Disclosure.How.NOT_TOLD or person_of(row) in last
        if row.audience != READS_CASEWORK and was_told:
            last[person_of(row)] = row
    return list(last.values())


def still_to_tell(rows: Iterable[Disclosure], told_of: str) -> Sequence[Disclosure]:
    """Of those, whoever has not heard this yet."""
    enough = LAST_WORDS[Of(told_of)]
    return [row for row in last_words(rows) if row.told_of not in enough]
