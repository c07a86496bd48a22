"""Who looked for whom among the children, without the words they used."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from .person import User
from .record import Record


class ChildSearch(Record):
    """One search and the children it found, in their order. What was typed is kept nowhere.

    The id is the address of its results, so that no name is ever part of one.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="searches")
    found = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        verbose_name_plural = "child searches"
        indexes = [models.Index(fields=["user", "recorded_at"], name="search_of_user")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.id)
