"""The talk after a child is back: offered, tried, held or declined, within 72 elapsed hours (DfE 2014)."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import Child, Disclosure, Home, User
from casework.records.models.record import EditableRecord, Record
from casework.records.times import CaseworkNow

from .episode import MissingEpisode


class InterviewState(models.TextChoices):
    DUE = "due", "To be offered"
    OFFERED = "offered", "Offered"
    HELD = "held", "Held"
    DECLINED = "declined", "Declined"
    UNABLE = "unable", "Could not be held"


class WhyNotHeld(models.TextChoices):
    """Why there was no interview; the words of Ofsted's Annex A."""

    MISSING_AGAIN = "missing_again", "Missing again"
    NO_CONTACT = "no_contact", "Unable to contact"
    OTHER = "other", "Other"


@pghistory.track(append_only=True)
class ReturnInterview(EditableRecord):
    """A return interview; it may cover several episodes. The child's words stand apart from their meaning."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="interviews")
    episodes = models.ManyToManyField(MissingEpisode, through="InterviewCover", related_name="interviews")
    state = models.CharField(max_length=10, choices=InterviewState.choices, default=InterviewState.DUE)
    due_at = models.DateTimeField()  # 72 hours of elapsed time after the return
    allocated_to = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="allocated_interviews"
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    offer_words = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_by_name = models.CharField(max_length=200, blank=True)
    where = models.CharField(max_length=200, blank=True)
    present = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=80, blank=True)  # when it was not held in English
    interpreter_name = models.CharField(max_length=200, blank=True)
    interpreter_agency = models.CharField(max_length=200, blank=True)
    is_interpreter_independent = models.BooleanField(null=True)  # of the child's own community
    is_interviewer_caring = models.BooleanField(null=True)  # the independence test, three questions
    is_interviewer_line_managed = models.BooleanField(null=True)
    is_interviewer_trained = models.BooleanField(null=True)
    own_words = models.TextField(blank=True)
    harm = models.TextField(blank=True)
    offences = models.TextField(blank=True)
    exploitation = models.TextField(blank=True)
    slept = models.TextField(blank=True)
    interpretation = models.TextField(blank=True)
    reasons = models.JSONField(default=list, blank=True)  # codes of push and pull factors
    declined_at = models.DateTimeField(null=True, blank=True)
    unable_at = models.DateTimeField(null=True, blank=True)
    why_not_held = models.CharField(max_length=16, choices=WhyNotHeld.choices, blank=True)
    reason = models.TextField(blank=True)  # why declined, or why it could not be held
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    carer_view = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["allocated_to"])]
        constraints = [
            models.CheckConstraint(
                name="interview_held_has_time", condition=~Q(state="held") | Q(held_at__isnull=False)
            ),
            models.CheckConstraint(
                name="interview_declined_has_time",
                condition=~Q(state="declined") | Q(declined_at__isnull=False),
            ),
            models.CheckConstraint(
                name="interview_unable_has_time_and_why",
                condition=~Q(state="unable") | (Q(unable_at__isnull=False) & ~Q(why_not_held="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class InterviewCover(Record):
    """That an interview covers an episode."""

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="covers")
    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="interview_covers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "episode"], name="interview_covers_episode_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class InterviewAttempt(Record):
    """One try to hold the interview, and what came of it."""

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="attempts")
    tried_at = models.DateTimeField(db_default=CaseworkNow())
    how = models.CharField(max_length=200)
    outcome = models.TextField()
    tried_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.id)


class InterviewShare(Record):
    """What others may read of an interview: a text written for them. The rest of it stays where it is.

    One shared with a home is read there for as long as the child lives there.
    """

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="shares")
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.id)
