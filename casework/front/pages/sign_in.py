"""How people come in: only those who were invited."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedPeopleOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody makes an account for themselves; an administrator invites them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
