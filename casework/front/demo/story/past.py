"""An absence of some days or weeks ago, from the report to as far as it has come by today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from casework.front.demo.people import BEV, FEMI, Person
from casework.front.demo.story.absence import Absence
from casework.front.demo.story.agreeing import has_met
from casework.front.demo.story.answers import ANSWERS
from casework.front.demo.story.stage import Stage
from casework.records.local_time import WALL, parse_local
from incidents.models import Category, Grade

GIVE_THE_CHILD_REST: Final = timedelta(hours=3)
OFFERED_AT: Final = time(10, 30)
MEETING_HOURS: Final = (time(11, 15), time(16, 20))
SIGNED_AT: Final = time(15, 10)
STRATEGY_AFTER: Final = timedelta(hours=10)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A return interview so many hours after the return: the child's words, and what they may mean."""

    after: float
    words: str
    reading: str
    reasons: Sequence[str]
    where: str = "A café in town"
    present: str = ""


@dataclass(frozen=True, kw_only=True)
class Declined:
    after: float
    carer_view: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Unable:
    after: float
    why: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """Located so many hours before the return."""

    before: float
    where: str
    by: str = "police"


@dataclass(frozen=True, kw_only=True)
class Past:
    """One absence. `opening` is the report in the home's own words, `gone` the hours from leaving to back."""

    carer: Person
    who: str
    days_ago: int
    left: str
    gone: float
    opening: str
    category: str = Category.MISSING
    where: str = "Front door"
    whereabouts: str = ""
    noticed_after: int = 45  # minutes
    grade: Grade = Grade.MEDIUM
    why: str = ""
    police_grade: Grade | None = Grade.MEDIUM
    found: Found | None = None
    back: str = "Walked in by the front door."
    said: str = ""
    interview: Held | Declined | Unable | None = None
    offer: str = "Rang the home and spoke to the child, who will think about it."
    learned: str = ""
    signed_by: Person = BEV
    signed_after: int | None = None  # days after the return


def play(stage: Stage, past: Past) -> None:
    """Tell it. What lies ahead of today is not told: that is for people to do."""
    absence = Absence(stage, stage.child(past.who), past.carer, duty=FEMI)
    left = stage.on_day(past.days_ago, past.left)
    noticed = left + timedelta(minutes=past.noticed_after)
    _report(absence, past, left, noticed)
    if past.category == Category.MISSING:
        _search(absence, past, noticed)
    back = left + timedelta(hours=past.gone)
    if past.found:
        located = back - timedelta(hours=past.found.before)
        absence.located(located, past.found.where, past.found.by, "Well. Tired.")
        absence.step(located + timedelta(minutes=12), "L1", FEMI)
    absence.back(back, past.back, said=past.said)
    if past.category != Category.CONCERN:
        _follow_up(absence, past, back)


def _report(absence: Absence, past: Past, left: datetime, noticed: datetime) -> None:
    absence.reported(
        noticed,
        category=past.category,
        last_seen=left,
        noticed=noticed,
        where=past.where,
        story=past.opening,
        whereabouts=past.whereabouts,
    )
    absence.step(noticed + timedelta(seconds=40), "E1")
    if past.category == Category.CONCERN:
        absence.step(noticed + timedelta(minutes=20), "E3", FEMI)


def _search(absence: Absence, past: Past, noticed: datetime) -> None:
    """The first hour, and the discussion when the night has passed."""
    absence.police_told(noticed + timedelta(minutes=6))
    absence.step(noticed + timedelta(minutes=9), "T1")
    if past.police_grade:
        absence.police_graded(noticed + timedelta(minutes=25), past.police_grade)
    absence.graded(
        noticed + timedelta(minutes=38), past.grade, past.why or "Known to us, and not known where."
    )
    if past.gone > STRATEGY_AFTER.total_seconds() / 3600 + 2:
        absence.news(noticed + timedelta(hours=4), "nothing_new")
        has_met(absence, noticed + STRATEGY_AFTER, "strategy", past.signed_by, decided=ANSWERS["T9"][-1])


def _follow_up(absence: Absence, past: Past, back: datetime) -> None:
    """As far as it has come: offered the next working morning, settled, signed off."""
    offered = _next(back + GIVE_THE_CHILD_REST, OFFERED_AT)
    if isinstance(past.interview, Unable):
        if _is_past(absence, settled := back + timedelta(hours=past.interview.after)):
            absence.interview_unable(settled, past.interview.why, past.interview.reason)
    elif _is_past(absence, offered):
        absence.interview_offered(offered, past.offer)
        _interview(absence, past.interview, back, offered)
    if past.signed_after is not None:
        signed = _next(back + timedelta(days=past.signed_after), SIGNED_AT)
        if _is_past(absence, signed):
            absence.signed_off(signed, past.learned, past.signed_by)


def _interview(
    absence: Absence, interview: Held | Declined | Unable | None, back: datetime, offered: datetime
) -> None:
    """Held or declined in the next morning or afternoon hour from when it was meant to be."""
    if interview is None:
        return
    meant = max(back + timedelta(hours=interview.after), offered + timedelta(minutes=20))
    at = min(_next(meant, clock) for clock in MEETING_HOURS)
    if not _is_past(absence, at):
        return
    if isinstance(interview, Held):
        absence.interview_held(
            at, interview.words, interview.reading, interview.reasons, interview.where, interview.present
        )
    elif isinstance(interview, Declined):
        absence.interview_declined(at, interview.carer_view, interview.reason)


def _is_past(absence: Absence, at: datetime) -> bool:
    return at < absence.stage.today


def _next(moment: datetime, clock: time) -> datetime:
    """That time of day on an English wall, at or after the moment."""
    day = moment.astimezone(WALL).date()
    at = parse_local(day, clock)
    return at if at >= moment else parse_local(day + timedelta(days=1), clock)
