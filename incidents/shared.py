"""What a police force is shown of an episode that is shared with it: one view, for its pages and its system.

What it holds is what a force is given on paper when a child is reported missing (the grab sheet), what has
been heard since, and whom to ring. Not where the child lives, not who works with the child, nothing of the
talk afterwards. `field_rules.yaml` says the same by field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet

from casework.records.errors import Changed
from casework.records.models import (
    Child,
    FactKind,
    Home,
    LocalAuthority,
    Membership,
    Photo,
    PhotoApproval,
    ProfileFact,
    User,
)
from incidents.access import shares_of
from incidents.models import (
    EpisodeShare,
    FindingAnswer,
    Indicator,
    Located,
    MissingEpisode,
    News,
    RiskAssessment,
    Spell,
    State,
)

# Where an episode stands, as a force is told: how it ended otherwise is not theirs to know.
OPEN, LOCATED, RETURNED, CLOSED = "open", "located", "returned", "closed"
STATES: Final[Mapping[str, str]] = {
    State.OPEN: OPEN,
    State.LOCATED: LOCATED,
    State.FOLLOW_UP: RETURNED,
    State.LATE_BACK: RETURNED,
}
HEARD: Final = (
    News.Kind.SIGHTING,
    News.Kind.SPOKEN,
    News.Kind.CALL,
    News.Kind.MESSAGE,
    News.Kind.INFORMATION,
    News.Kind.ENQUIRER,
)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class SharedChild:
    """Who is looked for."""

    first_name: str
    last_name: str
    known_as: str
    born_on: date
    sex: str
    languages: str
    needs_interpreter: bool


@dataclass(frozen=True, slots=True)
class SharedFact:
    """One thing to know, with its source and the day it was last confirmed."""

    kind: str
    words: str
    source: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class SharedPhoto:
    """A photograph that was approved for the police. Its bytes are fetched one by one."""

    id: UUID
    episode_id: UUID
    taken_on: date | None
    is_rough: bool
    source: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SharedSpell:
    """A stretch of the absence in one category: concern, away, missing."""

    category: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedGrade:
    """One grade by police or authority."""

    id: UUID
    made_by: str
    grade: str
    rationale: str
    assessor: str
    assessed_at: datetime


@dataclass(frozen=True, slots=True)
class SharedSign:
    """A sign of danger, and what was seen."""

    code: str
    words: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SharedNews:
    """Something heard or seen. `is_ours`: this force wrote it."""

    id: UUID
    kind: str
    happened_at: datetime
    words: str
    where: str
    told_by: str
    how_sure: str
    latitude: Decimal | None
    longitude: Decimal | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class SharedFinding:
    """Where the child turned out to be. `answer` of those who know the child: proposed, confirmed, refused;
    empty for what the authority or the home recorded themselves. `answer_words`: how they know.
    """

    id: UUID
    located_at: datetime
    where: str
    with_whom: str
    condition: str
    found_by: str
    answer: str
    answer_words: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class SharedOffice:
    """Whom to ring, by day and by night."""

    name: str
    phone: str
    other_phone: str


@dataclass(frozen=True, slots=True)
class SharedEpisode:
    """Everything that a force is shown of one episode."""

    id: UUID
    version: int
    reference: str
    force: str
    force_reference: str
    acknowledged_at: datetime | None
    shared_since: datetime
    state: str
    missing_since: datetime
    last_seen_at: datetime | None
    last_seen_where: str
    last_seen_by: str
    located_at: datetime | None
    returned_at: datetime | None
    circumstances: str
    wearing: str
    carrying: str
    child: SharedChild
    facts: tuple[SharedFact, ...]
    photos: tuple[SharedPhoto, ...]  # the newest first
    spells: tuple[SharedSpell, ...]
    grades: tuple[SharedGrade, ...]
    signs: tuple[SharedSign, ...]
    news: tuple[SharedNews, ...]
    findings: tuple[SharedFinding, ...]
    home: SharedOffice | None
    authority: SharedOffice

    @property
    def is_not_back(self) -> bool:
        return self.state in (OPEN, LOCATED)

    def grade_by(self, made_by: str) -> SharedGrade | None:
        """The last grade of one of the two."""
        return next((grade for grade in reversed(self.grades) if grade.made_by == made_by), None)


def stands(episode: MissingEpisode) -> str:
    """Where it stands, as a force is told."""
    return STATES.get(episode.state, CLOSED)


# ---- the version that an outsider sees ----


def version_of(episode: MissingEpisode, share: EpisodeShare) -> int:
    """Goes up with every edit of either, so that no two states have the same."""
    return episode.version + share.version - 1


def refuse_stale_view(episode: MissingEpisode, share: EpisodeShare, version: int) -> None:
    """`Changed` when the force saw another version than there is."""
    if version_of(episode, share) != version:
        raise Changed


# ---- the view ----


def shared_views(
    user: User, episode_ids: Collection[UUID], *, with_photos: bool = True
) -> list[SharedEpisode]:
    """Those of these episodes that are shared with the user's force, in the order asked for, in ten queries
    however many they are; one more for the photographs, which no list shows.
    """
    found = shares_of(user).filter(episode__in=list(episode_ids)).order_by("recorded_at")
    shares = {
        share.episode_id: share
        for share in found.select_related("force", "episode__child", "episode__home", "episode__authority")
    }
    rows = _Rows.of([share.episode for share in shares.values()], with_photos=with_photos)
    return [_view(shares[key], rows) for key in episode_ids if key in shares]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What belongs to the episodes, by episode, or by child."""

    facts: Mapping[UUID, Sequence[ProfileFact]]
    photos: Mapping[UUID, Sequence[Photo]]
    spells: Mapping[UUID, Sequence[Spell]]
    grades: Mapping[UUID, Sequence[RiskAssessment]]
    signs: Mapping[UUID, Sequence[Indicator]]
    news: Mapping[UUID, Sequence[News]]
    findings: Mapping[UUID, Sequence[Located]]
    answers: Mapping[UUID, FindingAnswer]

    @classmethod
    def of(cls, episodes: Iterable[MissingEpisode], *, with_photos: bool) -> _Rows:
        ids = {episode.pk: episode.child_id for episode in episodes}
        children, theirs = list(ids.values()), {"episode__in": list(ids)}
        facts = ProfileFact.objects.filter(child__in=children, replaced_by=None, withdrawn_at=None)
        photos = Photo.objects.filter(child__in=children).approved_for(PhotoApproval.Audience.POLICE)
        signs = Indicator.objects.filter(child__in=children, withdrawn_at=None)
        answers = FindingAnswer.objects.filter(located__episode__in=list(ids))
        return cls(
            facts=_by(facts.order_by("-confirmed_at"), "child_id"),
            photos=_by(photos.newest_first(), "child_id") if with_photos else {},
            spells=_by(Spell.objects.filter(**theirs).order_by("ordinal"), "episode_id"),
            grades=_by(RiskAssessment.objects.filter(**theirs).order_by("assessed_at"), "episode_id"),
            signs=_by(signs.order_by("-seen_at"), "child_id"),
            news=_by(_heard(theirs).order_by("happened_at"), "episode_id"),
            findings=_by(Located.objects.filter(**theirs).order_by("located_at"), "episode_id"),
            answers={row.located_id: row for row in answers},
        )


def _heard(theirs: Mapping[str, object]) -> QuerySet[News]:
    """With the forces for which whoever wrote it works."""
    posts = Membership.objects.filter(user=OuterRef("recorded_by"), police_force__isnull=False)
    forces = ArraySubquery(posts.values("police_force_id"))
    return News.objects.filter(**theirs, kind__in=HEARD).annotate(written_by_force=forces)


def _by(rows: QuerySet[Row], field: str) -> Mapping[UUID, Sequence[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found


def reference_of(share: EpisodeShare) -> str:
    """The force's own; else, for the force of the home, what it said when it was rung."""
    return share.reference or ("" if share.reason else share.episode.police_reference)


def _view(share: EpisodeShare, rows: _Rows) -> SharedEpisode:
    episode, child, force_id = share.episode, share.episode.child, share.force_id
    return SharedEpisode(
        id=episode.pk,
        version=version_of(episode, share),
        reference=episode.reference,
        force=share.force.name,
        force_reference=reference_of(share),
        acknowledged_at=share.acknowledged_at,
        shared_since=share.recorded_at,
        state=stands(episode),
        missing_since=episode.missing_from,
        last_seen_at=episode.last_seen_at,
        last_seen_where=episode.last_seen_where,
        last_seen_by=episode.last_seen_by,
        located_at=episode.located_at,
        returned_at=episode.returned_at,
        circumstances=episode.circumstances,
        wearing=episode.wearing,
        carrying=episode.carrying,
        child=_child(child),
        facts=tuple(
            SharedFact(row.kind, row.words, row.source, row.confirmed_at)
            for row in sorted(rows.facts.get(child.pk, ()), key=lambda row: _ORDER[row.kind])
        ),
        photos=tuple(_photo(row, episode.pk) for row in rows.photos.get(child.pk, ())),
        spells=tuple(
            SharedSpell(row.category, row.started_at, row.ended_at) for row in rows.spells.get(episode.pk, ())
        ),
        grades=tuple(_grade(row) for row in rows.grades.get(episode.pk, ())),
        signs=tuple(SharedSign(row.code, row.words, row.seen_at) for row in rows.signs.get(child.pk, ())),
        news=tuple(_news(row, force_id) for row in rows.news.get(episode.pk, ())),
        findings=tuple(_finding(row, rows.answers, force_id) for row in rows.findings.get(episode.pk, ())),
        home=_home(episode.home) if episode.home else None,
        authority=_authority(episode.authority),
    )


_ORDER: Final = {kind.value: place for place, kind in enumerate(FactKind)}


def _child(child: Child) -> SharedChild:
    return SharedChild(
        first_name=child.first_name,
        last_name=child.last_name,
        known_as=child.known_as,
        born_on=child.born_on,
        sex=child.sex,
        languages=child.languages,
        needs_interpreter=child.needs_interpreter,
    )


def _photo(row: Photo, episode_id: UUID) -> SharedPhoto:
    return SharedPhoto(row.pk, episode_id, row.taken_on, row.is_rough, row.source, row.width, row.height)


def _grade(row: RiskAssessment) -> SharedGrade:
    return SharedGrade(row.pk, row.made_by, row.grade, row.rationale, row.assessor, row.assessed_at)


def _news(row: News, force_id: UUID) -> SharedNews:
    return SharedNews(
        id=row.pk,
        kind=row.kind,
        happened_at=row.happened_at,
        words=row.words,
        where=row.where,
        told_by=row.told_by,
        how_sure=row.how_sure,
        latitude=row.latitude,
        longitude=row.longitude,
        is_ours=force_id in vars(row)["written_by_force"],
    )


def _finding(row: Located, answers: Mapping[UUID, FindingAnswer], force_id: UUID) -> SharedFinding:
    said = answers.get(row.pk)
    return SharedFinding(
        id=row.pk,
        located_at=row.located_at,
        where=row.where,
        with_whom=row.with_whom,
        condition=row.condition,
        found_by=row.found_by,
        answer=(said.answer if said else "proposed") if row.proposed_by_id else "",
        answer_words=said.words if said else "",
        is_ours=row.proposed_by_id == force_id,
    )


def _home(home: Home) -> SharedOffice:
    return SharedOffice(home.name, home.phone, home.on_call_phone)


def _authority(authority: LocalAuthority) -> SharedOffice:
    return SharedOffice(authority.name, authority.duty_phone, authority.out_of_hours_phone)
