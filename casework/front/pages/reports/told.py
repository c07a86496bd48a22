"""Who has been told of an absence, as its home reads it: by message, by people, or decidedly not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from casework.front.pages.kit import words
from casework.records.models import Disclosure, Notification
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow
from incidents.models import MissingEpisode

_MESSAGE: Final = {
    Notification.State.QUEUED: ("Being sent", "yellow"),
    Notification.State.SENT: ("Sent", "green"),
    Notification.State.FAILED: ("Not sent", "red"),
}
_NOT_TOLD: Final = ("Not told", "red")


@dataclass(frozen=True)
class ToldLine:
    """One person or office: what became of telling them."""

    who: str
    tag: str
    colour: str
    detail: str


def who_was_told(
    episode: MissingEpisode, now: datetime, *, police_are_needed: bool, with_reasons: bool
) -> list[ToldLine]:
    """The police first when they still have to be told, then messages, then people told by people.

    `with_reasons`: why somebody was not told can speak of danger in the family.
    """
    missing = [ToldLine("Police", *_NOT_TOLD, "Needs a phone call from you")] if police_are_needed else []
    sent = list(_messages(episode.pk, now))
    if not sent and episode.is_open:
        sent = [ToldLine("Children’s services", "Being told", "yellow", "Messages are being written now")]
    return [*missing, *sent, *_tellings(episode.pk, now, with_reasons)]


def _messages(episode_id: UUID, now: datetime) -> Iterable[ToldLine]:
    """One line a person: the latest of the messages the system owes them."""
    posts = live_memberships(CaseworkNow()).select_related("team").order_by("starts_at")
    rows = (
        Notification.objects.filter(episode_id=episode_id, state__in=_MESSAGE)
        .select_related("recipient")
        .prefetch_related(Prefetch("recipient__memberships", queryset=posts, to_attr="posts_now"))
        .order_by("recorded_at")
    )
    latest = {row.recipient_id: row for row in rows}
    return [_message(row, now) for row in latest.values()]


def _message(row: Notification, now: datetime) -> ToldLine:
    post = next(iter(getattr(row.recipient, "posts_now", [])), None)
    who = f"{row.recipient.name}, {str(post.get_role_display()).lower()}" if post else row.recipient.name
    tag, colour = _MESSAGE[Notification.State(row.state)]
    at = row.sent_at or row.recorded_at
    return ToldLine(who, tag, colour, f"{row.get_channel_display()} {words.moment(at, now)}")


def _tellings(episode_id: UUID, now: datetime, with_reasons: bool) -> Iterable[ToldLine]:
    """What people did; the system's own tellings are its messages, above."""
    rows = Disclosure.objects.filter(episode_id=episode_id).exclude(how=Disclosure.How.SYSTEM)
    return [_telling(row, now, with_reasons) for row in rows.order_by("told_at")]


def _telling(row: Disclosure, now: datetime, with_reason: bool) -> ToldLine:
    audience = str(row.get_audience_display())
    who = f"{audience}, {row.told_name}" if row.told_name else audience
    if row.how == Disclosure.How.NOT_TOLD:
        return ToldLine(who, "Decided not to tell", "grey", row.reason_not_told if with_reason else "")
    return ToldLine(who, "Told", "green", f"{row.get_how_display()} {words.moment(row.told_at, now)}")
