"""Who looked and who changed. Append-only, partitioned by month from the first migration."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.records.times import CaseworkNow


class AuditEntry(models.Model):
    """One look, change, export or sign-in; changes are written by the database itself (`casework.audited`).

    The table is made by hand in the migrations. Ids are plain: an audit outlives what it speaks of and must
    never wait for a lock on it. A look at a list is one row for each authority, with its children in
    `child_ids`. The chain has its own table (`seals`).
    """

    class Action(models.TextChoices):
        READ = "read", "Looked"
        ADD = "add", "Added"
        CHANGE = "change", "Changed"
        REMOVE = "remove", "Removed"
        EXPORT = "export", "Exported"
        SIGN_IN = "sign_in", "Signed in"
        REFUSED = "refused", "Was refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_default=CaseworkNow())
    authority_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    child_id = models.UUIDField(null=True)
    child_ids = ArrayField(models.UUIDField(), null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.CharField(max_length=500, blank=True)
    session = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        managed = False
        db_table = "records_auditentry"
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.about_kind}"
