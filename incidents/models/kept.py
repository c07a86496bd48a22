"""What a home keeps of what it sent, and what reaches the authority from people who may not read any more."""

import pgtrigger
from django.db import models

from casework.records.models import Child, Home, User
from casework.records.models.record import Record

from .episode import MissingEpisode, State

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class ReportCopy(Record):
    """What a home sent, word for word as it sent it: its own proof, which nothing later gets into.

    `text` is what was sent, as canonical JSON; `digest` its SHA-256. The page shows these rows and never the
    record behind them.
    """

    class Kind(models.TextChoices):
        REPORT = "report", "Report"
        NEWS = "news", "News"
        BACK = "back", "They’re back"
        POLICE = "police", "Call to the police"

    episode = models.ForeignKey(MissingEpisode, on_delete=models.PROTECT, related_name="copies")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reference = models.CharField(max_length=20)
    about = models.CharField(max_length=200)  # the child as the home knew them then
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_by_name = models.CharField(max_length=120)
    text = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "report copies"
        indexes = [models.Index(fields=["home", "-recorded_at"]), models.Index(fields=["episode"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_open(self) -> bool:
        """The one thing of the case that is told besides: whether anybody still works on it."""
        return self.episode.state in (State.OPEN, State.LOCATED, State.FOLLOW_UP)


class CopyWithdrawal(Record):
    """The authority takes a copy back from the home: it names somebody it must not go on naming."""

    copy = models.OneToOneField(ReportCopy, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.copy_id)


class UnverifiedInformation(Record):
    """Something from a person who may not read the record (any more): kept for the authority to look at.

    About a child, and mostly about one episode. Nobody has checked it; it changes nothing by itself.
    """

    class Came(models.TextChoices):
        AFTER_MOVE = "after_move", "Was being typed when the sender’s access ended"
        FORMER_HOME = "former_home", "From a home where the child lived before"

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(
        MissingEpisode, null=True, blank=True, on_delete=models.PROTECT, related_name="unverified"
    )
    came = models.CharField(max_length=12, choices=Came.choices)
    words = models.TextField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_from = models.CharField(max_length=200, blank=True)  # the home or authority, by name
    typed_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "unverified information"
        indexes = [models.Index(fields=["child", "-recorded_at"]), models.Index(fields=["episode"])]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.came
