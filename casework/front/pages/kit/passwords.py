"""The password again, for what a person left alone at an open screen must not be able to do."""

from typing import Any, Unpack

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import TextField
from casework.front.pages.kit.forms.fields import Wording
from casework.records.errors import Invalid, TooMany

LONGEST = 1000  # characters; hashing takes longer the more there are


class PasswordField(TextField):
    """What is typed here is never shown again, and is taken as it is: a space may belong to it."""

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        super().__init__(
            label, limit=LONGEST, width=20, kind="password", autocomplete="current-password", **wording
        )

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > self.limit:
            raise self.wrong(f"Use {self.limit} characters or fewer.")
        return text

    def prepare_value(self, value: Any) -> str:
        return ""


def check_password_again(request: HttpRequest, password: str, *, field: str = "password") -> None:
    """Invalid unless it is this person's. Wrong ones count together with those of the sign-in page."""
    try:
        found = get_adapter().authenticate(request, email=person(request).email, password=password)
    except ValidationError as limited:
        raise TooMany(" ".join(limited.messages), field=field) from None
    if found != person(request):
        raise Invalid("That is not your password.", field=field)
