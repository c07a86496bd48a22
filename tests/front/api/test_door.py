"""Who gets in: with a live token, from the right network, for what it may do, and not too often (T08)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken

from casework.records.models import AuditEntry, ClientSecret, Notification, PoliceClient
from casework.records.scopes import SCOPES
from casework.records.services.police_clients import add_secret, end_secret, revoke_client
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode
from tests.front.api.calling import FORM, System, a_system, asked_as_form, path
from tests.front.api.test_bad_input import refused

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def asked_with(line: Client, headers: dict[str, str]) -> Answer:
    return line.get(path("episodes"), headers=headers)


# The token --------------------------------------------------------------------------------------------


def test_a_secret_is_changed_for_a_token_of_at_most_an_hour(system: System) -> None:
    given = system.ask_for_token()
    said = given.json()
    assert (given.status_code, said["token_type"]) == (200, "Bearer")
    assert 0 < said["expires_in"] <= 3600
    assert set(said["scope"].split()) == set(SCOPES)
    assert given.headers["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.filter(action="sign_in", actor_id=system.client.account_id)
    assert entry.exists()


def test_the_secret_may_come_in_the_header(system: System) -> None:
    secret = base64.b64encode(f"{quote(system.client_id)}:{quote(system.secret)}".encode()).decode()
    asked = asked_as_form({"grant_type": "client_credentials", "scope": "episodes:read"})
    headers = {"Authorization": f"Basic {secret}"}
    given = system.line.post(path("token"), asked, content_type=FORM, headers=headers)
    assert (given.status_code, given.json()["scope"]) == (200, "episodes:read")


def test_a_token_has_no_more_scopes_than_were_asked_for(system: System) -> None:
    system.sign_in(scope="episodes:read")
    assert system.get(path("episodes")).status_code == 200
    said = refused(system.post(path("receipts"), {"read_up_to": 1}), 403, "scope")
    assert said["needs"] == "receipts:write"


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "episodes:read admin"}, 400, "invalid_scope"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "\x00"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
    ],
)
def test_what_is_asked_wrongly_gets_no_token(
    system: System, asked: dict[str, str], status: int, error: str
) -> None:
    answer = system.ask_for_token(**asked)
    said = answer.json()
    assert (answer.status_code, said["error"], said["code"], said["status"]) == (status, error, error, status)


@pytest.mark.parametrize(
    "header", ["Basic é", "Basic", "Basic x", "Basic /w==", "Basic Og==", "é", "Bearer x"]
)
def test_a_header_that_nobody_can_read_opens_nothing(system: System, header: str) -> None:
    asked = asked_as_form({"grant_type": "client_credentials"})
    headers = {"Authorization": header}
    answer = system.line.post(path("token"), asked, content_type=FORM, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.ac("A11")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"is_staff": "true"}, "unknown"),
        ({"": "x"}, "unknown"),
        ({"resource": "https://x.example"}, "unknown"),
        ({"scope": "episodes:read " * 40}, "max_length"),
        ({"client_id": "x" * 501}, "max_length"),
        ({"client_secret": "x" * 60_000}, "max_length"),
    ],
)
def test_what_a_token_is_not_asked_with(system: System, asked: dict[str, str], code: str) -> None:
    said = refused(system.ask_for_token(**asked), 400, code, at=next(iter(asked)))
    assert (said["code"], said["error"]) == ("invalid_request", "invalid_request")


@pytest.mark.parametrize("query", ["x=%zz", "x=1", "&&", "%zz", "grant_type=client_credentials"])
def test_a_token_is_asked_for_in_the_body_alone(system: System, query: str) -> None:
    asked = asked_as_form(
        {
            "grant_type": "client_credentials",
            "client_id": system.client_id,
            "client_secret": system.secret,
        }
    )
    answer = system.line.post(f"{path('token')}?{query}", asked, content_type=FORM)
    assert refused(answer, 400, "invalid_request")["error"] == "invalid_request"


def test_a_form_in_other_letters_is_no_form(system: System) -> None:
    asked = asked_as_form({"grant_type": "client_credentials"})
    for charset in ("utf-16", "latin-1"):
        answer = system.line.post(path("token"), asked, content_type=f"{FORM}; charset={charset}")
        refused(answer, 415, "media_type")
    answer = system.line.post(path("token"), asked, content_type=f'{FORM};charset="UTF-8"')
    assert answer.status_code == 401


def test_a_secret_twice_is_refused(system: System) -> None:
    twice = (
        asked_as_form({"grant_type": "client_credentials", "client_id": system.client_id}) + "&client_id=x"
    )
    assert system.line.post(path("token"), twice, content_type=FORM).status_code == 400
    refused(system.line.post(path("token"), {}, content_type="application/json"), 415, "media_type")
    refused(system.line.get(path("token")), 405, "method")


@pytest.mark.ac("T08.4")
def test_nobody_can_tell_why_a_secret_does_not_open(cast: Cast) -> None:
    """Unknown, malformed, ended, expired, revoked: the same bytes, after the same questions."""
    systems = {name: a_system(cast.ada, cast.police) for name in ("wrong", "ended", "expired", "revoked")}
    systems["wrong"].secret = "x" * 43
    old = ClientSecret.objects.get(client=systems["ended"].client)
    add_secret(by=cast.ada, client=systems["ended"].client)
    end_secret(by=cast.ada, secret=old)
    PoliceClient.objects.filter(pk=systems["expired"].client.pk).update(expires_at=now() - timedelta(days=1))
    revoke_client(by=cast.ada, client=systems["revoked"].client, reason="The key was seen.")
    tries: dict[str, tuple[System, dict[str, str]]] = {name: (one, {}) for name, one in systems.items()}
    tries["unknown"] = (systems["wrong"], {"client_id": "nobody"})
    tries["malformed"] = (systems["wrong"], {"client_id": "x" * 400})
    seen: dict[str, tuple[int, bytes, int]] = {}
    for name, (one, asked) in tries.items():
        with CaptureQueriesContext(connection) as queries:
            answer = one.ask_for_token(**asked)
        seen[name] = (answer.status_code, answer.content, len(queries))
    assert len(set(seen.values())) == 1, seen
    assert seen["wrong"][0] == 401


# The bearer -------------------------------------------------------------------------------------------


@pytest.mark.ac("A26")
@pytest.mark.ac("A27")
@pytest.mark.ac("T08.4")
def test_nobody_can_tell_why_a_token_does_not_open(cast: Cast, system: System) -> None:
    token = system.token
    shown = {
        "missing": {},
        "garbled": {"Authorization": f"Bearer {token[::-1]}"},
        "short": {"Authorization": "Bearer x"},
        "two": {"Authorization": f"Bearer {token}, Bearer {token}"},
        "two words": {"Authorization": f"Bearer {token} {token}"},
        "trailing space": {"Authorization": f"Bearer {token} "},
        "newline": {"Authorization": f"Bearer {token}\n"},
        "leading space": {"Authorization": f"Bearer  {token}"},
        "another scheme": {"Authorization": f"Token {token}"},
        "no scheme": {"Authorization": token},
        "basic": {"Authorization": f"Basic {token}"},
        "not ascii": {"Authorization": f"Bearer {token}é"},
    }
    answers = {name: asked_with(system.line, headers) for name, headers in shown.items()}
    for name, answer in answers.items():
        refused(answer, 401, "token")
        assert answer.content == answers["missing"].content, name
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="casework"'
    assert asked_with(system.line, system.keys).status_code == 200


@pytest.mark.ac("T08.3")
@pytest.mark.ac("T08.4")
def test_a_token_ends_with_its_time_and_with_its_client(cast: Cast, system: System) -> None:
    names = ("expired token", "expired client", "revoked client")
    systems = {name: a_system(cast.ada, cast.police).sign_in() for name in names}
    tokens = AccessToken.objects.filter(application=systems["expired token"].client.application)
    tokens.update(expires=timezone.now() - timedelta(seconds=1))
    gone = systems["expired client"].client
    PoliceClient.objects.filter(pk=gone.pk).update(expires_at=now() - timedelta(seconds=1))
    revoke_client(by=cast.ada, client=systems["revoked client"].client, reason="Its server was stolen.")
    unknown = asked_with(system.line, {"Authorization": "Bearer " + "x" * 30})
    for one in systems.values():
        with CaptureQueriesContext(connection) as queries:
            answer = one.get(path("episodes"))
        refused(answer, 401, "token")
        assert answer.content == unknown.content
        assert len(queries) == 2
    assert system.get(path("episodes")).status_code == 200


@pytest.mark.ac("T08.1")
def test_nothing_that_is_kept_opens_anything(system: System) -> None:
    """Each value of each column of the tables of clients, secrets and tokens, as a secret and as a token."""
    system.get(path("episodes"))
    kept = set()
    for label in (
        "records.PoliceClient",
        "records.ClientSecret",
        "oauth2_provider.Application",
        "oauth2_provider.AccessToken",
    ):
        for row in apps.get_model(label)._default_manager.values():
            kept |= {str(value) for value in row.values() if value not in (None, "")}
    assert len(kept) > 20
    for value in kept:
        assert (
            system.line.get(path("episodes"), headers={"Authorization": f"Bearer {quote(value)}"}).status_code
            == 401
        ), value
        assert system.ask_for_token(client_secret=value).status_code == 401, value
    assert system.get(path("episodes")).status_code == 200


@pytest.mark.ac("T08.3")
@pytest.mark.ac("T08.3")
@pytest.mark.parametrize("version", ['"v1"', '"v9"'])
def test_whoever_may_not_read_learns_nothing_by_giving_a_reference(
    system: System, episode: MissingEpisode, version: str
) -> None:
    """The answer is the episode, and 412 would tell of its version."""
    system.sign_in(scope="reference:write")
    said = system.patch(path("episode", episode.pk), {"police_reference": "EX 1"}, version)
    assert refused(said, 403, "scope")["needs"] == "episodes:read"
    episode.refresh_from_db()
    assert episode.police_reference == ""


def test_a_scope_that_was_taken_away_is_gone_from_tokens_that_have_it(system: System) -> None:
    PoliceClient.objects.filter(pk=system.client.pk).update(scopes=["episodes:ack"])
    assert refused(system.get(path("episodes")), 403, "scope")["needs"] == "episodes:read"


@pytest.mark.ac("T08.3")
def test_another_network_is_refused_with_the_token_and_with_the_secret(cast: Cast) -> None:
    system = a_system(cast.ada, cast.police, networks=["192.0.2.0/24"])
    refused(system.ask_for_token(), 403, "ip_not_allowed")
    system.line = Client(REMOTE_ADDR="192.0.2.9")
    system.sign_in()
    assert system.get(path("episodes")).status_code == 200
    system.line = Client(REMOTE_ADDR="198.51.100.9", headers={"X-Forwarded-For": "192.0.2.9"})
    refused(system.get(path("episodes")), 403, "ip_not_allowed")
    entries = AuditEntry.objects.filter(action="refused", actor_id=system.client.account_id)
    assert set(entries.values_list("reason", flat=True)) == {"403 ip_not_allowed"}


@pytest.mark.ac("T08.3")
@pytest.mark.parametrize("what", ["token", "secret"])
def test_a_live_key_in_another_network_is_reported_once_an_hour(cast: Cast, what: str) -> None:
    """And stands in the audit once a minute, however often whoever stole it tries."""
    system = a_system(cast.ada, cast.police, networks=["192.0.2.0/24"])
    system.line = Client(REMOTE_ADDR="192.0.2.9")
    system.sign_in()
    system.line = Client(REMOTE_ADDR="198.51.100.9")
    entries = AuditEntry.objects.filter(action="refused", reason="403 ip_not_allowed")
    told = Notification.objects.filter(template="key_from_elsewhere")
    begun = now().replace(minute=5) + timedelta(hours=1)
    for minutes, rows, messages in ((0, 1, 1), (2, 2, 1), (61, 3, 2)):
        pretend_now(begun + timedelta(minutes=minutes))
        for _ in range(5):
            answer = system.ask_for_token() if what == "secret" else system.get(path("episodes"))
            refused(answer, 403, "ip_not_allowed")
        assert entries.count() == rows
        assert [told.filter(recipient=who).count() for who in (cast.ada, cast.ruth)] == [messages] * 2
    assert set(entries.values_list("address", flat=True)) == {"198.51.100.9"}


def test_a_dead_key_in_another_network_alarms_nobody(cast: Cast) -> None:
    system = a_system(cast.ada, cast.police, networks=["192.0.2.0/24"])
    revoke_client(by=cast.ada, client=system.client, reason="Its server was stolen.")
    assert system.ask_for_token().status_code == 401
    assert not Notification.objects.filter(template="key_from_elsewhere").exists()


@pytest.mark.ac("T08.3")
def test_the_calls_of_a_minute_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token's too. Who is over the limit hears when to come again, and it is written down once."""
    system = a_system(cast.ada, cast.police, calls_a_minute=3).sign_in()
    answers = [system.get(path("episodes")) for _ in range(5)]
    codes = [answer.status_code for answer in answers]
    if codes[-1] == 200:  # the minute ended meanwhile
        answers = [system.get(path("episodes")) for _ in range(4)]
    refused(answers[-1], 429, "too_many_calls")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    entries = AuditEntry.objects.filter(action="refused", reason="429 too_many_calls")
    assert entries.count() == 1


@pytest.mark.ac("T08.3")
@pytest.mark.parametrize(("calls", "rows"), [(4, 1), (5, 0)])
def test_whoever_asks_for_tokens_too_often_is_written_down_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, calls: int, rows: int
) -> None:
    system = a_system(cast.ada, cast.police, calls_a_minute=3)
    monkeypatch.setattr("casework.front.api.door.clients.count_call", lambda *_: calls)
    refused(system.ask_for_token(), 429, "too_many_calls")
    assert AuditEntry.objects.filter(action="refused", about_kind="police_token").count() == rows


def test_whoever_is_signed_in_as_a_person_has_no_token(cast: Cast, episode: MissingEpisode) -> None:
    browser = Client()
    browser.force_login(cast.dee, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused(browser.get(path("episode", episode.pk)), 401, "token")


def test_a_session_and_a_forged_page_are_nothing_to_it(
    cast: Cast, system: System, episode: MissingEpisode
) -> None:
    """With a token it works without a cookie, and beside somebody's: what is done is the client's doing."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.amina, backend="allauth.account.auth_backends.AuthenticationBackend")
    system.line = browser
    assert system.post(path("acknowledgements", episode.pk), {}).status_code == 201
    (entry,) = AuditEntry.objects.filter(about_kind="episodeshare", action="change")
    assert (entry.actor_id, entry.session) == (system.client.account_id, "")
    assert "Set-Cookie" not in system.get(path("episodes")).headers


# A key in an address ------------------------------------------------------------------------------------


@pytest.mark.ac("A26")
@pytest.mark.ac("T08.3")
def test_a_token_in_the_address_opens_nothing_ends_and_is_reported(cast: Cast, system: System) -> None:
    said = system.get(path("episodes"), {"access_token": system.token})
    refused(said, 401, "token")
    refused(system.get(path("episodes")), 401, "token")  # it has ended
    told = Notification.objects.filter(template="key_in_address")
    assert {row.recipient for row in told} == {cast.ada, cast.ruth}
    system.get(path("episodes"), {"access_token": system.token})
    assert told.count() == 2


@pytest.mark.ac("T08.3")
def test_a_token_under_another_name_and_a_secret_are_keys_too(cast: Cast, system: System) -> None:
    system.get(path("episodes"), {"q": system.token})
    assert Notification.objects.filter(template="key_in_address").count() == 2
    query = asked_as_form({"client_id": system.client_id, "client_secret": system.secret})
    answer = system.line.post(f"{path('token')}?{query}", "grant_type=client_credentials", content_type=FORM)
    refused(answer, 401, "token")
    assert Notification.objects.filter(template="key_in_address").count() == 4


@pytest.mark.ac("T08.3")
@pytest.mark.parametrize(
    "query",
    [
        {"x": "{secret}"},
        {"{secret}": ""},
        {"cursor": "{secret}"},
        {"authorization": "Bearer {secret}"},
        {"client_id": "nobody", "client_secret": "{secret}"},
    ],
)
def test_a_secret_is_found_wherever_it_stands_and_whoever_shows_it(
    cast: Cast, system: System, stranger: System, query: dict[str, str]
) -> None:
    """With a live token, with another force's, with none; told of once, and it goes on."""
    filled = {
        name.format(secret=system.secret): said.format(secret=system.secret) for name, said in query.items()
    }
    for one in (system, stranger, System(system.client, "")):
        refused(one.get(path("episodes"), filled), 401, "token")
    told = Notification.objects.filter(template="key_in_address")
    assert {row.recipient for row in told} == {cast.ada, cast.ruth}
    assert told.count() == 2
    assert system.sign_in().get(path("episodes")).status_code == 200


@pytest.mark.ac("T08.3")
def test_of_several_keys_in_an_address_each_is_one(cast: Cast, system: System, stranger: System) -> None:
    """Two tokens end, whatever carries them, and the secret beside them is told of too."""
    first, second = system.token, system.sign_in().token
    query = {"cursor": first, "a": second, "b": system.secret, "c": stranger.token}
    refused(system.line.get(path("events"), query), 401, "token")
    assert not AccessToken.objects.exists()
    told = Notification.objects.filter(template="key_in_address")
    assert [told.filter(recipient=who).count() for who in (cast.ada, cast.ruth)] == [3, 3]
    assert told.count() == 7  # and the keeper of the stranger's


@pytest.mark.ac("T08.3")
def test_a_token_ends_with_the_telling_or_not_at_all(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the next call would find no key, and nobody would ever hear of it."""
    with monkeypatch.context() as broken:
        broken.setattr("casework.records.services.leaked_keys.tell_keepers", lambda *_, **__: 1 / 0)
        refused(system.get(path("episodes"), {"q": system.token}), 500, "broken")
    refused(system.get(path("episodes"), {"q": system.token}), 401, "token")
    assert Notification.objects.filter(template="key_in_address").count() == 2


def test_an_ordinary_call_is_not_searched_for_keys(system: System, episode: MissingEpisode) -> None:
    cursor = system.get(path("events")).json()["next"]
    for query in ({"cursor": cursor}, {"since": now().isoformat()}):
        with CaptureQueriesContext(connection) as queries:
            assert system.get(path("events"), query).status_code == 200
        assert not [one for one in queries if "records_clientsecret" in one["sql"]]


@pytest.mark.ac("T08.3")
def test_what_is_no_key_of_ours_alarms_nobody(cast: Cast, system: System) -> None:
    refused(system.get(path("episodes"), {"token": "x" * 40}), 401, "token")
    refused(system.get(path("episodes"), {"q": "x" * 40}), 400, at="q")
    assert not Notification.objects.filter(template="key_in_address").exists()


def test_the_clock_of_the_record_ends_a_client(cast: Cast, system: System) -> None:
    assert system.get(path("episodes")).status_code == 200
    pretend_now(now() + timedelta(days=61))
    refused(system.get(path("episodes")), 401, "token")
