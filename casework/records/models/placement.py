"""Where a child lives, from when to when."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Deferrable, Q

from .child import Child
from .organisation import Home
from .person import User
from .record import EditableRecord, NotWithdrawn


@pghistory.track(append_only=True)
class Placement(EditableRecord):
    """A child in a home over `[from, to)`. On a day of moving, the new one. Ended ones are never edited.

    A placement without a home (with parents, say) keeps its address here; of one that came with an
    authority's files only the code may be known. One that was never so is withdrawn.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="placements")
    period = DateTimeRangeField()
    place_code = models.CharField(max_length=3, blank=True)
    provider_code = models.CharField(max_length=3, blank=True)
    address = models.TextField(blank=True)
    reason_ended = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NotWithdrawn()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="placement_no_overlap",
                expressions=[("child", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
                # At once, unless a transaction says otherwise that moves several placements of a child.
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="placement_has_start",
                condition=Q(period__startswith__isnull=False, period__isempty=False, period__lower_inc=True),
            ),
        ]
        indexes = [
            GistIndex(fields=["home", "period"], name="placement_home_period"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_ended(self) -> bool:
        """Whether an end is recorded, even one still to come."""
        return self.period is not None and self.period.upper is not None
