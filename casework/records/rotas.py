"""Which rotas and whose leave a person may see, and which they keep."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.records.acts import Act, may_stand_in, roles_that_may
from casework.records.errors import NotAllowed, NotFound
from casework.records.models import (
    POLICE_ROLES,
    Leave,
    LocalAuthority,
    Membership,
    Provider,
    Role,
    RotaShift,
    User,
)
from casework.records.shifts import ROTA_ROLES
from casework.records.standing import CASE_ROLES, Standing, live_memberships, standing_of
from casework.records.times import CaseworkNow

NOTHING_WAITS_FOR: Final = frozenset(
    {Role.HOME_TABLET, Role.SCHOOL_CONTACT, Role.PERFORMANCE_OFFICER, *POLICE_ROLES}
)
NOT_YOURS = "A team manager or an administrator keeps this rota; of a provider, its registered manager."


def is_missed(standing: Standing) -> bool:
    """Whether anything waits for this person, so that somebody has to stand in while they are away."""
    return any(post.role not in NOTHING_WAITS_FOR for post in standing.posts)


def authorities_with_rota(standing: Standing) -> QuerySet[LocalAuthority]:
    """Where this person works with cases, or keeps the rota: they may read it."""
    return LocalAuthority.objects.filter(pk__in=standing.authorities_where(CASE_ROLES)).order_by("name")


def providers_with_rota(standing: Standing) -> QuerySet[Provider]:
    """Those for which this person is on call, or answers."""
    theirs = standing.providers_where({Role.REGISTERED_MANAGER, Role.ON_CALL_MANAGER})
    return Provider.objects.filter(pk__in=theirs).order_by("name")


def authority_with_rota_for(user: User, authority_id: UUID) -> LocalAuthority:
    """NotFound unless this person may read the authority's rota."""
    found = authorities_with_rota(standing_of(user)).filter(pk=authority_id).first()
    if found is None:
        raise NotFound
    return found


def provider_with_rota_for(user: User, provider_id: UUID) -> Provider:
    """NotFound unless this person may read the provider's rota."""
    found = providers_with_rota(standing_of(user)).filter(pk=provider_id).first()
    if found is None:
        raise NotFound
    return found


def may_keep_rota(standing: Standing, place: LocalAuthority | Provider) -> bool:
    """Whether this person says who is on duty there."""
    if isinstance(place, LocalAuthority):
        return standing.may(Act.KEEP_ROTA, authority_id=place.pk)
    return place.pk in standing.providers_where({Role.REGISTERED_MANAGER})


def require_rota(user: User, place: LocalAuthority | Provider) -> None:
    """NotAllowed for whoever does not keep this rota."""
    if not may_keep_rota(standing_of(user), place):
        raise NotAllowed(NOT_YOURS, code="not_your_rota")


def lines_of(place: LocalAuthority | Provider) -> QuerySet[RotaShift]:
    """Every line of a rota that is or was, by day and time."""
    where = {"authority": place} if isinstance(place, LocalAuthority) else {"provider": place}
    return (
        RotaShift.objects.filter(**where).select_related("user").order_by("weekday", "starts", "user__name")
    )


def shift_for(user: User, shift_id: UUID) -> RotaShift:
    """One line of a rota that this person may read; NotFound otherwise."""
    standing = standing_of(user)
    theirs = Q(authority__in=authorities_with_rota(standing)) | Q(provider__in=providers_with_rota(standing))
    row = (
        RotaShift.objects.filter(theirs, pk=shift_id).select_related("user", "authority", "provider").first()
    )
    if row is None:
        raise NotFound
    return row


def rota_roles(place: LocalAuthority | Provider) -> tuple[Role, ...]:
    """The roles of which a rota can be kept there."""
    return ROTA_ROLES if isinstance(place, LocalAuthority) else (Role.ON_CALL_MANAGER,)


def who_can_stand(place: LocalAuthority | Provider, role: Role) -> QuerySet[User]:
    """The people there whose own role may do the work of this one."""
    able = [one for one in Role if may_stand_in(one, role)]
    where = {"authority": place} if isinstance(place, LocalAuthority) else {"provider": place}
    posts = live_memberships(CaseworkNow()).filter(role__in=able, **where)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")


# Leave -----------------------------------------------------------------------------------------------


def people_managed(standing: Standing) -> QuerySet[User]:
    """Those whose leave this person may enter: of the authorities whose rota they keep, of the provider."""
    return User.objects.filter(is_active=True, pk__in=_posts_managed(standing).values("user_id"))


def people_whose_leave(user: User) -> QuerySet[User]:
    """Whose leave this person may enter: their own, and that of the people they manage."""
    managed = people_managed(standing_of(user))
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=managed.values("pk"))).order_by("name")


def leaves_visible_to(user: User) -> QuerySet[Leave]:
    """One's own, and that of the people one manages."""
    managed = people_managed(standing_of(user))
    rows = Leave.objects.filter(Q(user=user) | Q(user__in=managed))
    return rows.select_related("user", "deputy", "recorded_by")


def leaves_between(people: Collection[UUID], first: datetime, last: datetime) -> QuerySet[Leave]:
    """When these people are away in that time: what a rota says beside their names."""
    rows = Leave.objects.filter(user__in=people, starts_at__lt=last, ends_at__gt=first)
    return rows.select_related("deputy").order_by("starts_at")


def leave_for(user: User, leave_id: UUID) -> Leave:
    """One of those; NotFound otherwise."""
    row = leaves_visible_to(user).filter(pk=leave_id).first()
    if row is None:
        raise NotFound
    return row


def possible_deputies(standing: Standing) -> QuerySet[User]:
    """Everybody in the organisations where this person works, tablets aside.

    Whoever manages somebody who works elsewhere too is not told who works there.
    """
    colleagues = live_memberships(CaseworkNow()).filter(
        Q(authority_id__in=standing.authority_ids)
        | Q(home_id__in=standing.home_ids)
        | Q(provider_id__in=standing.provider_ids)
    )
    rows = User.objects.filter(is_active=True, pk__in=colleagues.values("user_id"))
    return rows.exclude(memberships__role=Role.HOME_TABLET).order_by("name")


def can_stand_in_for(deputy: User, person: User) -> bool:
    """Whether somewhere where both work, the deputy's role may do the person's work."""
    theirs = list(live_memberships(CaseworkNow()).filter(user=person))
    own = list(live_memberships(CaseworkNow()).filter(user=deputy))
    return any(
        _is_same_place(one, other) and may_stand_in(Role(one.role), Role(other.role))
        for one in own
        for other in theirs
    )


def _is_same_place(one: Membership, other: Membership) -> bool:
    places = ("authority_id", "home_id", "provider_id")
    return all(getattr(one, name) == getattr(other, name) for name in places)


def _posts_managed(standing: Standing) -> QuerySet[Membership]:
    authorities = standing.authorities_where(roles_that_may(Act.KEEP_ROTA))
    providers = standing.providers_where({Role.REGISTERED_MANAGER})
    posts = live_memberships(CaseworkNow()).exclude(role=Role.HOME_TABLET)
    return posts.filter(
        Q(authority_id__in=authorities) | Q(provider_id__in=providers) | Q(home__provider_id__in=providers)
    )
