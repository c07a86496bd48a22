"""What people ask of episodes: who is not back, what happened, what is owed. Every list asks `access`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from casework.records.models import Child, ChronologyEntry, User
from casework.records.standing import standing_of
from casework.records.times import CaseworkNow
from incidents import rules
from incidents.access import UNSETTLED, actions_visible_to, episodes_visible_to, interviews_visible_to
from incidents.facts import EpisodeFacts, SpellFacts, facts_of
from incidents.models import (
    NO_ABSENCE,
    NOT_BACK,
    Action,
    Category,
    Decision,
    Ending,
    Indicator,
    LegalTool,
    Located,
    Meeting,
    MissingEpisode,
    News,
    PlacementNotice,
    PoliceAnswer,
    PreventionInterview,
    ReturnInterview,
    RiskAssessment,
    Spell,
    State,
)


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """An episode as a list shows it: its row, with child, home and authority, and its facts."""

    episode: MissingEpisode
    facts: EpisodeFacts

    @property
    def spell(self) -> SpellFacts | None:
        """The running one."""
        return next((spell for spell in self.facts.spells if spell.ended_at is None), None)

    @property
    def words(self) -> str:
        """ "Missing", "Away without permission", "Located, not back"."""
        return rules.words_for(self.episode.state, self.spell.category if self.spell else None)

    @property
    def since(self) -> datetime:
        """From when the state in `words` counts: the running spell, or when the child was located."""
        if self.spell:
            return self.spell.started_at
        return self.facts.returned_at or self.facts.located_at or self.facts.noticed_at


# ---- lists ----


def open_episodes(user: User) -> list[EpisodeLine]:
    """Every child who is not back, the longest gone first."""
    return lines(episodes_visible_to(user).filter(state__in=NOT_BACK).order_by("noticed_at"))


def follow_ups(user: User) -> list[EpisodeLine]:
    """Children who are back, with something still to do, the earliest return first."""
    return lines(episodes_visible_to(user).filter(state=State.FOLLOW_UP).order_by("returned_at"))


def sign_offs_waiting(user: User) -> list[EpisodeLine]:
    """Follow-ups of which every interview has its outcome."""
    return lines(awaiting_sign_off(episodes_visible_to(user)).order_by("returned_at"))


def awaiting_sign_off(episodes: QuerySet[MissingEpisode]) -> QuerySet[MissingEpisode]:
    """Of these, the follow-ups of which every interview has its outcome."""
    owed = ReturnInterview.objects.filter(covers__episode=OuterRef("pk"), state__in=UNSETTLED)
    return episodes.filter(~Exists(owed), state=State.FOLLOW_UP)


def with_standing(episodes: QuerySet[MissingEpisode]) -> QuerySet[MissingEpisode]:
    """Each with `category` (of the spell that runs), `authority_grade` and `police_grade`; "" for none.

    Columns of the statement, so that a count and the list that it opens are one question.
    """
    running = Spell.objects.filter(episode=OuterRef("pk"), ended_at__isnull=True)
    return episodes.annotate(
        category=_text_of(running.values("category")),
        authority_grade=_text_of(_grade_by(RiskAssessment.MadeBy.AUTHORITY)),
        police_grade=_text_of(_grade_by(RiskAssessment.MadeBy.POLICE)),
    )


def _grade_by(made_by: str) -> QuerySet[RiskAssessment, Any]:
    grades = RiskAssessment.objects.filter(episode=OuterRef("pk"), made_by=made_by)
    return grades.order_by("-assessed_at", "-recorded_at").values("grade")


def _text_of(one_column: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(one_column[:1]), Value(""), output_field=CharField())


def episodes_of(user: User, child: Child) -> list[EpisodeLine]:
    """A child's episodes that this person may see, the newest first."""
    return lines(episodes_visible_to(user).filter(child=child).order_by("-noticed_at"))


def lines(episodes: QuerySet[MissingEpisode]) -> list[EpisodeLine]:
    """Rows with their facts, in the order of the rows; the number of queries does not grow with them."""
    rows = list(episodes.select_related("child", "home", "authority"))
    facts = facts_of([row.pk for row in rows])
    return [EpisodeLine(row, facts[row.pk]) for row in rows]


def line_of(episode: MissingEpisode) -> EpisodeLine:
    """One episode with its facts."""
    return EpisodeLine(episode, facts_of([episode.pk])[episode.pk])


def interviews_waiting_for(user: User) -> QuerySet[ReturnInterview]:
    """Interviews without an outcome, the soonest due first: this person's own, and those nobody has."""
    mine_or_nobodys = Q(allocated_to=user) | Q(allocated_to__isnull=True)
    waiting = interviews_visible_to(user).filter(mine_or_nobodys, state__in=UNSETTLED)
    return waiting.select_related("child", "child__authority", "allocated_to").order_by("due_at")


def actions_waiting_for(user: User) -> QuerySet[Action]:
    """What this person has agreed to do and has not done, the soonest due first."""
    waiting = actions_visible_to(user).filter(owner=user, state=Action.State.OPEN)
    return waiting.select_related("episode__child", "episode__authority", "meeting").order_by("due_at")


def homes_actions_in(user: User, episode: MissingEpisode) -> QuerySet[Action]:
    """What this person's home was asked to do in an episode and has not done, the soonest due first."""
    homes = standing_of(user).home_ids
    rows = actions_visible_to(user).filter(episode=episode, owner_home__in=homes, state=Action.State.OPEN)
    return rows.order_by("due_at")


TURNED_18: Final = """
SELECT e.id, c.born_on
FROM incidents_missingepisode e JOIN records_child c ON c.id = e.child_id
CROSS JOIN LATERAL (
    SELECT ((c.born_on + interval '18 years')::date
            + (date_part('day', c.born_on + interval '18 years') <> date_part('day', c.born_on))::int
           )::timestamp AT TIME ZONE 'Europe/London') AS birthday (at)
WHERE e.state IN ('open', 'located') AND birthday.at <= casework_now() AND e.noticed_at < birthday.at
LIMIT %s"""


def turned_18_while_gone(at_most: int) -> list[tuple[UUID, date]]:
    """Whoever is not back and turned 18 meanwhile, with the day of birth; a few at a time.

    Somebody who was 18 already when they were reported is none of these: that report is for people to end.
    """
    with connection.cursor() as cursor:
        cursor.execute(TURNED_18, [at_most])
        return list(cursor.fetchall())


def interviews_outstanding(user: User) -> QuerySet[ReturnInterview]:
    """All without an outcome, whoever is to hold them, the soonest due first."""
    rows = interviews_visible_to(user).filter(state__in=UNSETTLED)
    beside = rows.select_related("child", "child__authority", "allocated_to")
    return beside.prefetch_related("episodes__child", "attempts").order_by("due_at", "pk")


def last_known(children: Iterable[Child], since: datetime) -> dict[UUID, MissingEpisode]:
    """For each child, the absence that runs, else the one they came back from last, not before `since`.

    For somebody who is told no more than whether a child is back: the caller may know of these children.
    """
    gone = Spell.objects.filter(episode=OuterRef("pk")).exclude(category=Category.CONCERN)
    rows = MissingEpisode.objects.filter(
        Exists(gone), Q(state__in=NOT_BACK) | Q(returned_at__gte=since), child__in=children
    ).exclude(state__in=NO_ABSENCE)
    return {row.child_id: row for row in rows.order_by(F("returned_at").asc(nulls_last=True))}


# ---- one child, one episode ----


def not_back_episode_of(child: Child) -> MissingEpisode | None:
    """The one episode in which the child is not back, if there is one."""
    return MissingEpisode.objects.filter(child=child, state__in=NOT_BACK).first()


def children_not_back(children: Iterable[Child]) -> set[UUID]:
    """Which of these children are not back; the caller may know of them."""
    not_back = MissingEpisode.objects.filter(child__in=children, state__in=NOT_BACK)
    return set(not_back.values_list("child_id", flat=True))


def went_together(user: User, episode: MissingEpisode) -> list[EpisodeLine]:
    """The episodes of those who went with this child, as far as this person may see them."""
    if episode.together_id is None:
        return []
    rows = episodes_visible_to(user).filter(together_id=episode.together_id)
    return lines(rows.exclude(pk=episode.pk).order_by("noticed_at"))


def story_of(episode: MissingEpisode) -> QuerySet[ChronologyEntry]:
    """What happened, the newest first. An interview that covers this episode belongs to its story too, and so
    does a report of the same child that was joined to it.
    """
    interviews = episode.interview_covers.values("interview_id")
    joined = Ending.objects.filter(joined_to=episode, episode__child=episode.child_id)
    return (
        ChronologyEntry.objects.filter(
            Q(episode_id=episode.pk)
            | Q(episode_id__in=joined.values("episode_id"))
            | Q(about_kind="returninterview", about_id__in=interviews)
        )
        .select_related("actor")
        .order_by("-occurred_at", "-recorded_at")
    )


def news_of(episode: MissingEpisode) -> QuerySet[News]:
    """Sightings, calls, messages; the newest first."""
    return episode.news.select_related("recorded_by", "force").order_by("-happened_at", "-recorded_at")


def enquiries_about(child: Child) -> QuerySet[News]:
    """Who asked for a child who was not missing then, the newest first."""
    rows = child.news.filter(episode__isnull=True).select_related("recorded_by", "force")
    return rows.order_by("-happened_at")


def notice_on(episode: MissingEpisode) -> PlacementNotice | None:
    """The home's last notice on the place of a child who is not back, while it is the same placement."""
    if not episode.is_open:
        return None
    notices = episode.notices.filter(placement__period__contains=CaseworkNow())
    return notices.order_by("given_at", "recorded_at").last()


def findings_of(episode: MissingEpisode) -> QuerySet[Located]:
    """Where the child turned out to be, each time; and whether it was them, where the police said so."""
    return episode.findings.select_related("proposed_by", "answer__answered_by").order_by("located_at")


def proposed_finding(episode: MissingEpisode) -> Located | None:
    """What the police say that they have found, while nobody who knows the child has answered."""
    if episode.state != State.LOCATED:
        return None
    return _unanswered(episode.findings.all()).select_related("proposed_by").last()


def is_proposed() -> Exists:
    """The same for a list of episodes: whether a finding waits for an answer."""
    return Exists(_unanswered(Located.objects.filter(episode=OuterRef("pk"), episode__state=State.LOCATED)))


def last_police_answer() -> Subquery:
    """For a list of episodes: what the police answered last (`PoliceAnswer.Answer`), None before they have.

    Two calls can have the same time, to the minute: the one written down later counts, as for the protocol.
    """
    answers = PoliceAnswer.objects.filter(episode=OuterRef("pk"))
    return Subquery(answers.order_by("-told_at", "-recorded_at", "-pk").values("answer")[:1])


def _unanswered(findings: QuerySet[Located]) -> QuerySet[Located]:
    return findings.filter(proposed_by__isnull=False, answer=None).order_by("recorded_at")


def prevention_of(episode: MissingEpisode) -> QuerySet[PreventionInterview]:
    """What became of the police's own talk, the newest first."""
    return episode.prevention.select_related("recorded_by").order_by("-happened_at", "-recorded_at")


def grades_of(episode: MissingEpisode) -> QuerySet[RiskAssessment]:
    """Both histories, the newest first; `made_by` tells them apart."""
    return episode.risk_assessments.select_related("recorded_by").order_by("-assessed_at", "-recorded_at")


def police_answers_of(episode: MissingEpisode) -> QuerySet[PoliceAnswer]:
    """What the police said, the newest first, each with its challenges."""
    answers = episode.police_answers.select_related("recorded_by", "spell")
    return answers.prefetch_related("challenges__made_by").order_by("-told_at", "-recorded_at")


def live_indicators_of(child: Child) -> QuerySet[Indicator]:
    """The signs of danger that stand, the newest first."""
    return child.indicators.filter(withdrawn_at__isnull=True).order_by("-seen_at")


def interviews_of(user: User, episode: MissingEpisode) -> QuerySet[ReturnInterview]:
    """The interviews that cover an episode, as far as this person may read them, the newest first."""
    rows = interviews_visible_to(user).filter(covers__episode=episode)
    return rows.select_related("allocated_to", "held_by").order_by("-recorded_at")


# ---- meetings, what was agreed, decisions, legal tools ----


def meetings_of(episode: MissingEpisode) -> QuerySet[Meeting]:
    """With who came, the newest first."""
    rows = episode.meetings.select_related("recorded_by").prefetch_related("attendees")
    return rows.order_by("-held_at", "-recorded_at")


def actions_of(user: User, episode: MissingEpisode) -> QuerySet[Action]:
    """What was agreed, as far as this person sees it, the soonest due first."""
    rows = actions_visible_to(user).filter(episode=episode)
    return rows.select_related("owner", "owner_home", "settled_by", "meeting").order_by("due_at")


def decisions_of(episode: MissingEpisode) -> QuerySet[Decision]:
    """The newest first."""
    return episode.decisions.select_related("recorded_by").order_by("-decided_at", "-recorded_at")


def legal_tools_of(episode: MissingEpisode) -> QuerySet[LegalTool]:
    """With their stages, the newest first."""
    rows = episode.legal_tools.select_related("recorded_by").prefetch_related("stages__recorded_by")
    return rows.order_by("-recorded_at")
