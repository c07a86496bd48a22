"""A decision about an absence, with its reason; which kinds there are is told in `incidents/deciding.py`."""

import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import User
from casework.records.models.record import Record

from .episode import MissingEpisode


class DecisionKind(models.TextChoices):
    AWAY = "away", "Away: fetch, visit or record as missing"
    STILL_AWAY = "still_away", "Away for 24 hours"
    GOING_BACK = "going_back", "Is it safe to go back?"
    LAW = "law", "Court orders and warning notices"
    PUBLICITY = "publicity", "Publicity"
    PLACEMENT = "placement", "Keep the placement?"
    NEED_TO_KNOW = "need_to_know", "Who needs to know"
    OFSTED = "ofsted", "Tell Ofsted?"
    EARLY_REVIEW = "early_review", "Review the care plan early?"


class DecisionOutcome(models.TextChoices):
    """What can be decided. Which answers belong to which question is told in `incidents/deciding.py`."""

    FETCH = "fetch", "Fetch the child"
    VISIT = "visit", "Visit the child where they are"
    MISSING = "missing", "Record as missing"
    STAY_AWAY = "stay_away", "Stay recorded as away"
    SAFE = "safe", "Safe to go back to the same home"
    SAFE_IF = "safe_if", "Safe only when something changes first"
    NOT_SAFE = "not_safe", "Not safe: they go somewhere else"
    ASK_LEGAL = "ask_legal", "Ask legal"
    NO_LAW = "no_law", "None for now"
    ASK_POLICE = "ask_police", "Ask the police for publicity"
    PUBLISH = "publish", "Publicity agreed"
    NO_PUBLICITY = "no_publicity", "No publicity"
    END_PUBLICITY = "end_publicity", "End the publicity"
    HOLD = "hold", "Keep the placement open"
    END_PLACEMENT = "end_placement", "End the placement"
    DIRECTOR = "director", "The director is told"
    DIRECTOR_AND_MEMBER = "director_and_member", "The director and the lead member are told"
    NOBODY_MORE = "nobody_more", "Nobody more for now"
    TELL_OFSTED = "tell_ofsted", "Tell Ofsted"
    OFSTED_TOLD = "ofsted_told", "Ofsted has been told"
    NOT_OFSTED = "not_ofsted", "Do not tell Ofsted"
    EARLY = "early", "Review early"
    AS_PLANNED = "as_planned", "Keep the review as planned"


class Decision(Record):
    """One decision: never edited. A later one of the same kind stands above it."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=14, choices=DecisionKind.choices)
    outcome = models.CharField(max_length=20, choices=DecisionOutcome.choices)
    reason = models.TextField()
    what = models.TextField(blank=True)  # publicity: what may be published
    approved_by = models.CharField(max_length=200, blank=True)  # publicity
    decided_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    review_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="decision_has_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["episode", "kind", "-decided_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
