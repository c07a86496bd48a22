"""What a person is at one moment: the posts they hold. Asked in SQL each time, so that one ends by itself.

Which records that opens, and what it lets them do there, `access` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, FilteredRelation, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from casework.records.acts import ROLE_ACTS, Act
from casework.records.models import (
    AUTHORITY_ROLES,
    HOME_ROLES,
    PROVIDER_ROLES,
    BrokenGlass,
    ChildGrant,
    Membership,
    Role,
    User,
)
from casework.records.one_look import noted_for_this_look, once_a_look
from casework.records.times import THE_TIME, CaseworkNow

# Performance officers work with figures, school contacts hear whether a child is back: they open no record.
CASE_ROLES: Final = AUTHORITY_ROLES - {Role.PERFORMANCE_OFFICER, Role.SCHOOL_CONTACT}
# Answer for every child of the authority, the restricted ones too. (A team manager: for the team's.)
SENIOR_ROLES: Final = frozenset(
    {Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR}
)
DECIDERS: Final = SENIOR_ROLES | {Role.TEAM_MANAGER}

ANYBODY: Final = UUID(int=0)  # stands for the person in a statement that is the same for everybody

Moment = datetime | Combinable
Work = Callable[[UUID], QuerySet[Any]]
_work_above: list[Work] = []


@dataclass(frozen=True, slots=True)
class Post:
    """One live membership, as plain ids. A provider's post comes once for each home the provider runs.

    `place` is what people call the organisation.
    """

    role: Role
    authority_id: UUID | None = None
    team_id: UUID | None = None
    home_id: UUID | None = None
    provider_id: UUID | None = None
    force_id: UUID | None = None
    place: str = ""


@dataclass(frozen=True)
class Standing:
    """What one person is at one moment. Taken anew for each request, never kept."""

    user_id: UUID
    posts: tuple[Post, ...]
    # Nearly nobody has either, and a list that needs not ask after them finds its rows in an index.
    has_grants: bool = True
    has_broken_glass: bool = True
    # Many have none, and then no record need be searched for some.
    has_work: bool = True

    @cached_property
    def is_tablet(self) -> bool:
        """A home's shared tablet: it may report and add, asks for a typed name and reads no history."""
        return bool(self.posts) and all(post.role == Role.HOME_TABLET for post in self.posts)

    @cached_property
    def is_provider_only(self) -> bool:
        """Works in homes and nowhere else, so that the provider's pages are this person's pages."""
        return bool(self.posts) and all(post.role in HOME_ROLES | PROVIDER_ROLES for post in self.posts)

    @cached_property
    def is_school_only(self) -> bool:
        """A school's contact and nothing else: no record opens, whatever a grant says."""
        return bool(self.posts) and all(post.role == Role.SCHOOL_CONTACT for post in self.posts)

    @cached_property
    def only_reviews(self) -> bool:
        """An independent reviewing officer and nothing else: concerned with the children they review."""
        return bool(self.posts) and all(post.role == Role.REVIEWING_OFFICER for post in self.posts)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The organisations where this person works, by name, each once."""
        return tuple(dict.fromkeys(sorted(post.place for post in self.posts if post.place)))

    @cached_property
    def authority_ids(self) -> frozenset[UUID]:
        return frozenset(post.authority_id for post in self.posts if post.authority_id)

    @cached_property
    def team_ids(self) -> frozenset[UUID]:
        return frozenset(post.team_id for post in self.posts if post.team_id)

    @cached_property
    def home_ids(self) -> frozenset[UUID]:
        return frozenset(post.home_id for post in self.posts if post.home_id)

    @cached_property
    def provider_ids(self) -> frozenset[UUID]:
        return frozenset(post.provider_id for post in self.posts if post.provider_id)

    @cached_property
    def force_ids(self) -> frozenset[UUID]:
        return frozenset(post.force_id for post in self.posts if post.force_id)

    def roles_in(self, authority_id: UUID) -> frozenset[Role]:
        """The roles this person holds in one authority."""
        return frozenset(post.role for post in self.posts if post.authority_id == authority_id)

    def authorities_where(self, roles: Iterable[Role]) -> frozenset[UUID]:
        """The authorities in which this person holds one of these roles."""
        wanted = frozenset(roles)
        return frozenset(p.authority_id for p in self.posts if p.authority_id and p.role in wanted)

    def providers_where(self, roles: Iterable[Role]) -> frozenset[UUID]:
        """The providers in which this person holds one of these roles."""
        wanted = frozenset(roles)
        return frozenset(p.provider_id for p in self.posts if p.provider_id and p.role in wanted)

    @cached_property
    def may_be_asked_why(self) -> bool:
        """Whether there can be a child whom this person sees, and in whose case they have no part.

        Only in an authority: whoever lives with a child, was granted the record or is on duty has one.
        """
        return bool(self.authorities_where(CASE_ROLES) - self.authorities_where({Role.DUTY_WORKER}))

    def may(self, act: Act, *, authority_id: UUID | None = None, home_id: UUID | None = None) -> bool:
        """Whether a role held in that authority or home allows the act; any role, when neither is named.

        Of a child, somebody may have less: `access.may_within`.
        """
        anywhere = authority_id is None and home_id is None
        return any(
            act in ROLE_ACTS[post.role]
            and (
                anywhere
                or (authority_id is not None and post.authority_id == authority_id)
                or (home_id is not None and post.home_id == home_id)
            )
            for post in self.posts
        )


def standing_of(user: User, at: datetime | None = None) -> Standing:
    """The person's live memberships at `at` (now, unless told otherwise), in one query."""
    return once_a_look(("standing", user.pk, at), lambda: _standing_of(user, at))


def _standing_of(user: User, at: datetime | None) -> Standing:
    rows = _posts_now(user.pk) if at is None else list(_posts(user.pk, at))
    if not rows:
        return Standing(user.pk, (), has_grants=False, has_broken_glass=False, has_work=False)
    posts = tuple(
        Post(Role(role), authority, team, home or run_home, provider, force, place)
        for role, authority, team, home, provider, run_home, force, place, *_ in rows
        if role
    )
    has_grants, has_broken_glass, *work, moment = rows[0][-3 - len(_work_above) :]
    noted_for_this_look(THE_TIME, moment)
    return Standing(user.pk, posts, has_grants, has_broken_glass, has_work=any(work))


def _posts(user_id: UUID, moment: Moment) -> QuerySet[User, tuple[Any, ...]]:
    """A row for each live membership; one without a role for somebody who has none, and none for an account
    that is suspended, whom no grant and no emergency lets in either.
    """
    live = FilteredRelation("memberships", condition=_is_live(moment, "memberships__"))
    names = ("authority__name", "home__name", "provider__name", "police_force__name")
    fields = ("role", "authority_id", "team_id", "home_id", "provider_id", "provider__homes")
    people = User.objects.filter(pk=user_id, is_active=True).annotate(live=live)
    return people.values_list(
        *(f"live__{field}" for field in (*fields, "police_force_id")),
        Coalesce(*(f"live__{name}" for name in names)),
        Exists(ChildGrant.objects.filter(user_id=user_id)),
        Exists(BrokenGlass.objects.filter(user_id=user_id)),
        *(Exists(work(user_id)) for work in _work_above),
        CaseworkNow(),
    )


@cache
def _question_of_posts() -> tuple[str, Sequence[Any]]:
    """Put into SQL once: every page asks it, and finding the words takes longer than the answer."""
    return _posts(ANYBODY, CaseworkNow()).query.sql_with_params()


def _posts_now(user_id: UUID) -> list[tuple[Any, ...]]:
    statement, asked = _question_of_posts()
    with connection.cursor() as cursor:
        cursor.execute(statement, [user_id if one == ANYBODY else one for one in asked])
        return list(cursor.fetchall())


def live_memberships(moment: Moment) -> QuerySet[Membership]:
    """Memberships that have begun and not ended at that moment."""
    return Membership.objects.filter(_is_live(moment))


def _is_live(moment: Moment, of: str = "") -> Q:
    not_ended = Q((f"{of}ends_at__isnull", True)) | Q((f"{of}ends_at__gt", moment))
    return not_ended & Q((f"{of}starts_at__lte", moment))


def counts_as_work(*work: Work) -> None:
    """Let a floor above say what a person can have to do: without any, no part is asked after for it."""
    _work_above.extend(one for one in work if one not in _work_above)
