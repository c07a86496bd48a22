"""Who was told what, how and when; and the messages the system owes."""

import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.times import CaseworkNow

from .child import Child
from .person import User
from .record import Record


class Disclosure(Record):
    """One telling, by the system, by phone or in person; or the decision not to tell, with its reason."""

    class How(models.TextChoices):
        SYSTEM = "system", "By Casework"
        PHONE = "phone", "By phone"
        IN_PERSON = "in_person", "In person"
        EMAIL = "email", "By e-mail"
        NOT_TOLD = "not_told", "Decided not to tell"

    class Audience(models.TextChoices):
        POLICE = "police", "Police"
        PARENT = "parent", "Parent or person with parental responsibility"
        AUTHORITY = "authority", "Authority staff"
        HOST_AUTHORITY = "host_authority", "Host authority"
        PROVIDER = "provider", "Home or provider"
        HOME_OFFICE = "home_office", "Home Office"
        SCHOOL = "school", "School or college"
        HEALTH = "health", "Health"
        REVIEWING_OFFICER = "reviewing_officer", "Independent reviewing officer"
        GUARDIAN = "guardian", "Child trafficking guardian"
        LEGAL = "legal", "Legal services"
        OTHER = "other", "Somebody else"

    class Of(models.TextChoices):
        MISSING = "missing", "That the child is missing"
        LOCATED = "located", "That the child has been located"
        BACK = "back", "That the child is back"
        INTERVIEW = "interview", "What was said in the return interview"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="disclosures")
    episode_id = models.UUIDField(null=True, blank=True)
    step_run_id = models.UUIDField(null=True, blank=True)
    audience = models.CharField(max_length=20, choices=Audience.choices)
    told_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_name = models.CharField(max_length=200, blank=True)
    told_role = models.CharField(max_length=120, blank=True)
    told_phone = models.CharField(max_length=30, blank=True)  # where to ring them again
    told_of = models.CharField(max_length=12, choices=Of.choices, default=Of.MISSING)
    how = models.CharField(max_length=12, choices=How.choices)
    told_at = models.DateTimeField(db_default=CaseworkNow())
    what = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    reason_not_told = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disclosure_not_told_has_reason", condition=~Q(how="not_told") | ~Q(reason_not_told="")
            )
        ]
        indexes = [models.Index(fields=["episode_id", "told_at"]), models.Index(fields=["child", "told_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.audience} {self.how}"


class Notification(Record):
    """A message owed to one person: the outbox. `key` makes it impossible to owe the same one twice.

    It carries ids only; words are made from a template when it is sent, and say nothing of the child.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SMS = "sms", "Text message"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        WITHDRAWN = "withdrawn", "Withdrawn before sending"

    key = models.CharField(max_length=64, unique=True)
    child = models.ForeignKey(Child, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    episode_id = models.UUIDField(null=True, blank=True)
    step_run_id = models.UUIDField(null=True, blank=True)
    stops_on_return = models.BooleanField(default=False)  # of an E, A, T or L step: withdrawn at the return
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    template = models.CharField(max_length=40)
    reference = models.CharField(
        max_length=40, blank=True
    )  # the case reference, the one thing that may be said
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # Of a text: what GOV.UK Notify calls it, and how often we have asked whether it arrived. While we go on
    # asking, `next_try_at` says when.
    outside_id = models.CharField(max_length=40, blank=True, db_default="")
    receipt_asks = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["recorded_at", "id"], name="notification_queued", condition=Q(state="queued")
            ),
            models.Index(
                fields=["next_try_at"],
                name="notification_on_its_way",
                condition=Q(state="sent", next_try_at__isnull=False),
            ),
            models.Index(fields=["episode_id"], name="notification_episode"),
            models.Index(fields=["recipient", "recorded_at"], name="notification_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.state}"


class NotificationEvent(Record):
    """Each thing that happened to a message: sent, put off, failed, withdrawn; a text delivered or not."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["notification", "recorded_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind
