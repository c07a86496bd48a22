"""What happened, in order, for people to read. Append-only: the database refuses an update or a delete."""

import pgtrigger
from django.db import models

from casework.records.times import CaseworkNow

from .child import Child
from .person import User
from .record import Record


class ChronologyEntry(Record):
    """Actor, verb, about. Sentences are rendered apart from what is kept here.

    `episode_id` and `about_id` are plain ids, because the ground does not know the floors above it; the
    database's foreign key on `episode_id` is added by `incidents`.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="chronology")
    episode_id = models.UUIDField(null=True, blank=True)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)  # who it was, on a home's shared tablet
    verb = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField(db_default=CaseworkNow())
    payload = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "chronology entries"
        indexes = [
            models.Index(fields=["episode_id", "occurred_at"]),
            models.Index(fields=["child", "occurred_at"]),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.verb
