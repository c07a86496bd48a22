"""When something can have happened, as a person types it; and how a sentence says a time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from casework.records.errors import Invalid
from casework.records.times import LONDON

CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)  # a wall clock may be ahead of ours
NEEDS_A_REASON_AFTER: Final = timedelta(hours=24)
ONLY_A_CORRECTION_AFTER: Final = timedelta(days=30)


def happened(field: str, at: datetime, now: datetime) -> datetime:
    """The moment a person gives, never later than now; Invalid when it lies more than five minutes ahead."""
    if at > now + CLOCKS_DIFFER_BY:
        raise Invalid("That time is in the future.", code="future", field=field)
    return min(at, now)


def can_be(at: datetime, earliest: datetime, now: datetime) -> bool:
    """Whether it can have happened then: not before the minute of `earliest`, and not ahead of us."""
    return to_the_minute(earliest) <= at <= now + CLOCKS_DIFFER_BY


def refuse_before(field: str, at: datetime, earliest: datetime, what_was_then: str) -> None:
    """Invalid when `at` lies before what must have come first: "The child went missing at 22:40."."""
    if at < to_the_minute(earliest):
        raise Invalid(
            f"{what_was_then} {clock_words(earliest, at)}. Enter a later time.", code="too_early", field=field
        )


def to_the_minute(at: datetime) -> datetime:
    """As people type a time: "just now" must not come before what was recorded this same minute."""
    return at.replace(second=0, microsecond=0)


def clocks_of_report(
    clocks: Mapping[str, datetime | None], now: datetime, reason: str
) -> dict[str, datetime]:
    """The times that a report knows. Over 24 hours ago needs the reason; over 30 days is for a correction."""
    known = {field: happened(field, at, now) for field, at in clocks.items() if at is not None}
    for field, at in known.items():
        if is_long_ago(at, now):
            raise Invalid(
                "That is more than 30 days ago. Report what you know of this time; a team manager can then "
                "correct it.",
                code="too_long_ago",
                field=field,
            )
        if at < now - NEEDS_A_REASON_AFTER and not reason.strip():
            raise Invalid(
                "That is more than 24 hours ago. Enter why it is reported only now.",
                code="late_reason",
                field="late_reason",
            )
    return known


def is_long_ago(at: datetime, now: datetime) -> bool:
    """Whether only a team manager may say that it happened then."""
    return at < now - ONLY_A_CORRECTION_AFTER


def clock_words(at: datetime, seen_from: datetime) -> str:
    """ "21:04"; with its day, "21:04 on 3 December 2026", when that is not the day of `seen_from`."""
    local, other = at.astimezone(LONDON), seen_from.astimezone(LONDON)
    if local.date() == other.date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {day_words(at)}"


def day_words(at: datetime) -> str:
    """ "3 December 2026", on the wall calendar."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"
