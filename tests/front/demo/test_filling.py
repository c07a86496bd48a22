"""The demo says that it is being filled in for as long as somebody does it, and lets one do it at a time."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from casework.front.filling_lock import AlreadyFilling, filling, is_filling
from tests.cast import Cast
from tests.front.pages.duty_night import at_the_desk

FILLING = "The demo is still being filled in."


@pytest.mark.django_db
def test_it_is_so_for_as_long_as_somebody_fills() -> None:
    assert not is_filling()
    with filling():
        assert is_filling()
    assert not is_filling()


@pytest.mark.django_db
def test_nobody_fills_beside_another(settings: Settings) -> None:
    settings.DEMO = True
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(20417, 1)")
        with pytest.raises(AlreadyFilling), filling():
            pass
        with pytest.raises(CommandError, match="another process"):
            call_command("fill_demo")
    finally:
        other.close()


def test_pages_of_a_demo_say_so_and_no_others(cast: Cast, settings: Settings) -> None:
    femi = at_the_desk(cast.femi)
    with filling():
        assert FILLING not in femi.get("/now/").content.decode()
        settings.DEMO = True
        assert FILLING in femi.get("/now/").content.decode()
    assert FILLING not in femi.get("/now/").content.decode()


@pytest.mark.django_db
def test_invented_children_are_brought_into_a_demo_only() -> None:
    with pytest.raises(CommandError, match="a demo only"):
        call_command("fill_demo")
