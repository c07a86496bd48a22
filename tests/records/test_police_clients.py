"""The systems of police forces: who lets them call, with which secrets, how often and until when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from oauth2_provider.models import AccessToken, Application

from casework.records.access import memberships_visible_to
from casework.records.acts import Act
from casework.records.clients import (
    SCOPES,
    client_for,
    client_with_secret,
    clients_visible_to,
    count_call,
    days_of,
    live_client,
    may_call_from,
    note_read_up_to,
    secret_for,
)
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import ClientSecret, ClientUse, Membership, PoliceClient, Role, User
from casework.records.services import people
from casework.records.services.police_clients import (
    add_secret,
    change_client,
    end_secret,
    make_client,
    renew_client,
    revoke_client,
)
from casework.records.services.rows import add
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, move_clock, now
from tests.cast import Cast
from tests.records.audit_rows import asked
from tests.records.test_races import at_once

pytestmark = pytest.mark.django_db

AUDITED = "SELECT action, actor_id, reason FROM records_auditentry WHERE about_kind = %s ORDER BY at"


def ends(days: int = 60) -> datetime:
    return now() + timedelta(days=days)


def made(cast: Cast, **other: Any) -> tuple[PoliceClient, str]:
    """Ada lets the constabulary's system read and report sightings."""
    said: dict[str, Any] = {
        "force": cast.police,
        "name": "Larkspur",
        "scopes": ["sightings:write", "episodes:read"],
        "expires_at": ends(),
    }
    return make_client(**{"by": cast.ada, **said, **other})


def let_in(client: PoliceClient, secret: str) -> PoliceClient | None:
    return client_with_secret(client.application.client_id, secret)


def a_token(client: PoliceClient, value: str = "opaque") -> AccessToken:
    token = AccessToken(application=client.application, expires=now() + timedelta(minutes=30), token="")
    token._raw_token = value
    token.save()
    return token


def as_told(client: PoliceClient, **other: Any) -> dict[str, Any]:
    """What a change says of a client when nothing is changed."""
    names = ("name", "scopes", "networks", "calls_a_minute")
    return {**{name: getattr(client, name) for name in names}, **other}


def at_owners_hand(sql: str) -> None:
    """What no service does: as the owner of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(sql)
        cursor.execute("SET LOCAL ROLE casework_app")


# Making one ------------------------------------------------------------------------------------------


def test_ada_lets_the_forces_system_call_and_the_audit_says_so(cast: Cast) -> None:
    client, secret = made(cast)
    assert let_in(client, secret) == client
    assert live_client(client.application_id) == client
    assert client.scopes == ["episodes:read", "sightings:write"]
    assert [row[:2] for row in asked(AUDITED, "policeclient")] == [("add", cast.ada.pk)]
    assert [row[:2] for row in asked(AUDITED, "clientsecret")] == [("add", cast.ada.pk)]


def test_it_acts_under_an_account_that_nobody_can_use(cast: Cast) -> None:
    account = made(cast)[0].account
    assert account.name == "Larkspur (Exampleshire Constabulary)"
    assert account.email.endswith("@systems.invalid")
    assert not account.has_usable_password()
    assert [(post.role, post.force_id) for post in standing_of(account).posts] == [
        (Role.POLICE_SYSTEM, cast.police.pk)
    ]
    assert standing_of(account).may(Act.READ_SHARED)
    assert not standing_of(account).may(Act.READ_HISTORY)
    assert not memberships_visible_to(cast.ada).filter(user=account).exists()


@pytest.mark.parametrize("who", ["amina", "bev", "femi", "ruth", "ines"])
def test_others_of_the_authority_do_not_keep_it(cast: Cast, who: str) -> None:
    client, _ = made(cast)
    with pytest.raises(NotAllowed):
        made(cast, by=getattr(cast, who), name="Another")
    with pytest.raises(NotAllowed):
        add_secret(by=getattr(cast, who), client=client)


@pytest.mark.ac("T01.2")
@pytest.mark.parametrize("who", ["dee", "carl", "tablet", "gita"])
def test_people_from_elsewhere_are_told_of_nothing(cast: Cast, who: str) -> None:
    client, _ = made(cast)
    person = getattr(cast, who)
    with pytest.raises(NotFound):
        client_for(person, client.pk)
    with pytest.raises(NotFound):
        revoke_client(by=person, client=client, reason="Not mine")
    assert live_client(client.application_id) == client


def test_another_authoritys_administrator_finds_none_until_the_force_is_theirs_too(cast: Cast) -> None:
    client, _ = made(cast)
    nora = User.objects.create_user("nora@nmr.example", name="Nora")
    Membership.objects.create(user=nora, role=Role.ADMINISTRATOR, authority=cast.northmoor)
    acts: list[Callable[[], object]] = [
        lambda: client_for(nora, client.pk),
        lambda: secret_for(nora, client.secrets.get().pk),
        lambda: made(cast, by=nora, name="Another"),
        lambda: add_secret(by=nora, client=client),
        lambda: renew_client(by=nora, client=client, version=1, expires_at=ends()),
        lambda: change_client(by=nora, client=client, version=1, **as_told(client)),
        lambda: revoke_client(by=nora, client=client, reason="Not mine"),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    cast.northmoor.police_force = cast.police
    cast.northmoor.save()
    assert list(clients_visible_to(nora)) == [client]
    revoke_client(by=nora, client=client, reason="The force asked for it")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "n" * 61}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["episodes:read", "episodes:delete"]}, "scopes"),
        ({"calls_a_minute": 0}, "calls_a_minute"),
        ({"calls_a_minute": 601}, "calls_a_minute"),
        ({"networks": ["192.0.2.256"]}, "networks"),
        ({"networks": ["example.org"]}, "networks"),
        ({"networks": ["192.0.2.0/33"]}, "networks"),
        ({"networks": ["192.0.2.7/24"]}, "networks"),
        ({"networks": ["fe80::1%eth0"]}, "networks"),
        ({"networks": ["0.0.0.0/0"]}, "networks"),
        ({"networks": ["::/0"]}, "networks"),
        ({"networks": [""]}, "networks"),
        ({"networks": [f"192.0.2.{n}" for n in range(21)]}, "networks"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_answer(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction.atomic():
        made(cast, **wrong)
    assert refused.value.field == field
    assert not PoliceClient.objects.exists()
    assert not Application.objects.exists()
    made(cast)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_it_ends_within_ninety_days(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        made(cast, expires_at=ends(days))
    assert refused.value.field == "expires_at"
    made(cast, expires_at=ends(90))


def test_two_of_one_name_are_confused_with_each_other(cast: Cast) -> None:
    first, _ = made(cast)
    with pytest.raises(Conflict), transaction.atomic():
        made(cast)
    assert User.objects.filter(email__endswith="@systems.invalid").count() == 1
    second, _ = made(cast, name="Foxglove")
    with pytest.raises(Conflict), transaction.atomic():
        change_client(by=cast.ada, client=second, version=second.version, **as_told(second, name="Larkspur"))
    revoke_client(by=cast.ada, client=first, reason="Replaced")
    made(cast)


# What is kept ----------------------------------------------------------------------------------------


@pytest.mark.ac("T08.1")
def test_no_column_that_is_kept_is_a_secret_or_a_token(cast: Cast) -> None:
    client, secret = made(cast)
    a_token(client, "the bearer")
    add_secret(by=cast.ada, client=client)
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("oauth2_provider_", "records_policeclient", "records_client"))
    ]
    assert len(tables) >= 9
    kept = {
        str(value) for table in tables for row in asked(f'SELECT * FROM "{table}"') for value in row
    }  # each value of each column
    assert hashlib.sha256(secret.encode()).hexdigest() in kept
    assert not {secret, "the bearer"} & kept
    for value in kept:
        assert let_in(client, value) is None, "a value out of the database is a secret"
        assert not AccessToken.objects.filter(token=value).exclude(token="").exists()
        digest = hashlib.sha256(value.encode()).hexdigest()
        assert not AccessToken.objects.filter(token_checksum=digest).exists()
    assert let_in(client, secret) == client


def test_the_application_cannot_exchange_a_digest_or_make_another_grant(cast: Cast) -> None:
    client, _ = made(cast)
    change = "UPDATE records_clientsecret SET digest = %s WHERE client_id = %s"
    grant = "INSERT INTO oauth2_provider_grant (code) VALUES (%s || %s)"
    for sql in (change, grant):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            asked(sql, "0" * 64, client.pk)


@pytest.mark.ac("T08.4")
@pytest.mark.parametrize("strange", ["", "unknown", "\x00", "é" * 300, "\ud800"])
def test_a_strange_identifier_or_secret_is_nobodys(cast: Cast, strange: str) -> None:
    client, secret = made(cast)
    assert client_with_secret(strange, secret) is None
    assert let_in(client, strange) is None
    assert let_in(client, secret) == client


@pytest.mark.ac("T08.4")
def test_one_question_is_asked_whoever_it_is(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client, secret = made(cast)
    for identifier, given in (("unknown", secret), (client.application.client_id, "wrong")):
        with django_assert_num_queries(1):
            assert client_with_secret(identifier, given) is None


# Two secrets -----------------------------------------------------------------------------------------


def test_two_secrets_are_valid_at_once_and_a_third_is_refused(cast: Cast) -> None:
    client, first = made(cast)
    second = add_secret(by=cast.ada, client=client)
    assert first != second
    assert (let_in(client, first), let_in(client, second)) == (client, client)
    with pytest.raises(Conflict) as refused:
        add_secret(by=cast.ada, client=client)
    assert refused.value.code == "two_secrets"


def test_an_ended_secret_is_dead_at_once_and_its_tokens_with_it(cast: Cast) -> None:
    client, first = made(cast)
    old = client.secrets.get()
    second = add_secret(by=cast.ada, client=client)
    a_token(client)
    end_secret(by=cast.ada, secret=old)
    assert (let_in(client, first), let_in(client, second)) == (None, client)
    assert not AccessToken.objects.exists()
    with pytest.raises(Conflict):
        end_secret(by=cast.ada, secret=old)
    assert let_in(client, add_secret(by=cast.ada, client=client)) == client


def test_the_last_secret_is_not_ended_by_itself(cast: Cast) -> None:
    client, secret = made(cast)
    with pytest.raises(Conflict) as refused:
        end_secret(by=cast.ada, secret=client.secrets.get())
    assert refused.value.code == "last_secret"
    assert let_in(client, secret) == client


def test_a_secret_says_when_it_was_last_used_and_its_use_is_no_change(cast: Cast) -> None:
    client, secret = made(cast)
    assert client.secrets.get().last_used_at is None
    let_in(client, secret)
    assert client.secrets.get().last_used_at is not None
    assert [row[0] for row in asked(AUDITED, "clientsecret")] == ["add"]


# Its end ---------------------------------------------------------------------------------------------


def test_revoking_ends_everything_it_had(cast: Cast) -> None:
    client, secret = made(cast)
    a_token(client)
    second = add_secret(by=cast.ada, client=client)
    revoked = revoke_client(by=cast.ada, client=client, reason=" A laptop was stolen ")
    assert (revoked.revoked_by, revoked.revoked_reason) == (cast.ada, "A laptop was stolen")
    assert (let_in(client, secret), let_in(client, second), live_client(client.application_id)) == (None,) * 3
    assert not AccessToken.objects.exists()
    assert not live_memberships(CaseworkNow()).filter(user=client.account).exists()
    assert not User.objects.get(pk=client.account_id).is_active
    assert asked(AUDITED, "policeclient")[-1] == ("change", cast.ada.pk, "A laptop was stolen")


def test_after_that_it_is_only_read_of(cast: Cast) -> None:
    client, _ = made(cast)
    secret = client.secrets.get()
    revoke_client(by=cast.ada, client=client, reason="Replaced")
    acts: list[Callable[[], object]] = [
        lambda: revoke_client(by=cast.ada, client=client, reason="Again"),
        lambda: add_secret(by=cast.ada, client=client),
        lambda: end_secret(by=cast.ada, secret=secret),
        lambda: change_client(by=cast.ada, client=client, version=2, **as_told(client)),
        lambda: renew_client(by=cast.ada, client=client, version=2, expires_at=ends()),
    ]
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "client_revoked"
    assert client_for(cast.ada, client.pk).revoked_reason == "Replaced"


@pytest.mark.parametrize("reason", ["", "  ", "r" * 301])
def test_revoking_says_why(cast: Cast, reason: str) -> None:
    client, secret = made(cast)
    with pytest.raises(Invalid):
        revoke_client(by=cast.ada, client=client, reason=reason)
    assert let_in(client, secret) == client


def test_its_account_is_not_restored_by_the_back_door(cast: Cast) -> None:
    client, _ = made(cast)
    for act in (people.suspend, people.restore):
        with pytest.raises(NotAllowed):
            act(by=cast.ada, user=client.account, reason="Why not")
    with pytest.raises(NotAllowed):
        people.end_membership(by=cast.ada, membership=Membership.objects.get(user=client.account))


@pytest.mark.ac("T08.3")
def test_when_its_time_has_run_out_it_is_nobody_until_renewed(cast: Cast) -> None:
    client, secret = made(cast, expires_at=now() + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        move_clock(timedelta(hours=2))
        cursor.execute("SET LOCAL ROLE casework_app")
    assert (let_in(client, secret), live_client(client.application_id)) == (None, None)
    renewed = renew_client(by=cast.ada, client=client, version=client.version, expires_at=ends(30))
    assert let_in(renewed, secret) == renewed
    with pytest.raises(Invalid):
        renew_client(by=cast.ada, client=renewed, version=renewed.version, expires_at=ends(91))


# What it may do, and from where ----------------------------------------------------------------------


def test_a_change_holds_from_the_next_call_and_a_stale_one_is_refused(cast: Cast) -> None:
    client, _ = made(cast)
    told = as_told(client, name="Foxglove", scopes=["episodes:read"], calls_a_minute=120)
    change_client(by=cast.ada, client=client, version=client.version, **told)
    calling = live_client(client.application_id)
    assert calling
    assert (calling.name, calling.scopes, calling.calls_a_minute) == (
        "Foxglove",
        ["episodes:read"],
        120,
    )
    assert calling.account.name == "Foxglove (Exampleshire Constabulary)"
    with pytest.raises(Changed):
        change_client(by=cast.ada, client=client, version=1, **told)


@pytest.mark.ac("T08.3")
@pytest.mark.parametrize(
    ("networks", "address", "may"),
    [
        ([], "203.0.113.9", True),
        (["192.0.2.0/24"], "192.0.2.77", True),
        (["192.0.2.0/24"], "192.0.3.1", False),
        (["192.0.2.7"], "192.0.2.7", True),
        (["192.0.2.7"], "192.0.2.8", False),
        (["192.0.2.0/24"], "::ffff:192.0.2.77", True),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32"], "2001:db9::1", False),
        (["2001:db8::/32"], "192.0.2.1", False),
        (["192.0.2.0/24"], "", False),
        (["192.0.2.0/24"], "unknown", False),
    ],
)
def test_it_calls_from_its_networks(cast: Cast, networks: list[str], address: str, may: bool) -> None:
    client, _ = made(cast, networks=networks)
    assert may_call_from(client, address) is may


def test_networks_are_kept_as_the_standard_writes_them_and_once(cast: Cast) -> None:
    client, _ = made(cast, networks=[" 2001:DB8:0::/32", "192.0.2.7", "192.0.2.7/32"])
    assert client.networks == ["2001:db8::/32", "192.0.2.7/32"]


def test_every_scope_says_itself_in_words() -> None:
    assert len(SCOPES) == 7
    assert all(words[0].isupper() for words in SCOPES.values())


# Its calls -------------------------------------------------------------------------------------------


def test_a_call_is_counted_in_its_minute_and_its_day(cast: Cast) -> None:
    client, _ = made(cast)
    assert count_call(client, "192.0.2.1") == 1
    at_owners_hand("UPDATE records_clientuse SET minute = minute - interval '1 minute', calls = 59")
    assert count_call(client, "2001:db8::1") == 1
    at_owners_hand("UPDATE records_clientuse SET minute = minute + interval '1 minute'")
    assert count_call(client, None) == 2, "a clock that stepped back begins no new minute"
    assert sum(day.calls for day in days_of(client, 7)) == 3
    use = ClientUse.objects.get(client=client)
    assert (use.last_address, use.last_used_at is not None) == (None, True)
    assert asked(AUDITED, "clientuse") == []


def test_what_it_has_read_only_goes_forward(cast: Cast) -> None:
    client, _ = made(cast)
    for number in (5, 9, 7):
        note_read_up_to(client, number)
    assert ClientUse.objects.get(client=client).read_up_to == 9
    assert count_call(client, None) == 1


# At once ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_at_once_are_fifty(cast: Cast) -> None:
    client, _ = made(cast)
    start, counted = Barrier(50), []

    def call() -> None:
        start.wait()
        try:
            counted.append(count_call(client, "192.0.2.1"))
        finally:
            connection.close()

    threads = [Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(day.calls for day in days_of(client, 7)) == 50
    # A minute may end among them: then each of the two minutes counts up from one.
    assert sorted(counted) in [sorted([*range(1, n + 1), *range(1, 51 - n)]) for n in range(51)]


@pytest.mark.django_db(transaction=True)
def test_of_two_new_secrets_at_once_one_is_the_third(cast: Cast) -> None:
    client, _ = made(cast)

    def rotate() -> object:
        return add_secret(by=cast.ada, client=PoliceClient.objects.get(pk=client.pk))

    assert at_once(rotate, rotate, rotate) == ["done", "two_secrets", "two_secrets"]
    assert ClientSecret.objects.filter(client=client, ends_at__isnull=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_new_secret_does_not_outlive_a_revocation_beside_it(cast: Cast) -> None:
    client, _ = made(cast)

    def rotate() -> object:
        return add_secret(by=cast.ada, client=PoliceClient.objects.get(pk=client.pk))

    def revoke() -> object:
        row = PoliceClient.objects.get(pk=client.pk)
        return revoke_client(by=cast.ada, client=row, reason="A laptop was stolen")

    assert "done" in at_once(rotate, revoke)
    assert not ClientSecret.objects.filter(client=client, ends_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_ends_at_once_one_secret_is_left(cast: Cast) -> None:
    client, _ = made(cast)
    add_secret(by=cast.ada, client=client)
    one, other = client.secrets.all()

    def end(secret: ClientSecret) -> Callable[[], object]:
        return lambda: end_secret(by=cast.ada, secret=secret)

    assert at_once(end(one), end(other)) == ["done", "last_secret"]


def test_the_store_says_no_to_a_third_secret_by_itself(cast: Cast) -> None:
    client, _ = made(cast)
    with pytest.raises(Conflict):
        add(ClientSecret(client=client, place=1, digest="f" * 64, made_by=cast.ada))
