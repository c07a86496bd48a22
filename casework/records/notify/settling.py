"""One leased message: sent, taken back or put off, and what came of it written down."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final
from uuid import UUID

import structlog
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import QuerySet

from casework.records.access import may_be_told
from casework.records.models import Child, Death, Disclosure, Notification, NotificationEvent
from casework.records.standing import Standing, standing_of
from casework.records.times import CaseworkNow, is_pretended

from .letters import letter_for
from .templates import TEMPLATES
from .texts import TextDoor, TextRefused, are_sent

log = structlog.get_logger(__name__)

StillWanted = Callable[[UUID], bool]
Way = BaseEmailBackend | TextDoor

BACK_OFF_SECONDS: Final = (30, 60, 120, 300, 900)  # after the first failed try, the second, …
PERMANENT: Final = 500  # SMTP: from here on, the same try will fail again
NO_LONGER_WANTED: Final = "The child is back."
NO_LONGER_ALLOWED: Final = "This person no longer has access to the record."
NO_TEXTS: Final = "Text messages are switched off."
NO_NUMBER: Final = "This person has no mobile number any more."
A_DEATH: Final = "A death is recorded: nobody gets a message about this child by itself."
NOT_REACHED: Final = "The mail server could not be reached."
NOT_WRITTEN: Final = "The message could not be written."
TOLD_AFTERWARDS: Final = "Part of a past that was told afterwards: it counts as sent here, and nothing left."

FIRST_QUESTION_SECONDS: Final = 3  # from a text's sending until Notify is asked whether it arrived
ASK_LATER: Final = """
UPDATE records_notification SET next_try_at = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(id)s"""

PUT_OFF: Final = """
UPDATE records_notification
SET next_try_at = clock_timestamp() + make_interval(secs => %(seconds)s), reason = %(reason)s,
    lease_token = NULL, lease_until = NULL
WHERE id = %(id)s"""


def _always(episode_id: UUID) -> bool:
    return True


_still_wanted: StillWanted = _always


def ask_before_sending(question: StillWanted) -> None:
    """Let the floor that knows episodes say whether what stops at a return is still to be sent.

    The answer has to hold until the transaction ends, so the question locks what a return would change.
    """
    global _still_wanted
    _still_wanted = question


@transaction.atomic
def settle(notification_id: UUID, token: UUID, way: Way | None) -> bool:
    """Send one leased message, take it back or put it off; whether it was sent.

    The episode is locked first and the message second, as a return does, so that neither waits for the other
    in a ring: a return either waits for this letter or is seen by it.
    """
    owed = Notification.objects.select_related("recipient", "child").get(pk=notification_id)
    obstacle = _obstacle(owed)
    if not _is_ours(owed, token):
        return False
    if obstacle:
        _take_back(owed, obstacle)
        return False
    error = _send(owed, way) if way else OSError()
    if error is not None:
        (_give_up if _is_final(error) else _put_off)(owed, _words(error))
        return False
    _note_sent(owed)
    return True


def _obstacle(owed: Notification) -> str:
    """Why the message must not go any more, asked at the last moment; empty when it may."""
    if owed.stops_on_return and owed.episode_id is not None and not _still_wanted(owed.episode_id):
        return NO_LONGER_WANTED
    if owed.channel == Notification.Channel.SMS and not (are_sent() and owed.recipient.phone):
        return NO_NUMBER if are_sent() else NO_TEXTS
    if owed.child is None:
        return "" if owed.recipient.is_active else NO_LONGER_ALLOWED
    if Death.objects.filter(child=owed.child, withdrawn_at=None).exists():
        return A_DEATH
    return "" if may_be_told(owed.recipient, owed.child) else NO_LONGER_ALLOWED


def _is_ours(owed: Notification, token: UUID) -> bool:
    """Lock the row; false when it was settled meanwhile, or our lease ran out and somebody else has it."""
    ours = Notification.objects.filter(pk=owed.pk, lease_token=token, state=Notification.State.QUEUED)
    return ours.select_for_update(no_key=True).exists()


def _send(owed: Notification, way: Way) -> Exception | None:
    """Hand the message over; what went wrong, if anything. Whatever breaks, only this message waits."""
    try:
        if isinstance(way, TextDoor):
            owed.outside_id = way.send(owed)
        else:
            letter = letter_for(owed)
            letter.connection = way
            letter.send()
    except Exception as error:
        way.close()  # halfway through a conversation: the next message begins a new one
        log.warning("message.not_sent", notification_id=str(owed.pk), error=type(error).__name__)
        return error
    return None


def _is_final(error: Exception) -> bool:
    """The address itself was refused for good: trying again would only keep the alarm on."""
    if isinstance(error, TextRefused):
        return error.is_final
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= PERMANENT for code, _ in error.recipients.values())


def _words(error: Exception) -> str:
    """The reason for people, without the server's own text: that often repeats the address."""
    if isinstance(error, TextRefused):
        return error.words
    if isinstance(error, SMTPRecipientsRefused):
        return "The mail server refused the address."
    if isinstance(error, SMTPResponseException):
        return f"The mail server refused it ({error.smtp_code})."
    return NOT_REACHED if isinstance(error, (OSError, SMTPException)) else NOT_WRITTEN


# Writing down what came of it ------------------------------------------------------------------------


def _put_off(owed: Notification, reason: str) -> None:
    seconds = BACK_OFF_SECONDS[min(owed.attempts, len(BACK_OFF_SECONDS)) - 1]
    with connection.cursor() as cursor:
        cursor.execute(PUT_OFF, {"id": owed.pk, "seconds": seconds, "reason": reason})
    NotificationEvent.objects.create(notification=owed, kind="put_off", reason=reason)


def _give_up(owed: Notification, reason: str) -> None:
    """It stays, marked and with its reason, in the story of the case; the ladder climbs without it."""
    _close(owed, state=Notification.State.FAILED, reason=reason)
    NotificationEvent.objects.create(notification=owed, kind="failed", reason=reason)


def _take_back(owed: Notification, reason: str) -> None:
    _close(owed, state=Notification.State.WITHDRAWN, reason=reason)
    NotificationEvent.objects.create(notification=owed, kind="withdrawn", reason=reason)


def _note_sent(owed: Notification) -> None:
    """The message is sent. Whoever a letter went to has been told; of a text, once it has arrived."""
    _close(
        owed,
        state=Notification.State.SENT,
        sent_at=CaseworkNow(),
        reason="",
        outside_id=owed.outside_id,
    )
    NotificationEvent.objects.create(notification=owed, kind="sent")
    if owed.channel == Notification.Channel.EMAIL:
        disclose(owed)
        return
    with connection.cursor() as cursor:
        cursor.execute(ASK_LATER, {"id": owed.pk, "seconds": FIRST_QUESTION_SECONDS})


def disclose(owed: Notification) -> None:
    """Somebody was told. A letter and a text of the same words tell once."""
    if owed.child is None:
        return
    told = _disclosure(owed, owed.child)
    same = Disclosure.objects.filter(
        step_run_id=owed.step_run_id, told_user=owed.recipient, how=told.how, what=told.what
    )
    if not (are_sent() and owed.step_run_id and same.exists()):
        told.save(force_insert=True)


def _disclosure(owed: Notification, child: Child) -> Disclosure:
    audience, role = _audience(standing_of(owed.recipient), child)
    return Disclosure(
        child=child,
        episode_id=owed.episode_id,
        step_run_id=owed.step_run_id,
        audience=audience,
        told_user=owed.recipient,
        told_name=owed.recipient.name,
        told_role=role,
        how=Disclosure.How.SYSTEM,
        told_of=_of_what(owed),
        what=TEMPLATES[owed.template].subject,
    )


def _of_what(owed: Notification) -> Disclosure.Of:
    """A step that goes on after the return speaks of a child who is back. Other messages go on as well: that
    somebody asked for the child, say.
    """
    is_over = owed.step_run_id is not None and not owed.stops_on_return
    return Disclosure.Of.BACK if is_over else Disclosure.Of.MISSING


@transaction.atomic
def count_as_sent(episode_id: UUID) -> int:
    """A past that is told afterwards: what an episode owes is written down as sent now, and nothing leaves.

    How many. Whoever may no longer be told is left out as ever. ValueError unless the caller's transaction
    pretends the time: a message that is owed in earnest can only be sent.
    """
    return _count_as_sent(Notification.objects.filter(episode_id=episode_id))


@transaction.atomic
def count_notices_as_sent(template: str) -> int:
    """The same for messages of one kind, which are about no episode."""
    return _count_as_sent(Notification.objects.filter(episode_id=None, template=template))


def _count_as_sent(owed: QuerySet[Notification]) -> int:
    if not is_pretended():
        raise ValueError("Only a past that is told afterwards counts as sent.")
    queued = owed.filter(state=Notification.State.QUEUED)
    sent = [owed for owed in queued.select_related("recipient", "child") if not _taken_back(owed)]
    Notification.objects.filter(pk__in=[owed.pk for owed in sent]).update(
        state=Notification.State.SENT, sent_at=CaseworkNow()
    )
    NotificationEvent.objects.bulk_create(
        NotificationEvent(notification=owed, kind="sent", reason=TOLD_AFTERWARDS) for owed in sent
    )
    letters = (owed for owed in sent if owed.channel == Notification.Channel.EMAIL)
    Disclosure.objects.bulk_create(_disclosure(owed, owed.child) for owed in letters if owed.child)
    return len(sent)


def _taken_back(owed: Notification) -> bool:
    """Take the message back if it must not go."""
    if obstacle := _obstacle(owed):
        _take_back(owed, obstacle)
    return bool(obstacle)


def _close(owed: Notification, **fields: object) -> None:
    done = {"lease_token": None, "lease_until": None, "next_try_at": None, **fields}
    Notification.objects.filter(pk=owed.pk).update(**done)


def _audience(standing: Standing, child: Child) -> tuple[Disclosure.Audience, str]:
    """In what capacity this person hears of this child, and the role that the message went to."""
    for post in standing.posts:
        role = str(post.role.label)
        if post.authority_id == child.authority_id:
            return Disclosure.Audience.AUTHORITY, role
        if post.home_id or post.provider_id:
            return Disclosure.Audience.PROVIDER, role
        if post.force_id:
            return Disclosure.Audience.POLICE, role
        if post.authority_id:
            return Disclosure.Audience.HOST_AUTHORITY, role
    return Disclosure.Audience.OTHER, ""
