"""How dangerous it is: grades by police and authority side by side, and the signs that people saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.records import chronology
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Conflict, NotFound
from casework.records.models import Child, User
from casework.records.times import now
from incidents import codes, moments, rules
from incidents.models import Grade, Indicator, IndicatorCode, MissingEpisode, RiskAssessment
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, refuse_stale, required, save_edit, take, tell_story

MadeBy = RiskAssessment.MadeBy


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, by whom and when."""

    words: str
    seen_by: str
    at: datetime
    signs: Sequence[str] = ()


@transaction.atomic
def assess_risk(
    *,
    by: User,
    episode: MissingEpisode,
    made_by: str,
    grade: str,
    rationale: str,
    assessor: str = "",
    assessed_at: datetime | None = None,
) -> RiskAssessment:
    """Add a grade to the police's history or to the authority's. An authority's grade says why."""
    episode = take(by, Act.GRADE_RISK, episode)
    rules.refuse_if_ended(position_of(episode))
    codes.chosen([made_by], MadeBy, field="made_by")
    codes.chosen([grade], Grade, field="grade")
    if made_by == MadeBy.AUTHORITY:
        required(rationale, "rationale", "Enter why you grade it so.")
    moment = now()
    row = add(
        RiskAssessment(
            episode=episode,
            made_by=made_by,
            grade=grade,
            rationale=rationale.strip(),
            assessor=assessor.strip() or by.name,
            assessed_at=moments.happened("assessed_at", assessed_at or moment, moment),
            recorded_by=by,
        )
    )
    payload = {"made_by": made_by, "grade": grade}
    tell_story(episode, EpisodeVerb.RISK_ASSESSED, by, row, occurred_at=row.assessed_at, payload=payload)
    return row


@transaction.atomic
def record_indicator(
    *,
    by: User,
    child: Child,
    code: str,
    words: str,
    seen_by: str,
    episode: MissingEpisode | None = None,
    signs: Sequence[str] = (),
    seen_at: datetime | None = None,
    typed_name: str = "",
) -> Indicator:
    """A concern, who saw what of it and when. It counts at once, in every open episode of the child.

    `signs` are what was ticked of the list under that concern; where none fits, words say what it was.
    """
    require_for(by, Act.RECORD_INDICATOR, child)
    if episode is not None and episode.child_id != child.pk:
        raise NotFound
    codes.chosen([code], IndicatorCode, field="code")
    ticked = codes.signs_chosen(code, signs)
    if not ticked:
        required(words, "words", "Enter what was seen or said.")
    who = required(seen_by, "seen_by", "Enter who saw it.")
    moment = now()
    at = moments.happened("seen_at", seen_at or moment, moment)
    seen = Seen(words, who, at, ticked)
    return _add(by, child, code, seen, episode, typed_name=typed_name.strip())


@transaction.atomic
def withdraw_indicator(*, by: User, indicator: Indicator, version: int, reason: str) -> Indicator:
    """Take a sign of danger back, with the reason; the row stays."""
    held = Indicator.objects.select_for_update(no_key=True, of=("self",)).get(pk=indicator.pk)
    require_for(by, Act.GRADE_RISK, held.child)
    if held.withdrawn_at:
        at = moments.clock_words(held.withdrawn_at, now())
        raise Conflict(f"Already withdrawn at {at}.", code="already_withdrawn")
    refuse_stale(held, version)
    held.withdrawn_reason = required(reason, "reason", "Enter why it no longer holds.")
    held.withdrawn_at, held.withdrawn_by = now(), by
    save_edit(held)
    _tell(EpisodeVerb.INDICATOR_WITHDRAWN, by, held, "")
    return held


def add_indicator(
    by: User,
    child: Child,
    code: str,
    words: str,
    seen_by: str,
    episode: MissingEpisode | None,
    *,
    typed_name: str = "",
) -> Indicator:
    """Write a checked concern that came with a report, and its story."""
    return _add(by, child, code, Seen(words, seen_by, now()), episode, typed_name=typed_name)


def _add(
    by: User, child: Child, code: str, seen: Seen, episode: MissingEpisode | None, *, typed_name: str
) -> Indicator:
    row = add(
        Indicator(
            child=child,
            episode=episode,
            code=code,
            signs=list(seen.signs),
            words=seen.words.strip(),
            seen_by=seen.seen_by,
            seen_at=seen.at,
            recorded_by=by,
        )
    )
    _tell(EpisodeVerb.INDICATOR_RECORDED, by, row, typed_name)
    return row


def _tell(verb: EpisodeVerb, by: User, row: Indicator, typed_name: str) -> None:
    chronology.record(
        child=row.child,
        verb=verb,
        actor=by,
        episode_id=row.episode_id,
        about_kind="indicator",
        about_id=row.pk,
        payload={"code": row.code},
        typed_name=typed_name,
    )
