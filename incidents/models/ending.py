"""How an absence ended otherwise than by the child's return."""

import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import LocalAuthority, User
from casework.records.models.record import Record

from .episode import MissingEpisode


class Ending(Record):
    """Handed to another authority, 18 on the way, a death, or the same absence as another report.

    An absence ends so once, and nothing is deleted. `recorded_by` is None where the clock did it.
    """

    class Kind(models.TextChoices):
        TRANSFERRED = "transferred", "Taken over by another authority"
        AGED_OUT = "aged_out", "Turned 18 while missing"
        DIED = "died", "Died"
        MERGED = "merged", "Joined to another report"

    episode = models.OneToOneField(MissingEpisode, on_delete=models.PROTECT, related_name="ending")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    to_authority = models.ForeignKey(
        LocalAuthority, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_name = models.CharField(max_length=200, blank=True)  # who took over there
    joined_to = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="joined_here"
    )
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ending_joined_names_the_other",
                condition=Q(kind="merged", joined_to__isnull=False)
                | (~Q(kind="merged") & Q(joined_to__isnull=True)),
            ),
            models.CheckConstraint(
                name="ending_transferred_names_whom",
                condition=~Q(kind="transferred") | Q(to_authority__isnull=False),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind
