"""Legal tools used for a child, each with its dates; when one may be used is told in `incidents/legal.py`."""

import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import LegalStatusCode, User
from casework.records.models.record import Record

from .episode import MissingEpisode


class LegalKind(models.TextChoices):
    RECOVERY_ORDER = "recovery_order", "Recovery order"
    ABDUCTION_WARNING = "abduction_warning", "Child abduction warning notice"
    EMERGENCY_PROTECTION = "emergency_protection", "Emergency protection order"
    POLICE_PROTECTION = "police_protection", "Police protection"
    SECURE_ACCOMMODATION = "secure_accommodation", "Secure accommodation"


class LegalTool(Record):
    """One tool that somebody wanted, or used. Its stages tell, one after the other, what became of it."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="legal_tools")
    kind = models.CharField(max_length=20, choices=LegalKind.choices)
    why = models.TextField()
    against = models.CharField(max_length=200, blank=True)  # whom a warning notice warns
    legal_status = models.CharField(max_length=2, choices=LegalStatusCode.choices, blank=True)  # at that time
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "kind"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind


class LegalStage(Record):
    """One stage that a tool reached: when, and what was said. `until` is when it ends by itself."""

    class Stage(models.TextChoices):
        ASKED = "asked", "Asked for"
        REFUSED = "refused", "Refused"
        APPLIED = "applied", "Applied for"
        GRANTED = "granted", "In force"
        EXTENDED = "extended", "Extended"
        SERVED = "served", "Served"
        ENDED = "ended", "Ended"

    tool = models.ForeignKey(LegalTool, on_delete=models.PROTECT, related_name="stages")
    place = models.PositiveSmallIntegerField()  # in the order of the tool's stages, from 1
    stage = models.CharField(max_length=8, choices=Stage.choices)
    at = models.DateTimeField()
    by_whom = models.CharField(max_length=200, blank=True)  # who was asked, refused, granted or served it
    words = models.TextField(blank=True)
    until = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "place"], name="legal_stage_place_once"),
            models.CheckConstraint(
                name="legal_refusal_has_reason", condition=~Q(stage="refused") | ~Q(words="")
            ),
            models.CheckConstraint(
                name="legal_stage_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gt=models.F("at")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.stage
