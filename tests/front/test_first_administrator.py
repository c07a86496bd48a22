"""The first administrator of an empty installation."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from casework.records.models import Membership, Notification, Role

pytestmark = pytest.mark.django_db


def _first_administrator(email: str) -> str:
    said = io.StringIO()
    call_command("first_administrator", email, stdout=said)
    return said.getvalue()


def test_an_empty_installation_gets_one_administrator_who_is_told() -> None:
    assert "ada@exs.example" in _first_administrator("ada@exs.example")
    membership = Membership.objects.get()
    assert (membership.role, membership.user.email) == (Role.ADMINISTRATOR, "ada@exs.example")
    assert membership.authority is not None
    assert membership.authority.is_tenant
    assert Notification.objects.get().recipient_id == membership.user_id


def test_afterwards_nobody_becomes_administrator_this_way() -> None:
    _first_administrator("ada@exs.example")
    assert _first_administrator("eve@nmr.example") == ""
    assert Membership.objects.count() == 1
