"""With which police forces an episode is shared, from when and until when."""

from django.db import models
from django.db.models import F, Q

from casework.records.models import PoliceForce, User
from casework.records.models.record import Record

from .episode import MissingEpisode


class EpisodeShare(Record):
    """One force that may read one episode. Recording *missing* shares it with the force of the home at that
    moment; any other force is a person's decision, with a reason. `recorded_at` is when the sharing began.
    """

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="shares")
    force = models.ForeignKey(PoliceForce, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # empty: by the rule
    shared_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

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
