"""Who may do what in the database, said in SQL by the migrations of each floor.

Three roles: `casework_owner` migrates; `casework_app` works, without DDL and without a way to change what is
append-only; `casework_watchdog` reads what it needs to raise the alarm and nothing about a child.
"""

ROLES_MUST_EXIST = """
DO $$
DECLARE missing text;
BEGIN
    SELECT string_agg(wanted, ', ') INTO missing
    FROM unnest(ARRAY['casework_app', 'casework_watchdog']) AS wanted
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'Create the database roles first (docs/how-to/production.md). Missing: %', missing;
    END IF;
END $$
"""

APP_WORKS_ON_EVERY_TABLE = """
GRANT USAGE ON SCHEMA public TO casework_app, casework_watchdog;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO casework_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO casework_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO casework_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO casework_app;
"""

REAL_CLOCK = """
CREATE OR REPLACE FUNCTION casework_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT clock_timestamp() $$
"""


def append_only(*tables: str) -> str:
    """SQL that leaves the application INSERT and SELECT. (Triggers refuse everybody else, the owner too.)"""
    return "\n".join(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM casework_app;" for table in tables)


def never_deleted(*tables: str) -> str:
    """SQL that takes DELETE away from the application: case records end, they do not go."""
    return "\n".join(f"REVOKE DELETE, TRUNCATE ON {table} FROM casework_app;" for table in tables)
