"""What the audit costs those who look and write, and how long its questions take over ten million rows."""

from __future__ import annotations

import contextlib
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any, Final
from unittest.mock import patch

import psycopg2

from .crowd import Crowd
from .durable import Durable, Server, durable_server
from .row import Row

ROWS: Final = 10_000_000
CHUNKS: Final = 20
CHILDREN: Final = 10_000
TURNS: Final = 3
WRITING_TURNS: Final = 9  # the disk stalls now and then: in one turn or two, not in most
PAGE_TURNS: Final = 60
WRITERS: Final = 50
EACH: Final = 110  # the first ten of each writer warm its connection up, which the service keeps for minutes
WARM: Final = 10
CHANGES_A_SECOND: Final = 500  # by all of them together: far more than fifty people at their desks

# A year of looks, evenly: most at one child; one in twenty at a list of 25. Child 0 is in one of 2,000 looks
# and in one of 100 lists: five thousand of each, as of a child who was missing all summer.
LOOKS: Final = f"""
INSERT INTO records_auditentry (at, authority_id, actor_id, action, about_kind, about_id, child_id, child_ids,
    session, address, request_id)
SELECT casework_now() + n * interval '1 year' / {ROWS}, md5('authority')::uuid,
    md5('looker' || n %% 3000)::uuid, 'read', CASE WHEN n %% 20 = 0 THEN 'board' ELSE 'child' END, NULL,
    CASE WHEN n %% 20 = 0 THEN NULL WHEN n %% 2000 = 1 THEN md5('child0')::uuid
         ELSE md5('child' || n %% 99991)::uuid END,
    CASE WHEN n %% 20 = 0 THEN ARRAY(
        SELECT md5('child' || CASE WHEN k = 0 AND n %% 2000 = 0 THEN 0 ELSE (n + k * 4001) %% 99991 END)::uuid
        FROM generate_series(0, 24) k) END,
    md5('session' || n / 50), '192.0.2.7', md5('request' || n)
FROM generate_series(%(first)s::int, %(last)s::int) n"""
INDEXES: Final = """
SELECT c.relname, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'records_auditentry'::regclass AND NOT i.indisprimary"""
HOT: Final = "SELECT md5('child0')::uuid"

# Ten thousand children of a manager who may see who looked.
PEOPLE: Final = """
INSERT INTO records_user (id, email, name, phone, password, is_active, is_superuser, version)
SELECT md5('looker' || n)::uuid, 'looker' || n || '@exampleshire.example', 'Looker ' || n, '', '!', true,
       false, 1
FROM generate_series(0, 2999) n;
INSERT INTO records_membership (id, user_id, role, authority_id, version)
SELECT md5('post' || n)::uuid, md5('looker' || n)::uuid,
       CASE WHEN n = 0 THEN 'head_of_service' ELSE 'social_worker' END, md5('authority')::uuid, 1
FROM generate_series(0, 2999) n;
"""

LOOK: Final = """
INSERT INTO records_auditentry
    (authority_id, actor_id, action, about_kind, child_id, session, address, request_id)
VALUES
    (md5('authority')::uuid, gen_random_uuid(), 'read', 'child', gen_random_uuid(), '5e55', '192.0.2.7', 'r');
"""
CHANGE: Final = f"""
\\set n random(0, {CHILDREN - 1})
\\set word random(1, 1000000)
BEGIN;
SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),
       set_config('pghistory.context_metadata', '{{"user": "00000000-0000-4000-8000-000000000000"}}', true);
UPDATE records_child SET languages = :word WHERE id = md5('child' || :n)::uuid;
COMMIT;
"""


def measure() -> list[Row]:
    """Each figure beside its limit."""
    with durable_server() as server:
        crowd = Crowd(server.database("casework"))
        crowd.settle()
        crowd.go_missing(0, CHILDREN - 1)
        crowd.run(PEOPLE)
        rows = [*writing(server, crowd), *opening(crowd), *asking(crowd)]
        crowd.close()
    return rows


# ---- writing ----


def writing(server: Server, crowd: Crowd) -> list[Row]:
    """What the chain adds to a look, and the triggers to a change, for fifty who write at once."""
    say(f"{WRITERS} writers x {EACH - WARM} rows, with and without, {WRITING_TURNS} turns")
    with _sealing(crowd.database):
        look = _added(server, crowd, LOOK, ["records_auditentry"], "waits_for_its_seal")
        change = _added(server, crowd, CHANGE, ["records_child"], "audited_update", a_second=CHANGES_A_SECOND)
    return [
        Row("a look, 50 writers, p99 with the chain: added ms", look, 10),
        Row("a change, 50 writers, 500 a second, p99 with its audit: added ms", change, 10),
    ]


def _added(
    server: Server,
    crowd: Crowd,
    script: str,
    tables: Sequence[str],
    trigger: str,
    *,
    a_second: int | None = None,
) -> float:
    """Median p99 with the trigger less median p99 without it, in turn."""
    late: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    for _ in range(WRITING_TURNS):
        for state, figures in late.items():
            for table in tables:
                crowd.run(f"ALTER TABLE {table} {state} TRIGGER {trigger}")
            crowd.rest()
            took = server.pgbench(
                "casework", script, clients=WRITERS, each=EACH, warm=WARM, a_second=a_second
            )
            figures.append(_percentile(took, 99))
    for table in tables:
        crowd.run(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    say(f"  p99 with {median(late['ENABLE']):.1f} ms, without {median(late['DISABLE']):.1f} ms")
    return max(median(late["ENABLE"]) - median(late["DISABLE"]), 0.0)


@contextlib.contextmanager
def _sealing(database: Durable) -> Iterator[None]:
    """Somebody seals every second meanwhile, as the standby does."""
    finished = threading.Event()

    def seal() -> None:
        with contextlib.closing(psycopg2.connect(database.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while not finished.wait(1):
                    cursor.execute("SELECT audit_seal()")

    sealer = threading.Thread(target=seal)
    sealer.start()
    try:
        yield
    finally:
        finished.set()
        sealer.join()


# ---- opening a page ----


def opening(crowd: Crowd) -> list[Row]:
    """An episode's page with its row of the audit, and without: in turn, medians."""
    say("the page of an episode, with and without its row")
    episode = crowd.one("SELECT md5('episode0')::uuid")
    browser, address = _browser(), f"/episodes/{episode}/"
    with_row: list[float] = []
    without: list[float] = []
    for _ in range(PAGE_TURNS):
        with_row.append(_milliseconds(lambda: browser.get(address)))
        with patch("casework.records.audit.looked"):
            without.append(_milliseconds(lambda: browser.get(address)))
    say(f"  {median(with_row):.1f} ms with, {median(without):.1f} ms without")
    return [Row("an episode's page, its audit: added ms", max(median(with_row) - median(without), 0.0), 10)]


def _browser() -> Any:
    """A head of service, signed in."""
    from django.conf import settings
    from django.test import Client

    from casework.records.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(
        User.objects.get(email="looker0@exampleshire.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return browser


# ---- asking who looked ----


def asking(crowd: Crowd) -> list[Row]:
    """Who looked at a child, over ten million rows that the database made up itself."""
    started = time.monotonic()
    _fill(crowd)
    say(f"  filled in {time.monotonic() - started:.0f} s")
    from django.core.management import call_command

    browser, child = _browser(), crowd.one(HOT)
    page = [_seconds(lambda: browser.get(f"/children/{child}/looks/")) for _ in range(TURNS)]
    with open("/dev/null", "w") as nowhere:
        told = _seconds(lambda: call_command("who_looked", "--child", str(child), stdout=nowhere))
    return [
        Row("who looked, page, 10,000,000 rows: s", max(page), 2),
        Row("who looked, command, 10,000,000 rows: s", told, 2),
    ]


def _fill(crowd: Crowd) -> None:
    """Rows first, indexes after: a tree that is built from sorted rows is built in a fraction of the time."""
    indexes = crowd.all(INDEXES)
    crowd.run("ALTER TABLE records_auditentry DISABLE TRIGGER waits_for_its_seal")
    crowd.run("ALTER TABLE records_auditentry DROP CONSTRAINT records_auditentry_pkey")
    for name, _ in indexes:
        crowd.run(f"DROP INDEX {name}")
    crowd.run("SET maintenance_work_mem = '512MB'")
    for chunk in range(CHUNKS):
        first = chunk * ROWS // CHUNKS + 1
        crowd.run(LOOKS, first=first, last=(chunk + 1) * ROWS // CHUNKS)
        say(f"  {(chunk + 1) * ROWS // CHUNKS:,} of {ROWS:,} rows")
    for definition in (
        "ALTER TABLE records_auditentry ADD PRIMARY KEY (id, at)",
        *(made for _, made in indexes),
    ):
        crowd.run(definition)
        say(f"  {definition[:90]}")
    crowd.run("ANALYZE records_auditentry")


def _milliseconds(act: Callable[[], object]) -> float:
    return _seconds(act) * 1000


def _seconds(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
