"""Who is who: councils, police forces, providers and their homes, teams."""

from datetime import timedelta

import pghistory
from django.db import models

from .record import EditableRecord, Record


@pghistory.track(append_only=True)
class PoliceForce(EditableRecord):
    """A police force. One without a system of its own gets a phone call, recorded."""

    name = models.CharField(max_length=200, unique=True)
    control_room_phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class LocalAuthority(EditableRecord):
    """A council. A tenant works in Casework; any other is a name and a duty number to ring."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200, unique=True)
    is_tenant = models.BooleanField(default=False)
    police_force = models.ForeignKey(PoliceForce, null=True, blank=True, on_delete=models.PROTECT)
    duty_phone = models.CharField(max_length=30, blank=True)
    out_of_hours_phone = models.CharField(max_length=30, blank=True)
    duty_email = models.EmailField(blank=True)
    # Hears when somebody looks at many addresses or opens a record in an emergency.
    data_protection_contact = models.ForeignKey(
        "records.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "local authorities"

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class Neighbour(EditableRecord):
    """What one authority knows of another. It never changes what a third one knows."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="neighbours")
    other = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="known_by")
    is_adjoining = models.BooleanField(default=False)
    duty_phone = models.CharField(max_length=30, blank=True)
    out_of_hours_phone = models.CharField(max_length=30, blank=True)
    duty_email = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "other"], name="neighbour_once"),
            models.CheckConstraint(
                condition=~models.Q(authority=models.F("other")), name="neighbour_is_another_authority"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} as {self.authority_id} knows it"


class HomeKind(models.TextChoices):
    CHILDREN_HOME = "children_home", "Children’s home"
    SECURE_HOME = "secure_home", "Secure children’s home"
    FOSTERING = "fostering", "Fostering service"
    SUPPORTED = "supported", "Supported accommodation"
    SCHOOL = "school", "Residential school"
    OTHER = "other", "Other"


class Sector(models.TextChoices):
    OWN = "own", "This authority’s own"
    OTHER_AUTHORITY = "other_authority", "Another authority’s"
    PRIVATE = "private", "Private"
    VOLUNTARY = "voluntary", "Voluntary"
    PUBLIC = "public", "Other public"


@pghistory.track(append_only=True)
class Provider(EditableRecord):
    """Who runs homes: a company, a charity or a council. It may work with several authorities."""

    name = models.CharField(max_length=200, unique=True)
    phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class Home(EditableRecord):
    """A children's home, fostering service or supported accommodation, one by its Ofsted URN."""

    name = models.CharField(max_length=200)
    urn = models.CharField(max_length=20, null=True, blank=True, unique=True)
    kind = models.CharField(max_length=20, choices=HomeKind.choices, default=HomeKind.CHILDREN_HOME)
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.PRIVATE)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="homes")
    host_authority = models.ForeignKey(
        LocalAuthority, null=True, blank=True, on_delete=models.PROTECT, related_name="hosted_homes"
    )
    # The authority whose administrators keep these details, wherever the home is and whoever else uses it.
    kept_by = models.ForeignKey(
        LocalAuthority, null=True, blank=True, on_delete=models.PROTECT, related_name="kept_homes"
    )
    police_force = models.ForeignKey(PoliceForce, null=True, blank=True, on_delete=models.PROTECT)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    on_call_phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    curfew = models.TimeField(null=True, blank=True)
    grace = models.DurationField(default=timedelta(minutes=30))

    class Meta:
        indexes = [models.Index(fields=["provider"]), models.Index(fields=["host_authority"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grace__gte=timedelta(0), grace__lte=timedelta(hours=12)),
                name="home_grace_sensible",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamKind(models.TextChoices):
    CASE_HOLDING = "case_holding", "Case-holding team"
    OUT_OF_HOURS = "out_of_hours", "Emergency duty team"
    OTHER = "other", "Other team"


@pghistory.track(append_only=True)
class Team(EditableRecord):
    """A team of one authority. The emergency duty team is one too, often staffed by a shared crew."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=TeamKind.choices, default=TeamKind.CASE_HOLDING)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class EpisodeNumber(Record):
    """The last number given to an episode of an authority in a year: references count without gaps."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="episode_number_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
