"""Many children missing at once, all invented, made in the database itself.

Each has an open episode with one running missing spell and a run on the default protocol; each home has one
person of staff, the children of a home share their social worker, and one person is on duty out of hours.
"""

from typing import Any, Final

import psycopg2

from .durable import Durable

HOMES: Final = 10
CODES: Final = ("T0", "T1", "T3", "T4a", "T9")  # five steps of each storm episode, rung 0

ORGANISATIONS: Final = f"""
INSERT INTO records_localauthority
    (id, code, name, is_tenant, duty_phone, out_of_hours_phone, duty_email, version)
VALUES (md5('authority')::uuid, 'EXS', 'Exampleshire', true, '', '', '', 1);
INSERT INTO records_provider (id, name, phone, version)
VALUES (md5('provider')::uuid, 'Larchwood Care', '', 1);
INSERT INTO records_home
    (id, name, kind, sector, provider_id, address, postcode, phone, on_call_phone, email, grace, version)
SELECT md5('home' || n)::uuid, 'Home ' || n, 'children_home', 'private', md5('provider')::uuid,
       '', '', '', '', '', '30 minutes', 1
FROM generate_series(1, {HOMES}) n;
INSERT INTO records_user (id, email, name, phone, password, is_active, is_superuser, version)
SELECT md5(role || n)::uuid, role || n || '@exampleshire.example', role || ' ' || n, '', '!', true, false, 1
FROM unnest(ARRAY['carer', 'worker', 'team_manager', 'duty_worker']) role, generate_series(1, {HOMES}) n
WHERE role IN ('carer', 'worker') OR n = 1;
INSERT INTO records_membership (id, user_id, role, home_id, version)
SELECT md5('staff' || n)::uuid, md5('carer' || n)::uuid, 'home_staff', md5('home' || n)::uuid, 1
FROM generate_series(1, {HOMES}) n;
INSERT INTO records_membership (id, user_id, role, authority_id, version)
SELECT md5('sw' || n)::uuid, md5('worker' || n)::uuid, 'social_worker', md5('authority')::uuid, 1
FROM generate_series(1, {HOMES}) n;
INSERT INTO records_membership (id, user_id, role, authority_id, version)
SELECT md5(role)::uuid, md5(role || 1)::uuid, role, md5('authority')::uuid, 1
FROM unnest(ARRAY['team_manager', 'duty_worker']) role;
"""

CHILDREN: Final = f"""
INSERT INTO records_child (id, authority_id, reference, first_name, last_name, known_as, born_on, sex,
    ethnicity, upn, is_unaccompanied, languages, needs_interpreter, allocated_worker_id, is_restricted,
    version)
SELECT md5('child' || n)::uuid, md5('authority')::uuid, 'C' || n, 'Kit', 'Ashdown', '', '2012-05-01', 'U',
    '', '', false, '', false, md5('worker' || (n %% {HOMES} + 1))::uuid, false, 1
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO incidents_missingepisode (id, authority_id, child_id, home_id, reference, state,
    last_seen_estimated, left_estimated, noticed_at, noticed_estimated, told_authority_estimated,
    told_police_estimated, located_estimated, returned_estimated, last_seen_where, last_seen_by,
    circumstances, checks_made, wearing, carrying, police_reference, reported_by_name, version)
SELECT md5('episode' || n)::uuid, md5('authority')::uuid, md5('child' || n)::uuid,
    md5('home' || (n %% {HOMES} + 1))::uuid, 'E-' || n, 'open', false, false,
    clock_timestamp() - interval '2 hours', false, false, false, false, false,
    '', '', '', '[]', '', '', '', '', 1
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO incidents_spell (id, episode_id, ordinal, category, started_at, reason, whereabouts, version)
SELECT md5('spell' || n)::uuid, md5('episode' || n)::uuid, 1, 'missing',
    clock_timestamp() - interval '2 hours', '', '', 1
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO protocols_protocolrun (id, episode_id, version_id, reason, reconciled_at)
SELECT md5('run' || n)::uuid, md5('episode' || n)::uuid, (SELECT id FROM protocols_protocolversion), '',
    clock_timestamp() + interval '1 day'
FROM generate_series(%(first)s::int, %(last)s::int) n;
"""

STEPS: Final = """
INSERT INTO protocols_steprun (id, run_id, episode_id, step_id, occurrence, round, rung, role, anchor_at,
    due_at, derivation, state, evidence, reason, attempts)
SELECT gen_random_uuid(), md5('run' || n)::uuid, md5('episode' || n)::uuid, s.id, 1, r, 0, s.responsible,
    clock_timestamp() - interval '2 hours', clock_timestamp() + %(due_in)s::interval,
    '{}', 'waiting', '{}', '', 0
FROM generate_series(%(first)s::int, %(last)s::int) n,
     generate_series(%(first_round)s::int, %(last_round)s::int) r, protocols_step s
WHERE s.code = ANY(%(codes)s) ORDER BY random()
"""


class Crowd:
    """Fills the database as its owner."""

    def __init__(self, database: Durable, *, rounds: int = 0) -> None:
        """`rounds`: how many rounds of steps the database holds already."""
        self.database = database
        self.rounds = rounds
        self._connection = psycopg2.connect(database.owner_url)
        self._connection.autocommit = True

    def settle(self) -> None:
        """Write down the organisations and the default protocol."""
        self.run(ORGANISATIONS)
        from protocols.publishing import publish_default

        publish_default()

    def go_missing(self, first: int, last: int) -> None:
        """Children number `first` to `last`, each with an open episode and a run without steps."""
        self.run(CHILDREN, first=first, last=last)

    def fall_due(self, first: int, last: int, *, rounds: int = 1, due_in: str = "0") -> None:
        """Five waiting steps a round for each of these episodes, in random order on the disk."""
        bounds = {"first_round": self.rounds + 1, "last_round": self.rounds + rounds}
        self.rounds += rounds
        self.run(STEPS, first=first, last=last, due_in=due_in, codes=list(CODES), **bounds)

    def rest(self) -> None:
        """Let the server put its house in order, so that one measurement does not pay for the one before."""
        self.run("VACUUM (ANALYZE)")

    def run(self, statement: str, **parameters: object) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    def one(self, query: str, **parameters: object) -> Any:
        """The one value a query gives."""
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchone()[0]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def close(self) -> None:
        self._connection.close()
