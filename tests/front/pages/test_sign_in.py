"""The doors of the house, before anybody is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from casework.records.models import User
from casework.records.notify import outbox
from casework.records.services import people

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/password/reset/", "Choose a new password"),
        ("/accounts/password/reset/done/", "Check your e-mail"),
        ("/accounts/password/reset/key/1-gone/", "This link does not work any more"),
        ("/accounts/password/reset/key/done/", "Your password is changed"),
    ],
)
def test_every_door_stands_in_our_frame_and_shows_nothing_of_the_inside(
    client: Client, address: str, heading: str
) -> None:
    text = client.get(address).content.decode()
    assert f"<title>{heading} - Casework</title>" in text
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in text
    assert "Sign out" not in text
    assert 'id="cw-clock"' not in text


def test_what_is_missing_is_said_in_our_words(client: Client) -> None:
    text = client.post("/accounts/login/", {}).content.decode()
    assert "<title>Error: Sign in - Casework</title>" in text
    assert "Enter your e-mail address." in text
    assert "Enter your password." in text


def test_a_wrong_password_and_a_stranger_get_the_same_sentence(client: Client) -> None:
    User.objects.create_user(
        email="carl@larchwood.example", password="garden kettle seven", name="Carl Penrose"
    )
    for address in ("carl@larchwood.example", "nobody@larchwood.example"):
        answer = client.post("/accounts/login/", {"login": address, "password": "three word guess"})
        assert "That e-mail address and password do not belong together." in answer.content.decode()


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    assert "<form" not in client.get("/accounts/signup/").content.decode()


def test_an_invited_person_chooses_a_password_and_is_in(
    client: Client, cast: Cast, settings: Settings
) -> None:
    people.invite(
        by=cast.ada, email="noor@exampleshire.example", name="Noor Haddad", role="social_worker",
        authority=cast.exampleshire,
    )  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.deliver()
    (letter,) = mail.outbox
    (link,) = re.findall(rf"{settings.PUBLIC_URL}(/\S+)", str(letter.body))
    page = client.get(link, follow=True)
    assert "<title>Choose your password - Casework</title>" in page.content.decode()
    address, words = page.redirect_chain[-1][0], "garden kettle seven"
    chosen = client.post(address, {"password1": words, "password2": words}, follow=True)
    assert "Sign in with it" in chosen.content.decode()
    entered = client.post("/accounts/login/", {"login": "noor@exampleshire.example", "password": words})
    assert entered.status_code == 302
    assert "This link does not work any more" in Client().get(link, follow=True).content.decode()


def test_a_demo_says_that_it_is_one_and_where_its_mail_lies(client: Client, settings: Settings) -> None:
    assert "This is a demo" not in client.get("/accounts/login/").content.decode()
    settings.DEMO, settings.MAIL_PAGE_URL = True, "http://127.0.0.1:8026/"
    text = client.get("/accounts/login/").content.decode()
    assert "This is a demo: everybody in it is invented." in text
    assert 'href="http://127.0.0.1:8026/"' in text
