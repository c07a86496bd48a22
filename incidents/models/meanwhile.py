"""What is written down between being found and being back, and what others decide meanwhile."""

from django.db import models

from casework.records.models import Placement, User
from casework.records.models.record import Record
from casework.records.times import CaseworkNow

from .episode import MissingEpisode
from .kept import APPEND_ONLY


class LocatedCheck(Record):
    """How it stands with a child who is located and not back: who is with them, who fetches, why not back."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="located_checks")
    checked_at = models.DateTimeField(db_default=CaseworkNow())
    with_whom = models.CharField(max_length=300, blank=True)
    fetched_by = models.CharField(max_length=200)  # and by when
    why_not_back = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "checked_at"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.id)


class PlacementNotice(Record):
    """A home's notice that it will not keep the place. It ends nothing by itself: the authority does.

    A placement that ends while the child is missing leaves the missing period open after it (903 rule 575).
    """

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="notices")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=CaseworkNow())
    ends_on = models.DateField()
    reason = models.TextField()
    given_by = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "given_at"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.id)


class PreventionInterview(Record):
    """The police's own talk with a child who is back. It does not stand in for the return interview."""

    class Outcome(models.TextChoices):
        HELD = "held", "Held"
        NOT_HELD = "not_held", "Not held, and it will not be"
        CHASED = "chased", "Not yet: the police were asked again"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="prevention")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    happened_at = models.DateTimeField(db_default=CaseworkNow())  # held, refused, or asked again
    officer = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "happened_at"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.outcome
