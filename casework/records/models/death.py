"""That a child has died: written down by one person, confirmed by another."""

import pghistory
from django.db import models
from django.db.models import F, Q

from .child import Child
from .person import User
from .record import EditableRecord


@pghistory.track(append_only=True)
class Death(EditableRecord):
    """From the moment it is recorded nobody gets a message about the child. It counts once it is confirmed;
    a mistake is withdrawn with its reason, and the row stays.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    how_known = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_words = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(withdrawn_at__isnull=True), name="death_once_a_child"
            ),
            models.CheckConstraint(
                name="death_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="death_confirmed_or_withdrawn",
                condition=Q(confirmed_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="death_withdrawn_has_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
