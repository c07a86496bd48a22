"""Kit's night of 19 November 2026, as facts: what the planner sees, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from incidents.facts import EpisodeFacts, SpellFacts
from protocols.clock import LONDON
from protocols.document import read_document
from protocols.plan import PlannedStep, plan
from protocols.rulebook import StepRule

DOCUMENT = (Path(__file__).parents[2] / "protocols/documents/default.yaml").read_text()
RULES = read_document(DOCUMENT).steps


def london(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


NIGHT = london(19, 22, 40)


def spell(
    category: str, started_at: datetime = NIGHT, ended_at: datetime | None = None, *, ordinal: int = 1
) -> SpellFacts:
    return SpellFacts(ordinal=ordinal, category=category, started_at=started_at, ended_at=ended_at)


KIT_MISSING = EpisodeFacts(
    episode_id=UUID(int=1),
    authority_id=UUID(int=2),
    child_id=UUID(int=3),
    home_id=UUID(int=4),
    team_id=UUID(int=5),
    allocated_worker_id=UUID(int=6),
    state="open",
    noticed_at=NIGHT,
    spells=(spell("missing"),),
    told_police_at=None,
    located_at=None,
    returned_at=None,
    imported_at=None,
    police_grade=None,
    authority_grade=None,
    born_on=date(2012, 3, 2),
    age=14,
    indicators=frozenset(),
    is_unaccompanied=False,
    is_out_of_area=False,
    legal_status="C2",
    home_kind="children_home",
    grace=timedelta(minutes=30),
    earlier_noticed_at=(),
    met={},
)
KIT_NOT_HOME_YET = replace(KIT_MISSING, spells=(spell("concern"),))
KIT_TRAFFICKED = replace(KIT_MISSING, indicators=frozenset({"trafficking"}))


def back_at(facts: EpisodeFacts, at: datetime) -> EpisodeFacts:
    """Kit walks in: located and returned are one moment, and the last spell ends."""
    last = replace(facts.spells[-1], ended_at=at)
    state = "follow_up" if any(s.category != "concern" for s in facts.spells) else "late_back"
    return replace(facts, spells=(*facts.spells[:-1], last), located_at=at, returned_at=at, state=state)


def planned(
    facts: EpisodeFacts, now: datetime = NIGHT, rules: tuple[StepRule, ...] = RULES
) -> dict[tuple[str, int, int], PlannedStep]:
    """The plan by code, occurrence and rung, first rounds only."""
    return {(s.code, s.occurrence, s.rung): s for s in plan(rules, facts, now) if s.round == 0}


def due(facts: EpisodeFacts, code: str, *, occurrence: int = 1, rung: int = 0) -> datetime:
    return planned(facts)[code, occurrence, rung].due_at
