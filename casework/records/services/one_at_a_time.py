"""What a person may do only so often is counted while nobody else counts for them."""

from django.db import connection

from casework.records.models import User


def hold(user: User, what: str) -> None:
    """Wait for this person's other requests of the kind, until this transaction ends.

    Two of them at once would each count the other as not yet there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what} {user.pk}"])
