"""An authority's files on their way into the record."""

from django.db import models

from .organisation import LocalAuthority
from .person import User
from .record import Record


class UploadState(models.TextChoices):
    WAITING = "waiting", "Waiting to be checked"
    CHECKING = "checking", "Being checked"
    FAULTY = "faulty", "Cannot be taken"
    READY = "ready", "Checked"
    AGREED = "agreed", "Waiting to be imported"
    IMPORTING = "importing", "Being imported"
    IMPORTED = "imported", "Imported"
    FAILED = "failed", "Could not be finished"


class Upload(Record):
    """A zip of an authority's folder, and how far its import is. The row goes when it expires.

    `content` is emptied as soon as it is not needed any more. `findings` is what was found: faults, or what
    the import adds, puts right and leaves; `digest` tells whether it is still that.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField(blank=True)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=80, blank=True)
    behind = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    findings = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    has_changed = models.BooleanField(default=False)  # the record, between what was shown and the import
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="upload_expires")]

    def __str__(self) -> str:
        return self.state
