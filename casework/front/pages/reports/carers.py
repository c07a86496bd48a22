"""What a home sees of its children: who lives here now, who is not back, and a report as carers read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.urls import reverse

from casework.front.pages.episodes.step_cards import by_phone, why
from casework.front.pages.episodes.step_tellings import TOLD_ON, ring_for
from casework.front.pages.kit import days_only, words
from casework.front.pages.kit.cards import Action, StepCard
from casework.front.pages.kit.identity import age_at
from casework.records import audit
from casework.records.access import children_within
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.models import Child, Home, Placement, User
from casework.records.standing import Standing, standing_of
from casework.records.times import CaseworkNow
from incidents import rules
from incidents.access import episodes_visible_to
from incidents.models import NOT_BACK, Category, MissingEpisode, Return, Spell, State
from protocols.models import StepRun, StepState

CARER: Final = "carer"  # the rule book's word for whoever looks after the child tonight
OWED: Final = (StepState.WAITING, StepState.FIRED, StepState.FAILED)
MET_BY_POLICE: Final = frozenset({"police_settled", "told_police"})
OFSTED_DECIDED: Final = "ofsted_decided"
RECENT: Final = timedelta(days=3)

_FOR: Final = {Category.MISSING: "Missing", Category.AWAY: "Away", Category.CONCERN: "Late"}


# Who lives here --------------------------------------------------------------------------------------


def provider_standing(user: User) -> Standing:
    """The standing of somebody who works in a home; `NotFound` for everybody else."""
    standing = standing_of(user)
    if not standing.home_ids:
        raise NotFound
    return standing


def is_tablet(user: User) -> bool:
    """Whether this is a home's shared tablet, which has to ask who is typing."""
    return standing_of(user).is_tablet


def homes_of(standing: Standing) -> list[Home]:
    return list(Home.objects.filter(pk__in=standing.home_ids).select_related("provider").order_by("name"))


def children_here(user: User) -> list[Child]:
    """The children placed at this moment in the homes where this person works."""
    return children_of(provider_standing(user))


def children_of(standing: Standing) -> list[Child]:
    """The same, each with `placed_now`: the placement that runs."""
    now_here = Placement.objects.filter(home_id__in=standing.home_ids, period__contains=CaseworkNow())
    placed = now_here.select_related("home")
    rows = children_within(standing).filter(pk__in=now_here.values("child_id"))
    return list(
        rows.prefetch_related(Prefetch("placements", queryset=placed, to_attr="placed_now")).order_by(
            "first_name", "last_name"
        )
    )


def name_and_age(child: Child, at: datetime) -> str:
    """Ola Brightwater, 16."""
    return f"{child.name}, {age_at(child, at)}"


def log_list(user: User, about_kind: str, children: Iterable[Child]) -> None:
    """A list of names is a look at each of them."""
    audit.looked(user, child_ids=[child.pk for child in children], about_kind=about_kind, fields=("name",))


# Their reports ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CarerReport:
    """One report as the home needs it: where it stands, and what the home owes next."""

    episode: MissingEpisode
    now: datetime
    steps: Sequence[StepRun] = ()

    @property
    def child(self) -> Child:
        return self.episode.child

    @property
    def name_and_age(self) -> str:
        return name_and_age(self.child, self.now)

    @cached_property
    def running(self) -> Spell | None:
        """The spell that goes on; none once the child is located or back."""
        return next((spell for spell in self.episode.spells.all() if spell.ended_at is None), None)

    @property
    def category(self) -> str:
        return self.running.category if self.running else ""

    @property
    def tag(self) -> str:
        """Missing, Away, Late; Located; Returned; or how it ended otherwise."""
        if self.running:
            return _FOR[Category(self.running.category)]
        if self.episode.state == State.LOCATED:
            return "Located"
        return "Returned" if self.episode.returned_at else self.standing

    @property
    def standing(self) -> str:
        """Where it stands, as staff say it."""
        return rules.words_for(self.episode.state, self.category or None)

    @property
    def is_open(self) -> bool:
        return self.episode.is_open

    @property
    def how_long(self) -> str:
        """Missing for 4 hours 57 minutes."""
        if not self.running:
            return self.standing
        if days_only.is_gone_from_day(self.episode):
            return f"{self.tag} for {days_only.gone_for(self.episode, self.now)}"
        return f"{self.tag} for {words.span_in_full(self.now - self.episode.missing_from)}"

    @property
    def since(self) -> str:
        """Missing since Today 17:50."""
        if self.running:
            return f"{self.tag} since {days_only.gone_from(self.episode, self.now)}"
        return self.standing

    @property
    def police_are_needed(self) -> bool:
        """Nobody has told the police of a child who is missing; of one from the files, nobody knows here."""
        told = self.episode.told_police_at is not None
        return self.category == Category.MISSING and not told and self.episode.imported_at is None

    @property
    def owed(self) -> list[StepRun]:
        """What this home owes, soonest first."""
        return [step for step in self.steps if step.role == CARER and step.rung == 0 and step.state in OWED]

    @property
    def next_owed(self) -> StepRun | None:
        return next(iter(self.owed), None)

    @property
    def ahead(self) -> list[StepRun]:
        """What others do next, soonest first."""
        return [step for step in self.steps if step.role != CARER and step.rung == 0 and step.state in OWED]

    @property
    def back(self) -> Return | None:
        """The return, once there is one; the latest when the child came back twice."""
        return max(self.episode.returns.all(), key=lambda row: row.recorded_at, default=None)


def reports_of(episodes: Iterable[MissingEpisode], now: datetime) -> list[CarerReport]:
    """With the steps of each, in a constant number of queries."""
    rows = list(episodes)
    steps: dict[UUID, list[StepRun]] = {row.pk: [] for row in rows}
    found = StepRun.objects.filter(
        episode_id__in=steps, run__stopped_at__isnull=True, superseded_at__isnull=True
    )
    for step in found.select_related("step", "run__version", "done_by", "acknowledged_by").order_by(
        "due_at", "step__ordinal"
    ):
        if step.episode_id:
            steps[step.episode_id].append(step)
    return [CarerReport(row, now, steps[row.pk]) for row in rows]


def open_episodes_of(user: User, children: Iterable[Child]) -> list[MissingEpisode]:
    """Of these children, those not back, the longest gone first."""
    rows = episodes_visible_to(user).filter(child__in=list(children), state__in=NOT_BACK)
    return list(whole(rows).order_by("noticed_at"))


def episodes_to_show(user: User, children: Iterable[Child], now: datetime) -> list[MissingEpisode]:
    """Those not back, the longest gone first; then those back in the last three days, the earliest first:
    there may be more to tell of these, or a time to put right.
    """
    lately = Q(state__in=(State.FOLLOW_UP, State.LATE_BACK), returned_at__gte=now - RECENT)
    rows = episodes_visible_to(user).filter(Q(state__in=NOT_BACK) | lately, child__in=list(children))
    return list(whole(rows).order_by(F("returned_at").asc(nulls_first=True), "noticed_at"))


def open_by_child(user: User, children: Iterable[Child], now: datetime) -> Mapping[UUID, CarerReport]:
    """The open report of each of these children who has one."""
    return {row.child_id: CarerReport(row, now) for row in open_episodes_of(user, children)}


def report_of(episode: MissingEpisode, now: datetime) -> CarerReport:
    """One report, of an episode already fetched by access."""
    return reports_of([whole(MissingEpisode.objects.filter(pk__in=[episode.pk])).get()], now)[0]


def whole(rows: QuerySet[MissingEpisode]) -> QuerySet[MissingEpisode]:
    """With everything that a home's page of them reads."""
    return rows.select_related("child", "authority", "home__police_force").prefetch_related(
        "spells", "returns"
    )


def owed_card(step: StepRun, episode: MissingEpisode, now: datetime, may: Mapping[Act, bool]) -> StepCard:
    """A step of the home's with the way to meet it: a call with its number, the decision, or a few words."""
    action = _way_to_meet(step, may)
    return StepCard(
        ring=ring_for(step.step.met_by or "", episode, now),
        title=step.step.title,
        due_at=step.due_at,
        paragraphs=[step.step.what, *by_phone(step.step)],
        actions=[Action(action[0], action[1], step.step.title, is_main=True)] if action else [],
        why=why(step),
    )


def _way_to_meet(step: StepRun, may: Mapping[Act, bool]) -> tuple[str, str] | None:
    if step.step.met_by in MET_BY_POLICE:
        url = reverse("pages:report-police", args=[step.episode_id])
        return ("Record the call to the police", url) if may[Act.RECORD_POLICE_ANSWER] else None
    if whom := TOLD_ON.get(step.step.met_by or ""):
        url = reverse("pages:report-tell", args=[step.episode_id, step.pk])
        return (whom.button, url) if may[Act.TELL] else None
    if step.step.met_by == OFSTED_DECIDED:  # by the provider's manager alone
        url = reverse("pages:report-ofsted", args=[step.episode_id])
        return ("Decide whether Ofsted is told", url) if may[Act.DECIDE_OFSTED] else None
    url = reverse("pages:report-step", args=[step.episode_id, step.pk])
    return ("Record what you did", url) if may[Act.COMPLETE_STEP] else None
