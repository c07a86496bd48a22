"""The claim reads its index, whatever the clock is made of."""

from __future__ import annotations

import pytest
from django.db import connection

from casework.records.grants import REAL_CLOCK
from protocols.engine.claim import CLAIM_FRESH, CLAIM_ONE_ALONE, CLAIM_SUSPECTS
from protocols.engine.sweep import LOOK
from tests.cast import Cast
from tests.protocols.nights import kit_goes_missing

pytestmark = pytest.mark.django_db

MANY_LATER = """
INSERT INTO protocols_steprun (id, run_id, episode_id, step_id, occurrence, round, rung, role, anchor_at,
    due_at, derivation, state, evidence, reason, attempts)
SELECT gen_random_uuid(), run_id, episode_id, step_id, 1000 + n, 0, 0, role, anchor_at,
    casework_now() + n * interval '1 minute', '{}', 'waiting', '{}', '', 0
FROM generate_series(1, 5000) n, (SELECT * FROM protocols_steprun LIMIT 1) one
"""
NO_TOKEN = {"token": "00000000-0000-0000-0000-000000000000"}


def _plan(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {statement}", NO_TOKEN if "%(token)s" in statement else None)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("clock", ["movable", "real"])
def test_due_steps_are_found_by_an_index_condition_on_the_clock(cast: Cast, clock: str) -> None:
    kit_goes_missing(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(MANY_LATER)
        cursor.execute("ANALYZE protocols_steprun")  # three rows are read faster without any index
        if clock == "real":
            cursor.execute(REAL_CLOCK)
        cursor.execute("SET LOCAL ROLE casework_app")

    assert "Index Cond: (due_at <= casework_now())" in _plan(CLAIM_FRESH)
    assert "step_run_fresh" in _plan(CLAIM_FRESH)
    assert "step_run_suspect" in _plan(CLAIM_SUSPECTS)
    assert "step_run_suspect" in _plan(CLAIM_ONE_ALONE)
    assert "Seq Scan on protocols_steprun" not in _plan(LOOK)


def test_the_clock_is_stable_so_that_an_index_may_be_asked_by_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT provolatile, proparallel FROM pg_proc WHERE proname = 'casework_now'")
        assert cursor.fetchall() == [("s", "s")]
