"""The rule book at work: a run pinned to an edition, and its steps with their due times."""

import pgtrigger
from django.db import models
from django.db.models import Q

from casework.records.models import Placement, User
from casework.records.models.record import Record
from casework.records.times import CaseworkNow
from incidents.models import MissingEpisode

from .rule import ProtocolVersion, Step


class ProtocolRun(Record):
    """One edition applied to one episode, or to one placement for the steps that come before any."""

    episode = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="runs")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)  # nothing can come due any more
    reconciled_at = models.DateTimeField(null=True, blank=True)  # real clock: the last look, for the tick

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="run_of_episode_or_placement",
                condition=Q(episode__isnull=False, placement__isnull=True)
                | Q(episode__isnull=True, placement__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(stopped_at__isnull=True), name="one_live_run_per_episode"
            ),
            models.UniqueConstraint(
                fields=["placement"], condition=Q(stopped_at__isnull=True), name="one_live_run_per_placement"
            ),
        ]
        indexes = [
            # Apart: the many placements are looked at rarely, and no episode may have to wait behind them.
            models.Index(
                fields=["reconciled_at"],
                name="episode_run_to_look_at",
                condition=Q(settled_at__isnull=True, stopped_at__isnull=True, episode__isnull=False),
            ),
            models.Index(
                fields=["reconciled_at"],
                name="placement_run_to_look_at",
                condition=Q(settled_at__isnull=True, stopped_at__isnull=True, placement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StepState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    FIRED = "fired", "Due"
    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed"
    WAIVED = "waived", "Waived"
    SUPERSEDED = "superseded", "Worked out again"
    FAILED = "failed", "Failed"


class StepRun(Record):
    """One step coming due in one run. Two facts, never confused: the clock fired it; a person did it.

    `rung` 0 is the step itself; 1 and up are the rungs of its ladder, each with a due time of its own.
    `occurrence` counts spells of being missing, `round` counts repeats. Overdue is computed, never stored.
    `episode` repeats the run's, so that one claim can take a whole episode's due steps.
    """

    # A row here is written again with each claim and each change of state, and each index with it: only those
    # that a query needs are kept.
    run = models.ForeignKey(ProtocolRun, on_delete=models.PROTECT, related_name="step_runs")
    episode = models.ForeignKey(
        MissingEpisode,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="step_runs",
        db_index=False,
    )
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="step_runs", db_index=False)
    occurrence = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=24)
    anchor_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True, blank=True)
    derivation = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=StepState.choices, default=StepState.WAITING)
    fired_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    evidence = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    holder = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    acknowledged_until = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_claimed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step", "occurrence", "round", "rung"],
                condition=Q(superseded_at__isnull=True),
                name="step_run_once",
            ),
            models.CheckConstraint(
                name="step_run_never_early",
                condition=Q(fired_at__isnull=True) | Q(fired_at__gte=models.F("due_at")),
            ),
            models.CheckConstraint(
                name="step_run_fired_has_time", condition=~Q(state="fired") | Q(fired_at__isnull=False)
            ),
            models.CheckConstraint(
                name="step_run_done_has_time", condition=~Q(state="done") | Q(done_at__isnull=False)
            ),
            models.CheckConstraint(
                name="step_run_superseded_is_marked",
                condition=Q(state="superseded", superseded_at__isnull=False)
                | (~Q(state="superseded") & Q(superseded_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="step_run_fresh", condition=Q(state="waiting", attempts=0)
            ),
            models.Index(
                fields=["attempts", "due_at", "id"],
                name="step_run_suspect",
                condition=Q(state="waiting", attempts__gt=0),
            ),
            models.Index(fields=["episode", "due_at"], name="step_run_episode"),
            models.Index(fields=["due_at"], name="step_run_owed", condition=Q(state="fired")),
            models.Index(
                fields=["due_at"],
                name="step_run_of_plan",
                condition=Q(episode__isnull=True, rung=0, state__in=["waiting", "fired", "failed"]),
            ),
            models.Index(
                fields=["holder"], name="step_run_holder", condition=Q(state__in=["waiting", "fired"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.state}"


class StepEvent(Record):
    """Each thing that happened to a step run. Append-only; the database knows that a step fires once."""

    class Kind(models.TextChoices):
        FIRED = "fired", "Came due"
        DONE = "done", "Done"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        HANDED_OVER = "handed_over", "Handed over"
        WAIVED = "waived", "Waived"
        NOT_NEEDED = "not_needed", "Not needed"
        SUPERSEDED = "superseded", "Worked out again"
        NOBODY = "nobody", "Nobody could be told"
        FAILED = "failed", "Failed"
        REOPENED = "reopened", "Ticked by mistake"
        WAIVER_ASKED = "waiver_asked", "Asked to waive"
        WAIVER_KEPT = "waiver_kept", "Still to be done"

    step_run = models.ForeignKey(StepRun, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=CaseworkNow(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step_run"], condition=Q(kind="fired"), name="step_fires_once")
        ]
        indexes = [models.Index(fields=["step_run", "recorded_at"], name="step_event_of_run")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind


class EngineVersion(models.Model):
    """Which engine may sweep this database. An older engine that meets a newer number stops and says so."""

    one = models.BooleanField(primary_key=True, default=True)
    number = models.PositiveIntegerField()
    since = models.DateTimeField(db_default=CaseworkNow())

    class Meta:
        constraints = [models.CheckConstraint(name="engine_version_one_row", condition=Q(one=True))]

    def __str__(self) -> str:
        return str(self.number)
