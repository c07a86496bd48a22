"""The children, and the law under which each is looked after."""

import pghistory
from django.db import models

from casework.records.code_lists import LegalStatusCode

from .organisation import LocalAuthority, Team
from .person import User
from .record import EditableRecord, NotWithdrawn, Record


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Not known"


@pghistory.track(append_only=True)
class Child(EditableRecord):
    """A child the authority looks after. `reference` is the authority's own ID: the 903 return's CHILD."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="children")
    reference = models.CharField(max_length=20)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    born_on = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=4, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    nhs_number = models.CharField(max_length=10, null=True, blank=True)
    is_unaccompanied = models.BooleanField(default=False)
    unaccompanied_until = models.DateField(null=True, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    allocated_worker = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="allocated_children"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    is_restricted = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "children"
        permissions = [
            ("view_location", "Can see where the child lives"),
            ("hear_of_absence", "Is told whether the child is back, and no more"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "reference"], name="child_reference_once"),
            models.CheckConstraint(
                condition=~models.Q(reference="") & ~models.Q(first_name=""),
                name="child_has_reference_and_name",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "last_name", "first_name"]),
            models.Index(fields=["allocated_worker"]),
            models.Index(fields=["team"]),
            models.Index(
                fields=["authority"], name="child_restricted", condition=models.Q(is_restricted=True)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        """What people call the child; never for a log, a URL or a title."""
        return f"{self.known_as or self.first_name} {self.last_name}".strip()


@pghistory.track(append_only=True)
class LegalStatus(EditableRecord):
    """One legal status of a child from a day until another. It does not end because a child is missing."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="legal_statuses")
    code = models.CharField(max_length=2, choices=LegalStatusCode.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NotWithdrawn()

    class Meta:
        verbose_name_plural = "legal statuses"
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=models.Q(until_on__isnull=True, withdrawn_at__isnull=True),
                name="legal_status_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.from_on}"


class FactKind(models.TextChoices):
    DESCRIPTION = "description", "Description"
    PHONE = "phone", "Phone"
    SOCIAL_MEDIA = "social_media", "Social media"
    FAMILY = "family", "Family and who has parental responsibility"
    FRIEND = "friend", "Friends and associates"
    PLACE = "place", "Places the child may go"
    VEHICLE = "vehicle", "Vehicles"
    MEDICAL = "medical", "Medical need"
    MONEY = "money", "Money and bank card"
    TRAVEL = "travel", "Travel pass and how the child travels"
    VULNERABILITY = "vulnerability", "What makes the child vulnerable"
    SAY = "say", "What to say, and not to say"
    SCHOOL = "school", "School or college"


@pghistory.track(append_only=True)
class ProfileFact(Record):
    """One fact for the day the child goes missing, with its source and the day it was last confirmed.

    A fact is replaced, not edited: the old row keeps its words and names the row that took its place.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20, choices=FactKind.choices)
    words = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "kind"])]

    def __str__(self) -> str:
        return self.kind
