"""A row of the outbox as a text message, handed to GOV.UK Notify. Without a key there are none."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from casework.records.models import Notification

from .templates import REPEAT_MARK, TEMPLATES

SERVER_SECONDS: Final = 4  # as the mail server: a page may be waiting for the same episode
SHOWN_OF_KEY: Final = 4
WORDS: Final = "words"  # what Notify's one template has between its brackets
# Of what Notify refuses, that which the same try would meet again: the number cannot be sent to.
ABOUT_THE_NUMBER: Final = ("phone_number", "recipient", "international")

NOT_REACHED: Final = "GOV.UK Notify could not be reached."
NOT_ALLOWED: Final = "GOV.UK Notify did not accept our key."
TOO_MANY: Final = "GOV.UK Notify takes no more messages just now."
NO_SUCH_NUMBER: Final = "GOV.UK Notify refused the number."
NOT_TAKEN: Final = "GOV.UK Notify did not take it."


class TextRefused(Exception):
    """Notify did not take a text, or nobody knows whether it did; the words are for people."""

    def __init__(self, words: str, *, is_final: bool = False, is_silent: bool = False) -> None:
        super().__init__(words)
        self.words, self.is_final, self.is_silent = words, is_final, is_silent


class TextDoor:
    """The way to Notify for one round. Once it has been silent, the round is over."""

    def __init__(self) -> None:
        self._client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=SERVER_SECONDS
        )
        self.is_silent = False

    def send(self, owed: Notification) -> str:
        """Hand the text over; what Notify calls it. TextRefused when it was not taken.

        Notify takes the same reference twice. A try before this one may have arrived without our hearing of
        it, so from the second on it is asked first.
        """
        try:
            if owed.attempts > 1 and (found := self._taken_before(owed.key)):
                return found
            answer = self._client.send_sms_notification(
                phone_number=owed.recipient.phone,
                template_id=settings.NOTIFY_TEMPLATE_ID,
                personalisation={WORDS: words_of(owed)},
                reference=owed.key,
            )
            return str(answer["id"])
        except APIError as error:
            refused = _refusal(error)
            self.is_silent = refused.is_silent
            raise refused from error

    def status_of(self, outside_id: str) -> str:
        """What became of a text: created, sending, delivered, permanent-failure, … TextRefused as above."""
        try:
            return str(self._client.get_notification_by_id(outside_id)["status"])
        except APIError as error:
            raise _refusal(error) from error

    def close(self) -> None:
        self._client.request_session.close()

    def _taken_before(self, key: str) -> str:
        found: list[dict[str, Any]] = self._client.get_all_notifications(reference=key)["notifications"]
        return str(found[0]["id"]) if found else ""


def are_sent() -> bool:
    """Whether this service sends text messages at all."""
    return bool(settings.NOTIFY_API_KEY)


def words_of(owed: Notification) -> str:
    """The text itself, with a mark of its own, so that whoever gets it twice sees that it is the same one."""
    words = TEMPLATES[owed.template].text.format(reference=owed.reference)
    if not words or not words.isprintable():
        raise ValueError("A text has words of one line, from the list.")
    return words + REPEAT_MARK.format(mark=owed.key[:SHOWN_OF_KEY].upper())


def _refusal(error: APIError) -> TextRefused:
    """What went wrong in words of ours: Notify's own may repeat the number."""
    status = error.status_code  # 503 also when nobody answered: the client's own word for that
    if status >= 500:
        return TextRefused(NOT_REACHED, is_silent=True)
    if status in (401, 403):
        return TextRefused(NOT_ALLOWED, is_silent=True)
    if status == 429:
        return TextRefused(TOO_MANY, is_silent=True)
    said = str(error.message) if isinstance(error, HTTPError) else ""
    if any(word in said for word in ABOUT_THE_NUMBER):
        return TextRefused(NO_SUCH_NUMBER, is_final=True)
    return TextRefused(NOT_TAKEN)
