"""What every row has: a random key, and the moment it was recorded."""

import uuid
from typing import TypeVar

from django.db import models

from casework.records.times import CaseworkNow


class Record(models.Model):
    """A row of the record. Keys are random (UUIDv4), so that none can be guessed or dated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField(db_default=CaseworkNow(), editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=models.Model)


class NotWithdrawn(models.Manager[Row]):
    """The rows that count. One that turned out never to have been so stays in its table, marked."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class EditableRecord(Record):
    """A row that people edit. `version` goes up by one with each edit, and an edit names the one it saw."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
