"""Who was shown where a child lives, and why."""

import pgtrigger
from django.db import models

from .child import Child
from .person import User
from .placement import Placement
from .record import Record


class AddressLookUp(Record):
    """One address that somebody asked for, with the reason given. Rows are never changed.

    `is_counted`: there was neither an absence nor an allocation nor an emergency, so the look-up is one of
    those that a person may make only so many of. `was_refused`: it was one too many, and nothing was shown.
    """

    class Reason(models.TextChoices):
        VISIT = "visit", "I am visiting or collecting the child"
        ABSENCE = "absence", "The child is missing, or has just come back"
        PARTNERS = "partners", "The police, health or a school need it from me"
        PLACEMENT = "placement", "I am planning, changing or checking a placement"
        COURT = "court", "A court, a review or a statutory check"
        OTHER = "other", "Something else"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="address_look_ups")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="address_look_ups")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.CharField(max_length=300)
    is_counted = models.BooleanField()
    was_refused = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "recorded_at"],
                name="look_up_counted",
                condition=models.Q(is_counted=True),
            ),
            models.Index(fields=["child", "recorded_at"], name="look_up_child"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reason
