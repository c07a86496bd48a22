"""How an absence comes to stand where a test wants it: by the services, as people would have done it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from casework.records.models import Child
from casework.records.times import LONDON, now
from incidents.models import MissingEpisode
from incidents.rules import Move, Position
from incidents.services import closing, endings, interviews, reports, returns, spells
from tests.cast import Cast


def report(cast: Cast, category: str = "missing", child: Child | None = None) -> MissingEpisode:
    return reports.report_missing(
        by=cast.carl,
        child=child or cast.kit,
        category=category,
        noticed_at=now(),
        whereabouts="At Jay's, by phone with Jay's mother." if category == "away" else "",
    )


def go_away(cast: Cast, episode: MissingEpisode) -> None:
    spells.record_away(by=cast.amina, episode=episode, at=now(), whereabouts="At Jay's.", spoken_to=True)


def go_missing(cast: Cast, episode: MissingEpisode) -> None:
    spells.record_missing(by=cast.carl, episode=episode, at=now(), reason="Phone off.")


def locate(cast: Cast, episode: MissingEpisode) -> None:
    returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="Bus station", found_by="police"
    )


def come_back(cast: Cast, episode: MissingEpisode) -> None:
    returns.record_return(by=cast.carl, episode=episode)


def decline_interview(cast: Cast, episode: MissingEpisode) -> None:
    interviews.record_decline(
        by=cast.ines,
        interview=episode.interviews.get(),
        declined_at=now(),
        carer_view="Kit was at a friend's.",
    )


def sign_off(cast: Cast, episode: MissingEpisode) -> None:
    for interview in episode.interviews.filter(state__in=["due", "offered"]):
        interviews.record_decline(
            by=cast.ines, interview=interview, declined_at=now(), carer_view="Nothing to add."
        )
    episode.refresh_from_db()
    closing.sign_off_episode(
        by=cast.bev, episode=episode, version=episode.version, words="Kit fears another move."
    )


def reopen(cast: Cast, episode: MissingEpisode) -> None:
    closing.reopen_episode(by=cast.bev, episode=episode, reason="The school told us more.")


def call_false(cast: Cast, episode: MissingEpisode) -> None:
    closing.record_false_report(by=cast.bev, episode=episode, reason="Was asleep in the attic.")


def transfer(cast: Cast, episode: MissingEpisode) -> None:
    episode.refresh_from_db()
    endings.transfer_episode(
        by=cast.bev,
        episode=episode,
        version=episode.version,
        to_authority=cast.westing,
        to_name="Ola Strand, team manager",
        at=now(),
        reason="Kit’s mother has moved there.",
        evidence="Their letter of today.",
    )


def turn_18(cast: Cast, episode: MissingEpisode) -> None:
    """The clock's own act, as the sweep does it on the birthday."""
    today = now().astimezone(LONDON).date()
    endings.turn_18(episode_id=episode.pk, born_on=today.replace(year=today.year - 18, day=1))


def die(cast: Cast, episode: MissingEpisode) -> None:
    today = now().astimezone(LONDON).date()
    death = endings.record_death(
        by=cast.amina, episode=episode, died_on=today, how_known="Inspector Hale came to us."
    )
    endings.confirm_death(
        by=cast.bev, episode=episode, death=death, version=death.version, words="Rang Inspector Hale."
    )


def join(cast: Cast, episode: MissingEpisode) -> None:
    """Ola's report turns out to tell of the same absence; it goes on."""
    other = MissingEpisode.objects.filter(child=cast.ola).first() or report(cast, child=cast.ola)
    episode.refresh_from_db()
    endings.join_to(
        by=cast.bev, episode=episode, version=episode.version, other=other, reason="Registered twice."
    )


MOVES: Final[dict[Move, Callable[[Cast, MissingEpisode], None]]] = {
    Move.AWAY: go_away,
    Move.MISSING: go_missing,
    Move.LOCATED: locate,
    Move.RETURN: come_back,
    Move.SIGN_OFF: sign_off,
    Move.REOPEN: reopen,
    Move.FALSE_REPORT: call_false,
    Move.TRANSFER: transfer,
    Move.DEATH: die,
    Move.JOIN: join,
}

WAYS: Final[dict[Position, tuple[str, tuple[Move, ...]]]] = {
    Position.CONCERN: ("concern", ()),
    Position.AWAY: ("concern", (Move.AWAY,)),
    Position.MISSING: ("missing", ()),
    Position.LOCATED: ("missing", (Move.LOCATED,)),
    Position.FOLLOW_UP: ("missing", (Move.RETURN,)),
    Position.CLOSED: ("missing", (Move.RETURN, Move.SIGN_OFF)),
    Position.LATE_BACK: ("concern", (Move.RETURN,)),
    Position.FALSE_REPORT: ("missing", (Move.FALSE_REPORT,)),
    Position.TRANSFERRED: ("missing", (Move.TRANSFER,)),
    Position.DIED: ("missing", (Move.DEATH,)),
    Position.MERGED: ("missing", (Move.JOIN,)),
}


def stands_at(cast: Cast, position: Position) -> MissingEpisode:
    """Kit's episode, brought to that position."""
    if position == Position.AGED_OUT:  # nobody does that; the clock does
        episode = report(cast)
        turn_18(cast, episode)
    else:
        category, moves = WAYS[position]
        episode = report(cast, category)
        for move in moves:
            MOVES[move](cast, episode)
    episode.refresh_from_db()
    return episode
