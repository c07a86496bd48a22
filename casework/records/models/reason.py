"""Why somebody who has no part in a child's case opened the record all the same."""

import pgtrigger
from django.db import models

from .child import Child
from .person import User
from .record import Record


class WhyLook(models.TextChoices):
    COVER = "cover", "I am covering for the child’s worker"
    CONTACT = "contact", "Somebody called or wrote about the child"
    MATCHING = "matching", "To plan a placement, here or for another child"
    SUPERVISION = "supervision", "Supervision, audit or a complaint"
    PUT_RIGHT = "put_right", "To put the record right"
    OTHER = "other", "Something else"
    REGISTERED = "registered", "I have just registered the child"  # nobody chooses it: it is so


class ReasonGiven(Record):
    """A reason in one's own words. It opens one record to one person, in one session, until a moment."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=WhyLook.choices)
    words = models.CharField(max_length=300, blank=True)
    session = models.CharField(max_length=64, blank=True)  # a digest: the key itself would let its reader in
    until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "reasons given"
        indexes = [
            models.Index(fields=["user", "child", "until"]),
            models.Index(fields=["child", "recorded_at"]),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind
