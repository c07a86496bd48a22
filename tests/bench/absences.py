"""A year of absences of one large authority, all invented, made in the database itself."""

import contextlib
from typing import Final

import psycopg2

from .durable import Durable

CHILDREN: Final = 12_500
FOUND: Final = 60_000  # missing, and back the next day
NOT_COMING: Final = 20_000  # missing, found and then away: two rows each
ROWS: Final = FOUND + 2 * NOT_COMING
TABLES: Final = ("records_child", "incidents_missingepisode", "incidents_spell")

PEOPLE: Final = """
INSERT INTO records_localauthority
    (id, code, name, is_tenant, duty_phone, out_of_hours_phone, duty_email, version)
VALUES (md5('authority')::uuid, 'EXS', 'Exampleshire', true, '', '', '', 1);
INSERT INTO records_user (id, email, name, phone, password, is_active, is_superuser, version)
VALUES (md5('ruth')::uuid, 'ruth@exampleshire.example', 'Ruth Sandiford', '', '!', true, false, 1);
INSERT INTO records_membership (id, user_id, role, authority_id, version)
VALUES (md5('post')::uuid, md5('ruth')::uuid, 'head_of_service', md5('authority')::uuid, 1);
"""

CHILDREN_OF_IT: Final = """
INSERT INTO records_child (id, authority_id, reference, first_name, last_name, known_as, born_on, sex,
    ethnicity, upn, is_unaccompanied, languages, needs_interpreter, is_restricted, version)
SELECT md5('child' || n)::uuid, md5('authority')::uuid, (100000 + 7 * n)::text, 'Kit', 'Ashdown', '',
    date '2010-05-01' + n %% 1500, 'U', '', '', false, '', false, false, 1
FROM generate_series(1, %(children)s) n
"""

# One absence after another; the children take turns.
EPISODES: Final = """
INSERT INTO incidents_missingepisode (id, authority_id, child_id, reference, state, located_at, returned_at,
    last_seen_estimated, left_estimated, noticed_at, noticed_estimated, told_authority_estimated,
    told_police_estimated, located_estimated, returned_estimated, last_seen_where, last_seen_by,
    circumstances, checks_made, wearing, carrying, police_reference, reported_by_name, version)
SELECT md5('episode' || n)::uuid, md5('authority')::uuid, md5('child' || n %% %(children)s + 1)::uuid,
    'E-' || n, 'closed', at + interval '20 hours', at + interval '2 days', false, false, at, false, false,
    false, false, false, '', '', '', '[]', '', '', '', '', 1
FROM generate_series(1, %(episodes)s) n,
     LATERAL (SELECT timestamptz '2025-04-02' + n * interval '6 minutes' AS at) gone
"""

SPELLS: Final = """
INSERT INTO incidents_spell
    (id, episode_id, ordinal, category, started_at, ended_at, reason, whereabouts, version)
SELECT md5('spell' || n || category)::uuid, e.id, ordinal, category, e.noticed_at + starts,
    e.noticed_at + ends, '', '', 1
FROM generate_series(1, %(episodes)s) n
JOIN incidents_missingepisode e ON e.id = md5('episode' || n)::uuid
JOIN (VALUES (1, 'missing', interval '0', interval '20 hours'), (2, 'away', '20 hours', '2 days'))
    AS spell (ordinal, category, starts, ends) ON ordinal = 1 OR n <= %(not_coming)s
"""


def fill(database: Durable) -> None:
    """ROWS rows of the return year 2025-26. The history of how they came about is left out."""
    with (
        contextlib.closing(psycopg2.connect(database.owner_url)) as connection,
        connection.cursor() as cursor,
    ):
        connection.autocommit = True
        cursor.execute(PEOPLE)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        counts = {"children": CHILDREN, "episodes": FOUND + NOT_COMING, "not_coming": NOT_COMING}
        for statement in (CHILDREN_OF_IT, EPISODES, SPELLS):
            cursor.execute(statement, counts)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE)")
