"""What is typed at the server: invitations, a demo's clock, and what the database's roles may do."""

from __future__ import annotations

import io
import runpy
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.cast import Cast


def typed(*words: str) -> str:
    """Run a command; what it says."""
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue().strip()


def as_owner(sql: str) -> None:
    """Run as the database's owner, until the test's transaction ends."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(sql)
        cursor.execute("SET LOCAL ROLE casework_app")


# Inviting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "role", "place"),
    [
        (["--role", "administrator", "--authority", "EXS"], "administrator", "authority"),
        (["--role", "home_staff", "--home", "SC100001"], "home_staff", "home"),
        (["--role", "on_call_manager", "--provider", "Larchwood Care"], "on_call_manager", "provider"),
        (
            ["--role", "police_liaison", "--police-force", "Exampleshire Constabulary"],
            "police_liaison",
            "police_force",
        ),
    ],
)
def test_a_person_is_invited_to_where_the_role_belongs(
    cast: Cast, words: list[str], role: str, place: str
) -> None:
    from casework.records.models import Membership, Notification

    typed("invite", "new.person@exampleshire.example", *words)
    post = Membership.objects.get(user__email="new.person@exampleshire.example")
    assert (post.role, post.user.name) == (role, "New Person")
    assert getattr(post, place) is not None
    assert Notification.objects.get(recipient=post.user).template == "invitation"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--role", "administrator"], "Say which authority"),  # there are two
        (["--role", "administrator", "--authority", "WST"], "There is no local authority"),  # only a name
        (["--role", "social_worker", "--authority", "EXS", "--team", "Team 9"], "There is no team"),
        (["--role", "home_staff"], "There is no home"),
    ],
)
def test_an_invitation_to_nowhere_is_refused(cast: Cast, words: list[str], said: str) -> None:
    from casework.records.models import User

    with pytest.raises(CommandError, match=said):
        typed("invite", "new.person@exampleshire.example", *words)
    assert not User.objects.filter(email="new.person@exampleshire.example").exists()


def test_what_the_service_refuses_is_said_at_the_command_line(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Enter an e-mail address"):
        typed("invite", "nobody", "--role", "administrator", "--authority", "EXS")


# A demo's clock --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "moved"),
    [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86_400), ("1h30m", 5400)],
)
def test_the_clock_moves_forward(db: None, words: str, moved: int) -> None:
    from casework.records.times import now

    as_owner("GRANT UPDATE ON casework_clock TO casework_app")
    before = now()
    assert typed("move_clock", words).startswith("It is now ")
    assert timedelta(seconds=moved) <= now() - before < timedelta(seconds=moved, minutes=1)


@pytest.mark.parametrize("words", ["-15m", "0m", "15", "soon", "15m later", ""])
def test_the_clock_moves_nowhere_else(db: None, words: str) -> None:
    with pytest.raises(CommandError):
        typed("move_clock", "--", words)


def test_the_application_cannot_move_the_clock(db: None) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        typed("move_clock", "15m")


def test_a_real_clock_cannot_be_moved(db: None) -> None:
    as_owner("DROP TABLE casework_clock")
    with pytest.raises(CommandError, match="is the real one"):
        typed("move_clock", "15m")


def test_only_a_demo_may_be_marked(db: None, settings: Settings) -> None:
    with pytest.raises(CommandError, match="set DEMO=1"):
        typed("mark_demo")


def test_nothing_but_a_demo_starts_on_a_clock_that_can_be_moved(db: None, settings: Settings) -> None:
    from casework.checks import clock_is_real
    from casework.records.times import refuse_moved_clock

    with pytest.raises(ImproperlyConfigured, match="its clock can be moved"):
        refuse_moved_clock()
    (error,) = clock_is_real(None, databases=["default"])
    assert error.id == "casework.E001"
    assert clock_is_real(None) == []  # a check without a database asks none
    settings.DEMO = True
    refuse_moved_clock()
    assert clock_is_real(None, databases=["default"]) == []


def test_the_real_clock_is_welcome(db: None) -> None:
    from casework.records.times import refuse_moved_clock

    as_owner("DROP TABLE casework_clock")
    refuse_moved_clock()


def test_pages_a_worker_and_a_standby_do_not_start_on_such_a_clock(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from casework.celery import refuse_moved_clock

    monkeypatch.setattr(connection, "close", lambda: None)  # the test's transaction lives on it
    with pytest.raises(SystemExit, match="its clock can be moved"):
        refuse_moved_clock()
    with pytest.raises(ImproperlyConfigured, match="its clock can be moved"):
        typed("sweep", "--forever")
    with pytest.raises(ImproperlyConfigured, match="its clock can be moved"):
        runpy.run_module("casework.wsgi")


# What the roles may do -------------------------------------------------------------------------------


def test_the_roles_may_do_no_more_than_they_should(db: None) -> None:
    assert "no more" in typed("check_db_grants")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("GRANT UPDATE ON records_auditentry TO casework_app", "casework_app may UPDATE records_auditentry"),
        ("GRANT DELETE ON records_chronologyentry TO casework_app", "may DELETE records_chronologyentry"),
        ("GRANT TRUNCATE ON protocols_stepevent TO casework_app", "may TRUNCATE protocols_stepevent"),
        ("GRANT DELETE ON records_child TO casework_app", "casework_app may delete from records_child"),
        ("GRANT CREATE ON SCHEMA public TO casework_app", "casework_app may create tables"),
        (
            "GRANT SELECT (last_name) ON records_child TO casework_watchdog",
            "casework_watchdog may read records_child",
        ),
    ],
)
def test_a_grant_too_many_is_found(db: None, slip: str, said: str) -> None:
    as_owner(slip)
    with pytest.raises(CommandError, match=said):
        typed("check_db_grants")


# Doorbells -------------------------------------------------------------------------------------------


def test_doorbells_can_be_rung_twice(cast: Cast) -> None:
    from django.core import mail

    from casework.records.notify import outbox
    from casework.records.tasks import deliver_notifications, keep_audit_partitions

    outbox.queue(key="one", recipient_id=cast.bev.pk, template="new_role")
    for _ in range(2):
        deliver_notifications()
        keep_audit_partitions()
    assert len(mail.outbox) == 1
