"""The clock: storms of due steps beside the least SQL that could do it, a lone step beside its time."""

import contextlib
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Final

import psycopg2

from .crowd import Crowd
from .durable import ROOT, Durable, Server, durable_server
from .row import Row

EPISODES: Final = 2_000
STEPS: Final = EPISODES * 5
WAITING: Final = 1_000_000
ROUNDS_WAITING: Final = 20  # of five steps each, for every episode that is not in the storm
TURNS: Final = 5
LONE_STEPS: Final = 200

# The same writes, under the same triggers and constraints, in one statement of one transaction, with nobody's
# lease to take and nothing to look at again: no engine that stays safe can reach it. That is what it is for.
LEAST: Final = """
WITH written AS (
    UPDATE protocols_steprun s SET state = 'fired', fired_at = casework_now()
    FROM incidents_missingepisode e, protocols_step p
    WHERE s.state = 'waiting' AND s.due_at <= casework_now() AND e.id = s.episode_id AND p.id = s.step_id
    RETURNING s.id, s.episode_id, s.step_id, s.round, s.role, e.child_id, e.home_id, e.reference, p.code),
events AS (
    INSERT INTO protocols_stepevent (id, step_run_id, kind, reason)
    SELECT gen_random_uuid(), id, 'fired', '' FROM written),
chronology AS (
    INSERT INTO records_chronologyentry
        (id, child_id, episode_id, verb, about_kind, about_id, typed_name, payload)
    SELECT gen_random_uuid(), child_id, episode_id, 'step.fired', 'step_run', id, '',
           jsonb_build_object('code', code, 'rung', 0, 'round', round, 'role', role, 'told', 1) FROM written),
outbox AS (
    INSERT INTO records_notification (id, key, child_id, episode_id, step_run_id, stops_on_return,
        recipient_id, channel, template, reference, state, attempts, reason)
    SELECT gen_random_uuid(), encode(sha256(convert_to(w.id || '|' || a.user_id, 'UTF8')), 'hex'), w.child_id,
           w.episode_id, w.id, true, a.user_id, 'email', a.template, w.reference, 'queued', 0, ''
    FROM written w JOIN bench_audience a ON a.step_id = w.step_id AND a.home_id = w.home_id
    ON CONFLICT (key) DO NOTHING)
SELECT count(*) FROM written"""

# Whom the engine told in a first storm, so that the statement above need not work it out and owes as many.
AUDIENCE: Final = """
CREATE TABLE bench_audience AS
SELECT DISTINCT s.step_id, e.home_id, n.recipient_id AS user_id, n.template
FROM records_notification n JOIN protocols_steprun s ON s.id = n.step_run_id
JOIN incidents_missingepisode e ON e.id = s.episode_id"""

WRITTEN: Final = """
SELECT ARRAY[(SELECT count(*) FROM records_notification), (SELECT count(*) FROM protocols_stepevent),
             (SELECT count(*) FROM records_chronologyentry),
             (SELECT count(*) FROM protocols_steprun WHERE state = 'waiting' AND due_at <= casework_now())]"""

LONE_STEP: Final = """
INSERT INTO protocols_steprun (id, run_id, episode_id, step_id, occurrence, round, rung, role, anchor_at,
    due_at, derivation, state, evidence, reason, attempts)
SELECT gen_random_uuid(), md5('run' || %(n)s)::uuid, md5('episode' || %(n)s)::uuid, id, 1, %(round)s, 0,
    responsible, clock_timestamp(), clock_timestamp(), '{}', 'waiting', '{}', '', 0
FROM protocols_step WHERE code = 'T0'"""
LATENESS: Final = """
SELECT array_agg(extract(epoch FROM fired_at - due_at) ORDER BY due_at) FROM protocols_steprun
WHERE round = %(round)s AND state = 'fired'"""
LONE_ROUNDS: Final = {"polled": 30_001, "woken": 30_002}


def measure() -> list[Row]:
    """Every figure of the clock, medians of five, measured in turn, each beside its limit."""
    with durable_server() as server:
        say("filling two databases, one with a million steps waiting")
        few, many = _two_crowds(server)
        try:
            say("storms of 10,000 due steps, five turns")
            least, one, two, one_of_many, idle = _storms(few, many)
            say("lone steps, against the second hand")
            polled, woken = _lone_steps(few)
        finally:
            few.close()
            many.close()
    measured = f"least {least:.2f}, one sweeper {one:.2f}, two {two:.2f}, beside 1M {one_of_many:.2f}"
    say(f"seconds: {measured}")
    return [
        Row("storm, one sweeper, × least SQL", one / least, 3),
        Row("storm, two sweepers, × least SQL", two / least, 2.5),
        Row("storm, speed of two sweepers over one", one / two, 1.3, "at_least"),
        Row("storm, 1,000,000 waiting over 10,000", one_of_many / one, 1.25),
        Row("idle sweep with heartbeat, ms", idle * 1000, 2),
        Row("lone step, polled, lateness p99, s", _percentile(polled, 99), 1.5),
        Row("lone step, woken, lateness p99, s", _percentile(woken, 99), 0.2),
    ]


def _two_crowds(server: Server) -> tuple[Crowd, Crowd]:
    """The same children missing twice: once alone, once beside a million steps that are not due yet."""
    few = Crowd(server.database("casework"))
    few.settle()
    few.go_missing(1, EPISODES)
    # Between the turns `rest` does it; in the midst of one it would be measured with it.
    few.run("ALTER TABLE protocols_steprun SET (autovacuum_enabled = false)")
    with _sweepers(few.database, 1) as (sweeper,):
        few.fall_due(1, EPISODES)
        _swept(sweeper)
    few.run(AUDIENCE)
    few.run("GRANT SELECT ON bench_audience TO casework_app")
    many = Crowd(server.copy("casework", "million"), rounds=few.rounds)
    others = WAITING // (5 * ROUNDS_WAITING)
    many.go_missing(EPISODES + 1, EPISODES + others)
    many.fall_due(EPISODES + 1, EPISODES + others, rounds=ROUNDS_WAITING, due_in="20 days")
    return few, many


# ---- storms ----


class Sweeper:
    """A process that sweeps at our word."""

    def __init__(self, database: Durable) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sweeper"],
            cwd=ROOT,
            env=database.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def say(self, word: str) -> None:
        assert self._child.stdin
        self._child.stdin.write(f"{word}\n")
        self._child.stdin.flush()

    def answer(self) -> float:
        return float(self._line())

    def stop(self) -> None:
        self._child.terminate()
        self._child.wait()

    def _line(self) -> str:
        assert self._child.stdout
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit("A sweeper died; what it said stands above.")
        return line


@contextlib.contextmanager
def _sweepers(database: Durable, number: int) -> Iterator[list[Sweeper]]:
    sweepers = [Sweeper(database) for _ in range(number)]
    try:
        yield sweepers
    finally:
        for sweeper in sweepers:
            sweeper.stop()


def _storms(few: Crowd, many: Crowd) -> list[float]:
    """Median seconds: least SQL, one sweeper, two, one beside a million; and an idle sweep there.

    In turn, so that whatever else the machine does meanwhile is done to all of them.
    """
    with _sweepers(few.database, 2) as (first, second), _sweepers(many.database, 1) as (beside,):
        contenders: tuple[tuple[Crowd, Callable[[], float]], ...] = (
            (few, lambda: _least(few.database)),
            (few, lambda: _swept(first)),
            (few, lambda: _swept(first, second)),
            (many, lambda: _swept(beside)),
        )
        seconds: list[list[float]] = [[] for _ in contenders]
        for _ in range(TURNS):
            for times, (crowd, contender) in zip(seconds, contenders, strict=True):
                times.append(_one_storm(crowd, contender))
        many.rest()
        beside.say("idle")
        return [*map(median, seconds), beside.answer()]


def _one_storm(crowd: Crowd, contender: Callable[[], float]) -> float:
    """One storm, and a look that nothing was left out: a storm that was fast by that is no storm."""
    crowd.fall_due(1, EPISODES)
    crowd.rest()
    before = crowd.one(WRITTEN)
    seconds = contender()
    owed, events, entries, left = (now - was for now, was in zip(crowd.one(WRITTEN), before, strict=True))
    if left != -STEPS or events != STEPS or entries != STEPS or owed < STEPS:
        raise SystemExit(
            f"Not all was written: {-left} steps, {events} events, {entries} entries, {owed} messages"
        )
    return seconds


def _least(database: Durable) -> float:
    with contextlib.closing(psycopg2.connect(database.url)) as connection, connection.cursor() as cursor:
        started = time.monotonic()
        cursor.execute(LEAST)
        connection.commit()
        return time.monotonic() - started


def _swept(*sweepers: Sweeper) -> float:
    started = time.monotonic()
    for sweeper in sweepers:
        sweeper.say("storm")
    return max(sweeper.answer() for sweeper in sweepers) - started


# ---- a lone step ----


def _lone_steps(crowd: Crowd) -> tuple[list[float], list[float]]:
    """Lateness of single steps that appear already due: unannounced, and with the NOTIFY that pages send."""
    standby = [sys.executable, str(ROOT / "manage.py"), "sweep", "--forever"]
    with subprocess.Popen(standby, env=crowd.database.environment) as process:
        try:
            _wait_for_heartbeat(crowd)
            return _lateness(crowd, "polled"), _lateness(crowd, "woken")
        finally:
            process.terminate()


def _wait_for_heartbeat(crowd: Crowd) -> None:
    pause = threading.Event()
    while not crowd.one("SELECT EXISTS (SELECT FROM records_heartbeat WHERE name = 'standby')"):
        pause.wait(0.1)


def _lateness(crowd: Crowd, how: str) -> list[float]:
    step = {"round": LONE_ROUNDS[how]}
    with (
        contextlib.closing(psycopg2.connect(crowd.database.url)) as connection,
        connection.cursor() as cursor,
    ):
        for n in range(1, LONE_STEPS + 1):
            cursor.execute(LONE_STEP, {**step, "n": n})
            if how == "woken":
                cursor.execute("NOTIFY casework_clock")
            connection.commit()
            time.sleep(0.137)  # in step with nothing, so that every part of the second is met
    time.sleep(2)
    late: list[float] = [float(seconds) for seconds in crowd.one(LATENESS, **step)]
    if len(late) != LONE_STEPS:
        raise SystemExit(f"{LONE_STEPS - len(late)} lone steps never fired")
    return late


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
