"""What an authority's own files said, row by row, as they were last read."""

from django.db import models

from .organisation import LocalAuthority
from .record import EditableRecord


class FileKind(models.TextChoices):
    """A row of which file: authority.csv, neighbours.csv and so on."""

    AUTHORITY = "authority", "Authority"
    NEIGHBOUR = "neighbour", "Neighbour"
    HOME = "home", "Home"
    CHILD = "child", "Child"
    HEADER = "header", "Header"
    EPISODE = "episode", "Episode of care"
    UASC = "uasc", "Unaccompanied child"
    MISSING = "missing", "Missing period"


class ImportedRow(EditableRecord):
    """One row of one file. What is recorded follows from all of them, whichever year was read first.

    `key` tells the row from others of its kind and year; `year` is the return's, 0 for a file without one.
    `about_id` is the row of the record that it is about: what a person changed there since is kept. A row
    that a newer reading of the same file no longer holds stays, marked.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="imported_rows")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    key = models.CharField(max_length=260)
    year = models.PositiveSmallIntegerField(default=0)
    values = models.JSONField()
    about_id = models.UUIDField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "key", "year"], name="imported_row_once")
        ]
        indexes = [models.Index(fields=["about_id"], name="imported_row_about")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year or ''}".strip()
