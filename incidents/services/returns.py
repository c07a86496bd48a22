"""Found, and back: two facts, kept apart. "They're back" is never refused while the child is not back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.models import Home, Placement, PoliceForce, User
from casework.records.notify import outbox
from casework.records.services import placements
from casework.records.times import CaseworkNow, now
from incidents import codes, moments, rules
from incidents.models import (
    Correction,
    FindingAnswer,
    Located,
    MissingEpisode,
    ReportCopy,
    Return,
    Spell,
    State,
)
from incidents.rules import Move, Position
from incidents.verbs import EpisodeVerb

from .between import refuse_end_after_next
from .keeping import keep_copy
from .meanwhile import add_check
from .owing import move_due_time, owe_interview
from .spells import end_running_spell
from .writing import (
    add,
    move,
    position_of,
    refuse_stale,
    require_typed_name,
    required,
    running_spell,
    save_edit,
    take,
    tell_story,
)

Answer = FindingAnswer.Answer
CAME_BACK_ELSEWHERE: Final = "The child came back to another placement."


@dataclass(frozen=True, slots=True)
class MovedTo:
    """Where the child is back, when that is not where they lived: a home, or an address in words.

    Another home without codes is of the same kind as the one before.
    """

    home: Home | None = None
    address: str = ""
    place_code: str = ""
    provider_code: str = ""


@transaction.atomic
def record_located(
    *,
    by: User,
    episode: MissingEpisode,
    located_at: datetime,
    where: str,
    found_by: str,
    with_whom: str = "",
    fetched_by: str = "",
    condition: str = "",
    identity_confirmed: bool = False,
) -> Located:
    """We know where the child is and that it is them. Ends the spell; the child is not back yet.

    `fetched_by` says who fetches the child and by when; where that is not known yet, it can follow.
    """
    episode = take(by, Act.RECORD_LOCATED, episode)
    located = locate(
        by,
        episode,
        located_at=located_at,
        where=where,
        found_by=found_by,
        with_whom=with_whom,
        condition=condition,
        identity_confirmed=identity_confirmed,
    )
    if fetched_by.strip():
        add_check(by, episode, located.located_at, with_whom, fetched_by)
    return located


def locate(
    by: User,
    episode: MissingEpisode,
    *,
    located_at: datetime,
    where: str,
    found_by: str,
    with_whom: str,
    condition: str,
    identity_confirmed: bool,
    proposed_by: PoliceForce | None = None,
) -> Located:
    """Set the held episode to located and write down where; a force's own finding is proposed."""
    place = required(where, "where", "Enter where the child is.")
    codes.chosen([found_by], Located.FoundBy, field="found_by")
    move(episode, Move.LOCATED)
    moment = now()
    at = moments.happened("located_at", located_at, moment)
    moments.refuse_before("located_at", at, _gone_since(episode), "The child went missing at")
    episode.located_at, episode.located_recorded_at = at, moment
    end_running_spell(episode, at, moment)
    save_edit(episode)
    located = add(
        Located(
            episode=episode,
            located_at=at,
            where=place,
            found_by=found_by,
            with_whom=with_whom.strip(),
            condition=condition.strip(),
            identity_confirmed=identity_confirmed,
            proposed_by=proposed_by,
            recorded_by=by,
        )
    )
    verb = EpisodeVerb.POLICE_FOUND if proposed_by else EpisodeVerb.LOCATED
    tell_story(episode, verb, by, located, occurred_at=at, payload={"found_by": found_by})
    return located


@transaction.atomic
def confirm_found(*, by: User, located: Located, words: str = "", typed_name: str = "") -> FindingAnswer:
    """It is them: the police's finding stands. Said twice, the first one stands."""
    episode, row, answer = _take_proposed(by, located)
    if answer is not None and answer.answer == Answer.CONFIRMED:
        return answer
    _refuse_answered(episode, answer)
    said = FindingAnswer(located=row, answer=Answer.CONFIRMED, words=words.strip(), answered_by=by)
    said.typed_name = require_typed_name(by, typed_name)
    add(said)
    tell_story(episode, EpisodeVerb.FINDING_CONFIRMED, by, said, typed_name=said.typed_name)
    return said


@transaction.atomic
def refuse_found(*, by: User, located: Located, words: str, typed_name: str = "") -> FindingAnswer:
    """It is not them: the child is where they were before, missing or away, as if nobody had been found.

    The spell goes on as one, for there was no end to it, and the steps that the finding had stopped are owed
    again from the times from which they always counted.
    """
    episode, row, answer = _take_proposed(by, located)
    _refuse_answered(episode, answer)
    if episode.state != State.LOCATED:
        raise Conflict("The child is not recorded as located any more.", code="not_located")
    why = required(words, "words", "Enter how you know that it is not them.")
    said = FindingAnswer(located=row, answer=Answer.REFUSED, words=why, answered_by=by)
    said.typed_name = require_typed_name(by, typed_name)
    add(said)
    _go_on_with_spell(episode)
    tell_story(episode, EpisodeVerb.FINDING_REFUSED, by, said, typed_name=said.typed_name)
    return said


def _take_proposed(by: User, located: Located) -> tuple[MissingEpisode, Located, FindingAnswer | None]:
    episode = take(by, Act.RECORD_LOCATED, located.episode)
    row = Located.objects.get(pk=located.pk)
    if row.proposed_by_id is None:
        raise Conflict("This was recorded by the authority or the home.", code="not_proposed")
    return episode, row, FindingAnswer.objects.filter(located=row).first()


def _refuse_answered(episode: MissingEpisode, answer: FindingAnswer | None) -> None:
    if answer is not None:
        raise Conflict(f"Already answered: {answer.get_answer_display().lower()}.", code="answered")
    rules.refuse_if_ended(position_of(episode))


def _go_on_with_spell(episode: MissingEpisode) -> None:
    spell = episode.spells.order_by("-ordinal")[0]
    spell.ended_at = spell.end_recorded_at = None
    save_edit(spell)
    episode.state = State.OPEN
    episode.located_at = episode.located_recorded_at = None
    episode.located_estimated = False
    save_edit(episode)


@transaction.atomic
def record_return(
    *,
    by: User,
    episode: MissingEpisode,
    returned_at: datetime | None = None,
    is_estimated: bool = False,
    how: str = "",
    fetched_by: str = "",
    condition: str = "",
    injuries: str = "",
    said: str = "",
    belongings: str = "",
    typed_name: str = "",
    moved_to: MovedTo | None = None,
) -> Return:
    """They're back. Takes the fact whatever else is known; said twice, the first one stands.

    Without a time it was now; as an estimate, nobody could give the time yet. That, and a time that can't be
    right, is not argued with: the return counts from now, and the row says `needs_time` until somebody gives
    the time. Withdraws the messages that nobody needs any more. With `moved_to` they are back somewhere else:
    the old placement ends and the new one starts at that moment, or nothing of all this happens.
    """
    episode = take(by, Act.SAY_BACK, episode)
    first = episode.returns.order_by("-recorded_at").first()
    if first is not None and not episode.is_open:
        return first
    reached = move(episode, Move.RETURN)
    moment = now()
    gone_since = _gone_since(episode)
    can_be_right = moments.can_be(returned_at, gone_since, moment) if returned_at else not is_estimated
    at = max(min(returned_at, moment), gone_since) if returned_at and can_be_right else moment
    row = add(
        Return(
            episode=episode,
            returned_at=at,
            is_estimated=is_estimated or not can_be_right,
            needs_time=not can_be_right,
            how=how.strip(),
            fetched_by=fetched_by.strip(),
            condition=condition.strip(),
            injuries=injuries.strip(),
            said=said.strip(),
            belongings=belongings.strip(),
            recorded_by=by,
            typed_name=typed_name.strip(),
        )
    )
    _bring_back(episode, row, moment)
    tell_story(
        episode,
        EpisodeVerb.RETURNED,
        by,
        row,
        occurred_at=at,
        payload={"state": episode.state, **({"moved": True} if moved_to else {})},
        typed_name=row.typed_name,
    )
    sent = {"returned_at": returned_at, **{name: getattr(row, name) for name in _DETAILS}}
    keep_copy(by, episode, ReportCopy.Kind.BACK, sent, typed_name=row.typed_name)
    if reached == Position.FOLLOW_UP:
        owe_interview(episode, at)
    outbox.withdraw(episode.pk, "The child is back.")
    if moved_to is not None:
        _move(by, episode, moved_to, at)
    return row


def _move(by: User, episode: MissingEpisode, to: MovedTo, at: datetime) -> None:
    """The new placement counts from the return. A child who was placed nowhere is placed."""
    child = episode.child
    lives = Placement.objects.filter(child=child, period__contains=CaseworkNow()).first()
    if lives is None:
        placements.start_placement(
            by=by,
            child=child,
            starts_at=at,
            home=to.home,
            address=to.address,
            place_code=to.place_code,
            provider_code=to.provider_code,
        )
        return
    if to.home is not None and lives.home_id == to.home.pk:
        raise Invalid("The child lives there already. Choose another home.", code="same_home", field="home")
    kind: MovedTo | Placement = lives if to.home is not None and not to.place_code else to
    placements.move_child(
        by=by,
        child=child,
        at=at,
        reason=CAME_BACK_ELSEWHERE,
        home=to.home,
        address=to.address,
        place_code=kind.place_code,
        provider_code=kind.provider_code,
    )


def _bring_back(episode: MissingEpisode, row: Return, moment: datetime) -> None:
    """Set the episode's clocks. One who was never located was located on coming back."""
    was_located = running_spell(episode) is None
    end_running_spell(episode, row.returned_at, moment)
    episode.returned_at, episode.returned_recorded_at = row.returned_at, moment
    episode.returned_estimated = row.is_estimated
    if not was_located:
        episode.located_at, episode.located_recorded_at = row.returned_at, moment
        episode.located_estimated = row.is_estimated
    save_edit(episode)


def _gone_since(episode: MissingEpisode, besides: Spell | None = None) -> datetime:
    """Before this the child can't have been found or come back: gone, or last found, at this moment."""
    ended = [spell.ended_at for spell in episode.spells.all() if spell.ended_at and spell != besides]
    return max([episode.missing_from, *ended])


# ---- the rest, when there is time to write it ----

_DETAILS = ("how", "fetched_by", "condition", "injuries", "said", "belongings")


@transaction.atomic
def complete_return(
    *,
    by: User,
    return_row: Return,
    version: int,
    returned_at: datetime | None = None,
    details: Mapping[str, str] | None = None,
    reason: str = "",
    typed_name: str = "",
) -> Return:
    """Add the details, and the right time where the first was wrong; the old time is kept, with the reason.

    `details` holds fields of the return in words; what it leaves out stays as it is. A new time moves the
    interview's due time. Whoever may say "They're back" may give the time asked for again.
    """
    act = Act.SAY_BACK if return_row.needs_time else Act.COMPLETE_RETURN
    episode = take(by, act, return_row.episode)
    row = Return.objects.select_for_update(no_key=True, of=("self",)).get(pk=return_row.pk)
    rules.refuse_if_ended(position_of(episode))
    refuse_stale(row, version)
    for field in _DETAILS:
        setattr(row, field, (details or {}).get(field, getattr(row, field)).strip())
    if returned_at is not None and returned_at != row.returned_at:
        _correct_time(by, episode, row, returned_at, reason)
    row.needs_time = row.needs_time and returned_at is None
    save_edit(row)
    typed = require_typed_name(by, typed_name)
    tell_story(episode, EpisodeVerb.RETURN_COMPLETED, by, row, typed_name=typed)
    sent = {"returned_at": returned_at, **(details or {}), "reason": reason}
    keep_copy(by, episode, ReportCopy.Kind.BACK, sent, typed_name=typed)
    return row


def _correct_time(by: User, episode: MissingEpisode, row: Return, returned_at: datetime, reason: str) -> None:
    moment = now()
    at = moments.happened("returned_at", returned_at, moment)
    spell = _spell_ended_by_return(episode)
    moments.refuse_before("returned_at", at, _gone_since(episode, besides=spell), "The child went missing at")
    refuse_end_after_next(episode, at)
    why = "The first time given could not be right." if row.needs_time else reason
    add(
        Correction(
            episode=episode,
            field="returned_at",
            old=row.returned_at.isoformat(),
            new=at.isoformat(),
            reason=required(why, "reason", "Enter why you correct the time."),
            corrected_by=by,
        )
    )
    move_due_time(episode, row.returned_at, at)
    _move_return(episode, row, spell, at, moment)


def _move_return(
    episode: MissingEpisode, row: Return, spell: Spell | None, at: datetime, moment: datetime
) -> None:
    """The return, and what came to an end with it, now at `at`."""
    row.returned_at, row.is_estimated = at, False
    if spell is not None:
        spell.ended_at, spell.end_recorded_at = max(at, spell.started_at), moment
        save_edit(spell)
        episode.located_at, episode.located_recorded_at = at, moment
        episode.located_estimated = False
    episode.returned_at, episode.returned_recorded_at, episode.returned_estimated = at, moment, False
    save_edit(episode)


def _spell_ended_by_return(episode: MissingEpisode) -> Spell | None:
    """The spell that ran until the child walked in: both ends were written in one stroke."""
    return episode.spells.filter(end_recorded_at=episode.returned_recorded_at).last()
