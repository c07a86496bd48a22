"""What the authority asks of others for a child who may be trafficked: Home Office, referral, guardian."""

import pgtrigger
from django.db import models

from casework.records.models import Child, Disclosure, User
from casework.records.models.record import Record

from .episode import MissingEpisode


class Referral(Record):
    """One thing told or asked: the Home Office told, the National Referral Mechanism, a guardian asked for.

    Never edited: a reference that comes later, and each decision, is a `ReferralOutcome`.
    """

    class Kind(models.TextChoices):
        HOME_OFFICE_MISSING = "home_office_missing", "Home Office told: missing"
        HOME_OFFICE_FOUND = "home_office_found", "Home Office told: found"
        NRM = "nrm", "National Referral Mechanism"
        GUARDIAN = "guardian", "Independent child trafficking guardian"
        HOME_OFFICE_NOT_TOLD = "home_office_not_told", "Decided not to tell the Home Office"
        NRM_NOT_MADE = "nrm_not_made", "Decided not to refer"
        GUARDIAN_NOT_ASKED = "guardian_not_asked", "Decided not to ask for a guardian"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="referrals")
    episode = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    made_at = models.DateTimeField()
    is_earlier = models.BooleanField(default=False)  # made before anybody wrote here: only its day is known
    made_by_name = models.CharField(max_length=200, blank=True)  # the first responder who made it
    made_to = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    disclosure = models.OneToOneField(Disclosure, null=True, blank=True, on_delete=models.PROTECT)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["child", "kind", "made_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind


class ReferralOutcome(Record):
    """What came of a referral: received, decided, a guardian appointed. The newest counts; none is edited."""

    class Outcome(models.TextChoices):
        RECEIVED = "received", "Received, with a reference"
        REASONABLE_POSITIVE = "reasonable_positive", "Reasonable grounds: yes"
        REASONABLE_NEGATIVE = "reasonable_negative", "Reasonable grounds: no"
        CONCLUSIVE_POSITIVE = "conclusive_positive", "Conclusive grounds: yes"
        CONCLUSIVE_NEGATIVE = "conclusive_negative", "Conclusive grounds: no"
        APPOINTED = "appointed", "Guardian appointed"
        NOT_COVERED = "not_covered", "No guardian service in the area"
        NOT_APPOINTED = "not_appointed", "No guardian appointed"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    decided_on = models.DateField()
    who = models.CharField(max_length=200, blank=True)  # the guardian; or who decided
    reference = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["referral", "recorded_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.outcome
