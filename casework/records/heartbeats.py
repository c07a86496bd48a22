"""Each part of the service says that it is alive, on the real clock."""

from datetime import timedelta
from typing import Final

from django.db import connection

# Nothing is lost when a server dies with its last heartbeat: no sweep need wait for the disk to have it.
BEAT: Final = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO records_heartbeat (name, at) SELECT %s, clock_timestamp() FROM quick
ON CONFLICT (name) DO UPDATE SET at = excluded.at"""


def beat(name: str) -> None:
    """Note that this part has just done its round."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [name])


def age_of(name: str) -> timedelta | None:
    """How long ago this part was last alive; None if it never was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - at FROM records_heartbeat WHERE name = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None
