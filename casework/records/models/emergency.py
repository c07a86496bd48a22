"""Records opened in an emergency by people to whom they are closed, and what a manager said of it after."""

from django.db import models
from django.db.models import F, Q

from .child import Child
from .organisation import LocalAuthority
from .person import User
from .record import Record


class BrokenGlass(Record):
    """One person, one child, one hour, to read only; and its review by somebody else."""

    class Category(models.TextChoices):
        DANGER = "danger", "The child may be in danger now"
        ABSENCE = "absence", "The child is missing and I need what is known"
        COVER = "cover", "Nobody who works with the child can be reached"
        ADDRESS = "address", "I need an address and have reached the limit"
        OTHER = "other", "Another emergency"

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", "It was justified"
        NOT_JUSTIFIED = "not_justified", "It was not justified"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broken_glass")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="broken_glass")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=Category.choices)
    reason = models.CharField(max_length=500)
    until = models.DateTimeField()
    review_due_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    review_words = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "broken glass"
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("recorded_at")), name="glass_ends"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, outcome="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(outcome="")),
                name="glass_review_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                name="glass_reviewed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "until"], name="glass_of_user"),
            models.Index(fields=["authority"], name="glass_to_review", condition=Q(reviewed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.category
