"""Who may see which record, and do what with it. The only way from a person to a child's row.

Facts decide: a membership that is live, a child placed in the home *now*. Each is asked in SQL each time, so
that nothing has to be taken away when a fact ends. What a person granted another is a `ChildGrant` besides.
Somebody else's record is `NotFound`, as if it were not there; one's own, but not this act, is `NotAllowed`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from casework.records import audit
from casework.records.acts import GRANTED, READING, Act, roles_that_may
from casework.records.errors import NotAllowed, NotFound, OutOfSight, ReasonNeeded
from casework.records.field_rules import field_rules
from casework.records.kept import Kept
from casework.records.models import (
    BrokenGlass,
    Child,
    ChildGrant,
    ChronologyEntry,
    ConflictOfInterest,
    Home,
    LocalAuthority,
    Membership,
    Placement,
    PoliceForce,
    Provider,
    ReasonGiven,
    Role,
    Team,
    User,
)
from casework.records.one_look import once_a_look
from casework.records.standing import (
    CASE_ROLES,
    DECIDERS,
    SENIOR_ROLES,
    Moment,
    Standing,
    standing_of,
)
from casework.records.times import CaseworkNow
from casework.records.verbs import RecordVerb

READ_ONLY: Final = (
    "You opened this record in an emergency: you can read it, not change it. Ask somebody who works with the "
    "child to write this down."
)

HOLD_PLACEMENT: Final = (
    "SELECT FROM records_placement WHERE child_id = %s AND period @> casework_now() FOR SHARE"
)

HEAR_OF_ABSENCE: Final = "hear_of_absence"

NOBODY: Final = Q(pk__in=())  # a reason that no child meets: it costs nothing in the statement

Row = TypeVar("Row", bound=Model)


# What a person may do --------------------------------------------------------------------------------


def may(
    user: User,
    act: Act,
    *,
    authority_id: UUID | None = None,
    home_id: UUID | None = None,
    child_id: UUID | None = None,
) -> bool:
    """Whether this person may do this there. A button asks; a service requires."""
    return may_within(standing_of(user), act, authority_id=authority_id, home_id=home_id, child_id=child_id)


def may_within(
    standing: Standing,
    act: Act,
    *,
    authority_id: UUID | None = None,
    home_id: UUID | None = None,
    child_id: UUID | None = None,
) -> bool:
    """The same, for a standing already taken. What was opened in an emergency is open for reading only."""
    if not standing.may(act, authority_id=authority_id, home_id=home_id):
        return False
    return child_id is None or act in READING or not only_reads(standing, child_id)


def only_reads(standing: Standing, child_id: UUID) -> bool:
    """Whether this person has the child's record open in an emergency and for no other reason."""
    opened = once_a_look(("opened in an emergency", standing), lambda: _opened_in_an_emergency(standing))
    return child_id in opened


def _opened_in_an_emergency(standing: Standing) -> frozenset[UUID]:
    moment = CaseworkNow()
    by_emergency = _glass_broken(standing, moment)
    if by_emergency is NOBODY:
        return frozenset()
    opened = Child.objects.filter(by_emergency).exclude(_own_reasons(standing, moment))
    return frozenset(opened.values_list("pk", flat=True))


def may_see(
    standing: Standing,
    model: type[Model],
    field: str,
    *,
    authority_id: UUID | None = None,
    home_id: UUID | None = None,
) -> bool:
    """Whether a role held in that authority or home is shown this field (`field_rules.yaml`).

    For a page that opens for several roles and doesn't show all of them the same. The record itself must
    have been fetched as this person's to open: who holds no role there was let in, and reads in their own.
    """
    shown = field_rules().kind_of(model._meta.label, field).shown
    there = [
        post.role
        for post in standing.posts
        if (authority_id and post.authority_id == authority_id) or (home_id and post.home_id == home_id)
    ]
    return any(role in shown for role in there or [post.role for post in standing.posts])


def require(user: User, act: Act, *, authority_id: UUID | None = None, home_id: UUID | None = None) -> None:
    """Raise `NotAllowed` with whom to ask, unless the person may do this there."""
    if not may(user, act, authority_id=authority_id, home_id=home_id):
        raise _not_allowed(act)


def _not_allowed(act: Act) -> NotAllowed:
    able = " or ".join(str(role.label).lower() for role in roles_that_may(act)[:3])
    return NotAllowed(f"Your role here does not allow this. Ask a {able}.", code=f"not_allowed_{act}")


def require_for(user: User, act: Act, child: Child) -> None:
    """`require`, for a child: by the authority's roles, or those in the home where the child lives now.

    Who was granted the record does there what their own role allows of reading and interviewing. `OutOfSight`
    for those who lost sight of the child since they opened the page: the child has moved.
    """
    standing = standing_of(user)
    if standing.home_ids:
        _hold_placement(child)
    home_id = current_home_id(child)
    if may_within(standing, act, authority_id=child.authority_id, home_id=home_id, child_id=child.pk):
        return
    if standing.may(act, authority_id=child.authority_id, home_id=home_id):
        raise NotAllowed(READ_ONLY, code="read_only")
    if act in GRANTED and standing.may(act) and is_granted(standing, child):
        return
    if not children_within(standing).filter(pk=child.pk).exists():
        raise OutOfSight
    raise _not_allowed(act)


def _hold_placement(child: Child) -> None:
    """Nobody moves the child away from these people until what they do is written; or they come too late.

    Outside a transaction there is nothing to hold it for.
    """
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(HOLD_PLACEMENT, [child.pk])


def is_granted(standing: Standing, child: Child) -> bool:
    """Whether somebody let this person see the child, until now and further."""
    return children_granted_to(standing).filter(pk=child.pk).exists()


def children_granted_to(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The children whom somebody let this person see."""
    return Child.objects.filter(_granted(standing, _moment(at)))


def children_told_of(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The children of whom a school's contact is told whether they are back. None of these records opens."""
    moment = _moment(at)
    told = Child.objects.filter(_granted(standing, moment, HEAR_OF_ABSENCE))
    return told.exclude(_in_conflict(standing, moment))


def current_home_id(child: Child) -> UUID | None:
    """The home in which the child is placed at this moment, if any."""
    return (
        Placement.objects.filter(child=child, period__contains=CaseworkNow())
        .values_list("home_id", flat=True)
        .first()
    )


# Children --------------------------------------------------------------------------------------------


def children_visible_to(user: User, at: datetime | None = None) -> QuerySet[Child]:
    """Every child this person may see at `at`, for lists, pages, searches, exports and messages alike."""
    return children_within(standing_of(user, at), at)


def children_within(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The same, for a standing already taken: one query. A conflict of interest outweighs every reason."""
    moment = _moment(at)
    reasons = any_of(_own_reasons(standing, moment), _glass_broken(standing, moment))
    if reasons is NOBODY:
        return Child.objects.none()
    return Child.objects.filter(reasons).exclude(_in_conflict(standing, moment))


def of_children_within(standing: Standing, at: datetime | None = None) -> Q:
    """The same question put to rows that carry their authority and their child, such as episodes.

    Where posts alone decide, it is put the other way round: of one's authorities, all but the few children
    who are closed to one. Then a page of a long list is read from an index, and not the whole list sorted.
    """
    if standing.has_broken_glass or standing.home_ids:
        return Q(child__in=children_within(standing, at))
    moment, by_post = _moment(at), NOBODY
    if authorities := standing.authorities_where(CASE_ROLES):
        restricted = Child.objects.filter(_closed(standing), authority_id__in=authorities)
        by_post = Q(authority_id__in=authorities) & ~Q(child__in=restricted)
    theirs = any_of(by_post, _granted(standing, moment, of="child_id"))
    if theirs is NOBODY:
        return NOBODY
    return theirs & ~Q(child__in=Child.objects.filter(_in_conflict(standing, moment)))


def children_answered_for(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The same without what was only opened in an emergency."""
    moment = _moment(at)
    return Child.objects.filter(_own_reasons(standing, moment)).exclude(_in_conflict(standing, moment))


def children_to_break_glass_for(standing: Standing) -> QuerySet[Child]:
    """Every child of the authorities where this person may open a record in an emergency."""
    authorities = standing.authorities_where(roles_that_may(Act.BREAK_GLASS))
    return Child.objects.filter(authority_id__in=authorities).exclude(_in_conflict(standing, CaseworkNow()))


def children_in_conflict(user: User) -> QuerySet[Child]:
    """The children who do not exist for this person, for what is counted without asking who reads it."""
    return Child.objects.filter(_in_conflict(standing_of(user), CaseworkNow()))


def child_for(user: User, child_id: UUID) -> Child:
    """The child, if this person may see it; `NotFound` otherwise, whether or not there is one.

    `ReasonNeeded` when they have no part in the child's case and have not said why they look.
    """
    child, opens = child_named_to(user, child_id)
    if not opens:
        raise ReasonNeeded(child.pk)
    return child


def child_named_to(user: User, child_id: UUID) -> tuple[Child, bool]:
    """The child as a list names them (name, reference, worker), and whether the record opens."""
    return one_and_whether_open(standing_of(user), CHILDREN, child_id)


def lost_sight_since(user: User, child: Child, at: datetime) -> bool:
    """Whether this person saw the child at `at` and does not now.

    A move may be recorded later than it happened: until then the people of the home saw the child.
    """
    if children_visible_to(user).filter(pk=child.pk).exists():
        return False
    before = standing_of(user, at)
    ended_since = ChronologyEntry.objects.filter(
        about_id=OuterRef("pk"), verb=RecordVerb.PLACEMENT_ENDED, recorded_at__gt=at
    )
    lived_there = Placement.objects.filter(
        Exists(ended_since), child=child, home_id__in=before.home_ids, period__startswith__lte=at
    )
    return children_within(before, at).filter(pk=child.pk).exists() or lived_there.exists()


def organisation_names(user: User, at: datetime | None = None) -> list[str]:
    """What this person worked for at `at`, by name."""
    standing = standing_of(user, at)
    return [
        *LocalAuthority.objects.filter(pk__in=standing.authority_ids).values_list("name", flat=True),
        *Home.objects.filter(pk__in=standing.home_ids).values_list("name", flat=True),
        *PoliceForce.objects.filter(pk__in=standing.force_ids).values_list("name", flat=True),
    ]


def is_a_system(user: User) -> bool:
    """The account of a force's own system, now or once: it acts through the API, and signs in nowhere."""
    return Membership.objects.filter(user=user, role=Role.POLICE_SYSTEM).exists()


# A part in the case ----------------------------------------------------------------------------------

Part = Callable[[Standing, Moment], Q]
_parts_above: list[Part] = []


def counts_as_a_part(part: Part) -> None:
    """Let a floor above say who else has a part in a child's case, by what happened to the child."""
    if part not in _parts_above:
        _parts_above.append(part)


def children_open_to(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The children in whose case this person has a part: their own, their team's, on their shift, placed with
    them, granted, or opened with a reason. Of those they see at all, these records open without a question.
    """
    moment = _moment(at)
    parts = [Q(allocated_worker_id=standing.user_id)]
    parts += [_granted(standing, moment), _glass_broken(standing, moment), _said_why(standing, moment)]
    if standing.team_ids:
        parts.append(Q(team_id__in=standing.team_ids))
    if on_duty := standing.authorities_where({Role.DUTY_WORKER}):
        parts.append(Q(authority_id__in=on_duty))
    if standing.home_ids:
        parts.append(_lives_with(standing, moment))
    parts += [of_a_floor_above(standing, moment) for of_a_floor_above in _parts_above]
    return Child.objects.filter(any_of(*parts))


def opens_to(standing: Standing, path: str) -> Exists | Value:
    """Whether the record of the child in this column opens without a question; of those whom they see."""
    if not standing.may_be_asked_why:
        return Value(True)
    return Exists(children_open_to(standing).filter(pk=OuterRef(path)))


@dataclass(frozen=True)
class Kind(Generic[Row]):
    """How one row of a kind is looked up: among whose, the column of its child, and what comes with it."""

    within: Callable[[Standing], QuerySet[Row]]
    child: str
    related: tuple[str, ...]


def one_and_whether_open(standing: Standing, kind: Kind[Row], key: UUID) -> tuple[Row, bool]:
    """The one row, and whether the record of its child opens without a question."""
    found = first_and_whether_open(standing, kind, key)
    if found is None:
        raise NotFound
    return found


def first_and_whether_open(standing: Standing, kind: Kind[Row], key: UUID) -> tuple[Row, bool] | None:
    """The same for rows of one kind among several: None when it is not of this kind, or not theirs."""
    row = _in_words(standing, kind, audit.caller().session).row(key)
    return (row, bool(vars(row)["opens"])) if row else None


@lru_cache(maxsize=512)
def _in_words(standing: Standing, kind: Kind[Row], session: str) -> Kept[Row]:
    """Kept for what a person is, in the session in which they may have said why; and for no other."""

    def among(key: UUID) -> QuerySet[Any, Row]:
        rows = kind.within(standing).filter(pk=key).select_related(*kind.related)
        return rows.annotate(opens=opens_to(standing, kind.child))

    return Kept(among)


CHILDREN: Final = Kind(children_within, "pk", ("authority", "team", "allocated_worker"))


def _said_why(standing: Standing, moment: Moment) -> Q:
    """Opened with a reason in this very session, not long ago."""
    session = audit.caller().session
    if not session:
        return NOBODY
    given = ReasonGiven.objects.filter(
        user_id=standing.user_id, session=session, recorded_at__lte=moment, until__gt=moment
    )
    return Q(pk__in=given.values("child_id"))


def children_audited_by(user: User, at: datetime | None = None) -> QuerySet[Child]:
    """The children of whom this person may see who looked: a manager's own; all of an authority for its
    seniors and for its data-protection contact, unless the contact keeps the rule book there as well.
    """
    return children_audited_within(standing_of(user, at), at)


def children_audited_within(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """The same, for a standing already taken."""
    whole = standing.authorities_where(SENIOR_ROLES) | _contact_of(standing)
    theirs = Q(authority_id__in=whole) | _led_by(standing)
    return Child.objects.filter(theirs).exclude(_in_conflict(standing, _moment(at)))


def authorities_audited_by(user: User) -> frozenset[UUID]:
    """The authorities of whose children, or of some of them, this person may see who looked."""
    standing = standing_of(user)
    return standing.authorities_where(roles_that_may(Act.VIEW_AUDIT)) | _contact_of(standing)


def _contact_of(standing: Standing) -> frozenset[UUID]:
    changing = standing.authorities_where(roles_that_may(Act.EDIT_PROTOCOL))
    named = LocalAuthority.objects.filter(data_protection_contact_id=standing.user_id)
    return frozenset(named.exclude(pk__in=changing).values_list("pk", flat=True))


def child_audited_for(user: User, child_id: UUID) -> Child:
    """One of those; NotFound otherwise, whether or not there is such a child."""
    return _the_one(
        children_audited_by(user).select_related("authority", "team", "allocated_worker").filter(pk=child_id)
    )


def may_be_told(user: User, child: Child) -> bool:
    """Whether a message without content about this child may still go to this person.

    A restricted record still notifies whoever is responsible: staff of the child's authority.
    """
    standing = standing_of(user)
    if child.authority_id in standing.authorities_where(CASE_ROLES):
        return not Child.objects.filter(_in_conflict(standing, CaseworkNow()), pk=child.pk).exists()
    return children_within(standing).filter(pk=child.pk).exists()


def may_see_location(user: User, child: Child) -> bool:
    """Whether this person may be shown where the child lives: by role, or by a grant that says so."""
    standing = standing_of(user)
    by_role = standing.may(Act.VIEW_LOCATION, authority_id=child.authority_id)
    return by_role or location_granted(standing, child)


def location_granted(standing: Standing, child: Child) -> bool:
    """Whether somebody granted this person to be shown where the child lives."""
    return Child.objects.filter(_granted(standing, CaseworkNow(), "view_location"), pk=child.pk).exists()


def _own_reasons(standing: Standing, moment: Moment) -> Q:
    """Every reason but an emergency."""
    reasons = [_granted(standing, moment)]
    if authorities := standing.authorities_where(CASE_ROLES):
        reasons.append(Q(authority_id__in=authorities) & ~_closed(standing))
    if standing.home_ids:
        reasons.append(_lives_with(standing, moment))
    return any_of(*reasons)


def any_of(*reasons: Q) -> Q:
    """Any of them; `NOBODY` itself when none can hold, so that the rest need not even be put into words."""
    some = [reason for reason in reasons if reason is not NOBODY]
    return reduce(operator.or_, some) if some else NOBODY


def _in_conflict(standing: Standing, moment: Moment) -> Q:
    """Children with whom this person has a conflict of interest: to them there is no such child."""
    live = Q(ended_at__isnull=True) | Q(ended_at__gt=moment)
    conflicts = ConflictOfInterest.objects.filter(
        live, user_id=standing.user_id, child__isnull=False, recorded_at__lte=moment
    )
    return Q(pk__in=conflicts.values("child_id"))


def _glass_broken(standing: Standing, moment: Moment) -> Q:
    """Opened by this person in an emergency, for an hour, in an authority where they may."""
    authorities = standing.authorities_where(roles_that_may(Act.BREAK_GLASS))
    if not authorities or not standing.has_broken_glass:
        return NOBODY
    opened = BrokenGlass.objects.filter(
        user_id=standing.user_id, user__is_active=True, recorded_at__lte=moment, until__gt=moment
    )
    return Q(authority_id__in=authorities, pk__in=opened.values("child_id"))


def _granted(standing: Standing, moment: Moment, permission: str = "view_child", *, of: str = "pk") -> Q:
    """Named in a grant that has not ended; `of` is the column that says which child a row is or is about."""
    if not standing.has_grants or (standing.is_school_only and permission != HEAR_OF_ABSENCE):
        return NOBODY
    live = Q(until__isnull=True) | Q(until__gt=moment)
    grants = ChildGrant.objects.filter(
        live, user_id=standing.user_id, user__is_active=True, permission__codename=permission
    )
    return Q(_IsOneOf(F(of), ArraySubquery(grants.values("content_object_id"))))


class _IsOneOf(Func):
    """As `IN`, asked once and as an array: beside other reasons PostgreSQL then finds both by an index."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _closed(standing: Standing) -> Q:
    """Restricted records, to those who do not answer for the child."""
    return Q(is_restricted=True) & ~_answers_for(standing)


def _answers_for(standing: Standing) -> Q:
    """The child's own worker, their team manager, and those above."""
    answers = Q(allocated_worker_id=standing.user_id)
    if seniors := standing.authorities_where(SENIOR_ROLES):
        answers |= Q(authority_id__in=seniors)
    return answers | _led_by(standing)


def _led_by(standing: Standing) -> Q:
    """Of a team manager's team; of the whole authority for one without a team."""
    leads = [post for post in standing.posts if post.role == Role.TEAM_MANAGER]
    teams = {post.team_id for post in leads if post.team_id}
    whole = {post.authority_id for post in leads if post.authority_id and not post.team_id}
    return Q(team_id__in=teams) | Q(authority_id__in=whole)


def _lives_with(standing: Standing, moment: Moment) -> Q:
    """Placed at this moment in one of these homes. The people who live with a child can always report."""
    placed = Placement.objects.filter(home_id__in=standing.home_ids, period__contains=moment)
    return Q(pk__in=placed.values("child_id"))


# Placed in our area ----------------------------------------------------------------------------------


def children_hosted_for(standing: Standing, at: datetime | None = None) -> QuerySet[Child]:
    """Children of other authorities who live in this person's area, for those who answer the telephone there.

    Only what a list says of them is theirs to know; the record is not (`children_within` leaves them out).
    """
    moment = _moment(at)
    areas = standing.authorities_where({Role.DUTY_WORKER, *DECIDERS})
    here = Placement.objects.filter(home__host_authority_id__in=areas, period__contains=moment)
    hosted = Child.objects.filter(pk__in=here.values("child_id"), is_restricted=False)
    return hosted.exclude(authority_id__in=areas).exclude(_in_conflict(standing, moment))


# Homes and authorities -------------------------------------------------------------------------------


def homes_visible_to(user: User) -> QuerySet[Home]:
    """One's own homes; for authority staff, those it keeps and those where a child of theirs lives now."""
    standing = standing_of(user)
    reasons = Q(pk__in=standing.home_ids)
    if authorities := standing.authorities_where(CASE_ROLES):
        placed = Placement.objects.filter(
            child__authority_id__in=authorities, child__is_restricted=False, period__contains=CaseworkNow()
        )
        reasons |= Q(kept_by_id__in=authorities) | Q(pk__in=placed.values("home_id"))
    return Home.objects.filter(reasons)


def home_for(user: User, home_id: UUID) -> Home:
    return _the_one(homes_visible_to(user).select_related("provider", "host_authority").filter(pk=home_id))


def homes_to_place_in(user: User) -> QuerySet[Home]:
    """Every home, by name, for whoever may place a child in some authority; nobody else needs the list."""
    if may(user, Act.PLACE_CHILD):
        return Home.objects.select_related("provider")
    return Home.objects.none()


def authorities_of(user: User) -> QuerySet[LocalAuthority]:
    """The authorities this person works for."""
    return LocalAuthority.objects.filter(pk__in=standing_of(user).authority_ids)


def teams_of(user: User) -> QuerySet[Team]:
    """The teams of those authorities, by name."""
    return Team.objects.filter(authority__in=authorities_of(user)).order_by("name")


def authority_for(user: User, authority_id: UUID) -> LocalAuthority:
    return _the_one(authorities_of(user).filter(pk=authority_id))


def provider_for(user: User, provider_id: UUID) -> Provider:
    """Any provider, for administrators, who place children with all of them; one's own."""
    standing = standing_of(user)
    rows = (
        Provider.objects.all()
        if standing.may(Act.SET_UP)
        else Provider.objects.filter(pk__in=standing.provider_ids)
    )
    return _the_one(rows.filter(pk=provider_id))


# People -----------------------------------------------------------------------------------------------


def memberships_visible_to(user: User) -> QuerySet[Membership]:
    """Posts, past ones too, in what this person keeps: for those who invite people and end their roles.

    An administrator keeps the authority, its homes with their providers, and the liaison of its police; a
    registered manager the homes of the provider.
    """
    standing = standing_of(user)
    authorities = LocalAuthority.objects.filter(pk__in=standing.authorities_where(roles_that_may(Act.INVITE)))
    homes = Home.objects.filter(
        Q(kept_by__in=authorities) | Q(provider_id__in=standing.providers_where({Role.REGISTERED_MANAGER}))
    )
    return Membership.objects.filter(
        Q(authority__in=authorities)
        | Q(home__in=homes)
        | Q(provider_id__in=homes.values("provider_id"))
        | Q(police_force_id__in=authorities.values("police_force_id"), role=Role.POLICE_LIAISON)
    )


def membership_for(user: User, membership_id: UUID) -> Membership:
    return _the_one(memberships_visible_to(user).filter(pk=membership_id))


def _the_one(rows: QuerySet[Row]) -> Row:
    row = the_only(rows)
    if row is None:
        raise NotFound
    return row


def the_only(rows: QuerySet[Any, Row]) -> Row | None:
    """The row with this key, if it is among them. One row needs no order, into which `first` would put it."""
    return next(iter(rows.order_by()[:1]), None)


def _moment(at: datetime | None) -> Moment:
    return CaseworkNow() if at is None else at
