"""The report of an absence, and its corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Invalid
from casework.records.models import Child, User
from casework.records.times import now
from incidents import codes, moments
from incidents.models import Category, Correction, IndicatorCode, MissingEpisode
from incidents.verbs import EpisodeVerb

from .between import refuse_impossible_beginning
from .heard import add_news
from .police import PoliceTold, refuse_incomplete_answer
from .taking import AlreadyReported, Told, take_report
from .writing import (
    add,
    refuse_stale,
    require_typed_name,
    required,
    save_edit,
    take,
    tell_story,
)

__all__ = ["AlreadyReported", "PoliceTold", "add_news", "correct_report", "report_missing"]


@transaction.atomic
def report_missing(
    *,
    by: User,
    child: Child,
    category: str,
    noticed_at: datetime,
    last_seen_at: datetime | None = None,
    last_seen_estimated: bool = False,
    left_at: datetime | None = None,
    expected_at: datetime | None = None,
    last_seen_where: str = "",
    last_seen_by: str = "",
    circumstances: str = "",
    checks_made: Sequence[str] = (),
    wearing: str = "",
    carrying: str = "",
    indicators: Mapping[str, str] | None = None,
    told_police: PoliceTold | None = None,
    whereabouts: str = "",
    typed_name: str = "",
    late_reason: str = "",
    together_with: Sequence[Child] = (),
) -> MissingEpisode:
    """Take a report; returns the episode of `child`. Children who went together each get their own.

    A child who is not back keeps the one episode: a report that tells of a change there is taken as that
    change, one that tells nothing new raises `AlreadyReported`. `indicators` are codes with what was said.
    A time over 24 hours ago needs `late_reason`; over 30 days ago, or in the future, it is Invalid.
    """
    moment = now()
    clocks = {"noticed_at": noticed_at, "last_seen_at": last_seen_at, "left_at": left_at}
    known = moments.clocks_of_report(clocks, moment, late_reason)
    if told_police:
        refuse_incomplete_answer(told_police, moment)
    told = Told(
        by=by,
        typed_name=require_typed_name(by, typed_name),
        moment=moment,
        category=_category(category, whereabouts),
        whereabouts=whereabouts.strip(),
        late_reason=late_reason.strip(),
        clocks=known,
        columns={
            "last_seen_estimated": last_seen_estimated,
            "expected_at": expected_at,
            "last_seen_where": last_seen_where.strip(),
            "last_seen_by": last_seen_by.strip(),
            "checks_made": codes.chosen(checks_made, codes.Check, field="checks_made"),
            "wearing": wearing.strip(),
            "carrying": carrying.strip(),
        },
        circumstances=circumstances.strip(),
        indicators=_indicators(indicators or {}),
        police=told_police,
    )
    return take_report(told, child, together_with)


def _category(category: str, whereabouts: str) -> Category:
    codes.chosen([category], Category, field="category")
    if category == Category.AWAY:
        required(whereabouts, "whereabouts", "Enter where they are, and how you know.")
    return Category(category)


def _indicators(indicators: Mapping[str, str]) -> Mapping[str, str]:
    codes.chosen(indicators, IndicatorCode, field="indicators")
    return indicators


# ---- corrections ----

_CLOCKS = ("noticed_at", "last_seen_at", "left_at", "told_police_at")
_BEFORE_THE_RETURN = ("noticed_at", "last_seen_at", "left_at")
_MOMENTS = (*_CLOCKS, "expected_at")
_WORDS = (
    "last_seen_where",
    "last_seen_by",
    "circumstances",
    "wearing",
    "carrying",
    "police_reference",
)
CORRECTABLE = (*_MOMENTS, *_WORDS)


@transaction.atomic
def correct_report(
    *, by: User, episode: MissingEpisode, version: int, changes: Mapping[str, object], reason: str
) -> MissingEpisode:
    """Put values of the report right, with the reason. Each old value is kept beside the new one.

    `changes` holds fields of CORRECTABLE. A moment over 30 days ago is a team manager's to set.
    """
    episode = take(by, Act.CORRECT, episode)
    refuse_stale(episode, version)
    why = required(reason, "reason", "Enter why you correct this.")
    moment = now()
    changed = {
        field: value for field, value in changes.items() if _checked(episode, field, value, moment, by)
    }
    if not changed:
        raise Invalid("Nothing was changed.", code="unchanged")
    noticed_before = episode.noticed_at
    for field, value in changed.items():
        _correct(episode, field, value, why, by, moment)
    if clocks := [field for field in _BEFORE_THE_RETURN if field in changed]:
        refuse_impossible_beginning(episode, clocks, noticed_before=noticed_before)
    save_edit(episode)
    tell_story(episode, EpisodeVerb.CORRECTED, by, episode, payload={"fields": sorted(changed)})
    return episode


def _checked(episode: MissingEpisode, field: str, value: object, moment: datetime, by: User) -> bool:
    """Whether the value is another than before; Invalid, or not allowed, when it can't be set so."""
    if field not in CORRECTABLE:
        raise Invalid("This can’t be corrected.", code="not_correctable", field=field)
    if field in _CLOCKS and isinstance(value, datetime):
        moments.happened(field, value, moment)
        if moments.is_long_ago(value, moment):
            require_for(by, Act.CORRECT_LATE, episode.child)
    if field in _BEFORE_THE_RETURN and isinstance(value, datetime):
        _refuse_after_return(episode, field, value)
    if field == "noticed_at" and value is None:
        raise Invalid("Enter when they were noticed gone.", code="required", field=field)
    if not isinstance(value, datetime | None if field in _MOMENTS else str):
        raise Invalid("This can’t be corrected so.", code="wrong_kind", field=field)
    return bool(getattr(episode, field) != value)


def _refuse_after_return(episode: MissingEpisode, field: str, at: datetime) -> None:
    """An absence cannot begin after its end. The time of the return is put right on its own page."""
    back = episode.returned_at
    if back is not None and at > back:
        words = moments.clock_words(back, at)
        raise Invalid(f"The child came back at {words}. Enter an earlier time.", code="too_late", field=field)


def _correct(
    episode: MissingEpisode, field: str, value: object, why: str, by: User, moment: datetime
) -> None:
    old = getattr(episode, field)
    setattr(episode, field, value)
    if field in _CLOCKS:
        setattr(episode, f"{field.removesuffix('_at')}_recorded_at", moment)
        if episode.imported_at is not None:  # the files knew no time; now somebody does
            setattr(episode, f"{field.removesuffix('_at')}_estimated", False)
    add(
        Correction(
            episode=episode, field=field, old=as_text(old), new=as_text(value), reason=why, corrected_by=by
        )
    )


def as_text(value: object) -> str:
    """A value as a correction keeps it: moments in ISO 8601, in UTC; nothing for none."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
