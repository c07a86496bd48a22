"""How people come in: only those who were invited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest, HttpResponse

from casework.records import audit
from casework.records.models import User
from casework.records.models.police_client import NO_MAILBOX


class InvitedPeopleOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody makes an account for themselves; an administrator invites them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and password do not belong together. Check both.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, or choose a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The account of a force's system gets no letter: a link to choose a password would be a way in."""
        if not email.lower().endswith(f"@{NO_MAILBOX}"):
            super().send_mail(template_prefix, email, context)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Every sign-in is in the audit."""
        audit.signed_in(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail address and password, with our sentences for what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "E-mail address"
        login.error_messages |= {
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        }
        password.error_messages["required"] = "Enter your password."
