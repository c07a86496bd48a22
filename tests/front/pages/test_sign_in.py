"""The doors of the house, before anybody is in."""

import pytest
from django.test import Client

from casework.records.models import User

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
