"""The organisations whose details this person keeps: the first line of every page that sets something up."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from casework.front.pages.kit.door import person
from casework.records.access import authority_for, home_for, provider_for, require
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotAllowed
from casework.records.models import Home, LocalAuthority, Provider, Role
from casework.records.standing import Standing, standing_of

NOT_YOURS = (
    "An administrator of the authority that keeps these details can do this, or the provider’s manager."
)


def authorities_kept(standing: Standing) -> QuerySet[LocalAuthority]:
    """Where this person is an administrator."""
    ids = standing.authorities_where(roles_that_may(Act.SET_UP))
    return LocalAuthority.objects.filter(pk__in=ids).select_related("police_force").order_by("name")


def providers_run(standing: Standing) -> QuerySet[Provider]:
    """Where this person is the registered manager."""
    ids = standing.providers_where({Role.REGISTERED_MANAGER})
    return Provider.objects.filter(pk__in=ids).order_by("name")


def authority_to_keep(request: HttpRequest, authority_id: UUID) -> LocalAuthority:
    """NotFound for another's authority, NotAllowed in one's own without the role."""
    authority = authority_for(person(request), authority_id)
    require(person(request), Act.SET_UP, authority_id=authority.pk)
    return authority


def home_to_keep(request: HttpRequest, home_id: UUID) -> Home:
    """A home for the administrators of the authority that keeps it; nobody else changes it."""
    home = home_for(person(request), home_id)
    if home.kept_by_id not in _kept_ids(standing_of(person(request))):
        raise NotAllowed(NOT_YOURS)
    return home


def home_to_staff(request: HttpRequest, home_id: UUID) -> Home:
    """A home for those who give roles in it: its authority's administrators, its provider's manager."""
    home, standing = home_for(person(request), home_id), standing_of(person(request))
    runs = standing.providers_where({Role.REGISTERED_MANAGER})
    if home.kept_by_id not in _kept_ids(standing) and home.provider_id not in runs:
        raise NotAllowed(NOT_YOURS)
    return home


def provider_to_staff(request: HttpRequest, provider_id: UUID) -> Provider:
    """A provider for its manager, and for administrators, who place children with any."""
    provider, standing = provider_for(person(request), provider_id), standing_of(person(request))
    if not (standing.may(Act.SET_UP) or provider in providers_run(standing)):
        raise NotAllowed(NOT_YOURS)
    return provider


def _kept_ids(standing: Standing) -> frozenset[UUID]:
    return standing.authorities_where(roles_that_may(Act.SET_UP))
