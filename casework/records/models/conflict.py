"""Who must not see which child, because they know the family or are part of it."""

from django.db import models

from .child import Child
from .organisation import LocalAuthority
from .person import User
from .record import Record


class ConflictOfInterest(Record):
    """A person to whom a child's record does not exist, from when it is recorded until a manager ends it.

    Somebody may declare one about a child whose record they have never seen: then `about` holds their own
    words, and it counts from when a manager has found the child they mean.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(
        Child, null=True, blank=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    about = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    found_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "conflicts of interest"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "child"],
                condition=models.Q(ended_at__isnull=True),
                name="conflict_once",
            ),
            models.CheckConstraint(
                condition=models.Q(child__isnull=False) | ~models.Q(about=""),
                name="conflict_is_about_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority"], name="conflict_live", condition=models.Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
