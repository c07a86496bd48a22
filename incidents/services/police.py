"""What the police answered when they were told, and the challenge when that was not enough."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.models import Disclosure, User
from casework.records.times import now
from incidents import moments, rules
from incidents.models import Category, Challenge, MissingEpisode, PoliceAnswer, ReportCopy, Spell
from incidents.verbs import EpisodeVerb

from .keeping import keep_copy
from .writing import add, position_of, require_typed_name, required, save_edit, take, tell_story

Answer = PoliceAnswer.Answer


@dataclass(frozen=True, slots=True)
class PoliceTold:
    """That the police were told, and what they said: taken, refused, or graded lower than we think."""

    told_at: datetime
    answer: str = Answer.TAKEN
    officer: str = ""
    reference: str = ""
    reason: str = ""


@transaction.atomic
def record_police_answer(
    *,
    by: User,
    episode: MissingEpisode,
    answer: str,
    told_at: datetime,
    officer: str = "",
    reference: str = "",
    reason: str = "",
    typed_name: str = "",
) -> PoliceAnswer:
    """Record a call to the police. A refusal or a lower grade says who gave it and why."""
    episode = take(by, Act.RECORD_POLICE_ANSWER, episode)
    rules.refuse_if_ended(position_of(episode))
    moment = now()
    told = PoliceTold(told_at, answer, officer.strip(), reference.strip(), reason.strip())
    refuse_incomplete_answer(told, moment)
    name = require_typed_name(by, typed_name)
    keep_copy(by, episode, ReportCopy.Kind.POLICE, asdict(told), typed_name=name)
    return add_answer(by, episode, told, moment, typed_name=name)


@transaction.atomic
def record_challenge(
    *,
    by: User,
    answer: PoliceAnswer,
    made_to: str,
    made_at: datetime,
    words: str,
    outcome: str = "",
) -> Challenge:
    """Challenge a refusal or a low grade with the duty inspector."""
    episode = take(by, Act.CHALLENGE_POLICE, answer.episode)
    rules.refuse_if_ended(position_of(episode))
    if answer.answer == Answer.TAKEN:
        raise Conflict("The police took this report, so there is nothing to challenge.", code="taken")
    challenge = add(
        Challenge(
            answer=answer,
            made_to=required(made_to, "made_to", "Enter whom you spoke to."),
            made_at=moments.happened("made_at", made_at, now()),
            words=required(words, "words", "Enter what you said."),
            outcome=outcome.strip(),
            made_by=by,
        )
    )
    tell_story(episode, EpisodeVerb.POLICE_CHALLENGED, by, challenge, occurred_at=challenge.made_at)
    sent = {"made_to": made_to, "made_at": made_at, "words": words, "outcome": outcome}
    keep_copy(by, episode, ReportCopy.Kind.POLICE, sent)
    return challenge


def refuse_incomplete_answer(told: PoliceTold, moment: datetime) -> None:
    """Invalid when the time lies ahead, or a refusal does not say who refused and why."""
    moments.happened("told_at", told.told_at, moment)
    if told.answer not in Answer.values:
        raise Invalid("Choose one from the list.", code="not_in_list", field="answer")
    if told.answer != Answer.TAKEN:
        required(told.officer, "officer", "Enter who answered.")
        required(told.reason, "reason", "Enter the reason they gave.")


def add_answer(
    by: User, episode: MissingEpisode, told: PoliceTold, moment: datetime, *, typed_name: str
) -> PoliceAnswer:
    """Write a checked answer into a held episode: the row, the clock, who was told, the story."""
    told_at = min(told.told_at, moment)
    row = add(
        PoliceAnswer(
            episode=episode,
            spell=_spell_told_of(episode, told_at),
            answer=told.answer,
            told_at=told_at,
            officer=told.officer,
            reference=told.reference,
            reason=told.reason,
            recorded_by=by,
            typed_name=typed_name,
        )
    )
    _note_on_episode(episode, row, moment)
    _disclose(by, episode, row)
    tell_story(
        episode,
        EpisodeVerb.POLICE_ANSWERED,
        by,
        row,
        occurred_at=told_at,
        payload={"answer": told.answer},
        typed_name=typed_name,
    )
    return row


def _spell_told_of(episode: MissingEpisode, told_at: datetime) -> Spell | None:
    """The missing spell that was not over when the police were told; a later call is about the last one."""
    missing = list(episode.spells.filter(category=Category.MISSING).order_by("ordinal"))
    not_over = (spell for spell in missing if spell.ended_at is None or spell.ended_at >= told_at)
    return next(not_over, missing[-1] if missing else None)


def _note_on_episode(episode: MissingEpisode, row: PoliceAnswer, moment: datetime) -> None:
    """The episode keeps when the police were first told, and the reference they gave last."""
    if episode.told_police_at is None or row.told_at < episode.told_police_at:
        episode.told_police_at, episode.told_police_recorded_at = row.told_at, moment
    episode.police_reference = row.reference or episode.police_reference
    save_edit(episode)


def _disclose(by: User, episode: MissingEpisode, row: PoliceAnswer) -> None:
    """Who was told is read from one place: a call to the police is a telling too."""
    add(
        Disclosure(
            child=episode.child,
            episode_id=episode.pk,
            audience=Disclosure.Audience.POLICE,
            told_name=row.officer,
            told_role="Police",
            how=Disclosure.How.PHONE,
            told_at=row.told_at,
            what="That the child is not where they should be, and what is known.",
            purpose="To find the child and keep them safe.",
            recorded_by=by,
        )
    )
