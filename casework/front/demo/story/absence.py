"""One child's absence as people live it: who does what, when, through the services behind the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from casework.front.demo.people import BEV, INES, OMAR, Person
from casework.front.demo.story.answers import ANSWERS
from casework.front.demo.story.stage import Colleagues, Stage
from casework.records.local_time import eighteenth_birthday, parse_local
from casework.records.models import Child, PoliceForce
from casework.records.services import telling
from incidents.models import Category, Grade, MissingEpisode, ReturnInterview
from incidents.services import (
    closing,
    heard,
    interviews,
    police,
    referrals,
    reports,
    returns,
    risk,
    spells,
)
from protocols import acts, engine
from protocols.models import StepRun

POLICE_STATION_CALLS: Final = "Sergeant Odell, control room"
A_MOMENT: Final = timedelta(seconds=1)
INDEPENDENT: Final = interviews.Independence(is_caring=False, is_line_managed=False, is_trained=True)


class Absence:
    """An absence of one child on a stage. Each thing done moves the clock to its moment first."""

    def __init__(self, stage: Stage, child: Child, carer: Person, duty: Person = OMAR) -> None:
        self.stage = stage
        self.child = child
        self._carer = carer
        self._duty = duty
        self.episode: MissingEpisode

    # ---- gone ----

    def reported(
        self,
        at: datetime,
        *,
        category: str = Category.MISSING,
        last_seen: datetime,
        noticed: datetime | None = None,
        where: str = "Front door",
        story: str,
        wearing: str = "",
        checks: Sequence[str] = ("room", "grounds", "phoned"),
        indicators: Mapping[str, str] | None = None,
        whereabouts: str = "",
        together_with: Sequence[Child] = (),
    ) -> None:
        """The home reports the child; the search that comes first is written down with it."""
        self.stage.until(at)
        by = self.stage.user(self._carer)
        self.episode = reports.report_missing(
            by=by,
            child=self.child,
            category=category,
            noticed_at=noticed or at,
            last_seen_at=last_seen,
            last_seen_where=where,
            last_seen_by=by.name,
            circumstances=story,
            checks_made=checks,
            wearing=wearing,
            indicators=indicators,
            whereabouts=whereabouts,
            together_with=together_with,
        )
        self.stage.until(at + A_MOMENT)  # what comes due with the report is read after it
        self.wake()

    def joins(self, other: Absence) -> None:
        """This child went with the other one, whose report made both episodes."""
        self.episode = MissingEpisode.objects.get(child=self.child, together_id=other.episode.together_id)
        self.wake()

    def step(self, at: datetime, code: str, by: Person | None = None, words: Sequence[str] = ()) -> None:
        """Somebody meets a step by answering its questions; the home, if nobody is named."""
        self.stage.until(at)
        row = self._row(code)
        answers = dict(zip(row.step.evidence, words or ANSWERS[code], strict=True))
        acts.complete_step(by=self.stage.user(by or self._carer), step_run=row, evidence=answers)

    def promises(self, at: datetime, code: str, by: Person, until: datetime) -> None:
        self.stage.until(at)
        acts.acknowledge_step(by=self.stage.user(by), step_run=self._row(code), until=until)

    def hands_over(self, at: datetime, code: str, by: Person, to: Person) -> None:
        self.stage.until(at)
        acts.hand_over_step(by=self.stage.user(by), step_run=self._row(code), to=self.stage.user(to))
        self.wake()

    def police_told(
        self,
        at: datetime,
        *,
        by: Person | None = None,
        answer: str = police.Answer.TAKEN,
        officer: str = POLICE_STATION_CALLS,
        reason: str = "",
    ) -> None:
        """A call to the police; a report that they take has their reference."""
        self.stage.until(at)
        is_taken = answer != police.Answer.REFUSED
        self._answer = police.record_police_answer(
            by=self.stage.user(by or self._carer),
            episode=self.episode,
            answer=answer,
            told_at=at,
            officer=officer,
            reference=f"XP-{at:%d%m}-{at.hour * 60 + at.minute:04}" if is_taken else "",
            reason=reason,
        )
        self.wake()

    def challenged(self, at: datetime, by: Person, *, made_to: str, words: str, outcome: str) -> None:
        self.stage.until(at)
        police.record_challenge(
            by=self.stage.user(by),
            answer=self._answer,
            made_to=made_to,
            made_at=at,
            words=words,
            outcome=outcome,
        )
        self.wake()

    def graded(self, at: datetime, grade: Grade, why: str) -> None:
        """The authority's own grade, by whoever is on duty."""
        self.stage.until(at)
        by = self.stage.on_duty(self.child, at, self._duty)
        risk.assess_risk(by=by, episode=self.episode, made_by="authority", grade=grade, rationale=why)
        self.wake()

    def police_graded(self, at: datetime, grade: Grade, assessor: str = "PC Lowther") -> None:
        """What the police said their grade is, written down by whoever is on duty."""
        self.stage.until(at)
        risk.assess_risk(
            by=self.stage.on_duty(self.child, at, self._duty),
            episode=self.episode,
            made_by="police",
            grade=grade,
            rationale="",
            assessor=assessor,
        )
        self.wake()

    def news(
        self,
        at: datetime,
        kind: str,
        words: str = "",
        told_by: str = "",
        by: Person | None = None,
        force: str = "",
        **more: str,
    ) -> None:
        """`more` is what else is known of a sighting, or of words with the child; `force` by its name."""
        self.stage.until(at)
        heard.add_news(
            by=self.stage.user(by or self._carer),
            episode=self.episode,
            kind=kind,
            words=words,
            happened_at=at,
            told_by=told_by,
            force=PoliceForce.objects.get(name=force) if force else None,
            **more,
        )
        self.wake()

    def asked_for(self, at: datetime, said_name: str, number: str, asked: str, how_known: str) -> None:
        """Somebody rings the home and asks for the child; nobody tells them anything."""
        self.stage.until(at)
        by = self.stage.user(self._carer)
        heard.record_enquiry(
            by=by, child=self.child, said_name=said_name, number=number, asked=asked, how_known=how_known
        )
        self.wake()

    def told(
        self,
        at: datetime,
        audience: str,
        name: str,
        what: str,
        purpose: str,
        role: str = "",
        phone: str = "",
    ) -> None:
        """Somebody was rung who has no sign-in."""
        self.stage.until(at)
        telling.tell(
            by=self.stage.on_duty(self.child, at, self._duty),
            child=self.child,
            audience=audience,
            told_name=name,
            told_role=role,
            told_phone=phone,
            how="phone",
            what=what,
            purpose=purpose,
            episode_id=self.episode.pk,
        )
        self.wake()

    def home_office_told(
        self, at: datetime, name: str, reference: str, words: str = "", *, is_found: bool = False
    ) -> None:
        """Rung by whoever is on duty: a telling, and a referral with its reference."""
        self.stage.until(at)
        referrals.tell_home_office(
            by=self.stage.on_duty(self.child, at, self._duty),
            episode=self.episode,
            is_found=is_found,
            told_at=at,
            told_name=name,
            reference=reference,
            words=words,
        )
        self.wake()

    def turned_18(self) -> None:
        """The birthday comes while nobody knows where they are: the clock ends the absence at midnight."""
        birthday = eighteenth_birthday(self.child.born_on)
        self.stage.until(parse_local(birthday, time()) + timedelta(seconds=20))
        engine.end_at_18()
        self.wake()

    def recorded_away(self, at: datetime, whereabouts: str) -> None:
        self.stage.until(at)
        by = self.stage.on_duty(self.child, at, self._duty)
        spells.record_away(by=by, episode=self.episode, at=at, whereabouts=whereabouts, spoken_to=True)
        self.wake()

    def recorded_missing(self, at: datetime, reason: str) -> None:
        self.stage.until(at)
        by = self.stage.on_duty(self.child, at, self._duty)
        spells.record_missing(by=by, episode=self.episode, at=at, reason=reason)
        self.wake()

    # ---- found, and back ----

    def located(
        self, at: datetime, where: str, found_by: str, condition: str = "", with_whom: str = ""
    ) -> None:
        self.stage.until(at)
        returns.record_located(
            by=self.stage.on_duty(self.child, at, self._duty),
            episode=self.episode,
            located_at=at,
            where=where,
            found_by=found_by,
            with_whom=with_whom,
            condition=condition,
            identity_confirmed=True,
        )
        self.wake()

    def back(
        self, at: datetime, how: str, condition: str = "Tired and hungry. Not hurt.", said: str = ""
    ) -> None:
        self.stage.until(at)
        returns.record_return(
            by=self.stage.user(self._carer),
            episode=self.episode,
            returned_at=at,
            how=how,
            condition=condition,
            said=said,
        )
        self.wake()

    def never_gone(self, at: datetime, reason: str, by: Person = BEV) -> None:
        self.stage.until(at)
        closing.record_false_report(by=self.stage.user(by), episode=self.episode, reason=reason)
        self.wake()

    # ---- afterwards ----

    def interview_offered(self, at: datetime, words: str) -> None:
        """Ines takes it on and offers it."""
        self.stage.until(at)
        by = self.stage.user(INES)
        held = interviews.allocate_interview(by=by, interview=self._interview, to=by)
        interviews.offer_interview(by=by, interview=held, words=words)
        self.wake()

    def interview_tried(self, at: datetime, how: str, outcome: str) -> None:
        self.stage.until(at)
        interviews.record_attempt(
            by=self.stage.user(INES), interview=self._interview, how=how, outcome=outcome, tried_at=at
        )

    def interview_held(
        self,
        at: datetime,
        own_words: str,
        interpretation: str,
        reasons: Sequence[str],
        where: str = "A café in town",
        present: str = "",
    ) -> None:
        self.stage.until(at)
        interviews.record_interview(
            by=self.stage.user(INES),
            interview=self._interview,
            held_at=at,
            own_words=own_words,
            interpretation=interpretation,
            independence=INDEPENDENT,
            where=where,
            present=present,
            reasons=reasons,
        )
        self.wake()

    def interview_declined(self, at: datetime, carer_view: str, reason: str = "") -> None:
        self.stage.until(at)
        interviews.record_decline(
            by=self.stage.user(INES),
            interview=self._interview,
            declined_at=at,
            carer_view=carer_view,
            reason=reason,
        )
        self.wake()

    def interview_unable(self, at: datetime, why: str, reason: str = "") -> None:
        self.stage.until(at)
        interviews.record_unable(by=self.stage.user(INES), interview=self._interview, why=why, reason=reason)
        self.wake()

    def signed_off(self, at: datetime, learned: str, by: Person = BEV) -> None:
        self.stage.until(at)
        self.episode.refresh_from_db()
        closing.sign_off_episode(
            by=self.stage.user(by), episode=self.episode, version=self.episode.version, words=learned
        )
        self.wake()

    @property
    def _interview(self) -> ReturnInterview:
        return ReturnInterview.objects.filter(covers__episode=self.episode).latest("recorded_at")

    def wake(self) -> None:
        """What has happened in it is looked at."""
        self.stage.wake(self.episode.pk, Colleagues(self._carer, self._duty))

    def _row(self, code: str) -> StepRun:
        """The step as it is owed now."""
        rows = StepRun.objects.filter(
            episode=self.episode, step__code=code, rung=0, state__in=acts.OPEN, superseded_at=None
        )
        return rows.select_related("step").latest("occurrence")
