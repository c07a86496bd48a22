"""From one category to another while the child is not back: late, away, missing."""

from datetime import datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Invalid
from casework.records.models import User
from casework.records.times import now
from incidents import moments
from incidents.models import Category, MissingEpisode, ReportCopy, Spell
from incidents.rules import Move
from incidents.verbs import EpisodeVerb

from .keeping import keep_copy
from .sharing import share_by_rule
from .writing import add, move, require_typed_name, required, running_spell, save_edit, take, tell_story


@transaction.atomic
def record_away(
    *,
    by: User,
    episode: MissingEpisode,
    at: datetime,
    whereabouts: str,
    spoken_to: bool,
    is_free_to_return: bool = True,
    reason: str = "",
    typed_name: str = "",
) -> Spell:
    """We know where the child is, and they don't come back. Ends a missing spell the same moment.

    `whereabouts` says where, with whom and how that was checked. A child held in custody, in hospital or
    under police protection is located, not away. Speaking to a child is a fact of its own.
    """
    episode = take(by, Act.DECIDE_CATEGORY, episode)
    where = required(whereabouts, "whereabouts", "Enter where they are, and how you know.")
    if not is_free_to_return:
        raise Invalid(
            "A child held in custody, in hospital or under police protection is located, not away.",
            code="not_free",
            field="is_free_to_return",
        )
    move(episode, Move.AWAY)
    typed = require_typed_name(by, typed_name)
    spell = begin_spell(by, episode, Category.AWAY, at, now(), reason=reason.strip(), whereabouts=where)
    tell_story(episode, EpisodeVerb.RECORDED_AWAY, by, spell, occurred_at=spell.started_at, typed_name=typed)
    if spoken_to:
        tell_story(episode, EpisodeVerb.CHILD_SPOKEN_TO, by, spell, typed_name=typed)
    sent = {"category": Category.AWAY.value, "at": at, "whereabouts": whereabouts, "spoken_to": spoken_to}
    keep_copy(by, episode, ReportCopy.Kind.REPORT, sent, typed_name=typed)
    return spell


@transaction.atomic
def record_missing(
    *, by: User, episode: MissingEpisode, at: datetime, reason: str, typed_name: str = ""
) -> Spell:
    """We no longer know where the child is; or they ran again before they were back."""
    episode = take(by, Act.DECIDE_CATEGORY, episode)
    why = required(reason, "reason", "Enter why you now think they are missing.")
    typed = require_typed_name(by, typed_name)
    move(episode, Move.MISSING)
    spell = begin_spell(by, episode, Category.MISSING, at, now(), reason=why)
    tell_story(
        episode, EpisodeVerb.RECORDED_MISSING, by, spell, occurred_at=spell.started_at, typed_name=typed
    )
    sent = {"category": Category.MISSING.value, "at": at, "reason": reason}
    keep_copy(by, episode, ReportCopy.Kind.REPORT, sent, typed_name=typed)
    return spell


def begin_spell(
    by: User,
    episode: MissingEpisode,
    category: Category,
    at: datetime,
    moment: datetime,
    *,
    reason: str = "",
    whereabouts: str = "",
) -> Spell:
    """End the running spell at `at` and begin the next one there. The episode is held, its state set."""
    at = moments.happened("at", at, moment)
    last = episode.spells.order_by("-ordinal").first()
    if last is not None:
        since = last.ended_at or last.started_at
        moments.refuse_before("at", at, since, "The last change was recorded at")
        at = max(at, since, episode.missing_from)  # a correction may say that the child was seen since
    end_running_spell(episode, at, moment)
    save_edit(episode)
    if category == Category.MISSING:
        share_by_rule(by, episode)
    return add(
        Spell(
            episode=episode,
            ordinal=last.ordinal + 1 if last else 1,
            category=category,
            started_at=at,
            decided_by=by,
            reason=reason,
            whereabouts=whereabouts,
        )
    )


def end_running_spell(episode: MissingEpisode, at: datetime, moment: datetime) -> None:
    """End it at `at`; not before it began, when the end happened while the beginning was being typed."""
    spell = running_spell(episode)
    if spell is None:
        return
    spell.ended_at, spell.end_recorded_at = max(at, spell.started_at), moment
    save_edit(spell)
