"""A shared absence as the pages show it at one moment: the list's row, and the bar above its own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from casework.front.pages.kit.cards import Badge, Identity
from casework.front.pages.kit.identity import INDICATOR_BADGES, age_on
from casework.front.pages.kit.words import calendar_day, wall
from casework.records.models import Sex
from incidents.models import Category, Grade, RiskAssessment
from incidents.shared import CLOSED, LOCATED, OPEN, RETURNED, SharedEpisode

YOUNG: Final = 13
MadeBy = RiskAssessment.MadeBy
# What the heading says, and the colour of the bar's badge.
STANDING: Final = {
    Category.MISSING: ("Missing", "Missing now", "red"),
    Category.AWAY: ("Away", "Away now", "blue"),
    Category.CONCERN: ("Late", "Late, being looked for", "blue"),
    LOCATED: ("Located", "Located, not back", "blue"),
    RETURNED: ("Back", "Back", "green"),
    CLOSED: ("Closed", "Closed", "black"),
}


@dataclass(frozen=True)
class Shown:
    """One absence. `it` is all that a force is shown of it."""

    it: SharedEpisode
    at: datetime

    @property
    def id(self) -> UUID:
        return self.it.id

    @property
    def name(self) -> str:
        child = self.it.child
        return f"{child.known_as or child.first_name} {child.last_name}".strip()

    @property
    def full_name(self) -> str:
        """As in their papers, where people call them something else."""
        child = self.it.child
        papers = f"{child.first_name} {child.last_name}".strip()
        return f"{papers}, known as {child.known_as}" if child.known_as else papers

    @cached_property
    def age(self) -> int:
        return age_on(self.it.child.born_on, wall(self.at).date())

    @property
    def born(self) -> str:
        sex = self.it.child.sex
        words = "sex not known" if sex == Sex.UNKNOWN else str(Sex(sex).label).lower()
        return f"{calendar_day(self.it.child.born_on)}, {words}"

    @property
    def is_open(self) -> bool:
        return self.it.is_not_back

    @property
    def is_looked_for(self) -> bool:
        """Nobody has found the child yet."""
        return self.it.state == OPEN

    @property
    def is_closed(self) -> bool:
        """Nobody writes in it any more."""
        return self.it.state == CLOSED

    @property
    def category(self) -> str:
        """Missing, away or late while it is open; else where it stands."""
        running = [spell.category for spell in self.it.spells if spell.ended_at is None]
        return running[0] if self.is_looked_for and running else self.it.state

    @property
    def category_words(self) -> str:
        return STANDING[self.category][0] if self.category in STANDING else "Not back"

    @cached_property
    def grades(self) -> Sequence[tuple[str, str]]:
        """Both, side by side: ("Police", "High"). An empty one was not given."""
        given = ((str(who.label), self.it.grade_by(who)) for who in MadeBy)
        return [(who, str(Grade(row.grade).label) if row else "") for who, row in given]

    @property
    def is_high(self) -> bool:
        return any(words == Grade.HIGH.label for _, words in self.grades)

    @property
    def is_acknowledged(self) -> bool:
        return self.it.acknowledged_at is not None

    @property
    def is_graded(self) -> bool:
        """By the police."""
        return self.it.grade_by(MadeBy.POLICE) is not None

    @property
    def is_young(self) -> bool:
        return self.age < YOUNG

    @property
    def is_alarm(self) -> bool:
        return self.is_open and not self.is_acknowledged

    @property
    def dangers(self) -> list[Badge]:
        signs = {sign.code for sign in self.it.signs}
        found = [Badge("Under 13", "red")] if self.is_young else []
        return found + [badge for code, badge in INDICATOR_BADGES.items() if code in signs]

    @property
    def urgency(self) -> tuple[bool, bool, bool, bool, datetime]:
        """Still looked for, then high, then young, then what nobody has acknowledged, then longest gone."""
        return (
            not self.is_looked_for,
            not self.is_high,
            not self.is_young,
            self.is_acknowledged,
            self.it.missing_since,
        )

    @property
    def identity(self) -> Identity:
        """The bar: never where the child lives, and no name of whoever works with them."""
        words = self.it.force_reference
        facts = [f"born {self.born}", f"your reference {words}" if words else "no reference of yours yet"]
        return Identity(self.name, self.age, self.it.reference, "", facts, self._badges)

    @property
    def _badges(self) -> list[Badge]:
        _, text, colour = STANDING.get(self.category, ("", "Not back", "red"))
        graded = [
            Badge(f"{who} grade: {words.lower()}", "red" if words == Grade.HIGH.label else "black")
            for who, words in self.grades
            if words
        ]
        return [Badge(text, colour), *graded, *self.dangers]
