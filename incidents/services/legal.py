"""Legal tools: asked for, refused, applied for, in force, served, ended; each stage with its time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.models import LegalStatus, User
from casework.records.times import LONDON, now
from incidents import codes, legal, moments, rules
from incidents.models import LegalKind, LegalStage, LegalTool, MissingEpisode
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, required, take, tell_story

Stage = LegalStage.Stage


@transaction.atomic
def begin_tool(
    *,
    by: User,
    episode: MissingEpisode,
    kind: str,
    stage: str,
    why: str,
    at: datetime | None = None,
    by_whom: str = "",
    words: str = "",
    against: str = "",
    length: int | None = None,
) -> LegalTool:
    """Write down that a tool is asked for, was refused, or is in force already.

    Invalid when no law covers this child. A refusal that was given can always be written down, with its
    reason. `length` is in the unit of the law's own limit.
    """
    episode = take(by, Act.USE_LEGAL_TOOL, episode)
    rules.refuse_if_ended(position_of(episode))
    codes.chosen([kind], LegalKind, field="kind")
    status = status_of(episode)
    if stage != Stage.REFUSED:
        legal.refuse_not_open(LegalKind(kind), status, age_of(episode))
    tool = add(
        LegalTool(
            episode=episode,
            kind=kind,
            why=required(why, "why", "Enter why it is needed."),
            against=_warned(kind, against),
            legal_status=status,
            recorded_by=by,
        )
    )
    _reach(by, tool, stage, at, by_whom, words, length)
    return tool


@transaction.atomic
def record_stage(
    *,
    by: User,
    tool: LegalTool,
    stage: str,
    at: datetime | None = None,
    by_whom: str = "",
    words: str = "",
    length: int | None = None,
) -> LegalStage:
    """What became of it since: the next stage, in the order that the law gives."""
    episode = take(by, Act.USE_LEGAL_TOOL, tool.episode)
    rules.refuse_if_ended(position_of(episode))
    return _reach(by, tool, stage, at, by_whom, words, length)


def status_of(episode: MissingEpisode) -> str:
    """The law under which the child is looked after now, as its code; empty when nobody wrote it down."""
    current = LegalStatus.objects.filter(child=episode.child_id, until_on__isnull=True)
    return current.values_list("code", flat=True).first() or ""


def age_of(episode: MissingEpisode) -> int:
    """The child's age today."""
    born, today = episode.child.born_on, now().astimezone(LONDON).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _reach(
    by: User,
    tool: LegalTool,
    stage: str,
    at: datetime | None,
    by_whom: str,
    words: str,
    length: int | None,
) -> LegalStage:
    """Write the next stage of a tool whose episode is held."""
    codes.chosen([stage], Stage, field="stage")
    reached = list(tool.stages.all())
    legal.refuse_stage(LegalKind(tool.kind), [row.stage for row in reached], stage)
    moment = now()
    happened = moments.happened("at", at or moment, moment)
    if reached:
        moments.refuse_before("at", happened, reached[-1].at, "The stage before was at")
    if stage == Stage.REFUSED:
        required(words, "words", "Enter the reason they gave.")
    row = add(
        LegalStage(
            tool=tool,
            place=len(reached) + 1,
            stage=stage,
            at=happened,
            by_whom=by_whom.strip(),
            words=words.strip(),
            until=_until(tool, reached, stage, happened, length),
            recorded_by=by,
        )
    )
    payload = {"kind": tool.kind, "stage": stage}
    tell_story(tool.episode, EpisodeVerb.LEGAL_TOOL_USED, by, tool, occurred_at=happened, payload=payload)
    return row


def _until(
    tool: LegalTool, reached: list[LegalStage], stage: str, at: datetime, length: int | None
) -> datetime | None:
    """When it ends by itself. An extension counts from the end that stood; never from after it."""
    stood = next((row.until for row in reversed(reached) if row.until), None)
    if stage == Stage.EXTENDED and stood is not None:
        if at > stood:
            ended = moments.clock_words(stood, now())
            raise Conflict(f"It ended by itself at {ended}.", code="already_ended")
        at = stood
    return legal.ends_at(LegalKind(tool.kind), stage, at, length)


def _warned(kind: str, against: str) -> str:
    """A warning notice names the adult whom it warns."""
    named = against.strip()
    if kind == LegalKind.ABDUCTION_WARNING and not named:
        raise Invalid("Enter who is to be warned.", code="required", field="against")
    return named
