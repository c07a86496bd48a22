"""What somebody will do by when: agreed, put right, done or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from casework.records.access import children_visible_to, current_home_id, require_for
from casework.records.acts import Act, roles_that_may
from casework.records.errors import Conflict, Invalid, OutOfSight
from casework.records.models import Home, User
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, now
from incidents import moments, rules
from incidents.access import actions_visible_to
from incidents.facts import lock_episode
from incidents.models import Action, Meeting, MissingEpisode
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, refuse_stale, required, save_edit, take, tell_story

FURTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is to be done, by whom, by when. `owner_words` is somebody outside: alone, or beside the owner.

    `row` is the row of a form that asks for several, so that a refusal names its answer.
    """

    what: str
    due_at: datetime
    owner: User | None = None
    owner_home: Home | None = None
    owner_words: str = ""
    row: int = 0

    def field(self, name: str) -> str:
        return f"action_{self.row}_{name}" if self.row else name


@transaction.atomic
def add_actions(
    *, by: User, episode: MissingEpisode, actions: Sequence[Agreed], meeting: Meeting | None = None
) -> list[Action]:
    """Agree what is done by whom: after a meeting of this episode, or by itself."""
    episode = take(by, Act.RECORD_MEETING, episode)
    rules.refuse_if_ended(position_of(episode))
    return agree(by, episode, actions, meeting)


@transaction.atomic
def change_action(*, by: User, action: Action, version: int, agreed: Agreed) -> Action:
    """Put right what is to be done, by whom or by when; what it said before is kept."""
    episode = take(by, Act.RECORD_MEETING, action.episode)
    held = _held(action)
    _refuse_settled(held)
    refuse_stale(held, version)
    _refuse_unfit(episode, agreed, held.recorded_at)
    held.what, held.due_at = agreed.what.strip(), agreed.due_at
    held.owner, held.owner_home, held.owner_words = _owners(agreed)
    save_edit(held)
    tell_story(episode, EpisodeVerb.ACTION_CHANGED, by, held)
    return held


@transaction.atomic
def complete_action(*, by: User, action: Action, outcome: str) -> Action:
    """Whoever it belongs to, or somebody of the authority who works on the case, says what came of it."""
    lock_episode(action.episode_id)
    require_for(by, Act.SETTLE_ACTION, action.episode.child)
    if not actions_visible_to(by).filter(pk=action.pk).exists():
        raise OutOfSight
    said = required(outcome, "outcome", "Enter what came of it.")
    return _settle(by, action, Action.State.DONE, said, EpisodeVerb.ACTION_DONE)


@transaction.atomic
def drop_action(*, by: User, action: Action, reason: str) -> Action:
    """Nobody does it any more, and why."""
    take(by, Act.RECORD_MEETING, action.episode)
    why = required(reason, "reason", "Enter why nobody does it any more.")
    return _settle(by, action, Action.State.DROPPED, why, EpisodeVerb.ACTION_DROPPED)


def agree(
    by: User, episode: MissingEpisode, actions: Sequence[Agreed], meeting: Meeting | None
) -> list[Action]:
    """Write actions into a held episode."""
    since = meeting.held_at if meeting else now()
    rows = []
    for agreed in actions:
        _refuse_unfit(episode, agreed, since)
        owner, home, words = _owners(agreed)
        row = add(
            Action(
                episode=episode,
                meeting=meeting,
                what=agreed.what.strip(),
                owner=owner,
                owner_home=home,
                owner_words=words,
                due_at=agreed.due_at,
                recorded_by=by,
            )
        )
        if meeting is None:  # otherwise the meeting's own entry tells of it
            tell_story(episode, EpisodeVerb.ACTION_AGREED, by, row)
        rows.append(row)
    return rows


# ---- what is refused ----


def _refuse_unfit(episode: MissingEpisode, agreed: Agreed, since: datetime) -> None:
    required(agreed.what, agreed.field("what"), "Enter what is to be done.")
    _refuse_owner(episode, agreed)
    field = agreed.field("due_at")
    if agreed.due_at < moments.to_the_minute(since) - moments.CLOCKS_DIFFER_BY:
        raise Invalid("Enter a time that is still to come.", code="too_early", field=field)
    if agreed.due_at > now() + FURTHEST:
        raise Invalid("Enter a time within a year.", code="too_late", field=field)


def _refuse_owner(episode: MissingEpisode, agreed: Agreed) -> None:
    owner, home, words = _owners(agreed)
    field = agreed.field("owner")
    if owner is None and home is None and not words:
        raise Invalid("Choose who does it, or write who it is.", code="required", field=field)
    if owner is not None and not _can_do(owner, episode):
        raise Invalid("Choose somebody who works with this child’s record.", code="not_theirs", field=field)
    if home is not None and home.pk not in _homes_of(episode):
        raise Invalid("Choose the home where the child lives.", code="not_theirs", field=field)


def owners_for(episode: MissingEpisode) -> list[Home | User]:
    """Who can be asked to do something: the child's home, and those of the authority who do such things.

    Whether one of them may see this child is asked when they are chosen.
    """
    able = live_memberships(CaseworkNow()).filter(
        user_id=OuterRef("pk"),
        authority_id=episode.authority_id,
        role__in=roles_that_may(Act.SETTLE_ACTION),
    )
    people = User.objects.filter(Exists(able), is_active=True).order_by("name")
    return [*Home.objects.filter(pk__in=_homes_of(episode)).order_by("name"), *people]


def _homes_of(episode: MissingEpisode) -> set[UUID]:
    """Where the child was reported from, and where the child lives now."""
    now_at = current_home_id(episode.child)
    return {key for key in (episode.home_id, now_at) if key}


def _can_do(user: User, episode: MissingEpisode) -> bool:
    """Somebody of the child's authority whose role does such things, and who may see the child."""
    standing = standing_of(user)
    if not standing.may(Act.SETTLE_ACTION, authority_id=episode.authority_id):
        return False
    return children_visible_to(user).filter(pk=episode.child_id).exists()


def _owners(agreed: Agreed) -> tuple[User | None, Home | None, str]:
    return agreed.owner, None if agreed.owner else agreed.owner_home, agreed.owner_words.strip()


def _refuse_settled(action: Action) -> None:
    if action.state != Action.State.OPEN and action.settled_at:
        what = action.get_state_display().lower()
        at = moments.clock_words(action.settled_at, now())
        raise Conflict(f"Already {what} at {at}.", code="already_settled")


def _held(action: Action) -> Action:
    return Action.objects.select_for_update(no_key=True, of=("self",)).get(pk=action.pk)


def _settle(by: User, action: Action, state: str, words: str, verb: EpisodeVerb) -> Action:
    held = _held(action)
    _refuse_settled(held)
    held.state, held.outcome, held.settled_at, held.settled_by = state, words, now(), by
    save_edit(held)
    tell_story(held.episode, verb, by, held)
    return held
