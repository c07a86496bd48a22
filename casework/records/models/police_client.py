"""A police force's own system, as it calls here: what it may do, from where, and its secrets."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .organisation import PoliceForce
from .person import User
from .record import EditableRecord, Record

MOST_CALLS = 600  # a minute
NO_MAILBOX = "systems.invalid"  # where no mail can arrive (RFC 2606)


@pghistory.track(append_only=True)
class PoliceClient(EditableRecord):
    """One system of one force. It acts under an account of its own, with which nobody can sign in.

    `application` is its row in the OAuth library, whose own secret nobody knows; ours are `ClientSecret`.
    """

    force = models.ForeignKey(PoliceForce, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=60)
    account = models.OneToOneField(User, on_delete=models.PROTECT, related_name="police_client")
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.PROTECT, related_name="police_client"
    )
    scopes = ArrayField(models.CharField(max_length=32))
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)  # empty: from anywhere
    calls_a_minute = models.PositiveSmallIntegerField(default=60)
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="client_calls_are_limited",
                condition=Q(calls_a_minute__gte=1, calls_a_minute__lte=MOST_CALLS),
            ),
            models.CheckConstraint(
                name="client_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["force", "name"], condition=Q(revoked_at__isnull=True), name="client_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


# Which secret it is stays out of its history: former values are kept as long as the record is.
@pghistory.track(append_only=True, exclude=["digest", "last_used_at"])
class ClientSecret(Record):
    """One secret of a client, as a digest: it was shown once. Valid until it is ended.

    Each stands in one of two places, so that never more than two are valid, whoever makes them at once.
    """

    client = models.ForeignKey(PoliceClient, on_delete=models.PROTECT, related_name="secrets")
    place = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="secret_in_one_of_two_places", condition=Q(place__in=[1, 2])),
            models.UniqueConstraint(
                fields=["client", "place"], condition=Q(ends_at__isnull=True), name="secret_two_at_most"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ClientUse(Record):
    """How a client calls: so often in this minute, last when and from where, and how far it has read."""

    client = models.OneToOneField(PoliceClient, on_delete=models.PROTECT, related_name="use")
    minute = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveIntegerField(db_default=0, default=0)  # in that minute
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_address = models.GenericIPAddressField(null=True, blank=True)
    read_up_to = models.PositiveBigIntegerField(db_default=0, default=0)  # a number of the force's feed

    def __str__(self) -> str:
        return str(self.client_id)


class ClientDay(Record):
    """How many calls a client made on one day."""

    client = models.ForeignKey(PoliceClient, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    calls = models.PositiveIntegerField(db_default=0, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "on"], name="client_day_once")]

    def __str__(self) -> str:
        return f"{self.client_id} on {self.on}"
