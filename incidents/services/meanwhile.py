"""Between gone and back: the home's notice on the place, and how it stands with a child who is located."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid
from casework.records.models import Placement, User
from casework.records.times import LONDON, CaseworkNow, now
from incidents import moments, rules
from incidents.models import LocatedCheck, MissingEpisode, PlacementNotice, ReportCopy, State
from incidents.verbs import EpisodeVerb

from .alerting import alert_of_notice
from .keeping import keep_copy
from .writing import add, position_of, required, take, tell_story


@transaction.atomic
def give_notice(
    *,
    by: User,
    episode: MissingEpisode,
    ends_on: date,
    reason: str,
    given_at: datetime | None = None,
    given_by: str = "",
) -> PlacementNotice:
    """The home does not keep the place of a child who is not back. The placement itself goes on.

    `given_by` is whoever gave it, when that is not the person who writes it down.
    """
    episode = take(by, Act.GIVE_NOTICE, episode)
    rules.refuse_if_ended(position_of(episode))
    if not episode.is_open:
        raise Conflict("The child is back. Give notice to the child’s social worker.", code="back")
    moment = now()
    at = moments.happened("given_at", given_at or moment, moment)
    if ends_on < at.astimezone(LONDON).date():
        raise Invalid("The place ends on the day of the notice or later.", code="too_early", field="ends_on")
    placement = Placement.objects.filter(child=episode.child, period__contains=CaseworkNow()).first()
    if placement is None or placement.home_id is None:
        raise Conflict("This child is placed in no home now.", code="no_placement")
    notice = add(
        PlacementNotice(
            episode=episode,
            placement=placement,
            given_at=at,
            ends_on=ends_on,
            reason=required(reason, "reason", "Enter the reason for the notice."),
            given_by=given_by.strip() or by.name,
            recorded_by=by,
        )
    )
    payload = {"ends_on": ends_on.isoformat()}
    tell_story(episode, EpisodeVerb.NOTICE_GIVEN, by, notice, occurred_at=at, payload=payload)
    sent = {"given_at": given_at, "ends_on": ends_on.isoformat(), "reason": notice.reason}
    keep_copy(by, episode, ReportCopy.Kind.NEWS, sent)
    alert_of_notice(notice, but=by)
    return notice


@transaction.atomic
def check_located(
    *,
    by: User,
    episode: MissingEpisode,
    with_whom: str,
    fetched_by: str,
    why_not_back: str = "",
    checked_at: datetime | None = None,
) -> LocatedCheck:
    """Who is with a child who is located, who fetches them and by when, and why they are not back yet."""
    episode = take(by, Act.RECORD_LOCATED, episode)
    if episode.state != State.LOCATED:
        raise Conflict("The child is not located now, so nobody is fetched.", code="not_located")
    moment = now()
    return add_check(
        by,
        episode,
        moments.happened("checked_at", checked_at or moment, moment),
        required(with_whom, "with_whom", "Enter who is with the child."),
        required(fetched_by, "fetched_by", "Enter who fetches the child, and by when."),
        why_not_back,
    )


def add_check(
    by: User, episode: MissingEpisode, at: datetime, with_whom: str, fetched_by: str, why_not_back: str = ""
) -> LocatedCheck:
    """Write it into a held episode, and its story."""
    check = add(
        LocatedCheck(
            episode=episode,
            checked_at=at,
            with_whom=with_whom.strip(),
            fetched_by=fetched_by.strip(),
            why_not_back=why_not_back.strip(),
            recorded_by=by,
        )
    )
    tell_story(episode, EpisodeVerb.LOCATED_CHECKED, by, check, occurred_at=at)
    return check
