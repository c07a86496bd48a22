"""One absence of one child, from noticed to signed off."""

from datetime import datetime

import pghistory
from django.db import models
from django.db.models import Q

from casework.records.models import Child, Home, LocalAuthority, Placement, PoliceForce, User
from casework.records.models.record import EditableRecord, Record
from casework.records.times import CaseworkNow


class State(models.TextChoices):
    OPEN = "open", "Not back"
    LOCATED = "located", "Located, not back"
    FOLLOW_UP = "follow_up", "Back, follow-up"
    CLOSED = "closed", "Closed"
    LATE_BACK = "late_back", "Late back"
    FALSE_REPORT = "false_report", "False report"
    TRANSFERRED = "transferred", "Transferred"
    AGED_OUT = "aged_out", "Turned 18"
    DIED = "died", "Died"
    MERGED = "merged", "Joined to another report"


NOT_BACK = (State.OPEN, State.LOCATED)
NO_ABSENCE = (State.FALSE_REPORT, State.MERGED)  # nobody was gone, or another report counts it


class Category(models.TextChoices):
    CONCERN = "concern", "Late, being looked for"
    AWAY = "away", "Away without permission"
    MISSING = "missing", "Missing"


@pghistory.track(append_only=True)
class MissingEpisode(EditableRecord):
    """An absence. State is where it stands; category is the spell's. Each clock has its own column.

    `x_at` is when it happened, `x_recorded_at` when it was written down, `x_estimated` whether it is a guess.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="episodes")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="episodes")
    placement = models.ForeignKey(Placement, null=True, blank=True, on_delete=models.PROTECT)
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="episodes")
    reference = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    together_id = models.UUIDField(null=True, blank=True)  # children who went together share it

    expected_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_seen_recorded_at = models.DateTimeField(null=True, blank=True)
    last_seen_estimated = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)
    left_recorded_at = models.DateTimeField(null=True, blank=True)
    left_estimated = models.BooleanField(default=False)
    noticed_at = models.DateTimeField(db_default=CaseworkNow())
    noticed_recorded_at = models.DateTimeField(db_default=CaseworkNow())
    noticed_estimated = models.BooleanField(default=False)
    told_authority_at = models.DateTimeField(null=True, blank=True)
    told_authority_recorded_at = models.DateTimeField(null=True, blank=True)
    told_authority_estimated = models.BooleanField(default=False)
    told_police_at = models.DateTimeField(null=True, blank=True)
    told_police_recorded_at = models.DateTimeField(null=True, blank=True)
    told_police_estimated = models.BooleanField(default=False)
    located_at = models.DateTimeField(null=True, blank=True)
    located_recorded_at = models.DateTimeField(null=True, blank=True)
    located_estimated = models.BooleanField(default=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_recorded_at = models.DateTimeField(null=True, blank=True)
    returned_estimated = models.BooleanField(default=False)

    last_seen_where = models.CharField(max_length=300, blank=True)
    last_seen_by = models.CharField(max_length=200, blank=True)
    circumstances = models.TextField(blank=True)
    checks_made = models.JSONField(default=list, blank=True)  # keys of the tick list
    wearing = models.TextField(blank=True)
    carrying = models.TextField(blank=True)
    police_reference = models.CharField(max_length=40, blank=True)

    reported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reported_by_name = models.CharField(max_length=120, blank=True)  # typed on a shared tablet, or a caller's
    # Who said “I’ve got this”, and when. Whether they still have it is worked out: `Holders.still_has`.
    holder = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    holder_at = models.DateTimeField(null=True, blank=True)
    # From the authority's files, which know days and no times: every clock is midnight and a guess.
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(state__in=["open", "located"]),
                name="one_not_back_episode_per_child",
            ),
            models.UniqueConstraint(fields=["authority", "reference"], name="episode_reference_once"),
            models.CheckConstraint(
                name="episode_back_has_time",
                condition=~Q(state__in=["follow_up", "late_back", "closed"]) | Q(returned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="episode_holder_has_time", condition=Q(holder__isnull=True) | Q(holder_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "-noticed_at"]),
            models.Index(fields=["authority", "-noticed_at"], name="episode_of_authority"),
            models.Index(fields=["child", "-noticed_at"]),
            models.Index(fields=["home", "state"]),
            models.Index(
                fields=["id"],
                name="episode_in_hand",
                condition=Q(state__in=["open", "located", "follow_up"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the child is not back."""
        return self.state in NOT_BACK

    @property
    def missing_from(self) -> datetime:
        """903 MIS_START: the later of left and last seen by a responsible adult; else when it was noticed."""
        known = [moment for moment in (self.left_at, self.last_seen_at) if moment]
        return max(known) if known else self.noticed_at


@pghistory.track(append_only=True)
class Spell(EditableRecord):
    """A stretch of one category inside an episode. One episode can hold several; at most one is running."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="spells")
    ordinal = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=8, choices=Category.choices)
    started_at = models.DateTimeField()  # the decision's moment, from which the protocol counts
    ended_at = models.DateTimeField(null=True, blank=True)
    end_recorded_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    whereabouts = models.TextField(blank=True)  # away: where, with whom, how verified

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "ordinal"], name="spell_ordinal_once"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ended_at__isnull=True), name="one_running_spell_per_episode"
            ),
            models.CheckConstraint(
                name="spell_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.ordinal}"


class Correction(Record):
    """One value of a report put right: the old one, the new one and why."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = models.TextField()
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.field


class News(Record):
    """Something heard while the child is not back. None of these locates anybody.

    People ask for children who are not missing, too: that alone is kept about a child and no episode.
    """

    class Kind(models.TextChoices):
        NOTHING_NEW = "nothing_new", "Still missing, nothing new"
        SIGHTING = "sighting", "Somebody saw them"
        SPOKEN = "spoken", "Somebody spoke to them"
        ENQUIRER = "enquirer", "Somebody asked for them"
        CALL = "call", "A call"
        MESSAGE = "message", "A message"
        INFORMATION = "information", "Something else we learned"

    class HowSure(models.TextChoices):
        CERTAIN = "certain", "Certain that it was them"
        LIKELY = "likely", "Thought that it was them"
        UNSURE = "unsure", "Not sure that it was them"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="news")
    episode = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="news"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_at = models.DateTimeField(db_default=CaseworkNow())
    words = models.TextField(blank=True)  # of somebody spoken to: the child's own
    told_by = models.CharField(max_length=200, blank=True)  # who saw or spoke; who an enquirer said they were
    where = models.CharField(max_length=300, blank=True)  # seen where; or where the child said they were
    how_sure = models.CharField(max_length=8, choices=HowSure.choices, blank=True)
    force = models.ForeignKey(PoliceForce, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Where that was on a map, when a police system says so: degrees, to about a metre.
    latitude = models.DecimalField(max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    number = models.CharField(max_length=40, blank=True)  # on which they rang or were rung
    how_known = models.CharField(max_length=300, blank=True)  # that it was the child; where to ask for them
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "news"
        indexes = [models.Index(fields=["episode", "happened_at"])]
        constraints = [
            models.CheckConstraint(
                name="news_is_of_an_episode", condition=Q(episode__isnull=False) | Q(kind="enquirer")
            ),
            models.CheckConstraint(
                name="news_place_is_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Located(Record):
    """Where a child turned out to be, by whom, in what condition. Located is not returned.

    What a police force writes down itself is proposed: it counts, and those who know the child answer whether
    it is them (`FindingAnswer`).
    """

    class FoundBy(models.TextChoices):
        POLICE = "police", "Police"
        STAFF = "staff", "Home staff"
        SOCIAL_WORKER = "social_worker", "Social worker"
        FAMILY = "family", "Family or friends"
        SELF = "self", "The child got in touch"
        OTHER = "other", "Somebody else"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="findings")
    located_at = models.DateTimeField()
    where = models.TextField()
    found_by = models.CharField(max_length=16, choices=FoundBy.choices)
    with_whom = models.TextField(blank=True)
    condition = models.TextField(blank=True)
    identity_confirmed = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(
        PoliceForce, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "located"

    def __str__(self) -> str:
        return str(self.id)


@pghistory.track(append_only=True)
class Return(EditableRecord):
    """The child back at a placement: the fact at once, the rest when somebody has time to write it."""

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="returns")
    returned_at = models.DateTimeField()
    is_estimated = models.BooleanField(default=False)
    needs_time = models.BooleanField(default=False)  # the time given could not be right: ask again
    how = models.TextField(blank=True)
    fetched_by = models.CharField(max_length=200, blank=True)
    condition = models.TextField(blank=True)
    injuries = models.TextField(blank=True)
    said = models.TextField(blank=True)
    belongings = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class SignOff(Record):
    """A team manager's signature that the episode is complete; or, later, why it was opened again."""

    class Act(models.TextChoices):
        SIGNED_OFF = "signed_off", "Signed off"
        REOPENED = "reopened", "Opened again"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="sign_offs")
    act = models.CharField(max_length=12, choices=Act.choices)
    words = models.TextField()  # what was learned, or the reason for opening it again
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "recorded_at"])]

    def __str__(self) -> str:
        return self.act
