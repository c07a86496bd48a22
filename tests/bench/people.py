"""A country of authorities with their children, all invented, made in the database itself."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

import psycopg2

from .durable import Durable

AUTHORITIES: Final = 100  # one more has nobody yet
HOMES: Final = 20  # of each authority

ORGANISATIONS: Final = f"""
INSERT INTO records_localauthority
    (id, code, name, is_tenant, duty_phone, out_of_hours_phone, duty_email, version)
SELECT md5('authority' || n)::uuid, 'A' || n, 'Authority ' || n, true, '', '', '', 1
FROM generate_series(1, {AUTHORITIES + 1}) n;
INSERT INTO records_provider (id, name, phone, version)
SELECT md5('provider' || n)::uuid, 'Provider ' || n, '', 1 FROM generate_series(1, {AUTHORITIES}) n;
INSERT INTO records_home (id, name, kind, sector, provider_id, host_authority_id, kept_by_id, address,
    postcode, phone, email, on_call_phone, grace, version)
SELECT md5('home' || n)::uuid, 'Home ' || n, 'children_home', 'private',
    md5('provider' || (n %% {AUTHORITIES} + 1))::uuid, md5('authority' || (n %% {AUTHORITIES} + 1))::uuid,
    md5('authority' || (n %% {AUTHORITIES} + 1))::uuid, '', '', '', '', '', '30 minutes', 1
FROM generate_series(0, {AUTHORITIES * HOMES} - 1) n;
INSERT INTO records_user (id, email, name, phone, password, is_active, is_superuser, version)
SELECT md5(role || n)::uuid, role || n || '@country.example', role || ' ' || n, '', '!', true, false, 1
FROM unnest(ARRAY['carer', 'worker', 'guest']) role, generate_series(1, {AUTHORITIES + 1}) n;
INSERT INTO records_membership (id, user_id, role, authority_id, starts_at, version)
SELECT md5('sw' || n)::uuid, md5('worker' || n)::uuid, 'social_worker', md5('authority' || n)::uuid,
    casework_now() - interval '1 year', 1
FROM generate_series(1, {AUTHORITIES + 1}) n;
INSERT INTO records_membership (id, user_id, role, home_id, starts_at, version)
SELECT md5('staff' || n)::uuid, md5('carer' || n)::uuid, 'home_staff', md5('home' || n)::uuid,
    casework_now() - interval '1 year', 1
FROM generate_series(1, {AUTHORITIES}) n;
"""

# Every child has lived in two homes and been missing three times; one in fifty is missing now.
CHILDREN: Final = f"""
INSERT INTO records_child (id, authority_id, reference, first_name, last_name, known_as, born_on, sex,
    ethnicity, upn, is_unaccompanied, languages, needs_interpreter, allocated_worker_id, is_restricted,
    version)
SELECT md5('child' || n)::uuid, md5('authority' || (n %% {AUTHORITIES} + 1))::uuid, 'C' || n, 'Kit',
    'Ashdown' || md5(n::text), '', '2012-05-01', 'U', '', '', false, '', false,
    md5('worker' || (n %% {AUTHORITIES} + 1))::uuid, n / {AUTHORITIES} %% 40 = 7, 1
FROM generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO records_placement (id, child_id, home_id, period, place_code, provider_code, address,
    reason_ended, version)
SELECT md5('placement' || turn || '-' || n)::uuid, md5('child' || n)::uuid,
    md5('home' || ((n + turn * {AUTHORITIES}) %% {AUTHORITIES * HOMES}))::uuid,
    CASE turn WHEN 0 THEN tstzrange(casework_now() - interval '2 years', casework_now() - interval '1 year')
         ELSE tstzrange(casework_now() - interval '1 year', NULL) END, 'K2', 'PR4', '', '', 1
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(0, 1) turn;
INSERT INTO incidents_missingepisode (id, authority_id, child_id, home_id, reference, state,
    last_seen_estimated, left_estimated, noticed_at, noticed_estimated, told_authority_estimated,
    told_police_estimated, located_estimated, returned_at, returned_estimated, last_seen_where,
    last_seen_by, circumstances, checks_made, wearing, carrying, police_reference, reported_by_name, version)
SELECT md5('episode' || turn || '-' || n)::uuid, md5('authority' || (n %% {AUTHORITIES} + 1))::uuid,
    md5('child' || n)::uuid, md5('home' || ((n + {AUTHORITIES}) %% {AUTHORITIES * HOMES}))::uuid,
    'E-' || turn || '-' || n, CASE WHEN turn = 3 AND n %% 50 = 0 THEN 'open' ELSE 'closed' END, false, false,
    casework_now() - (4 - turn) * interval '30 days' - (n %% 40000) * interval '1 minute', false, false,
    false, false, CASE WHEN turn = 3 AND n %% 50 = 0 THEN NULL ELSE casework_now() END, false, '', '', '',
    '[]', '', '', '', '', 1
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, 3) turn;
"""

# What guardian would need: a row for each person and each thing that they may see. Its people are the guests,
# who have no post: so each of them sees what the worker of the same number sees, by rows alone.
GUARDIAN: Final = """
INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)
SELECT e.id::text, p.content_type_id, p.id, md5('guest' || substr(a.code, 2))::uuid
FROM incidents_missingepisode e JOIN records_localauthority a ON a.id = e.authority_id, auth_permission p
WHERE p.codename = 'view_missingepisode';
INSERT INTO records_childgrant (id, content_object_id, permission_id, user_id, reason, granted_by_id)
SELECT md5('grant' || c.id)::uuid, c.id, p.id, md5('guest' || substr(a.code, 2))::uuid, '',
    c.allocated_worker_id
FROM records_child c JOIN records_localauthority a ON a.id = c.authority_id, auth_permission p
WHERE p.codename = 'view_child'
"""

# A worker who was let in to three records of other authorities, as few are and none to many.
LET_IN: Final = """
INSERT INTO records_childgrant (id, content_object_id, permission_id, user_id, reason, granted_by_id)
SELECT md5('let in' || c.id)::uuid, c.id, p.id, md5('worker2')::uuid, '', c.allocated_worker_id
FROM records_child c, auth_permission p
WHERE c.reference IN ('C2', 'C3', 'C4') AND p.codename = 'view_child'
"""


class Country:
    """Fills the database as its owner."""

    def __init__(self, database: Durable) -> None:
        self._connection = psycopg2.connect(database.owner_url)
        self._connection.autocommit = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def found(self) -> None:
        """The authorities, their homes, and a person of each kind in each."""
        self.run(ORGANISATIONS.replace("%%", "%"))

    def grow(self, first: int, last: int) -> None:
        """Children number `first` to `last`, shared out among the authorities and homes."""
        self.run(CHILDREN, first=first, last=last)

    def let_in_by_guardian(self) -> None:
        """The rows from which guardian answers, and three grants of a worker's."""
        self.run(GUARDIAN)
        self.run(LET_IN)

    def rest(self) -> None:
        self.run("VACUUM (ANALYZE)")

    def run(self, statement: str, **parameters: Any) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
