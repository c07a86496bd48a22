"""Taking a report, child by child: a new episode, or the one that is not over yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import Child, Placement, User
from casework.records.times import LONDON, CaseworkNow, now
from incidents import moments, rules
from incidents.models import NOT_BACK, Category, MissingEpisode, News, ReportCopy, Spell
from incidents.rules import Position
from incidents.verbs import EpisodeVerb

from .keeping import Sent, keep_copy
from .numbers import take_numbers
from .police import PoliceTold, add_answer
from .risk import add_indicator
from .sharing import share_by_rule
from .spells import begin_spell
from .writing import add, position_of, running_spell, tell_story


class AlreadyReported(Conflict):
    """The report tells nothing that is not known; `episode_id` is where to add to it."""

    def __init__(self, message: str, episode_id: UUID) -> None:
        super().__init__(message, code="already_reported")
        self.episode_id = episode_id


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells, already checked; the same for each child who went."""

    by: User
    typed_name: str
    moment: datetime
    category: Category
    whereabouts: str
    late_reason: str
    clocks: Mapping[str, datetime]  # noticed_at; last_seen_at and left_at where they are known
    columns: Mapping[str, object]
    circumstances: str
    indicators: Mapping[str, str]
    police: PoliceTold | None


def take_report(told: Told, child: Child, together_with: Sequence[Child]) -> MissingEpisode:
    """The episode of `child`. Companions get theirs; one who was already reported is only tied to the others.

    The children are held, so that two reports of one child at the same moment come one after the other.
    """
    children = _hold_children({child.pk, *(other.pk for other in together_with)})
    for row in children:
        require_for(told.by, Act.REPORT, row)
    not_back = _hold_not_back(children)
    told = replace(told, moment=now())  # whoever had to wait tells it now, after what they waited for
    if child.pk in not_back:
        _refuse_nothing_new(told, not_back[child.pk])
    together_id = _together_id(children, not_back.values())
    taken = {row.pk: _take_one(told, row, not_back.get(row.pk), together_id) for row in children}
    return taken[child.pk]


def _hold_children(ids: set[UUID]) -> list[Child]:
    """Locked in the order of their ids; given by authority, the order in which numbers are then taken."""
    rows = Child.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    return sorted(rows, key=lambda row: (row.authority_id, row.pk))


def _hold_not_back(children: Sequence[Child]) -> dict[UUID, MissingEpisode]:
    rows = MissingEpisode.objects.filter(child__in=children, state__in=NOT_BACK).order_by("pk")
    return {row.child_id: row for row in rows.select_for_update(no_key=True, of=("self",))}


def _together_id(children: Sequence[Child], not_back: Iterable[MissingEpisode]) -> UUID | None:
    if len(children) == 1:
        return None
    return next((row.together_id for row in not_back if row.together_id), None) or uuid4()


def _take_one(
    told: Told, child: Child, not_back: MissingEpisode | None, together_id: UUID | None
) -> MissingEpisode:
    if not_back is None:
        return _begin(told, child, together_id)
    not_back.together_id = together_id or not_back.together_id
    if (position_of(not_back), told.category) in rules.REPORTED_AGAIN:
        _go_on(told, not_back)
    else:
        not_back.save(update_fields=["together_id"])
    return not_back


# ---- an absence that is new ----


def _begin(told: Told, child: Child, together_id: UUID | None) -> MissingEpisode:
    placement = Placement.objects.filter(child=child, period__contains=CaseworkNow()).first()
    episode = add(
        MissingEpisode(
            authority_id=child.authority_id,
            child=child,
            placement=placement,
            home_id=placement.home_id if placement else None,
            reference=_next_reference(child.authority_id, told.moment),
            together_id=together_id,
            told_authority_at=told.moment,
            told_authority_recorded_at=told.moment,
            circumstances=told.circumstances,
            reported_by=told.by,
            reported_by_name=told.typed_name,
            **_clock_columns(told),
            **told.columns,
        )
    )
    add(
        Spell(
            episode=episode,
            ordinal=1,
            category=told.category,
            started_at=told.moment,
            decided_by=told.by,
            whereabouts=told.whereabouts,
        )
    )
    _tell(told, episode, EpisodeVerb.REPORTED)
    if told.category == Category.MISSING:
        share_by_rule(told.by, episode)
    return episode


def _clock_columns(told: Told) -> dict[str, datetime]:
    recorded = {f"{field.removesuffix('_at')}_recorded_at": told.moment for field in told.clocks}
    return {**told.clocks, **recorded}


def _next_reference(authority_id: UUID, moment: datetime) -> str:
    """E-2026-0412, of the year in which it is reported."""
    return next(take_numbers(authority_id, moment.astimezone(LONDON).year))


# ---- an absence that goes on, and has changed ----


def _refuse_nothing_new(told: Told, episode: MissingEpisode) -> None:
    position = position_of(episode)
    if (position, told.category) in rules.REPORTED_AGAIN:
        return
    spell = running_spell(episode)
    since = spell.started_at if spell else episode.located_at or episode.noticed_at
    at = moments.clock_words(since, told.moment)
    raise AlreadyReported(_ALREADY[position].format(at=at), episode.pk)


_ALREADY = {
    Position.CONCERN: "Already reported late at {at}. Add what you know to that report.",
    Position.AWAY: "Already reported away at {at}. Add what you know to that report.",
    Position.MISSING: "Already reported missing at {at}. Add what you know to that report.",
    Position.LOCATED: "Located at {at} and not back yet. Add what you know to that report.",
}


def _go_on(told: Told, episode: MissingEpisode) -> None:
    """Located and gone again, or late and now missing: a new spell of the same episode. Old clocks stay."""
    wanted = rules.REPORTED_AGAIN[position_of(episode), told.category]
    episode.state = rules.STATE_OF[rules.follow(wanted, position_of(episode))]
    for column in ("wearing", "carrying"):
        setattr(episode, column, told.columns[column] or getattr(episode, column))
    begin_spell(
        told.by,
        episode,
        told.category,
        _decided_at(told, episode),
        told.moment,
        reason=told.circumstances,
        whereabouts=told.whereabouts,
    )
    _keep_last_seen(told, episode)
    _tell(told, episode, EpisodeVerb.REPORTED_AGAIN)


def _decided_at(told: Told, episode: MissingEpisode) -> datetime:
    """Now; or when the police were told, if that was earlier and belongs to this spell."""
    if told.police is None:
        return told.moment
    last = episode.spells.order_by("-ordinal").first()
    since = (last.ended_at or last.started_at) if last else told.moment
    return min(told.moment, told.police.told_at) if told.police.told_at > since else told.moment


def _keep_last_seen(told: Told, episode: MissingEpisode) -> None:
    """The new last seen is a sighting: the first one says when the absence began, and must stay."""
    if "last_seen_at" in told.clocks:
        add(
            News(
                child=episode.child,
                episode=episode,
                kind=News.Kind.SIGHTING,
                happened_at=told.clocks["last_seen_at"],
                words=str(told.columns["last_seen_where"]),
                told_by=str(told.columns["last_seen_by"]),
                recorded_by=told.by,
                typed_name=told.typed_name,
            )
        )


def _tell(told: Told, episode: MissingEpisode, verb: EpisodeVerb) -> None:
    """What comes with every report: its story, its signs of danger, what the police said."""
    payload = {"category": told.category.value}
    if told.late_reason:
        payload["late_reason"] = told.late_reason
    occurred = told.clocks["noticed_at"] if verb == EpisodeVerb.REPORTED else told.moment
    tell_story(
        episode, verb, told.by, episode, occurred_at=occurred, payload=payload, typed_name=told.typed_name
    )
    for code, words in told.indicators.items():
        seen_by = told.typed_name or told.by.name
        add_indicator(told.by, episode.child, code, words, seen_by, episode, typed_name=told.typed_name)
    if told.police:
        add_answer(told.by, episode, told.police, told.moment, typed_name=told.typed_name)
    keep_copy(told.by, episode, ReportCopy.Kind.REPORT, _sent(told), typed_name=told.typed_name)


def _sent(told: Told) -> Sent:
    """The answers of the report, as they were given."""
    return {
        "category": told.category.value,
        "whereabouts": told.whereabouts,
        **told.clocks,
        **told.columns,
        "circumstances": told.circumstances,
        "indicators": told.indicators,
        "late_reason": told.late_reason,
        "police": asdict(told.police) if told.police else None,
    }
