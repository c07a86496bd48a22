"""Photographs of a child, as they were drawn anew here; and for whom each was approved.

The bytes have a table of their own, so that no list, no history and no row of the audit has them with it.
"""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from .child import Child
from .person import User
from .record import Record

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class PhotoQuerySet(models.QuerySet["Photo"]):
    def live(self) -> "PhotoQuerySet":
        """Those that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def approved_for(self, audience: str) -> "PhotoQuerySet":
        """Those that these people may have, now."""
        approved = PhotoApproval.objects.filter(audience=audience, ended_at__isnull=True)
        return self.live().filter(pk__in=approved.values("photo_id"))

    def newest_first(self) -> "PhotoQuerySet":
        """By the day on which they were taken: children grow. Last, those of which no day is known."""
        return self.order_by(F("taken_on").desc(nulls_last=True), "-recorded_at", "pk")


@pghistory.track(append_only=True)
class Photo(Record):
    """One photograph. The current one is the newest that nobody withdrew. No name of a file is kept.

    `is_rough`: about that day. `digest` is the SHA-256 of the bytes, which never change.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="photos")
    taken_on = models.DateField(null=True, blank=True)
    is_rough = models.BooleanField(default=False)
    source = models.CharField(max_length=200)  # who took it, or where it is from
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "digest"],
                condition=Q(withdrawn_at__isnull=True),
                name="photo_once_a_child",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class PhotoContent(Record):
    """The bytes of a photograph: a JPEG that was made here, with nothing in it but the picture."""

    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.photo_id)


@pghistory.track(append_only=True)
class PhotoApproval(Record):
    """Somebody let the police, or the public, have one photograph; until somebody took that back."""

    class Audience(models.TextChoices):
        POLICE = "police", "Police"
        PUBLIC = "public", "Public"

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="approvals")
    audience = models.CharField(max_length=6, choices=Audience.choices)
    words = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "audience"],
                condition=Q(ended_at__isnull=True),
                name="photo_approved_once",
            )
        ]

    def __str__(self) -> str:
        return self.audience
