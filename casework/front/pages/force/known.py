"""What is known of a child, in words, in the order in which somebody who looks for them needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from casework.front.pages.kit.cards import Picture
from casework.front.pages.kit.freshness import Freshness, freshness
from casework.front.pages.kit.photo_words import alt_words, taken_words
from casework.records.models import FactKind
from incidents.models import (
    Category,
    FindingAnswer,
    Grade,
    IndicatorCode,
    Located,
    News,
    RiskAssessment,
)
from incidents.shared import (
    SharedEpisode,
    SharedFact,
    SharedFinding,
    SharedGrade,
    SharedNews,
    SharedPhoto,
    SharedSpell,
)

K = FactKind
LOOKS_LIKE: Final = (K.DESCRIPTION,)
IN_DANGER: Final = (K.VULNERABILITY, K.MEDICAL, K.SAY)
REACHED_BY: Final = (K.PHONE, K.SOCIAL_MEDIA)
GOES_TO: Final = (K.FRIEND, K.FAMILY, K.PLACE, K.TRAVEL, K.VEHICLE, K.MONEY, K.SCHOOL)
ANSWERS: Final = {
    "": "",
    "proposed": "Waiting for their answer",
    **{answer.value: str(answer.label) for answer in FindingAnswer.Answer},
}


@dataclass(frozen=True)
class Fact:
    """One fact with its age: old news is worse than none when it is not known to be old."""

    words: str
    source: str
    fresh: Freshness


@dataclass(frozen=True)
class Section:
    """All that is known of one sort."""

    label: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Sign:
    """A sign of danger."""

    label: str
    words: str
    seen_at: datetime


@dataclass(frozen=True)
class Stretch:
    """A stretch of the absence."""

    label: str
    spell: SharedSpell


@dataclass(frozen=True)
class History:
    """The grades that one of the two gave, the newest first."""

    who: str
    grades: Sequence[tuple[str, SharedGrade]]


@dataclass(frozen=True)
class Heard:
    """Something heard or seen."""

    label: str
    how_sure: str
    news: SharedNews


@dataclass(frozen=True)
class Finding:
    """Where somebody found the child, and what those who know them answered."""

    found_by: str
    answer: str
    finding: SharedFinding

    @property
    def colour(self) -> str:
        return {"confirmed": "green", "refused": "red"}.get(self.finding.answer, "blue")


@dataclass(frozen=True)
class Shot:
    """A photograph, when it was taken and where it is from."""

    picture: Picture
    taken: str
    source: str


@dataclass(frozen=True)
class Known:
    """The parts of the page."""

    shots: Sequence[Shot]
    looks: Sequence[Section]
    dangers: Sequence[Section]
    phones: Sequence[Section]
    places: Sequence[Section]
    signs: Sequence[Sign]
    spells: Sequence[Stretch]
    histories: Sequence[History]
    heard: Sequence[Heard]
    findings: Sequence[Finding]
    refused: SharedFinding | None  # the force's own last finding, when it was not the child


def known_of(it: SharedEpisode, at: datetime) -> Known:
    """The same, in the words of the code lists; what was last first, but for the stretches of the absence."""
    findings = [_finding(one) for one in reversed(it.findings)]
    last = it.findings[-1] if it.findings else None
    return Known(
        shots=[_shot(one) for one in it.photos],
        looks=_sections(it.facts, LOOKS_LIKE, at, with_empty=True),
        dangers=_sections(it.facts, IN_DANGER, at),
        phones=_sections(it.facts, REACHED_BY, at),
        places=_sections(it.facts, GOES_TO, at),
        signs=[Sign(str(IndicatorCode(one.code).label), one.words, one.seen_at) for one in it.signs],
        spells=[Stretch(str(Category(one.category).label), one) for one in it.spells],
        histories=[_history(who, it.grades) for who in RiskAssessment.MadeBy],
        heard=[_heard(one) for one in reversed(it.news)],
        findings=findings,
        refused=last if last and last.is_ours and last.answer == FindingAnswer.Answer.REFUSED else None,
    )


def _shot(one: SharedPhoto) -> Shot:
    taken = taken_words(one.taken_on, is_rough=one.is_rough)
    url = reverse("pages:shared-photo", args=[one.episode_id, one.id])
    return Shot(Picture(url, alt_words(taken), one.width, one.height), taken, one.source)


def _sections(
    facts: Iterable[SharedFact], kinds: Iterable[FactKind], at: datetime, *, with_empty: bool = False
) -> list[Section]:
    """The sorts of which something is known; with those of which nothing is, where that is news too."""
    found = []
    for kind in kinds:
        known = [
            Fact(one.words, one.source, freshness(one.confirmed_at, at)) for one in facts if one.kind == kind
        ]
        if known or with_empty:
            found.append(Section(str(kind.label), known))
    return found


def _history(who: RiskAssessment.MadeBy, grades: Iterable[SharedGrade]) -> History:
    given = [(str(Grade(one.grade).label), one) for one in grades if one.made_by == who]
    return History(str(who.label), given[::-1])


def _heard(news: SharedNews) -> Heard:
    sure = str(News.HowSure(news.how_sure).label) if news.how_sure else ""
    return Heard(str(News.Kind(news.kind).label), sure, news)


def _finding(one: SharedFinding) -> Finding:
    return Finding(str(Located.FoundBy(one.found_by).label), ANSWERS[one.answer], one)
