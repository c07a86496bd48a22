"""Who took a case over at a change of cover: by name, once a change."""

import pgtrigger
from django.db import models

from casework.records.models import User
from casework.records.models.record import Record

from .episode import MissingEpisode


class Handover(Record):
    """One case accepted at one change of cover (09:00 or 17:00, every day). `recorded_at` is when."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="handovers")
    change_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)  # what was said: who handed over, what is to be done next

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "change_at"], name="handover_once_a_change")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.change_at)
