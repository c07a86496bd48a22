"""A force's system, as an administrator lets it in, changes it and shuts it out."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.records.clients import client_with_secret, count_call, note_read_up_to
from casework.records.models import ClientUse, FormKey, Membership, Notification, PoliceClient, Role, User
from casework.records.notify import outbox
from casework.records.services import client_ends
from casework.records.services.police_clients import make_client, revoke_client
from casework.records.times import LONDON, move_clock, now, pretend_now
from incidents.models import MissingEpisode, SharedEvent
from incidents.services import force
from tests.cast import Cast
from tests.front.api.an_absence import kit_is_missing
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"<strong>Secret</strong></dt><dd[^>]*><code>([^<]+)</code>")


def in_days(days: int) -> dict[str, str]:
    on = (now().astimezone(LONDON) + timedelta(days=days)).date()
    return parts(on)


def parts(on: date) -> dict[str, str]:
    return {"ends_on_day": str(on.day), "ends_on_month": str(on.month), "ends_on_year": str(on.year)}


def answers(**other: object) -> dict[str, Any]:
    said = {"name": "Larkspur", "scopes": ["episodes:read", "found:write"], "calls_a_minute": "60"}
    return {**said, **in_days(30), **other}


def let_in(cast: Cast, **other: object) -> Any:
    return send(cast.ada, "police-client-make", cast.exampleshire.pk, **answers(**other))


def made(cast: Cast, days: int = 60, name: str = "Larkspur") -> tuple[PoliceClient, str]:
    ends = now() + timedelta(days=days)
    return make_client(by=cast.ada, force=cast.police, name=name, scopes=["episodes:read"], expires_at=ends)


def secret_in(answer: Any) -> str:
    found = SECRET.search(text_of(answer))
    assert found
    return found[1]


def page(user: User, name: str, *keys: object) -> str:
    return text_of(at_the_desk(user).get(url(name, *keys)))


def comes_a_noon_in_june() -> None:
    """In this test the ninety days that follow have 24 hours each: the limit is elapsed time."""
    june = now().astimezone(LONDON).replace(month=6, day=1, hour=12)
    pretend_now(june if june > now() else june.replace(year=june.year + 1))


def pass_time(length: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        move_clock(length)
        cursor.execute("SET LOCAL ROLE casework_app")


# Letting one in --------------------------------------------------------------------------------------


@pytest.mark.ac("T08.1")
def test_ada_lets_a_system_in_and_reads_its_secret_once(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = let_in(cast, networks="192.0.2.0/24\n\n 2001:db8::/32 ")
    secret, client = secret_in(answer), PoliceClient.objects.get()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert client_with_secret(client.application.client_id, secret) == client
    assert client.networks == ["192.0.2.0/24", "2001:db8::/32"]
    assert client.application.client_id in text_of(answer)
    for name, key in (
        ("authority-police-clients", cast.exampleshire.pk),
        ("police-client-detail", client.pk),
        ("police-client-change", client.pk),
    ):
        assert secret not in page(cast.ada, name, key)
    assert secret not in caplog.text
    assert not FormKey.objects.filter(result_path__contains=secret).exists()


def test_the_same_page_sent_twice_lets_one_system_in_and_shows_no_secret_again(cast: Cast) -> None:
    client, sent = at_the_desk(cast.ada), answers(form_key=str(uuid.uuid4()))
    address = url("police-client-make", cast.exampleshire.pk)
    first, again = client.post(address, sent), client.post(address, sent, follow=True)
    assert secret_in(first) not in text_of(again)
    assert "The secret was shown then, and is shown once only." in text_of(again)
    assert PoliceClient.objects.count() == 1
    kept = dict(client.session.items())
    assert secret_in(first) not in str(kept)


def test_it_calls_until_the_end_of_its_last_day(cast: Cast) -> None:
    let_in(cast)
    ends = PoliceClient.objects.get().expires_at.astimezone(LONDON)
    assert (ends.hour, ends.date()) == (0, (now().astimezone(LONDON) + timedelta(days=31)).date())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter the system’s name."),
        ({"name": "n" * 61}, "Use 60 characters or fewer"),
        ({"scopes": []}, "Choose what it may do."),
        ({"scopes": ["episodes:delete"]}, "Choose one from the list."),
        ({"networks": "the station"}, "“the station” is not a network."),
        ({"networks": "192.0.2.7/24"}, "Write 192.0.2.7 for one address, or 192.0.2.0/24 for a network."),
        ({"calls_a_minute": "601"}, "Enter a whole number from 1 to 600."),
        ({"calls_a_minute": ""}, "Enter how many."),
        ({"ends_on_day": "32"}, "Enter a real date."),
        (parts(date(2020, 1, 1)), "Enter a day that is still to come."),
        (parts(date(2099, 1, 1)), "Choose a day within 90 days."),
        ({"force": str(uuid.uuid4())}, "force: This field cannot be set."),
    ],
)
def test_what_is_wrong_is_said_beside_it(cast: Cast, wrong: dict[str, Any], said: str) -> None:
    answer = let_in(cast, **wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not PoliceClient.objects.exists()


def test_a_name_that_is_taken_keeps_what_was_typed(cast: Cast) -> None:
    made(cast)
    answer = let_in(cast, networks="192.0.2.0/24")
    assert answer.status_code == 409
    assert "This force has a system of this name already." in text_of(answer)
    assert "192.0.2.0/24" in text_of(answer)


def test_an_authority_without_a_force_lets_nothing_in(cast: Cast) -> None:
    nora = User.objects.create_user("nora@nmr.example", name="Nora")
    Membership.objects.create(user=nora, role=Role.ADMINISTRATOR, authority=cast.northmoor)
    assert "No police force is named." in page(nora, "authority-police-clients", cast.northmoor.pk)
    assert send(nora, "police-client-make", cast.northmoor.pk, **answers()).status_code == 404


# The list, and one of them ---------------------------------------------------------------------------


def test_the_list_says_what_each_may_when_it_called_and_when_it_ends(cast: Cast) -> None:
    assert "No system yet." in page(cast.ada, "authority-police-clients", cast.exampleshire.pk)
    client, _ = made(cast)
    made(cast, 9, "Foxglove")
    gone, _ = made(cast, name="Bramble")
    revoke_client(by=cast.ada, client=gone, reason="Replaced")
    count_call(client, "192.0.2.1")
    text = page(cast.ada, "authority-police-clients", cast.exampleshire.pk)
    assert text.index("Foxglove") < text.index("Larkspur") < text.index("Bramble")
    assert all(said in text for said in ("Ends in 8 days", "Revoked", "from 192.0.2.1", "Never", "Read"))


def test_a_system_of_another_force_is_not_in_it(cast: Cast) -> None:
    made(cast)
    nora = User.objects.create_user("nora@nmr.example", name="Nora")
    Membership.objects.create(user=nora, role=Role.ADMINISTRATOR, authority=cast.northmoor)
    assert "Larkspur" not in page(nora, "authority-police-clients", cast.northmoor.pk)


def test_a_page_asks_the_same_questions_however_many_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    kit_is_missing(cast)
    for number in range(8):
        client = listening(cast, name=f"System {number}")
        count_call(client, "192.0.2.1")
    desk = at_the_desk(cast.ada)
    for address in (
        url("authority-police-clients", cast.exampleshire.pk),
        url("police-client-detail", client.pk),
    ):
        with django_assert_max_num_queries(21):
            desk.get(address)


def test_one_that_used_to_call_and_has_been_silent_for_a_day_says_so(cast: Cast) -> None:
    client, _ = made(cast)
    count_call(client, "192.0.2.1")
    said = "It has not called for a day, though it used to."
    assert said not in page(cast.ada, "police-client-detail", client.pk)
    ClientUse.objects.update(last_used_at=now() - timedelta(days=1, minutes=1))
    assert said in page(cast.ada, "police-client-detail", client.pk)
    assert "Silent" in page(cast.ada, "authority-police-clients", cast.exampleshire.pk)


def listening(cast: Cast, **other: Any) -> PoliceClient:
    """A system that may read what changes, and say so."""
    said = {"name": "Larkspur", "scopes": ["episodes:read", "receipts:write"]}
    client, _ = make_client(
        by=cast.ada, force=cast.police, expires_at=now() + timedelta(days=60), **{**said, **other}
    )
    return client


def what_is_said(cast: Cast, client: PoliceClient) -> tuple[str, str]:
    """In the list, and on its page."""
    return (
        page(cast.ada, "authority-police-clients", cast.exampleshire.pk),
        page(cast.ada, "police-client-detail", client.pk),
    )


def test_the_authority_sees_whether_its_news_arrives(cast: Cast) -> None:
    """Once it has called when a line had waited an hour, and did not confirm it, it is behind."""
    client = listening(cast)
    assert all("Nothing has changed yet" in said for said in what_is_said(cast, client))
    kit_is_missing(cast)
    assert all("None of 1" in said for said in what_is_said(cast, client))
    note_read_up_to(client, 1)
    for said in what_is_said(cast, client):
        assert "Up to 1 of 1" in said
    pass_time(timedelta(minutes=61))
    count_call(client, "192.0.2.1")
    assert all("Behind" not in said for said in what_is_said(cast, client))
    episode = MissingEpisode.objects.get()
    force.acknowledge(by=cast.dee, episode=episode)
    pass_time(timedelta(minutes=59))
    count_call(client, "192.0.2.1")
    assert all("Behind" not in said for said in what_is_said(cast, client))
    pass_time(timedelta(minutes=2))
    assert all("Behind" not in said for said in what_is_said(cast, client))  # it has not called since
    count_call(client, "192.0.2.1")
    for said in what_is_said(cast, client):
        assert "Up to 1 of 2" in said
        assert "Behind" in said
    assert "Ask the force whether our news arrives." in page(cast.ada, "police-client-detail", client.pk)
    note_read_up_to(client, 2)
    assert all("Behind" not in said for said in what_is_said(cast, client))


def test_whoever_looks_how_far_it_has_read_numbers_nothing(cast: Cast) -> None:
    """The feed is numbered by whoever reads it."""
    client = listening(cast)
    kit_is_missing(cast)
    assert all("None of 1" in said for said in what_is_said(cast, client))
    assert not SharedEvent.objects.exists()


def test_a_system_is_behind_with_nothing_that_came_before_it(cast: Cast) -> None:
    kit_is_missing(cast)
    pass_time(timedelta(days=1))
    client = listening(cast)
    count_call(client, "192.0.2.1")
    assert all("Behind" not in said for said in what_is_said(cast, client))
    pass_time(timedelta(minutes=61))
    count_call(client, "192.0.2.1")
    assert all("Behind" in said for said in what_is_said(cast, client))


def test_of_a_system_that_may_not_say_it_nobody_can_tell(cast: Cast) -> None:
    client = listening(cast, scopes=["episodes:read"])
    kit_is_missing(cast)
    pass_time(timedelta(minutes=61))
    count_call(client, "192.0.2.1")
    for said in what_is_said(cast, client):
        assert "It may not say" in said
        assert "Behind" not in said


def test_one_that_can_call_no_more_is_behind_nothing(cast: Cast) -> None:
    client = listening(cast)
    kit_is_missing(cast)
    pass_time(timedelta(minutes=61))
    count_call(client, "192.0.2.1")
    revoke_client(by=cast.ada, client=client, reason="Replaced")
    assert all("Behind" not in said for said in what_is_said(cast, client))


def test_its_page_counts_its_calls_by_day(cast: Cast) -> None:
    client, _ = made(cast)
    assert "It has not called yet." in page(cast.ada, "police-client-detail", client.pk)
    for _ in range(3):
        count_call(client, "192.0.2.1")
    assert 'role="cell">3</td>' in page(cast.ada, "police-client-detail", client.pk)


# Changing it -----------------------------------------------------------------------------------------


def change(cast: Cast, client: PoliceClient, **other: object) -> Any:
    said = {
        "name": "Larkspur",
        "scopes": ["episodes:read"],
        "calls_a_minute": "60",
        "version": client.version,
    }
    return send(cast.ada, "police-client-change", client.pk, **{**said, **other})


def test_ada_changes_what_it_may_do(cast: Cast) -> None:
    client, _ = made(cast)
    assert change(cast, client, networks="192.0.2.0/24", calls_a_minute="120").status_code == 302
    client.refresh_from_db()
    assert (client.networks, client.calls_a_minute) == (["192.0.2.0/24"], 120)
    assert "192.0.2.0/24" in page(cast.ada, "police-client-change", client.pk)


def test_of_two_changes_the_second_sees_both(cast: Cast) -> None:
    client, _ = made(cast)
    change(cast, client, scopes=["episodes:read", "grade:write"])
    answer = change(cast, client, name="Foxglove")
    assert answer.status_code == 409
    assert "Give the police’s grade" in text_of(answer)
    assert PoliceClient.objects.get().name == "Larkspur"


def test_a_new_secret_stands_beside_the_old_until_that_is_ended(cast: Cast) -> None:
    client, first = made(cast)
    old = client.secrets.get()
    assert "End it" not in page(cast.ada, "police-client-detail", client.pk)
    second = secret_in(send(cast.ada, "police-secret-make", client.pk))
    text = page(cast.ada, "police-client-detail", client.pk)
    assert text.count("End it") == 2
    assert "Make a new secret" not in text
    assert "Two secrets are valid." in text_of(send(cast.ada, "police-secret-make", client.pk))
    assert send(cast.ada, "police-secret-end", old.pk).status_code == 302
    identifier = client.application.client_id
    assert (client_with_secret(identifier, first), client_with_secret(identifier, second)) == (None, client)
    assert "This secret has been ended already." in text_of(send(cast.ada, "police-secret-end", old.pk))


def test_it_is_renewed_within_ninety_days(cast: Cast) -> None:
    comes_a_noon_in_june()
    client, _ = made(cast, days=3)
    said = {"version": client.version, **in_days(89)}
    assert "Choose a day within" in text_of(
        send(cast.ada, "police-client-renew", client.pk, **{**said, **in_days(90)})
    )
    assert send(cast.ada, "police-client-renew", client.pk, **said).status_code == 302
    assert PoliceClient.objects.get().expires_at > now() + timedelta(days=88)
    assert send(cast.ada, "police-client-renew", client.pk, **said).status_code == 409


def test_revoking_asks_why_and_is_for_good(cast: Cast) -> None:
    client, secret = made(cast)
    assert "Are you sure?" in page(cast.ada, "police-client-revoke", client.pk)
    assert send(cast.ada, "police-client-revoke", client.pk).status_code == 422
    assert send(cast.ada, "police-client-revoke", client.pk, reason="A laptop was stolen").status_code == 302
    assert client_with_secret(client.application.client_id, secret) is None
    text = page(cast.ada, "police-client-detail", client.pk)
    assert "A laptop was stolen" in text
    assert all(one not in text for one in ("Make a new secret", "Let it call for longer", ">Revoke<"))
    assert send(cast.ada, "police-client-revoke", client.pk, reason="Again").status_code == 409


# Who is told that it ends ----------------------------------------------------------------------------


def test_administrators_of_its_authorities_are_told_once_within_two_weeks_of_its_end(cast: Cast) -> None:
    nora = User.objects.create_user("nora@nmr.example", name="Nora")
    Membership.objects.create(user=nora, role=Role.ADMINISTRATOR, authority=cast.northmoor)
    made(cast, 15)
    assert client_ends.tell() == 0
    pass_time(timedelta(days=2))
    for _ in range(2):
        client_ends.tell()
    assert [row.recipient for row in Notification.objects.filter(template="police_client_ends")] == [cast.ada]
    outbox.deliver()
    (letter,) = [sent for sent in mail.outbox if "can soon call no more" in sent.subject]
    assert letter.to == [cast.ada.email]
    assert "Larkspur" not in letter.body
    assert "Larkspur" in page(cast.ada, "authority-detail", cast.exampleshire.pk)


def test_one_that_was_revoked_or_renewed_is_not_spoken_of(cast: Cast) -> None:
    client, _ = made(cast, 9)
    revoke_client(by=cast.ada, client=client, reason="Replaced")
    assert client_ends.tell() == 0
    assert "Larkspur" not in page(cast.ada, "authority-detail", cast.exampleshire.pk)


def test_nothing_is_ever_sent_to_its_account(cast: Cast) -> None:
    client, _ = made(cast)
    for email in (client.account.email, client.account.email.upper(), cast.bev.email):
        Client().post(reverse("account_reset_password"), {"email": email})
    assert [letter.to for letter in mail.outbox] == [[cast.bev.email]]
