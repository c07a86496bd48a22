"""A row of the outbox as the e-mail that its recipient gets. The same row makes the same letter each time."""

from email.utils import format_datetime, parseaddr
from typing import Final

from allauth.account import app_settings as sign_in
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from casework.records.models import Notification, User

from .templates import INVITATION, TEMPLATES

SHOWN_OF_KEY: Final = 8


def letter_for(notification: Notification) -> EmailMessage:
    """The letter, ready to send. ValueError when an address or reference would break out of its line.

    Its Message-ID is the outbox key, so that a mail server and a person can tell a repeat from a second
    message; the date is when it was written, not when it was tried.
    """
    wording = TEMPLATES[notification.template]
    reference = _one_line(notification.reference)
    words = wording.body.format(reference=reference, link=_link(notification))
    return EmailMessage(
        subject=wording.subject,
        body=f"{words}\n\nMessage {notification.key[:SHOWN_OF_KEY]}\n",
        to=[_one_line(notification.recipient.email)],
        headers={
            "Message-ID": message_id(notification.key),
            "Date": format_datetime(notification.recorded_at),
            "Auto-Submitted": "auto-generated",
        },
    )


def message_id(key: str) -> str:
    """`<key@domain of our own address>`."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{key}@{address.rpartition('@')[2]}>"


def _link(notification: Notification) -> str:
    """Where the reader goes next: the episode, else the child whose step it is; the page that the words speak
    of, or a first password.
    """
    if notification.template == INVITATION:
        return f"{settings.PUBLIC_URL}{_path_to_first_password(notification.recipient)}"
    if notification.episode_id is not None:
        return f"{settings.PUBLIC_URL}/episodes/{notification.episode_id}/"
    if notification.step_run_id is not None and notification.child_id is not None:
        return f"{settings.PUBLIC_URL}/children/{notification.child_id}/"
    return f"{settings.PUBLIC_URL}{TEMPLATES[notification.template].path}"


def _path_to_first_password(user: User) -> str:
    """Sign-in's own one-time link. It is made as the letter goes out and is kept nowhere."""
    key = sign_in.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("A line break or control character in a header.")
    return text
