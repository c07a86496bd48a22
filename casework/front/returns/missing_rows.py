"""The rows of the SSDA903 Missing file, from the spells of the record. One statement, read as it comes.

Which day begins and ends a row:

- A row is a spell of category away or missing. Being late is none; a false report has none, nor has one that
  was joined to another report of the same absence.
- It begins on the day from which the child was gone (`missing_from`) when it is the first such spell of its
  episode; a later one begins when it was decided.
- Missing ends on the day the child was found. Away ends on the day the child was back: being located in
  between, in a police cell say, does not end it; going missing again does.
- Away that ended otherwise (another authority, a death) ends on that day, located or not.
- Where an absence was reported and over within minutes, it ends when the child was found or back, not when
  that was typed.
- A row still open on the 18th birthday ends on it. Somebody born on 29 February has it on 1 March.
- The file of a year has the rows that began by 31 March and had not ended before 1 April. An end after
  31 March is blank: on that day the child was gone.

Every day is a day in London.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from casework.records.return_years import ReturnYear
from casework.records.times import LONDON, now

AT_ONCE: Final = 2_000  # rows that are in memory at a time


class MissingRow(NamedTuple):
    """One row of the file, and where in the record it comes from."""

    child_reference: str
    born_on: date
    code: str  # M or A
    start_on: date
    end_on: date | None
    child_id: UUID
    episode_id: UUID
    episode_reference: str
    spell_id: UUID


# The same as text, in few and short pieces, because 100,000 of them have to be carried: child, date of birth
# (2012-05-01), what and when (M2026-03-10, and 2026-03-12 behind it unless open), episode/spell.
WrittenRow = tuple[str, str, str, str]

# MATERIALIZED and OFFSET 0: or PostgreSQL would work out a day anew each time that a later part names it.
# Being late only ever comes first, and an episode's spells are numbered without gaps (`services.spells`).
_ROWS: Final = """
WITH child AS MATERIALIZED (
    SELECT id, reference, born_on, (born_on + interval '18 years')::date
           + (date_part('day', born_on + interval '18 years') <> date_part('day', born_on))::int AS adult_on
    FROM records_child WHERE authority_id = %(authority_id)s),
absence AS (
    SELECT s.id AS spell_id, s.ordinal, s.category, s.started_at, s.ended_at,
           e.id AS episode_id, e.reference AS episode_reference, e.child_id, e.state, e.located_at,
           e.returned_at, coalesce(greatest(e.left_at, e.last_seen_at), e.noticed_at) AS missing_from,
           s.ordinal = 1 OR late.id IS NOT NULL AS is_first, next.started_at AS gone_again_at,
           other.happened_at AS otherwise_at
    FROM incidents_missingepisode e
    JOIN incidents_spell s ON s.episode_id = e.id
    LEFT JOIN incidents_spell late
        ON late.episode_id = e.id AND late.ordinal = s.ordinal - 1 AND late.category = 'concern'
    LEFT JOIN incidents_spell next
        ON next.episode_id = e.id AND next.ordinal = s.ordinal + 1 AND next.ordinal > 1
    LEFT JOIN incidents_ending other ON other.episode_id = e.id
    WHERE e.authority_id = %(authority_id)s AND e.state NOT IN ('false_report', 'merged')
      AND s.category IN ('missing', 'away')
      AND (e.returned_at IS NULL OR e.returned_at >= %(first_day)s::date - 1)),
gone AS (
    SELECT *, is_first AND gone_again_at IS NULL AS is_only,
           CASE WHEN is_first THEN missing_from ELSE started_at END AS gone_at
    FROM absence),
day AS (
    SELECT spell_id, ordinal, category, episode_id, episode_reference, child_id, gone_at,
           (gone_at AT TIME ZONE 'Europe/London')::date AS start_on,
           (CASE
               WHEN ended_at IS NULL THEN NULL
               WHEN category = 'missing' AND is_only THEN least(ended_at, located_at)
               WHEN category = 'missing' THEN ended_at
               WHEN gone_again_at IS NOT NULL THEN gone_again_at
               WHEN returned_at IS NOT NULL AND is_only THEN returned_at
               WHEN returned_at IS NOT NULL THEN greatest(ended_at, returned_at)
               WHEN state NOT IN ('open', 'located') THEN greatest(ended_at, otherwise_at)
           END AT TIME ZONE 'Europe/London')::date AS over_on
    FROM gone OFFSET 0),
whole AS (
    SELECT child.reference AS child_reference, born_on, adult_on, day.*,
           CASE WHEN adult_on <= %(today)s THEN least(over_on, adult_on) ELSE over_on END AS ended_on
    FROM day JOIN child ON child.id = day.child_id),
missing AS (
    SELECT *, CASE category WHEN 'missing' THEN 'M' ELSE 'A' END AS code,
           CASE WHEN ended_on <= %(last_day)s THEN ended_on END AS end_on
    FROM whole
    WHERE start_on <= least(adult_on, %(last_day)s) AND coalesce(ended_on >= %(first_day)s, true))
"""
_IN_ORDER: Final = """
FROM missing ORDER BY child_reference, start_on, end_on NULLS LAST, gone_at, spell_id"""
_COUNTED: Final = f"{_ROWS} SELECT count(*) FROM missing"  # noqa: S608  # of this module's own words
_TYPED: Final = f"""{_ROWS}
SELECT child_reference, born_on, code, start_on, end_on,
       child_id, episode_id, episode_reference, spell_id{_IN_ORDER}"""
_WRITTEN: Final = f"""{_ROWS}
SELECT child_reference, born_on::text, code || start_on || coalesce(end_on::text, ''),
       episode_reference || '/' || ordinal{_IN_ORDER}"""


def written_batches(authority_id: UUID, year: ReturnYear) -> Generator[list[WrittenRow]]:
    """The rows in the order of the file: by child, start and end. Read by a cursor on the server."""
    with transaction.atomic():
        with connection.cursor() as settings:
            settings.execute("SET LOCAL work_mem = '64MB'")  # to sort 100,000 rows without the disk
        with connection.chunked_cursor() as cursor:
            cursor.execute(_WRITTEN, _named(authority_id, year))
            while batch := cursor.fetchmany(AT_ONCE):
                yield batch


def count_rows(authority_id: UUID, year: ReturnYear) -> int:
    """How many rows the file has."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, _named(authority_id, year))
        return int(cursor.fetchone()[0])


def missing_rows(authority_id: UUID, year: ReturnYear) -> list[MissingRow]:
    """The same rows in the same order, to look at: an authority's year, a few thousand at the most."""
    with connection.cursor() as cursor:
        cursor.execute(_TYPED, _named(authority_id, year))
        return list(map(MissingRow._make, cursor.fetchall()))


def _named(authority_id: UUID, year: ReturnYear) -> dict[str, UUID | date]:
    today = now().astimezone(LONDON).date()
    days = {"first_day": year.first_day, "last_day": year.last_day, "today": today}
    return {"authority_id": authority_id, **days}
