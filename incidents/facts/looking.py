"""Reading many episodes' facts at once, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from casework.records.models import Child, Home, HomeKind, LegalStatus, Placement
from casework.records.questions import KEY, OfMany
from casework.records.times import LONDON, CaseworkNow
from incidents.models import (
    EXPLOITATION,
    NO_ABSENCE,
    Category,
    Indicator,
    Located,
    MissingEpisode,
    Return,
    RiskAssessment,
    Spell,
)

from .agreed import add_agreed
from .met import Grades, latest_grades, met_of
from .referred import Missing, add_referrals
from .told import add_tellings
from .values import EpisodeFacts, Met, SpellFacts, call_counts_from

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

GRACE_WITHOUT_A_HOME: Final = timedelta(minutes=30)

Absence = tuple[datetime, UUID]  # when it was noticed, and which episode it was


class Beside(TypedDict):
    """What is looked up beside each episode's own row."""

    legal_code: str | None
    home_now_id: UUID | None
    harmed: bool
    found_by_id: UUID | None
    identity_known_at: datetime | None
    identity_known_by: UUID | None


def lock_episodes(episode_ids: Iterable[UUID]) -> dict[UUID, MissingEpisode]:
    """The rows, held until the transaction ends; in the order of their ids, so that nobody waits in a ring.

    Rows that point at an episode can still be written meanwhile: hence NO KEY.
    """
    wanted = MissingEpisode.objects.filter(pk__in=list(episode_ids)).order_by("pk")
    return {episode.pk: episode for episode in wanted.select_for_update(no_key=True, of=("self",))}


def lock_episode(episode_id: UUID) -> MissingEpisode:
    """One row, as it is now, held until the transaction ends."""
    return lock_episodes([episode_id])[episode_id]


def facts_of(episode_ids: Collection[UUID]) -> dict[UUID, EpisodeFacts]:
    """The facts of each episode that exists, in seventeen queries, however many they are."""
    rows = list(
        _rows(MissingEpisode.objects.filter(pk__in=list(episode_ids)).select_related("child", "home"))
    )
    return _facts_by_id(rows, asks_what_is_met=True)


def with_facts(episodes: QuerySet[MissingEpisode]) -> list[tuple[MissingEpisode, EpisodeFacts]]:
    """Rows as a list shows them, each with its facts but for what meets its steps: in five queries."""
    rows = list(_rows(episodes.select_related("child", "home", "authority")))
    facts = _facts_by_id(rows, asks_what_is_met=False)
    return [(row, facts[row.pk]) for row in rows]


def _facts_by_id(
    rows: Sequence[WithAnnotations[MissingEpisode, Beside]], *, asks_what_is_met: bool
) -> dict[UUID, EpisodeFacts]:
    ids, children = [row.pk for row in rows], {row.child_id for row in rows}
    spells, grades = _spells(ids), latest_grades(ids)
    indicators, absences = live_indicators(children), _absences(children)
    opened = {key: _missing_spell_opened(spells[key]) for key in ids}
    met: Mapping[UUID, Mapping[str, Met]] = {}
    if asks_what_is_met:
        met = _what_is_met(rows, grades, spells, opened)
    return {
        row.pk: _facts(
            row,
            spells[row.pk],
            grades,
            indicators[row.child_id],
            absences[row.child_id],
            met.get(row.pk, {}),
        )
        for row in rows
    }


def _what_is_met(
    rows: Sequence[WithAnnotations[MissingEpisode, Beside]],
    grades: Grades,
    spells: Mapping[UUID, Sequence[SpellFacts]],
    opened: Mapping[UUID, datetime | None],
) -> Mapping[UUID, Mapping[str, Met]]:
    met = met_of(rows, grades, opened)
    for row in rows:
        if row.identity_known_at and row.located_at:  # an answer of no takes the finding away
            answered = Met(row.identity_known_at, row.identity_known_by, "Answered: it is them")
            met[row.pk]["finding_answered"] = answered
    add_agreed(met, rows, spells)
    add_tellings(met, opened, {row.pk: (row.located_at, row.returned_at) for row in rows})
    add_referrals(met, {row.pk: _missing(row, spells[row.pk], opened[row.pk]) for row in rows})
    return met


def _facts(
    row: WithAnnotations[MissingEpisode, Beside],
    spells: Sequence[SpellFacts],
    grades: Grades,
    indicators: Mapping[str, datetime],
    absences: Sequence[Absence],
    met: Mapping[str, Met],
) -> EpisodeFacts:
    child, home = row.child, row.home
    noticed_on = row.noticed_at.astimezone(LONDON).date()
    police = grades.get((row.pk, RiskAssessment.MadeBy.POLICE))
    authority = grades.get((row.pk, RiskAssessment.MadeBy.AUTHORITY))
    return EpisodeFacts(
        episode_id=row.pk,
        authority_id=row.authority_id,
        child_id=row.child_id,
        home_id=row.home_now_id or row.home_id,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        state=row.state,
        noticed_at=row.noticed_at,
        spells=tuple(spells),
        told_police_at=row.told_police_at,
        located_at=_located_at(row, spells),
        returned_at=row.returned_at,
        imported_at=row.imported_at,
        police_grade=police.grade if police else None,
        authority_grade=authority.grade if authority else None,
        born_on=child.born_on,
        age=age_on(child.born_on, noticed_on),
        indicators=frozenset(indicators),
        is_unaccompanied=is_unaccompanied_on(child, noticed_on),
        is_out_of_area=is_out_of_area(child, home),
        legal_status=row.legal_code or "",
        home_kind=home.kind if home else HomeKind.OTHER,
        grace=home.grace if home else GRACE_WITHOUT_A_HOME,
        earlier_noticed_at=tuple(at for at, key in absences if at < row.noticed_at and key != row.pk),
        met=met,
        holder_id=row.holder_id,
        holder_at=row.holder_at,
        harmed=row.harmed,
        graded_at={one.made_by: one.recorded_at for one in (police, authority) if one},
        indicators_at=indicators,
        found_by_force=row.found_by_id is not None,
        identity_known_at=row.identity_known_at,
    )


def is_at_risk_of_trafficking(child: Child, on: date) -> bool:
    """Whether somebody may hold or move this child: unaccompanied, or with a live sign of exploitation."""
    live = Indicator.objects.filter(child=child, code__in=EXPLOITATION, withdrawn_at__isnull=True)
    return is_unaccompanied_on(child, on) or live.exists()


# ---- one query each ----


def _rows(episodes: QuerySet[MissingEpisode]) -> QuerySet[WithAnnotations[MissingEpisode, Beside]]:
    """The episodes with child and home. Carers are those of the home where the child is placed now."""
    current = LegalStatus.objects.filter(child=OuterRef("child"), until_on__isnull=True)
    placed = Placement.objects.filter(child=OuterRef("child"), period__contains=CaseworkNow())
    hurt = Return.objects.filter(episode=OuterRef("pk")).exclude(injuries="")
    finding = Located.objects.filter(episode=OuterRef("pk")).order_by("-recorded_at")[:1]
    return episodes.annotate(
        legal_code=Subquery(current.values("code")[:1]),
        home_now_id=Subquery(placed.values("home_id")[:1]),
        harmed=Exists(hurt),
        found_by_id=Subquery(finding.values("proposed_by")),
        identity_known_at=Subquery(finding.values("answer__recorded_at")),
        identity_known_by=Subquery(finding.values("answer__answered_by")),
    )


def _spells(ids: Collection[UUID]) -> defaultdict[UUID, list[SpellFacts]]:
    spells = defaultdict[UUID, list[SpellFacts]](list)
    for key, *spell in _SPELLS.rows(ids):
        spells[key].append(SpellFacts(*spell))
    return spells


def live_indicators(children: Collection[UUID]) -> defaultdict[UUID, dict[str, datetime]]:
    """A sign of danger belongs to the child: it stands in later episodes until somebody withdraws it."""
    codes = defaultdict[UUID, dict[str, datetime]](dict)
    for child_id, code, at in _INDICATORS.rows(children):
        codes[child_id].setdefault(code, at)  # known since somebody first wrote it down
    return codes


def _absences(children: Collection[UUID]) -> defaultdict[UUID, list[Absence]]:
    """Every episode of these children in which they were away or missing, the earliest first."""
    absences = defaultdict[UUID, list[Absence]](list)
    for child_id, at, key in _ABSENCES.rows(children):
        absences[child_id].append((at, key))
    return absences


def _when_gone() -> QuerySet[MissingEpisode, tuple[UUID, datetime, UUID]]:
    gone = Spell.objects.filter(episode=OuterRef("pk")).exclude(category=Category.CONCERN)
    episodes = MissingEpisode.objects.filter(Exists(gone), child=KEY).exclude(state__in=NO_ABSENCE)
    return episodes.order_by("noticed_at").values_list("child_id", "noticed_at", "pk")


_SPELLS: Final = OfMany(
    lambda: (
        Spell.objects.filter(episode=KEY)
        .order_by("episode", "ordinal")
        .values_list("episode_id", "ordinal", "category", "started_at", "ended_at", "whereabouts")
    )
)
_INDICATORS: Final = OfMany(
    lambda: (
        Indicator.objects.filter(child=KEY, withdrawn_at__isnull=True)
        .order_by("recorded_at")
        .values_list("child_id", "code", "recorded_at")
    )
)
_ABSENCES: Final = OfMany(_when_gone)


# ---- one row's arithmetic ----


def age_on(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def is_out_of_area(child: Child, home: Home | None) -> bool | None:
    """Whether the home is in another authority's area; None when nobody knows."""
    if home is None or home.host_authority_id is None:
        return None
    return home.host_authority_id != child.authority_id


def is_unaccompanied_on(child: Child, on: date) -> bool:
    return child.is_unaccompanied and (child.unaccompanied_until is None or child.unaccompanied_until > on)


def _located_at(row: MissingEpisode, spells: Sequence[SpellFacts]) -> datetime | None:
    """When the child was found; not before the spell that the finding ended, had that been recorded late."""
    ended = [spell.ended_at for spell in spells if spell.ended_at]
    if row.located_at is None or row.returned_at is not None or not ended:
        return row.located_at
    last = spells[-1]
    return max(row.located_at, last.ended_at) if last.ended_at else row.located_at


def _missing(row: MissingEpisode, spells: Sequence[SpellFacts], opened: datetime | None) -> Missing:
    last = next((spell for spell in reversed(spells) if spell.category == Category.MISSING), None)
    return Missing(row.child_id, row.noticed_at, opened, last.started_at if last else None)


def _missing_spell_opened(spells: Sequence[SpellFacts]) -> datetime | None:
    """Until then, what the police were told was for something that came before the last missing spell."""
    missing = [spell for spell in spells if spell.category == Category.MISSING]
    return call_counts_from(missing[-1], spells) if missing else None
