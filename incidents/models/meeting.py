"""Meetings about an absence: who came, what was decided; and what each is to do by when."""

import pghistory
from django.db import models
from django.db.models import Q

from casework.records.models import Home, User
from casework.records.models.record import EditableRecord

from .episode import MissingEpisode


class MeetingKind(models.TextChoices):
    STRATEGY = "strategy", "Strategy discussion"
    JOINT_PLAN = "joint_plan", "Joint plan with the police"
    MULTI_AGENCY = "multi_agency", "Multi-agency meeting"
    PLACEMENT = "keep_placement", "Meeting on keeping the placement"
    REVIEW = "review", "Long-term review"
    AFTER_RETURN = "after_return", "Meeting after the return"


class Agency(models.TextChoices):
    """What kind of organisation somebody comes from."""

    AUTHORITY = "authority", "Children’s services"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    HOME = "home", "The child’s home or carers"
    SCHOOL = "school", "School or college"
    HOST = "host", "The authority where the home is"
    REVIEWING = "reviewing", "Independent reviewing officer"
    LEGAL = "legal", "Legal"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    FAMILY = "family", "Family"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    OTHER = "other", "Somebody else"


@pghistory.track(append_only=True)
class Meeting(EditableRecord):
    """People who met, or spoke together, about one absence. It is put right later; its history is kept."""

    class How(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        CALL = "call", "By phone or video"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=14, choices=MeetingKind.choices)
    held_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices)
    chaired_by = models.CharField(max_length=200)
    known = models.TextField(blank=True)
    not_known = models.TextField(blank=True)
    decided = models.TextField()
    next_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "-held_at"])]

    def __str__(self) -> str:
        return self.kind


@pghistory.track(append_only=True)
class Attendee(EditableRecord):
    """One line of a meeting's list. Somebody who stands there by mistake is struck out, and stays."""

    class Attendance(models.TextChoices):
        PRESENT = "present", "There"
        APOLOGIES = "apologies", "Apologies"
        STRUCK = "struck", "Listed by mistake"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendees")
    place = models.PositiveSmallIntegerField()  # on the list, from 1
    name = models.CharField(max_length=200)
    agency = models.CharField(max_length=14, choices=Agency.choices)
    role = models.CharField(max_length=120, blank=True)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, default=Attendance.PRESENT)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "place"], name="attendee_place_once"),
            models.CheckConstraint(name="attendee_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.agency


@pghistory.track(append_only=True)
class Action(EditableRecord):
    """What somebody will do by when; from a meeting, or by itself.

    Its owner is a colleague, the child's home as a whole, or somebody outside in words; a colleague or a home
    may have somebody outside beside them.
    """

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    what = models.TextField()
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_actions"
    )
    owner_home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_words = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)  # what came of it, or why nobody does it any more
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="action_has_an_owner",
                condition=Q(owner__isnull=False) | Q(owner_home__isnull=False) | ~Q(owner_words=""),
            ),
            models.CheckConstraint(
                name="action_has_one_owner", condition=Q(owner__isnull=True) | Q(owner_home__isnull=True)
            ),
            models.CheckConstraint(
                name="action_settled_says_how",
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["episode", "due_at"]),
            models.Index(fields=["owner", "due_at"], name="action_open_of_owner", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.state
