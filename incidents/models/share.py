"""With which police forces an episode is shared, from when and until when; and what each force said of it."""

import pghistory
from django.db import models
from django.db.models import F, Q

from casework.records.models import PoliceForce, User
from casework.records.models.record import EditableRecord, Record
from casework.records.times import CaseworkNow

from .episode import Located, MissingEpisode
from .kept import APPEND_ONLY


@pghistory.track(append_only=True)
class EpisodeShare(EditableRecord):
    """One force that may read one episode. Recording *missing* shares it with the force of the home at that
    moment; any other force is a person's decision, with a reason. `recorded_at` is when the sharing began.

    `reference` is the force's own, and nobody else's to change; `acknowledged_at` says that the force has it.
    """

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="shares")
    force = models.ForeignKey(PoliceForce, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # empty: by the rule
    shared_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=40, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "force"], condition=Q(ended_by=None), name="share_once_a_force"
            ),
            models.CheckConstraint(
                name="share_ends_after_start", condition=Q(until=None) | Q(until__gte=F("recorded_at"))
            ),
        ]
        indexes = [models.Index(fields=["force", "until"])]

    def __str__(self) -> str:
        return f"{self.episode_id} with {self.force_id}"


class FindingAnswer(Record):
    """What those who know the child answered when the police said that they had found them."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "It is them"
        REFUSED = "refused", "It is not them"

    located = models.OneToOneField(Located, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=9, choices=Answer.choices)
    words = models.TextField(blank=True)  # how they know
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120, blank=True)

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.answer


class SharedEvent(models.Model):
    """One line of the feed that a force's system reads: that something changed, of which episode, when.

    Numbered when it is first read, after whatever was numbered before: so a reader who goes on from a number
    misses nothing, however late the change was committed. It says nothing of the child.
    """

    class Kind(models.TextChoices):
        SHARED = "episode.shared", "An episode is shared with the force"
        CHANGED = "episode.changed", "What is known of the episode changed"
        LOCATED = "episode.located", "The child was located, or that was answered"
        RETURNED = "episode.returned", "The child is back"
        CLOSED = "episode.closed", "The episode ended"
        CHILD = "child.changed", "What is known of the child changed"
        GRADE = "grade.changed", "Police or authority graded the risk"
        NEWS = "news.added", "Something was heard or seen"
        REFERENCE = "reference.changed", "A police reference was given"
        ACKNOWLEDGED = "acknowledged", "The force said that it has the episode"
        ENDED = "share.ended", "The force may not read the episode any more: forget it"

    force = models.ForeignKey(PoliceForce, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="+")
    share = models.ForeignKey(EpisodeShare, on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField(null=True, blank=True)  # of the chronology; none for a share's two ends
    happened_at = models.DateTimeField()  # when it was written down
    numbered_at = models.DateTimeField(db_default=CaseworkNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "number"], name="shared_event_number_once"),
            models.UniqueConstraint(
                fields=["share", "entry_id"], condition=Q(entry_id__isnull=False), name="shared_event_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["force", "share", "-number"],
                name="shared_event_of_a_share",
                condition=Q(entry_id__isnull=True),
            )
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
