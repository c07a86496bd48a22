"""What keeps a form honest: keys that count once, and drafts that outlive a session."""

import uuid

from django.db import models

from casework.records.times import CaseworkNow

from .person import User
from .record import Record


class FormKey(models.Model):
    """A one-time form key, used. The same key again shows the first result instead of doing it twice."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.PROTECT)
    path = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    result_path = models.CharField(max_length=300)
    recorded_at = models.DateTimeField(db_default=CaseworkNow())

    def __str__(self) -> str:
        return str(self.key)


class Draft(Record):
    """What a person has typed so far in a form of several screens. Theirs alone."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    changed_at = models.DateTimeField(db_default=CaseworkNow())

    class Meta:
        indexes = [models.Index(fields=["user", "kind"])]

    def __str__(self) -> str:
        return self.kind


class Heartbeat(models.Model):
    """When a part of the service last did its round, on the real clock."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
