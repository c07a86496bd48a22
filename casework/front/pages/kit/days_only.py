"""Moments of which only the day is known: an absence that came with an authority's files has no times."""

from datetime import datetime, time
from typing import Final

from casework.front.pages.kit import words
from incidents.models import MissingEpisode

NOT_RECORDED: Final = "time not recorded"
SOON_AFTER_MIDNIGHT: Final = time(0, 30)  # where an import puts what it knows the day of, one after the other


def is_day_only(episode: MissingEpisode, at: datetime, *, estimated: bool) -> bool:
    """Whether nobody ever said at what time of the day."""
    return episode.imported_at is not None and estimated and words.wall(at).time() < SOON_AFTER_MIDNIGHT


def clock_is_day_only(episode: MissingEpisode, clock: str) -> bool:
    """The same of one of the episode's clocks: left, noticed, located, returned."""
    at: datetime | None = getattr(episode, f"{clock}_at")
    return at is not None and is_day_only(episode, at, estimated=getattr(episode, f"{clock}_estimated"))


def is_gone_from_day(episode: MissingEpisode) -> bool:
    """Whether only the day is known from which the child was gone."""
    estimated = episode.left_estimated and episode.missing_from == episode.left_at
    return is_day_only(episode, episode.missing_from, estimated=estimated)


def moment(episode: MissingEpisode, at: datetime, now: datetime, *, estimated: bool) -> str:
    """Today 22:41; or 15 November, time not recorded."""
    if is_day_only(episode, at, estimated=estimated):
        return f"{words.day_name(words.wall(at).date(), words.wall(now).date())}, {NOT_RECORDED}"
    return words.moment(at, now)


def gone_from(episode: MissingEpisode, now: datetime) -> str:
    """From when the child was gone: Today 22:41; or 15 November, time not recorded."""
    if is_gone_from_day(episode):
        day = words.wall(episode.missing_from).date()
        return f"{words.day_name(day, words.wall(now).date())}, {NOT_RECORDED}"
    return words.moment(episode.missing_from, now)


def gone_for(episode: MissingEpisode, now: datetime) -> str:
    """How long: 5 h 22 min; or 7 days, when the files knew days only."""
    until = episode.returned_at or now
    if not is_gone_from_day(episode):
        return words.span(until - episode.missing_from)
    days = (words.wall(until).date() - words.wall(episode.missing_from).date()).days
    return {0: "less than a day", 1: "1 day"}.get(days, f"{days} days")


def spell_days(episode: MissingEpisode, start: datetime, end: datetime | None) -> str:
    """4 April to 7 April 2025, times not recorded; "" when a time of either is known."""
    moments = [start] if end is None else [start, end]
    if not all(is_day_only(episode, at, estimated=True) for at in moments):
        return ""
    days = list(dict.fromkeys(words.calendar_day(words.wall(at).date()) for at in moments))
    if end is None:
        return f"From {days[0]}, still so; {NOT_RECORDED}"
    return f"{' to '.join(days)}, times not recorded"
