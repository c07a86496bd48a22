"""Somebody at the keyboard: what each test of the set-up and of the records opens and sends."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.records.models import User


def at_the_desk(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(page: str, *keys: object) -> str:
    return reverse(f"pages:{page}", args=keys)


def text_of(answer: Any) -> str:
    """What the page says, with a redirect's next page said to be missing."""
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def send(user: User, page: str, *keys: object, **answers: object) -> Any:
    """Fill in a page and send it, once."""
    return at_the_desk(user).post(url(page, *keys), {"form_key": str(uuid.uuid4()), **answers})
