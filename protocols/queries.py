"""What people ask of the steps: what is owed, by whom, what is overdue.

Steps that count from a placement are asked for apart from those of absences, so that they drown nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casework.records.access import children_open_to
from casework.records.acts import Act, roles_that_may
from casework.records.holders import Holders
from casework.records.models import Placement, Role, User
from casework.records.standing import standing_of
from casework.records.times import CaseworkNow, now
from incidents.access import episodes_to_list
from incidents.models import MissingEpisode
from protocols.access import placement_of, plan_steps_visible_to
from protocols.models import ProtocolVersion, StepRun, StepState

SOON: Final = timedelta(days=7)
HOME_NOW: Final = Subquery(
    Placement.objects.filter(child=OuterRef("episode__child"), period__contains=CaseworkNow())
    .exclude(home=None)
    .values("home_id")[:1]
)
OWED: Final = (StepState.WAITING, StepState.FIRED, StepState.FAILED)


def owed_steps_visible_to(user: User) -> QuerySet[StepRun]:
    """Steps that still wait for somebody, soonest due first; ladders are not steps."""
    return (
        StepRun.objects.filter(episode__in=episodes_to_list(user), rung=0, state__in=OWED)
        .select_related(
            "step", "holder", "acknowledged_by", "episode__child", "episode__home", "episode__authority"
        )
        .order_by("due_at", "step__ordinal", "id")
    )


def overdue_steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Steps whose time has come and that no person has met: *Overdue now*; no part of the clock's health."""
    return owed_steps_visible_to(user).filter(due_at__lte=at or now())


def unacknowledged(steps: QuerySet[StepRun], at: datetime) -> QuerySet[StepRun]:
    """Of these, the ones that have come due and that nobody did or, for now, promised."""
    unpromised = Q(acknowledged_at__isnull=True) | Q(acknowledged_until__lte=at)
    return steps.filter(unpromised, state=StepState.FIRED)


def drafts_to_publish(user: User) -> QuerySet[ProtocolVersion]:
    """Editions that somebody else drafted, for whoever may change the protocol there: it takes two."""
    keeping = standing_of(user).authorities_where(roles_that_may(Act.EDIT_PROTOCOL))
    drafts = ProtocolVersion.objects.filter(
        state=ProtocolVersion.State.DRAFT, protocol__authority_id__in=keeping
    )
    return drafts.exclude(drafted_by=user).select_related("protocol__authority", "drafted_by")


def owed_by(user: User, at: datetime | None = None, *, until: datetime | None = None) -> list[StepRun]:
    """The steps of episodes that wait for this person: handed to them, theirs by role, or climbed to them.

    With `until`, only those due by then. What the clock alone does, telling people, is nobody's work. A
    constant number of queries, however many steps there are.
    """
    rows = with_climbed(_of_people(owed_steps_visible_to(user))).annotate(home_now_id=HOME_NOW)
    steps = list(rows.filter(due_at__lte=until) if until else rows)
    whoms = {step.pk: _whom(step.episode, vars(step)["home_now_id"]) for step in steps if step.episode}
    return waiting_for(user, steps, whoms, _holders_of(whoms.values(), at))


def plans_owed_by(user: User, at: datetime | None = None) -> list[StepRun]:
    """The same of steps that count from a placement, from a week before they are due."""
    moment = at or now()
    steps = owed_plan_steps_visible_to(user).filter(_may_be_theirs(user), due_at__lte=moment + SOON)
    rows = list(with_climbed(_of_people(steps)))
    whoms = {step.pk: whom_placed(placement_of(step)) for step in rows}
    return waiting_for(user, rows, whoms, _holders_of(whoms.values(), moment))


def _of_people(steps: QuerySet[StepRun]) -> QuerySet[StepRun]:
    return steps.exclude(step__kind="tell", state=StepState.WAITING)


def owed_plan_steps_visible_to(user: User) -> QuerySet[StepRun]:
    """Steps that count from a placement and still wait for somebody, soonest due first.

    For those who only review, of their own children, as with episodes.
    """
    standing, steps = standing_of(user), plan_steps_visible_to(user)
    if standing.only_reviews:
        steps = steps.filter(run__placement__child__in=children_open_to(standing))
    return (
        steps.filter(rung=0, state__in=OWED)
        .select_related(
            "step",
            "holder",
            "acknowledged_by",
            "run__version",
            "run__placement__home",
            "run__placement__child__authority",
        )
        .order_by("due_at", "step__ordinal", "id")
    )


def overdue_plan_steps_visible_to(user: User, at: datetime | None = None) -> QuerySet[StepRun]:
    """Those whose time has come and that no person has met."""
    return owed_plan_steps_visible_to(user).filter(due_at__lte=at or now())


def _may_be_theirs(user: User) -> Q:
    """Wider than the roles, which decide; narrower than all that the person may see, of a whole authority."""
    standing = standing_of(user)
    roles = {post.role for post in standing.posts} - {Role.SOCIAL_WORKER}
    climbed = StepRun.objects.filter(
        *(Q((name, OuterRef(name))) for name in ("run", "step", "occurrence", "round")),
        rung__gt=0,
        state=StepState.FIRED,
        role__in=roles,
    )
    theirs = Q(run__placement__child__allocated_worker=user) | Q(holder=user) | Q(role__in=roles)
    if standing.team_ids:
        theirs |= Q(run__placement__child__team__in=standing.team_ids)
    if standing.home_ids:
        theirs |= Q(run__placement__home__in=standing.home_ids)
    return theirs | Q(Exists(climbed))


# Whose step it is ------------------------------------------------------------------------------------


class IsOf(Protocol):
    """What decides who holds a role for a child; the facts of an episode say it too."""

    @property
    def authority_id(self) -> UUID: ...
    @property
    def home_id(self) -> UUID | None: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def allocated_worker_id(self) -> UUID | None: ...
    @property
    def child_id(self) -> UUID: ...


class Whom(NamedTuple):
    """The same on its own."""

    authority_id: UUID
    home_id: UUID | None
    team_id: UUID | None
    allocated_worker_id: UUID | None
    child_id: UUID


def with_climbed(steps: QuerySet[StepRun]) -> QuerySet[StepRun]:
    """Each with the roles of those rungs of its ladder that have been told already."""
    same = {name: OuterRef(name) for name in ("run_id", "step_id", "occurrence", "round")}
    rungs = StepRun.objects.filter(**same, rung__gt=0, state=StepState.FIRED)
    return steps.annotate(climbed=ArraySubquery(rungs.values("role")))


def waiting_for(
    user: User, steps: Iterable[StepRun], whoms: Mapping[UUID, IsOf], holders: Holders
) -> list[StepRun]:
    """Of these steps, taken `with_climbed`, those that wait for this person; `whoms` by step."""
    return [
        step
        for step in steps
        if _waits_for(user, step, {step.role, *vars(step)["climbed"]}, holders, whoms[step.pk])
    ]


def _holders_of(whoms: Collection[IsOf], at: datetime | None) -> Holders:
    """Whoever holds a role for any of these."""
    authorities = {whom.authority_id for whom in whoms}
    return Holders.load(authorities, {whom.home_id for whom in whoms if whom.home_id}, at=at)


def _waits_for(user: User, step: StepRun, roles: Iterable[str], holders: Holders, whom: IsOf) -> bool:
    """Whoever took the step over has it; left since, away, or in a conflict, it is the role's again."""
    if step.holder_id and holders.can_answer(step.holder_id, whom.authority_id, whom.home_id, whom.child_id):
        return step.holder_id == user.pk
    return any(user.pk in _holders(role, holders, whom) for role in roles)


def _holders(role: str, holders: Holders, whom: IsOf) -> set[UUID]:
    rows = holders.of(
        role,
        authority_id=whom.authority_id,
        home_id=whom.home_id,
        team_id=whom.team_id,
        allocated_worker_id=whom.allocated_worker_id,
        child_id=whom.child_id,
    )
    return {row.user_id for row in rows}


def _whom(episode: MissingEpisode, home_now_id: UUID | None) -> Whom:
    """The home that has the carers: where the child is placed now, else was reported from."""
    child, home_id = episode.child, home_now_id or episode.home_id
    return Whom(episode.authority_id, home_id, child.team_id, child.allocated_worker_id, child.pk)


def whom_placed(placement: Placement) -> Whom:
    """Needs the child fetched."""
    child = placement.child
    return Whom(child.authority_id, placement.home_id, child.team_id, child.allocated_worker_id, child.pk)
