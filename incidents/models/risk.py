"""How dangerous it is, as police and authority each see it, and what was noticed."""

from typing import Final

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import Child, User
from casework.records.models.record import EditableRecord, Record
from casework.records.times import CaseworkNow

from .episode import MissingEpisode, Spell


class Grade(models.TextChoices):
    """Police grades (College of Policing, APP Missing persons); the authority uses the same words."""

    NO_APPARENT_RISK = "no_apparent_risk", "No apparent risk"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


GRADE_ORDER = {Grade.NO_APPARENT_RISK: 0, Grade.LOW: 1, Grade.MEDIUM: 2, Grade.HIGH: 3}


class RiskAssessment(Record):
    """One grade by one of the two. Two histories side by side, never merged, never edited."""

    class MadeBy(models.TextChoices):
        POLICE = "police", "Police"
        AUTHORITY = "authority", "Authority"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="risk_assessments")
    made_by = models.CharField(max_length=10, choices=MadeBy.choices)
    grade = models.CharField(max_length=18, choices=Grade.choices)
    rationale = models.TextField(blank=True)
    assessor = models.CharField(max_length=200, blank=True)
    assessed_at = models.DateTimeField(db_default=CaseworkNow())
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "made_by", "-assessed_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.made_by} {self.grade}"


class PoliceAnswer(Record):
    """What the police said when they were rung: taken, refused, or graded below what the authority thinks."""

    class Answer(models.TextChoices):
        TAKEN = "taken", "Taken"
        REFUSED = "refused", "Refused"
        GRADED_LOWER = "graded_lower", "Taken, graded lower than we think"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="police_answers")
    spell = models.ForeignKey(Spell, null=True, blank=True, on_delete=models.PROTECT)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    told_at = models.DateTimeField()
    officer = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "told_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.answer


class Challenge(Record):
    """The authority's challenge to a refusal or a low grade: to whom, when, and what came of it."""

    answer = models.ForeignKey(PoliceAnswer, on_delete=models.PROTECT, related_name="challenges")
    made_to = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    words = models.TextField()
    outcome = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.id)


class IndicatorCode(models.TextChoices):
    TRAFFICKING = "trafficking", "Trafficking"
    SEXUAL_EXPLOITATION = "sexual_exploitation", "Sexual exploitation"
    CRIMINAL_EXPLOITATION = "criminal_exploitation", "Criminal exploitation"
    ABSCONDER = "absconder", "On bail, remand, curfew or tag"
    MEDICAL_NEED = "medical_need", "Needs medicine or treatment soon"
    SELF_HARM = "self_harm", "Self-harm or suicide"
    THREATS_OR_INJURY = "threats_or_injury", "Threatened, hurt or in danger from somebody"
    WITH_UNKNOWN_ADULT = "with_unknown_adult", "With an adult we do not know"


# Whoever shows one of these may be held or moved by others.
EXPLOITATION: Final = (
    IndicatorCode.TRAFFICKING,
    IndicatorCode.SEXUAL_EXPLOITATION,
    IndicatorCode.CRIMINAL_EXPLOITATION,
)


@pghistory.track(append_only=True)
class Indicator(EditableRecord):
    """One sign of danger about a child, who saw it and when. It stands until withdrawn with a reason."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="indicators")
    episode = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    code = models.CharField(max_length=24, choices=IndicatorCode.choices)
    signs = models.JSONField(default=list, blank=True)  # what was ticked of the list under that concern
    words = models.TextField(blank=True)
    seen_at = models.DateTimeField(db_default=CaseworkNow())
    seen_by = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="indicator_withdrawn_has_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            )
        ]
        indexes = [models.Index(fields=["child", "code"])]

    def __str__(self) -> str:
        return self.code
