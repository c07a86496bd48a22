"""The rows of the Now board: every child who is not back, what needs a person first at the top."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.front.pages.episodes.responsible import Names, Responsibility
from casework.front.pages.kit.cards import Badge, Tile
from casework.front.pages.kit.identity import danger_badges
from casework.front.pages.kit.owed import Owed
from casework.records.models import User
from incidents.access import episodes_to_list
from incidents.facts import EpisodeFacts, with_facts
from incidents.models import NOT_BACK, Category, Grade, MissingEpisode, PoliceAnswer, State
from incidents.queries import is_proposed, last_police_answer
from protocols.models import StepRun
from protocols.queries import OWED, with_climbed

# The police's last word, while they have given no grade.
_LESS_THAN_A_GRADE: Final[Mapping[str, str]] = {
    PoliceAnswer.Answer.REFUSED: "refused",
    PoliceAnswer.Answer.GRADED_LOWER: "graded lower",
}


@dataclass(frozen=True)
class BoardRow:
    """One child on the board."""

    episode: MissingEpisode
    facts: EpisodeFacts
    next_step: StepRun | None
    overdue: int
    responsible: Names
    whereabouts: str
    is_proposed: bool = False  # found, says a police force; nobody who knows the child has answered
    police_answer: str = ""  # the last one; empty before the police have given any

    @property
    def is_open(self) -> bool:
        return self.episode.is_open

    @property
    def category(self) -> str:
        running = [spell.category for spell in self.facts.spells if spell.ended_at is None]
        return running[0] if running else "located" if self.is_open else "returned"

    @property
    def category_words(self) -> str:
        """The tag: Missing, Away, Late, Located."""
        return {"concern": "Late"}.get(self.category, self.category.capitalize())

    @property
    def badges(self) -> list[Badge]:
        found = danger_badges(self.facts, is_restricted=self.episode.child.is_restricted)
        found += [Badge("Is it them?", "red")] if self.is_proposed else []
        return [*found, Badge("Imported")] if self.episode.imported_at else found

    @property
    def grades(self) -> list[tuple[str, str]]:
        """Authority and police side by side, never merged: ("Police", "Medium")."""
        given = (("Authority", self.facts.authority_grade), ("Police", self.facts.police_grade))
        return [(who, str(Grade(grade).label) if grade else "") for who, grade in given]

    @property
    def police_words(self) -> str:
        """What stands where the police's grade would, when there is none."""
        if said := _LESS_THAN_A_GRADE.get(self.police_answer):
            return said
        if self.facts.told_police_at:
            return "not graded"
        return "not recorded" if self.episode.imported_at else "no call recorded"

    @property
    def is_high(self) -> bool:
        return Grade.HIGH in (self.facts.authority_grade, self.facts.police_grade)

    @property
    def is_nobodys(self) -> bool:
        return self.is_open and self.responsible.is_nobody

    @property
    def is_alarm(self) -> bool:
        return self.overdue > 0 or self.is_nobodys

    def sort_key(self) -> tuple[bool, bool, bool, datetime]:
        """Late steps, then nobody responsible, then soonest due; without any step, then longest gone."""
        soonest = self.next_step.due_at if self.next_step else self.facts.noticed_at
        return (self.overdue == 0, not self.is_nobodys, self.next_step is None, soonest)


SHOWS: Final[Sequence[tuple[str, str, bool, Callable[[BoardRow], bool]]]] = (
    ("all", "Everyone now", False, lambda row: row.is_open),
    ("overdue", "With an overdue step", True, lambda row: row.is_open and row.overdue > 0),
    ("nobody", "Nobody responsible", True, lambda row: row.is_nobodys),
    ("high", "High, by either grade", False, lambda row: row.is_open and row.is_high),
    ("missing", "Missing", False, lambda row: row.category == Category.MISSING),
    ("away", "Away", False, lambda row: row.category == Category.AWAY),
    ("located", "Located, not back", False, lambda row: row.category == "located"),
    ("back", "Back, follow-up", False, lambda row: not row.is_open),
)
FILTERS: Final = frozenset(name for name, *_ in SHOWS)


@dataclass(frozen=True)
class Board:
    """The rows, and which of their steps wait for the reader."""

    rows: Sequence[BoardRow]
    owed: Owed


def board_rows(user: User, now: datetime) -> list[BoardRow]:
    """The rows alone."""
    return list(board_of(user, now).rows)


def board_of(user: User, now: datetime) -> Board:
    """Everybody not back, or back with something still to do, whom this person may see.

    The number of queries does not grow with them.
    """
    rows_of_board = episodes_to_list(user).filter(state__in=(*NOT_BACK, State.FOLLOW_UP))
    found = with_facts(rows_of_board.annotate(is_proposed=is_proposed(), police_answer=last_police_answer()))
    steps = _open_steps([episode.pk for episode, _ in found])
    people = Responsibility(user, [facts for _, facts in found], now)
    rows = [_row(episode, facts, steps[episode.pk], people, now) for episode, facts in found]
    mine = people.waiting_for_reader(step for of_one in steps.values() for step in of_one)
    return Board(sorted(rows, key=BoardRow.sort_key), Owed.of(mine, now))


def _row(
    episode: MissingEpisode, facts: EpisodeFacts, steps: list[StepRun], people: Responsibility, now: datetime
) -> BoardRow:
    running = [spell for spell in facts.spells if spell.ended_at is None]
    return BoardRow(
        episode=episode,
        facts=facts,
        next_step=steps[0] if steps else None,
        overdue=sum(step.due_at <= now for step in steps),
        responsible=people.now(episode.pk),
        whereabouts=running[0].whereabouts if running else "",
        is_proposed=bool(vars(episode)["is_proposed"]),
        police_answer=vars(episode)["police_answer"] or "",
    )


def _open_steps(episode_ids: Collection[UUID]) -> Mapping[UUID, list[StepRun]]:
    """The steps that people still owe, soonest due first."""
    found = defaultdict[UUID, list[StepRun]](list)
    owed = StepRun.objects.filter(episode_id__in=episode_ids, rung=0, state__in=OWED)
    rows = with_climbed(owed).select_related("step", "episode").order_by("due_at", "step__ordinal")
    for step_run in rows:
        if step_run.episode_id:
            found[step_run.episode_id].append(step_run)
    return found


def rows_of(rows: Sequence[BoardRow], shown: str) -> list[BoardRow]:
    """The rows that a tile counts."""
    holds = next(holds for name, _, _, holds in SHOWS if name == shown)
    return [row for row in rows if holds(row)]


def tiles_of(rows: Sequence[BoardRow], shown: str, url: str) -> list[Tile]:
    """Each count is the length of the list that its tile opens, because both are `rows_of`."""
    return [
        Tile(
            count := len(rows_of(rows, name)),
            text,
            url if name == "all" else f"{url}?show={name}",
            current=name == shown,
            is_late=is_bad and count > 0,
        )
        for name, text, is_bad, _ in SHOWS
    ]
