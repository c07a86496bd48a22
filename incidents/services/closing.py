"""How an episode ends: signed off when all is settled, opened again with a reason, or called a mistake."""

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import User
from casework.records.notify import outbox
from casework.records.times import now
from incidents import moments
from incidents.models import MissingEpisode, SignOff, State
from incidents.rules import Move
from incidents.verbs import EpisodeVerb

from .owing import UNSETTLED
from .sharing import let_shares_run_out, renew_shares
from .spells import end_running_spell
from .writing import add, move, refuse_stale, required, save_edit, take, tell_story


@transaction.atomic
def sign_off_episode(*, by: User, episode: MissingEpisode, version: int, words: str) -> SignOff:
    """Close the episode: the interview has its outcome, the return its time, and a team manager signs."""
    episode = take(by, Act.SIGN_OFF, episode)
    _refuse_closed(episode)
    move(episode, Move.SIGN_OFF)
    refuse_stale(episode, version)
    learned = required(words, "words", "Enter what was learned and what changes.")
    _refuse_unsettled(episode)
    let_shares_run_out(episode, now())
    return _sign(by, episode, SignOff.Act.SIGNED_OFF, learned, EpisodeVerb.SIGNED_OFF)


@transaction.atomic
def reopen_episode(*, by: User, episode: MissingEpisode, reason: str) -> SignOff:
    """Open a closed episode again, to add to it. Never for a new absence: that is a new report."""
    episode = take(by, Act.REOPEN, episode)
    move(episode, Move.REOPEN)
    why = required(reason, "reason", "Enter why you open it again.")
    renew_shares(episode)
    return _sign(by, episode, SignOff.Act.REOPENED, why, EpisodeVerb.REOPENED)


@transaction.atomic
def record_false_report(*, by: User, episode: MissingEpisode, reason: str) -> MissingEpisode:
    """The child was never gone. Ends everything that waits; `reason` says how that is known."""
    episode = take(by, Act.CALL_FALSE, episode)
    move(episode, Move.FALSE_REPORT)
    why = required(reason, "reason", "Enter how you know that the child was never gone.")
    moment = now()
    end_running_spell(episode, moment, moment)
    save_edit(episode)
    let_shares_run_out(episode, moment)
    tell_story(episode, EpisodeVerb.FALSE_REPORT, by, episode, payload={"reason": why})
    outbox.withdraw(episode.pk, "The report was mistaken.")
    return episode


def _sign(by: User, episode: MissingEpisode, act: str, words: str, verb: EpisodeVerb) -> SignOff:
    save_edit(episode)
    signature = add(SignOff(episode=episode, act=act, words=words, signed_by=by))
    tell_story(episode, verb, by, signature)
    return signature


def _refuse_closed(episode: MissingEpisode) -> None:
    if episode.state == State.CLOSED:
        last = episode.sign_offs.filter(act=SignOff.Act.SIGNED_OFF).order_by("recorded_at").last()
        if last is None:  # it came with the authority's files
            raise Conflict("It was over before this system was used.", code="already_closed")
        at = moments.clock_words(last.recorded_at, now())
        raise Conflict(f"Already closed at {at}.", code="already_closed")


def _refuse_unsettled(episode: MissingEpisode) -> None:
    if episode.returns.filter(needs_time=True).exists():
        raise Conflict(
            "The time of the return is still to be given. Complete the return first.", code="return_time"
        )
    if episode.interviews.filter(state__in=UNSETTLED).exists():
        raise Conflict(
            "The return interview has no outcome yet. Record it, or why it could not be held.",
            code="interview_unsettled",
        )
