"""Whose children a manager's page is about: their team's, or all of the authority's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import Known, asked_of_list
from casework.records.errors import NotAllowed
from casework.records.models import Placement, Role, Team, User
from casework.records.standing import DECIDERS, SENIOR_ROLES, Standing, standing_of
from casework.records.times import now
from incidents.access import episodes_within, interviews_within
from incidents.models import MissingEpisode, ReturnInterview
from protocols.access import plan_steps_within
from protocols.models import StepRun

MINE: Final = "mine"
ALL: Final = "all"


@dataclass(frozen=True)
class Choice:
    """One answer to "for whom?"."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Scope:
    """One reader at one moment, and the teams they look at."""

    user: User
    standing: Standing
    at: datetime
    authority_ids: frozenset[UUID]
    teams: Sequence[Team]
    of: str  # mine, all, or the key of a team
    asked: Mapping[str, str]

    @classmethod
    def read(cls, request: HttpRequest, *, roles: frozenset[Role] = DECIDERS, **known: Known) -> Self:
        """What the address asks. `NotAllowed` for somebody who answers for nobody's work."""
        user, standing = person(request), standing_of(person(request))
        authority_ids = standing.authorities_where(roles)
        if not authority_ids:
            raise NotAllowed("This page is for managers. Ask your team manager.")
        teams = list(Team.objects.filter(authority_id__in=authority_ids).order_by("name"))
        offered = {ALL, *(str(team.pk) for team in teams), *([MINE] if _led(standing) else [])}
        asked = asked_of_list(request, of=frozenset(offered), **known)
        first = MINE if _led(standing) else ALL
        return cls(user, standing, now(), authority_ids, teams, asked.get("of", first), asked)

    @property
    def choices(self) -> list[Choice]:
        """One's own teams, all, or one of them; nothing to choose where there is only all."""
        led, offered = _led(self.standing), [(ALL, "All teams")]
        if led:
            names = " and ".join(team.name for team in self.teams if team.pk in led)
            offered.insert(0, (MINE, names or "Your team"))
        offered += [(str(team.pk), team.name) for team in self.teams if team.pk not in led]
        return [Choice(value, text, value == self.of) for value, text in offered]

    @property
    def keep(self) -> str:
        """What the links of the page go on with."""
        return f"of={self.of}"

    @property
    def children(self) -> Q:
        """The children, as a condition on what is about a child."""
        inside = Q(child__authority_id__in=self.authority_ids)
        if self.of == ALL:
            return inside
        if self.of == MINE:  # a child in no team is every team manager's
            team = Q(child__team_id__in=_led(self.standing)) | Q(child__team_id__isnull=True)
            return inside & team
        return inside & Q(child__team_id=self.of)

    @property
    def episodes(self) -> QuerySet[MissingEpisode]:
        return episodes_within(self.standing).filter(self.children)

    @property
    def plan_steps(self) -> QuerySet[StepRun]:
        """What prepares for an absence, where these children live."""
        placements = Placement.objects.filter(self.children)
        return plan_steps_within(self.standing).filter(run__placement__in=placements)

    @property
    def interviews(self) -> QuerySet[ReturnInterview]:
        return interviews_within(self.standing).filter(self.children)


def _led(standing: Standing) -> frozenset[UUID]:
    """The teams of a team manager; none for one who leads the whole authority, or answers for it."""
    if standing.authorities_where(SENIOR_ROLES):
        return frozenset()
    return frozenset(
        post.team_id for post in standing.posts if post.role == Role.TEAM_MANAGER and post.team_id
    )
