"""Each part of the service says that it is alive, on the real clock."""

from datetime import timedelta

from django.db import connection


def beat(name: str) -> None:
    """Note that this part has just done its round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_heartbeat (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def age_of(name: str) -> timedelta | None:
    """How long ago this part was last alive; None if it never was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - at FROM records_heartbeat WHERE name = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None
