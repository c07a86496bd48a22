"""The outbox: what is owed to whom."""

from uuid import UUID

from django.db import connection


def withdraw(episode_id: UUID, reason: str) -> int:
    """Take back every unsent message that a return makes needless; how many. Each keeps the reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                UPDATE records_notification
                SET state = 'withdrawn', reason = %(reason)s, lease_token = NULL, lease_until = NULL
                WHERE episode_id = %(episode_id)s AND state = 'queued' AND stops_on_return
                RETURNING id)
            INSERT INTO records_notificationevent (id, notification_id, kind, reason)
            SELECT gen_random_uuid(), id, 'withdrawn', %(reason)s FROM gone
            """,
            {"episode_id": episode_id, "reason": reason},
        )
        return int(cursor.rowcount)
