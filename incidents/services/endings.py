"""The other ends of an absence: another authority, the 18th birthday, a death, a report joined to another.

Nothing is deleted. What waits stops, because the state is one in which no step is owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.local_time import eighteenth_birthday, parse_local
from casework.records.models import Child, Death, LocalAuthority, User
from casework.records.notify import outbox
from casework.records.services import deaths
from casework.records.times import now
from incidents import moments, rules
from incidents.facts import lock_episode, lock_episodes
from incidents.models import Ending, MissingEpisode, State
from incidents.rules import Move
from incidents.verbs import EpisodeVerb

from .owing import settle_unheld
from .sharing import let_shares_run_out
from .spells import end_running_spell
from .writing import add, move, position_of, refuse_stale, required, save_edit, take, tell_story

Kind = Ending.Kind
END_OF_DAY: Final = time(23, 59)
TURNED_18: Final = "The person turned 18."


@transaction.atomic
def transfer_episode(
    *,
    by: User,
    episode: MissingEpisode,
    version: int,
    to_authority: LocalAuthority,
    to_name: str,
    at: datetime,
    reason: str,
    evidence: str,
) -> Ending:
    """Another authority has taken the child and the absence over, from `at` on. Its own record goes on."""
    episode = take(by, Act.END_OTHERWISE, episode)
    reached = rules.follow(Move.TRANSFER, position_of(episode))
    refuse_stale(episode, version)
    if to_authority.pk == episode.authority_id:
        raise Invalid("Choose another authority than this one.", code="same", field="to_authority")
    since = moments.happened("at", at, now())
    moments.refuse_before("at", since, episode.missing_from, "The child went missing at")
    ending = Ending(
        episode=episode,
        kind=Kind(reached.value),
        happened_at=since,
        to_authority=to_authority,
        to_name=required(to_name, "to_name", "Enter who took it over there."),
        reason=required(reason, "reason", "Enter why it is handed over."),
        evidence=required(evidence, "evidence", "Enter how they said that they have it."),
        recorded_by=by,
    )
    return _end(by, episode, Move.TRANSFER, ending, EpisodeVerb.TRANSFERRED, "Another authority took over.")


@transaction.atomic
def join_to(*, by: User, episode: MissingEpisode, version: int, other: MissingEpisode, reason: str) -> Ending:
    """This report tells of the same absence as another one, which goes on; the return counts that one alone.

    `other` is one that `by` may see: the page fetched it.
    """
    first, second = sorted((episode.pk, other.pk))
    held = lock_episodes([first, second])
    other = held.get(other.pk, other)
    episode = take(by, Act.END_OTHERWISE, episode)
    rules.follow(Move.JOIN, position_of(episode))
    refuse_stale(episode, version)
    _refuse_to_join(episode, other)
    ending = Ending(
        episode=episode,
        kind=Kind.MERGED,
        happened_at=now(),
        joined_to=other,
        reason=required(reason, "reason", "Enter how you know that both tell of one absence."),
        recorded_by=by,
    )
    ended = _end(by, episode, Move.JOIN, ending, EpisodeVerb.JOINED, "It was joined to another report.")
    payload = {"reference": episode.reference}
    tell_story(other, EpisodeVerb.JOINED_HERE, by, episode, payload=payload)
    return ended


@transaction.atomic
def turn_18(*, episode_id: UUID, born_on: date) -> Ending | None:
    """The clock's own act, on the birthday or as soon after as anything runs: dated midnight, local time.

    None when the child came back meanwhile.
    """
    episode = lock_episode(episode_id)
    if not episode.is_open:
        return None
    birthday = eighteenth_birthday(born_on)
    midnight = parse_local(birthday, time())
    ending = Ending(episode=episode, kind=Kind.AGED_OUT, happened_at=midnight, reason=TURNED_18)
    return _end(None, episode, Move.AGE_OUT, ending, EpisodeVerb.AGED_OUT, TURNED_18)


# ---- a death: two people ----


@transaction.atomic
def record_death(*, by: User, episode: MissingEpisode, died_on: date, how_known: str) -> Death:
    """One person writes it down. The record closes at once and no message goes out; the search's steps stand
    until a second person has confirmed it, so that nobody alone can end the search for a living child.
    """
    episode = take(by, Act.RECORD_DEATH, episode)
    rules.follow(Move.DEATH, position_of(episode))
    death = deaths.record_death(by=by, child=episode.child, died_on=died_on, how_known=how_known)
    tell_story(episode, EpisodeVerb.DEATH_RECORDED, by, death)
    return death


@transaction.atomic
def confirm_death(*, by: User, episode: MissingEpisode, death: Death, version: int, words: str) -> Death:
    """A manager who did not write it down confirms it. Every absence of the child that is not over ends."""
    episode = take(by, Act.CONFIRM_DEATH, episode)
    death = deaths.confirm_death(by=by, death=death, version=version, words=words)
    at = min(parse_local(death.died_on, END_OF_DAY), now())
    for running in _not_over(episode.child, besides=episode):
        ending = Ending(episode=running, kind=Kind.DIED, happened_at=at, recorded_by=by)
        _end(by, running, Move.DEATH, ending, EpisodeVerb.DEATH_CONFIRMED, deaths.RECORDED)
    outbox.withdraw_about(episode.child, deaths.RECORDED)
    return death


@transaction.atomic
def withdraw_death(*, by: User, episode: MissingEpisode, death: Death, version: int, reason: str) -> Death:
    """It was a mistake: the search goes on, and messages go out again."""
    episode = take(by, Act.CONFIRM_DEATH, episode)
    death = deaths.withdraw_death(by=by, death=death, version=version, reason=reason)
    tell_story(episode, EpisodeVerb.DEATH_WITHDRAWN, by, death, payload={"reason": reason.strip()})
    return death


def _not_over(child: Child, *, besides: MissingEpisode) -> Sequence[MissingEpisode]:
    """The child's absences that are not over, and this one, held in the order of their ids."""
    in_hand = MissingEpisode.objects.filter(
        child=child, state__in=(State.OPEN, State.LOCATED, State.FOLLOW_UP)
    )
    ids = {besides.pk, *in_hand.values_list("pk", flat=True)}
    return list(lock_episodes(ids).values())


# ---- what every end has in common ----


def _end(
    by: User | None,
    episode: MissingEpisode,
    wanted: Move,
    ending: Ending,
    verb: EpisodeVerb,
    words: str,
) -> Ending:
    """End the held episode: its state, its running spell, its shares, its interview, its unsent messages."""
    moment = now()
    move(episode, wanted)
    end_running_spell(episode, ending.happened_at, moment)
    save_edit(episode)
    row = add(ending)
    let_shares_run_out(episode, moment)
    settle_unheld(by, episode, words)
    outbox.withdraw(episode.pk, words, is_all=True)
    payload = {"kind": row.kind, **({"to": row.joined_to.reference} if row.joined_to else {})}
    tell_story(episode, verb, by, row, occurred_at=row.happened_at, payload=payload)
    return row


def _refuse_to_join(episode: MissingEpisode, other: MissingEpisode) -> None:
    if other.pk == episode.pk:
        raise Invalid("Enter the reference of the other report.", code="same", field="reference")
    if other.authority_id != episode.authority_id:
        raise Invalid("Enter a report of the same authority.", code="elsewhere", field="reference")
    if episode.is_open and not other.is_open:
        raise Conflict(
            f"{other.reference} is over, and this child is not back. Join that one to this one instead.",
            code="other_over",
        )
    if other.state in (State.FALSE_REPORT, State.MERGED):
        raise Conflict(
            f"{other.reference} does not count itself: {other.get_state_display().lower()}.",
            code="other_ended",
        )
