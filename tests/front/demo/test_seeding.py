"""The demo's people are there, once, with passwords that stay."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from casework.front.demo.people import PEOPLE


def seed(accounts: Path) -> dict[str, dict[str, str]]:
    """Run the command; the accounts it listed, by first name."""
    call_command("seed_demo", "--accounts", str(accounts))
    return {account["name"].split()[0]: account for account in json.loads(accounts.read_text())["accounts"]}


@pytest.fixture
def accounts(db: None, tmp_path: Path, settings: Settings) -> Path:
    settings.DEMO = True
    return tmp_path / "demo.json"


def test_everybody_listed_can_sign_in(accounts: Path) -> None:
    for account in seed(accounts).values():
        assert Client().login(email=account["email"], password=account["password"]), account["name"]


def test_the_list_is_for_its_owner_alone(accounts: Path) -> None:
    listed = seed(accounts)
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert json.loads(accounts.read_text())["address"] == "http://127.0.0.1:8000"
    assert len({account["password"] for account in listed.values()}) == len(listed) == len(PEOPLE)


def test_a_second_seed_changes_nothing(accounts: Path) -> None:
    from casework.records.models import ChronologyEntry, Membership, ProfileFact, User

    def everything() -> tuple[object, ...]:
        passwords = list(User.objects.order_by("email").values_list("email", "password"))
        counted = [model.objects.count() for model in (ChronologyEntry, Membership, ProfileFact)]
        return (*counted, *passwords)

    first, before = seed(accounts), everything()
    assert (seed(accounts), everything()) == (first, before)


def test_one_password_for_all_when_it_is_asked_for(accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(accounts)
    monkeypatch.setenv("DEMO_PASSWORD", "only for the demo")
    assert {account["password"] for account in seed(accounts).values()} == {"only for the demo"}


def test_five_children_live_in_two_homes_and_carl_sees_three(accounts: Path) -> None:
    from casework.records.access import children_visible_to
    from casework.records.models import User
    from casework.records.times import now

    listed = seed(accounts)

    def seen_by(name: str) -> list[str]:
        user = User.objects.get(email=listed[name]["email"])
        return sorted(children_visible_to(user).values_list("first_name", flat=True))

    assert seen_by("Carl") == seen_by("Larch") == ["Kit", "Ola", "Rosie"]
    assert seen_by("Mo") == ["Biniam", "Maisie"]
    assert len(seen_by("Amina")) == len(seen_by("Gita")) == len(seen_by("Femi")) == 5
    assert seen_by("Eve") == []
    kit = children_visible_to(User.objects.get(email=listed["Amina"]["email"])).get(first_name="Kit")
    assert now().year - kit.born_on.year == 14
    assert kit.allocated_worker is not None
    assert kit.allocated_worker.name == "Amina Rahal"
    assert kit.facts.filter(confirmed_at__lt=now() - timedelta(days=90)).count() == 2  # some are stale


def test_nobody_is_sent_a_letter_about_it(accounts: Path) -> None:
    from django.core import mail

    from casework.records.notify import outbox

    seed(accounts)
    assert (outbox.deliver(), [(m.subject, m.to) for m in mail.outbox]) == (0, [])


def test_passwords_are_published_in_a_demo_only(accounts: Path, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="a demo only"):
        seed(accounts)
    assert not accounts.exists()


@pytest.mark.ac("T08.1")
def test_the_forces_system_can_call_and_keeps_its_secret(accounts: Path) -> None:
    from casework.records.clients import client_with_secret
    from casework.records.models import PoliceClient

    def system() -> dict[str, str]:
        seed(accounts)
        listed: dict[str, str] = json.loads(accounts.read_text())["police_system"]
        return listed

    first = system()
    client = client_with_secret(first["client_id"], first["secret"])
    assert client
    assert (client.force.name, client.made_by.name) == (first["force"], "Ada Quill")
    assert system() == first
    assert PoliceClient.objects.count() == 1


def test_a_list_that_was_lost_gets_a_new_system_in_place_of_the_old(accounts: Path) -> None:
    from casework.records.clients import client_with_secret

    seed(accounts)
    old = json.loads(accounts.read_text())["police_system"]
    accounts.unlink()
    seed(accounts)
    new = json.loads(accounts.read_text())["police_system"]
    assert client_with_secret(old["client_id"], old["secret"]) is None
    assert client_with_secret(new["client_id"], new["secret"]) is not None


def test_a_system_whose_time_ran_out_is_renewed_at_the_next_start(accounts: Path) -> None:
    from casework.records.models import PoliceClient
    from casework.records.times import now

    seed(accounts)
    listed = accounts.read_text()
    PoliceClient.objects.update(expires_at=now() - timedelta(days=1))
    seed(accounts)
    assert accounts.read_text() == listed
    assert PoliceClient.objects.get().expires_at > now() + timedelta(days=80)
