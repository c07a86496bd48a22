"""People who sign in, and what they are to an organisation."""

import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from casework.records.times import CaseworkNow

from .organisation import Home, LocalAuthority, PoliceForce, Provider, Team
from .record import EditableRecord


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are one whatever their capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@pghistory.track(append_only=True, exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person with a sign-in, a home's shared tablet, or the account under which a force's system acts.

    What they may do is in their memberships.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(db_default=CaseworkNow(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    SOCIAL_WORKER = "social_worker", "Social worker"
    DUTY_WORKER = "duty_worker", "Emergency duty team worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    ASSISTANT_DIRECTOR = "assistant_director", "Assistant director"
    DIRECTOR = "director", "Director of children’s services"
    RETURN_INTERVIEWER = "return_interviewer", "Return interview worker"
    REVIEWING_OFFICER = "reviewing_officer", "Independent reviewing officer"
    COORDINATOR = "coordinator", "Missing coordinator"
    PERFORMANCE_OFFICER = "performance_officer", "Performance officer"
    SCHOOL_CONTACT = "school_contact", "School contact"
    ADMINISTRATOR = "administrator", "Administrator"
    HOME_STAFF = "home_staff", "Home staff"
    HOME_TABLET = "home_tablet", "Home’s shared tablet"
    REGISTERED_MANAGER = "registered_manager", "Registered manager"
    ON_CALL_MANAGER = "on_call_manager", "Provider’s on-call manager"
    POLICE_LIAISON = "police_liaison", "Police liaison"
    POLICE_SYSTEM = "police_system", "Police system"  # a force's own system: it never signs in


AUTHORITY_ROLES = frozenset(
    {
        Role.SOCIAL_WORKER,
        Role.DUTY_WORKER,
        Role.TEAM_MANAGER,
        Role.SERVICE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
        Role.RETURN_INTERVIEWER,
        Role.REVIEWING_OFFICER,
        Role.COORDINATOR,
        Role.PERFORMANCE_OFFICER,
        Role.SCHOOL_CONTACT,
        Role.ADMINISTRATOR,
    }
)
HOME_ROLES = frozenset({Role.HOME_STAFF, Role.HOME_TABLET})
PROVIDER_ROLES = frozenset({Role.REGISTERED_MANAGER, Role.ON_CALL_MANAGER})
POLICE_ROLES = frozenset({Role.POLICE_LIAISON, Role.POLICE_SYSTEM})


@pghistory.track(append_only=True)
class Membership(EditableRecord):
    """One person in one organisation in one role, from a moment until another or until ended."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)
    authority = models.ForeignKey(LocalAuthority, null=True, blank=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT)
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT)
    police_force = models.ForeignKey(PoliceForce, null=True, blank=True, on_delete=models.PROTECT)
    starts_at = models.DateTimeField(db_default=CaseworkNow())
    ends_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_role_fits_organisation",
                condition=(
                    Q(
                        role__in=sorted(AUTHORITY_ROLES),
                        authority__isnull=False,
                        provider__isnull=True,
                        home__isnull=True,
                        police_force__isnull=True,
                    )
                    | Q(
                        role__in=sorted(HOME_ROLES),
                        home__isnull=False,
                        authority__isnull=True,
                        team__isnull=True,
                        provider__isnull=True,
                        police_force__isnull=True,
                    )
                    | Q(
                        role__in=sorted(PROVIDER_ROLES),
                        provider__isnull=False,
                        authority__isnull=True,
                        team__isnull=True,
                        home__isnull=True,
                        police_force__isnull=True,
                    )
                    | Q(
                        role__in=sorted(POLICE_ROLES),
                        police_force__isnull=False,
                        authority__isnull=True,
                        team__isnull=True,
                        provider__isnull=True,
                        home__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["user"]),
            models.Index(fields=["authority", "role"]),
            models.Index(fields=["home", "role"]),
            models.Index(fields=["provider", "role"]),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"
