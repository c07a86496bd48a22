"""What one person granted another on one child: guardian rows with a reason, a granter and an end."""

import uuid

from django.db import models
from guardian.models import GroupObjectPermission, UserObjectPermission, UserObjectPermissionBase

from casework.records.times import CaseworkNow

from .child import Child
from .person import User

# Guardian's own loose rows, which nothing here reads: only for taking them away.
__all__ = ["ChildGrant", "GroupObjectPermission", "UserObjectPermission"]


class ChildGrant(UserObjectPermissionBase):
    """A grant on one child by direct foreign key, so that no grant can outlive or outwander its object."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="grants")
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=CaseworkNow())
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "content_object"])]

    def __str__(self) -> str:
        return f"{self.permission_id} on {self.content_object_id}"
