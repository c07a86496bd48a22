"""manage.py check_db_grants: exit 1 when the database lets one of our two roles do what it must not."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

APPLICATION: Final = "casework_app"
WATCHDOG: Final = "casework_watchdog"

# Each asks for what is allowed and should not be: a row is a sentence about one such thing.
QUESTIONS: Final = {
    # Neither role owns, builds or commands anything.
    "role": """
        SELECT format('%%s is a superuser or may make roles or databases', rolname) FROM pg_roles
        WHERE rolname IN (%(app)s, %(watchdog)s)
          AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)
        UNION ALL
        SELECT format('%%s is missing', wanted) FROM unnest(ARRAY[%(app)s, %(watchdog)s]) AS wanted
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)
        UNION ALL
        SELECT format('%%s may create tables', rolname) FROM pg_roles
        WHERE rolname IN (%(app)s, %(watchdog)s) AND has_schema_privilege(oid, 'public', 'CREATE')
        UNION ALL
        SELECT format('%%s owns %%s', pg_get_userbyid(relowner), relname) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
          AND pg_get_userbyid(relowner) IN (%(app)s, %(watchdog)s)""",
    # What refuses a change by trigger refuses it by grant too: audit, chronology, step events, histories.
    "append-only": """
        SELECT format('%%s may %%s %%s, which is append-only', %(app)s::text, act, c.relname)
        FROM pg_class c CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS act
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%%append_only%%')
          AND has_table_privilege(%(app)s, c.oid, act)""",
    # Records of a child or of who works here end; they do not go.
    "never deleted": """
        SELECT format('%%s may delete from %%s', %(app)s::text, relname) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND relname ~ '^(records|incidents|protocols)_' AND relname <> ALL(%(transient)s)
          AND has_table_privilege(%(app)s, oid, 'DELETE')""",
    "watchdog": """
        SELECT format('%%s may read %%s', %(watchdog)s::text, relname) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
          AND relname <> ALL(%(watched)s) AND has_any_column_privilege(%(watchdog)s, oid, 'SELECT')""",
}

# No records of anybody: they are used up, or belong to the machinery.
TRANSIENT: Final = [
    "protocols_engineversion",
    "records_draft",
    "records_episodenumber",
    "records_formkey",
    "records_heartbeat",
    "records_upload",
    "records_user_groups",
    "records_user_user_permissions",
]
# What the watchdog counts; none of it names anybody.
WATCHED: Final = [
    "casework_clock",
    "incidents_missingepisode",
    "protocols_engineversion",
    "protocols_protocolrun",
    "protocols_steprun",
    "records_heartbeat",
    "records_notification",
]


class Command(BaseCommand):
    help = "Checks that the database's roles may do no more than they should."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(excesses())
        if found:
            raise CommandError("\n".join(f"{one}." for one in found))
        self.stdout.write("The database's roles may do what they should and no more.")


def excesses() -> Iterator[str]:
    """Everything that a role may do and should not, as sentences."""
    names: dict[str, str | list[str]] = {
        "app": APPLICATION,
        "watchdog": WATCHDOG,
        "transient": TRANSIENT,
        "watched": WATCHED,
    }
    with connection.cursor() as cursor:
        for question in QUESTIONS.values():
            cursor.execute(question, names)
            yield from (said for (said,) in cursor.fetchall())
