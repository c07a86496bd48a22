"""The rule book: a protocol, its editions, the lines of each edition."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.records.models import LocalAuthority, User
from casework.records.models.record import EditableRecord, Record


@pghistory.track(append_only=True)
class Protocol(EditableRecord):
    """What an authority has agreed with its police force. One without an authority is the shipped default."""

    authority = models.ForeignKey(LocalAuthority, null=True, blank=True, on_delete=models.PROTECT)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "slug"], name="protocol_slug_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProtocolVersion(Record):
    """One edition. Published, it never changes: it can only be retired."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    citation = models.CharField(max_length=500, blank=True)
    effective_from = models.DateField()
    drafted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "number"], name="protocol_version_once"),
            models.UniqueConstraint(
                fields=["protocol"], condition=Q(state="published"), name="one_published_version_per_protocol"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (NEW.document, NEW.sha256, NEW.number, NEW.protocol_id,"
                    " NEW.effective_from, NEW.citation) IS DISTINCT FROM (OLD.document, OLD.sha256,"
                    " OLD.number, OLD.protocol_id, OLD.effective_from, OLD.citation) OR OLD.state = 'retired'"
                    " OR (OLD.state = 'published' AND NEW.state = 'draft')"
                ),
            ),
            pgtrigger.Protect(
                name="published_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Step(Record):
    """One line of an edition. Its fields are those of `protocols.rulebook.StepRule`."""

    version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="steps")
    ordinal = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    what = models.TextField()
    kind = models.CharField(max_length=10)
    basis = models.CharField(max_length=20)
    citation = models.CharField(max_length=500, blank=True)
    anchor = models.CharField(max_length=1)
    responsible = models.CharField(max_length=24)
    told = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    applies = models.JSONField(null=True, blank=True)
    stops = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    met_by = models.CharField(max_length=40, blank=True)
    each_spell = models.BooleanField(default=False)
    repeat = models.DurationField(null=True, blank=True)
    warn = models.DurationField(null=True, blank=True)
    evidence = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="step_code_once")]
        ordering = ["version", "ordinal"]

    def __str__(self) -> str:
        return self.code


class StepTiming(Record):
    """One way to count to a step's due time; the earliest whose condition holds applies."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="timings")
    ordinal = models.PositiveSmallIntegerField()
    delay = models.DurationField()
    calendar = models.CharField(max_length=15)
    at = models.TimeField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    when = models.JSONField(null=True, blank=True)
    use_grace = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "ordinal"], name="step_timing_once")]
        ordering = ["step", "ordinal"]

    def __str__(self) -> str:
        return f"{self.calendar} {self.delay}"


class Rung(Record):
    """Who hears next when a step is not done this long after it was due."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="ladder")
    ordinal = models.PositiveSmallIntegerField()  # from 1
    after = models.DurationField()
    role = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "ordinal"], name="rung_once")]
        ordering = ["step", "ordinal"]

    def __str__(self) -> str:
        return f"{self.ordinal}: {self.role}"
