"""Placements that nobody has looked at: a page may have died before its wake, files may have brought many.

A country has many more placements than absences, and their steps are due in days, not minutes: they are
passed by a few at a time, so that no sweep is ever slow by them.
"""

from typing import Final
from uuid import UUID

from django.db import connection

from .reconcile import plans_placements

PASSED: Final = 500  # in each look, of all there are: 100,000 take a quarter of an hour
AT_ONCE: Final = 10

# The next placements of today in the order of their ids, and whether each has a run that goes on. What is to
# end on a known day had its run before that day was known.
PASS_BY: Final = f"""
SELECT p.id, c.authority_id, EXISTS (
    SELECT FROM protocols_protocolrun r
    WHERE r.placement_id = p.id AND r.stopped_at IS NULL AND r.settled_at IS NULL)
FROM records_placement p JOIN records_child c ON c.id = p.child_id
WHERE p.id > %s AND p.withdrawn_at IS NULL AND p.home_id IS NOT NULL AND upper_inf(p.period)
ORDER BY p.id LIMIT {PASSED}"""

LONGEST_UNSEEN: Final = f"""
UPDATE protocols_protocolrun SET reconciled_at = clock_timestamp()
WHERE id IN (
    SELECT id FROM protocols_protocolrun
    WHERE settled_at IS NULL AND stopped_at IS NULL AND placement_id IS NOT NULL
      AND coalesce(reconciled_at < clock_timestamp() - interval '1 hour', true)
    ORDER BY reconciled_at NULLS FIRST LIMIT {AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
RETURNING placement_id"""

# A placement that has ended since somebody last looked, whose steps people still see.
TO_LOOK_AT: Final = """
SELECT p.id FROM records_placement p
WHERE p.child_id = %s AND (
    EXISTS (SELECT FROM protocols_protocolrun r
            WHERE r.placement_id = p.id AND r.stopped_at IS NULL AND r.settled_at IS NULL)
    OR (p.withdrawn_at IS NULL AND p.home_id IS NOT NULL
        AND coalesce(upper(p.period) > casework_now(), true)))
ORDER BY p.id"""

FIRST_ID: Final = UUID(int=0)

_passed = FIRST_ID  # the last placement that this process has passed by


def placements_to_look_at(child_id: UUID) -> list[UUID]:
    """Those of the child's placements for which something may be planned, or is."""
    with connection.cursor() as cursor:
        cursor.execute(TO_LOOK_AT, [child_id])
        return [row[0] for row in cursor.fetchall()]


def forgotten_placements() -> list[UUID]:
    """The next few without a run, and those that nobody has looked at for longest."""
    with connection.cursor() as cursor:
        cursor.execute(LONGEST_UNSEEN)
        unseen = [row[0] for row in cursor.fetchall()]
    return [*next_without_run(), *unseen]


def next_without_run() -> list[UUID]:
    """Go on from where this process was, and at the end from the beginning again."""
    global _passed
    with connection.cursor() as cursor:
        cursor.execute(PASS_BY, [_passed])
        passed = cursor.fetchall()
    authorities = {authority_id for _, authority_id, has_run in passed if not has_run}
    planning = {authority_id for authority_id in authorities if plans_placements(authority_id)}
    without = [key for key, authority_id, has_run in passed if not has_run and authority_id in planning]
    if len(without) > AT_ONCE:
        without = without[:AT_ONCE]
        _passed = without[-1]
    else:
        _passed = passed[-1][0] if len(passed) == PASSED else FIRST_ID
    return without
