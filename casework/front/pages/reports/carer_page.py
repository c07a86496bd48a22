"""What stands on every page of one report as its home sees it; opening it is a look, and is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from casework.front.pages.episodes.step_cards import role_words
from casework.front.pages.kit.cards import Action, StepCard, SummaryRow
from casework.front.pages.kit.door import person
from casework.front.pages.kit.identity import age_at
from casework.front.pages.reports import carers
from casework.front.pages.reports.carers import CarerReport
from casework.front.pages.reports.report_summary import reported, said_within, say_first
from casework.front.pages.reports.told import ToldLine, who_was_told
from casework.records import audit
from casework.records.access import current_home_id, may_see
from casework.records.acts import Act
from casework.records.models import Disclosure, User
from casework.records.photos import for_police, photos_of
from casework.records.standing import Standing, standing_of
from casework.records.times import now
from incidents.access import episodes_visible_to
from incidents.facts import facts_of
from incidents.models import (
    Category,
    Decision,
    DecisionKind,
    InterviewShare,
    Located,
    MissingEpisode,
    News,
    PlacementNotice,
    PoliceAnswer,
)
from incidents.queries import decisions_of, homes_actions_in, news_of, notice_on, proposed_finding
from protocols.models import StepRun

SOON: Final = 6  # of the coming steps, those that a home wants to know tonight
AT_ONCE: Final = 5  # things to do that one screen of a telephone can hold


@dataclass(frozen=True)
class NextStep:
    """What somebody else does, by when."""

    step_run: StepRun
    who: str
    by: str  # today 23:58


@dataclass(frozen=True)
class CarerPage:
    """One report, with what this person may do about it."""

    report: CarerReport
    reader: User
    standing: Standing
    may: dict[Act, bool]

    @property
    def episode(self) -> MissingEpisode:
        return self.report.episode

    @property
    def report_url(self) -> str:
        """The page of this report that is this reader's: the home's, or the authority's."""
        name = "report-detail" if self.standing.is_provider_only else "episode-detail"
        return reverse(f"pages:{name}", args=[self.episode.pk])

    @property
    def cards(self) -> list[StepCard]:
        """What the home owes, each with the way to do it."""
        return [self._card(step) for step in self.report.owed]

    @property
    def first_cards(self) -> list[StepCard]:
        """What is owed first; more than that at once is read by nobody."""
        return self.cards[:AT_ONCE]

    @property
    def later_cards(self) -> list[StepCard]:
        return self.cards[AT_ONCE:]

    @property
    def besides_police(self) -> list[StepCard]:
        """The same, without the call to the police, which has a box of its own."""
        owed = (step for step in self.report.owed if step.step.met_by not in carers.MET_BY_POLICE)
        return [self._card(step) for step in owed]

    def _card(self, step: StepRun) -> StepCard:
        return carers.owed_card(step, self.episode, self.report.now, self.may)

    @property
    def asked(self) -> list[StepCard]:
        """What the authority asked of this home, soonest due first."""
        return [
            StepCard(row.what, row.due_at, actions=[self._way_to_do(row.pk, row.what)])
            for row in homes_actions_in(self.reader, self.episode)
        ]

    def _way_to_do(self, action_id: UUID, what: str) -> Action:
        url = reverse("pages:report-action", args=[self.episode.pk, action_id])
        return Action("Record what came of it", url, what[:60], is_main=True)

    @property
    def ofsted(self) -> Decision | None:
        """What the provider's manager decided about telling Ofsted, last."""
        return decisions_of(self.episode).filter(kind=DecisionKind.OFSTED).first()

    @property
    def coming(self) -> list[NextStep]:
        return [self._next(step) for step in self.report.ahead[:SOON]]

    def _next(self, step: StepRun) -> NextStep:
        who = role_words(step.role)
        by = said_within(step.due_at, self.report.now)
        return NextStep(step, who[:1].upper() + who[1:], by)

    @property
    def together(self) -> Sequence[CarerReport]:
        """The reports of those who went along, as far as they are this reader's to see."""
        if self.episode.together_id is None:
            return []
        rows = episodes_visible_to(self.reader).filter(together_id=self.episode.together_id)
        return carers.reports_of(carers.whole(rows.exclude(pk=self.episode.pk)), self.report.now)

    @property
    def told(self) -> list[ToldLine]:
        return who_was_told(
            self.episode,
            self.report.now,
            police_are_needed=self.report.police_are_needed,
            with_reasons=self._sees(Disclosure, "reason_not_told"),
        )

    def _sees(self, model: type[Model], field: str) -> bool:
        """Whether this field is shown to this reader, on a page that a shared tablet opens too."""
        episode = self.episode
        home_id = current_home_id(episode.child)
        return may_see(self.standing, model, field, authority_id=episode.authority_id, home_id=home_id)

    @property
    def rows(self) -> list[SummaryRow]:
        """What was reported."""
        return reported(self.episode, self.report.now)

    @property
    def news(self) -> QuerySet[News]:
        return news_of(self.episode)

    @property
    def notice(self) -> PlacementNotice | None:
        """The home's notice on the place, for those who may read it."""
        return notice_on(self.episode) if self._sees(PlacementNotice, "reason") else None

    @property
    def proposed(self) -> Located | None:
        """What the police say that they have found, for those who may answer it."""
        return proposed_finding(self.episode) if self.may[Act.RECORD_LOCATED] else None

    @property
    def lacks_photo(self) -> bool:
        """Missing, and the police have no photograph to look with."""
        is_missing = self.report.is_open and self.report.category == Category.MISSING
        return is_missing and not for_police(self.report.child)

    @property
    def has_photos(self) -> bool:
        return bool(photos_of(self.report.child))

    @property
    def shared_interviews(self) -> QuerySet[InterviewShare]:
        """What was written for this home of the talk afterwards; nothing else of it is the home's to read."""
        home_id = current_home_id(self.episode.child)
        rows = InterviewShare.objects.filter(interview__covers__episode=self.episode)
        if home_id is None or home_id not in self.standing.home_ids:
            return rows.none()
        return rows.filter(home_id=home_id).select_related("shared_by").order_by("-recorded_at")

    @property
    def say_first(self) -> str:
        facts = facts_of([self.episode.pk])[self.episode.pk]
        return say_first(
            self.episode, age_at(self.report.child, self.report.now), facts.indicators, self.report.now
        )

    @property
    def police_answer(self) -> PoliceAnswer | None:
        """The last thing the police said."""
        return self.episode.police_answers.order_by("-told_at", "-recorded_at").first()

    @property
    def to_challenge(self) -> PoliceAnswer | None:
        """A refusal or a low grade that nobody has challenged yet."""
        last = self.police_answer
        if last is None or last.answer == PoliceAnswer.Answer.TAKEN or not self.report.is_open:
            return None
        return None if last.challenges.exists() else last


def page_of(request: HttpRequest, episode: MissingEpisode) -> CarerPage:
    """For an episode already fetched by access. What was reported is on it, signs of danger included."""
    user = person(request)
    audit.looked(user, child=episode.child, about_kind="episode", about_id=episode.pk, fields=("indicators",))
    standing = standing_of(user)
    home_id = current_home_id(episode.child)
    may = {act: standing.may(act, authority_id=episode.authority_id, home_id=home_id) for act in Act}
    return CarerPage(carers.report_of(episode, now()), user, standing, may)
